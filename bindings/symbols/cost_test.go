package symbols_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"pawsh/bindings/symbols"
)

// The tables are data that the linker lays out: at process start nothing of
// this package and those below it runs.
func TestNothingIsInitialised(t *testing.T) {
	t.Parallel()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "init runtime ") {
		t.Fatalf("no trace of initialisations:\n%s", out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "init pawsh/bindings/symbols") {
			t.Error(strings.TrimSpace(line))
		}
	}
}

const ec2 = "github.com/aws/aws-sdk-go-v2/service/ec2"

func BenchmarkImport(b *testing.B) {
	for _, bb := range []struct {
		name  string
		paths []string
	}{
		{"fmt", []string{"fmt"}},
		{"net_http", []string{"net/http"}},
		{"s3", []string{"github.com/aws/aws-sdk-go-v2/service/s3"}},
		{"ec2", []string{ec2, ec2 + "/types"}},
		{"boto", []string{"pawsh/bindings/boto"}},
		{"all", symbols.Paths()},
	} {
		b.Run(bb.name, func(b *testing.B) {
			for b.Loop() {
				im := symbols.NewImporter()
				for _, path := range bb.paths {
					if _, err := im.Import(path); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkExports(b *testing.B) {
	for _, bb := range []struct {
		name  string
		paths []string
	}{
		{"fmt", []string{"fmt"}},
		{"ec2", []string{ec2, ec2 + "/types"}},
		{"all", symbols.Paths()},
	} {
		b.Run(bb.name, func(b *testing.B) {
			for b.Loop() {
				for _, path := range bb.paths {
					symbols.Exports(path)
				}
			}
		})
	}
}

func BenchmarkByName(b *testing.B) {
	for b.Loop() {
		symbols.ByName("json")
	}
}

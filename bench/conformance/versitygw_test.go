package conformance

import (
	"bytes"
	"context"
	"flag"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"pawsh/sandbox"
)

var (
	program = flag.String("versitygw", "versitygw", "the program versitygw, which holds the test suite")
	only    = flag.String("only", "^[^I]", "run the tests whose name matches; those of its own IAM server begin with I")
	text    = flag.Bool("text", false, "print what failed tests say")
)

// perTest bounds one test: the suite waits for the clock here and there.
const perTest = 3 * time.Minute

// testLine is a line of the program's own list of its tests.
var testLine = regexp.MustCompile(`(?m)^\s+([A-Za-z0-9_]+)\s+Runs \S+ integration test$`)

func TestVersitygw(t *testing.T) {
	path, err := exec.LookPath(*program)
	if err != nil {
		t.Skipf("SKIPPED: %s is not installed (github.com/versity/versitygw/cmd/versitygw); give its path with -args -versitygw PATH", *program)
	}
	want, err := regexp.Compile(*only)
	if err != nil {
		t.Fatalf("-only: %v", err)
	}
	names := suite(t, path)
	known := readKnown(t, "known.txt", names)
	var mu sync.Mutex
	texts := readTexts(t, "texts.txt")
	var passed, reworded, failed, newly []string
	t.Run("suite", func(t *testing.T) {
		for _, name := range names {
			if !want.MatchString(name) {
				continue
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				out, err := runOne(t, path, name, nil)
				x := &translator{texts: texts}
				if err != nil {
					out, err = runOne(t, path, name, x)
				}
				mu.Lock()
				defer mu.Unlock()
				reason, excused := known[name]
				switch {
				case err == nil && excused:
					newly = append(newly, name)
					passed = append(passed, name)
				case err == nil && x.used.Load():
					reworded = append(reworded, name)
				case err == nil:
					passed = append(passed, name)
				case excused:
					failed = append(failed, name)
					t.Skipf("fails as it must: %s", reason)
				default:
					failed = append(failed, name)
					if *text {
						t.Errorf("%v\n%s", err, out)
					} else {
						t.Error(err)
					}
				}
			})
		}
	})
	slices.Sort(failed)
	t.Logf("passed %d, passed but for AWS's wording of errors (texts.txt) %d, failed %d of %d", len(passed), len(reworded), len(failed), len(passed)+len(reworded)+len(failed))
	for _, name := range failed {
		reason := known[name]
		if reason == "" {
			reason = "not excused"
		}
		t.Logf("failed %s: %s", name, reason)
	}
	for _, name := range newly {
		t.Errorf("%s passes now: take it off known.txt", name)
	}
}

// suite asks the program which tests it has.
func suite(t *testing.T, path string) []string {
	out, err := exec.CommandContext(t.Context(), path, "test", "--help").CombinedOutput()
	if err != nil {
		t.Fatalf("list the tests: %v\n%s", err, out)
	}
	var names []string
	for _, m := range testLine.FindAllStringSubmatch(string(out), -1) {
		names = append(names, m[1])
	}
	if len(names) == 0 {
		t.Fatalf("%s lists no tests", path)
	}
	slices.Sort(names)
	return names
}

// runOne runs a test against a new cloud. The program's exit status does not
// say how it went, so its words are read. With a translator the cloud speaks
// in the suite's words.
func runOne(t *testing.T, path, name string, x *translator) (string, error) {
	s, err := sandbox.Start(sandbox.Options{AccountID: "000000000000"}) // the one the suite takes for granted
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	id, secret := s.Credentials()
	endpoint := s.URL()
	if x != nil {
		to, err := url.Parse(endpoint)
		if err != nil {
			t.Fatal(err)
		}
		between := httptest.NewServer(x.proxy(to))
		defer between.Close()
		endpoint = between.URL
	}
	ctx, cancel := context.WithTimeout(t.Context(), perTest)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "test", "--access", id, "--secret", secret, "--endpoint", endpoint, name, "--versioning-enabled")
	home := t.TempDir()
	cmd.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + home} // nothing of the user's own AWS settings
	out, err := cmd.CombinedOutput()
	if err == nil && bytes.Contains(out, []byte("FAIL")) || err == nil && !bytes.Contains(out, []byte("PASS")) {
		err = errFailed
	}
	return plain(out), err
}

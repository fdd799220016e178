package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSystemBotoConfig runs the program where /etc/boto.cfg is a file of the
// test, which takes a mount of its own: Linux, with user namespaces.
func TestSystemBotoConfig(t *testing.T) {
	t.Parallel()
	if err := exec.Command("unshare", "-rm", "mount", "--bind", t.TempDir(), "/etc").Run(); err != nil {
		t.Skipf("unshare -rm mount: %v", err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	etc, home := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(etc, "boto.cfg"), "[Boto]\nec2_region_name = eu-west-1\nhttp_socket_timeout = 7\n[Credentials]\naws_access_key_id = AKIAETC\naws_secret_access_key = etc\n")
	pawsh := func(code string) string {
		t.Helper()
		c := exec.Command("unshare", "-rm", "sh", "-c", `mount --bind "$1" /etc && exec "$2" --no-sandbox -c "$3"`, "sh", etc, exe, code)
		c.Env = []string{"PAWSH_AS_MAIN=1", "HOME=" + home, "PATH=" + os.Getenv("PATH")}
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", code, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	const code = `fmt.Println(ec2.Region.Name, boto.Config.Get("Boto", "http_socket_timeout", ""), boto.Config.Get("Credentials", "aws_access_key_id", ""))`
	if got, want := pawsh(code), "eu-west-1 7 AKIAETC"; got != want {
		t.Errorf("/etc/boto.cfg alone: got %q, want %q", got, want)
	}
	// The person's own file comes after it, value by value.
	write(filepath.Join(home, ".boto"), "[Boto]\nec2_region_name = eu-central-1\n")
	if got, want := pawsh(code), "eu-central-1 7 AKIAETC"; got != want {
		t.Errorf("with ~/.boto: got %q, want %q", got, want)
	}
}

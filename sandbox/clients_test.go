package sandbox

import (
	"errors"
	"os"
	"os/exec"
	"testing"
)

// python runs a script against s. Its status 77 says that what it needs is not
// installed.
func python(t *testing.T, s *Server, script string) {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("SKIPPED: python3 is not installed")
	}
	id, secret := s.Credentials()
	cmd := exec.CommandContext(t.Context(), path, script, s.URL(), id, secret)
	home := t.TempDir()
	cmd.Env = append(os.Environ(), "HOME="+home, "AWS_CONFIG_FILE="+home+"/config", "AWS_SHARED_CREDENTIALS_FILE="+home+"/credentials", "PYTHONDONTWRITEBYTECODE=1")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() == 77:
		t.Skipf("SKIPPED: the client of %s is not installed", script)
	case err != nil:
		t.Errorf("%s: %v\n%s", script, err, out)
	}
}

func TestBoto3(t *testing.T) {
	t.Parallel()
	python(t, start(t, Options{}), "testdata/boto3_client.py")
}

func TestBoto(t *testing.T) {
	t.Parallel()
	python(t, start(t, Options{}), "testdata/boto_client.py")
}

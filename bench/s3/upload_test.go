package s3bench

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"pawsh/bindings/s3"
	"pawsh/sandbox"
)

var uploadMiB = flag.Int("mib", 1024, "size of the file of -compare's upload")

// TestCompareUpload stores a file in the sandbox with the bindings and with
// aws s3 cp, each a process of its own, and tells speed and peak memory.
func TestCompareUpload(t *testing.T) {
	if !*compare {
		t.Skip("without -compare")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	at, id, secret := serverProcess(t, self)
	b := bindings(t, at, id, secret)
	if _, err := b.Connection.CreateBucket("paws"); err != nil {
		t.Fatal(err)
	}
	file := bigFile(t, *uploadMiB)
	ours := func() *exec.Cmd {
		cmd := exec.Command(self, "-test.run", "^TestUploadProcess$")
		cmd.Env = append(awsEnv(id, secret), "UPLOAD_FILE="+file, "UPLOAD_TO="+at)
		return cmd
	}
	cli := func() *exec.Cmd {
		cmd := exec.Command("aws", "--endpoint-url", at, "s3", "cp", "--no-progress", file, "s3://paws/data")
		cmd.Env = awsEnv(id, secret)
		return cmd
	}
	for range 3 {
		for _, tool := range []struct {
			name string
			cmd  func() *exec.Cmd
		}{{"bindings, key.UploadFile", ours}, {"aws s3 cp", cli}} {
			cmd := tool.cmd()
			start := time.Now()
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Logf("%s: %v %s", tool.name, err, out)
				continue
			}
			took := time.Since(start)
			used := cmd.ProcessState.SysUsage().(*syscall.Rusage)
			k, err := b.Lookup("data")
			if err != nil || k == nil || k.Size != int64(*uploadMiB)<<20 {
				t.Fatalf("%s: stored %v, %v", tool.name, k, err)
			}
			t.Logf("%-26s %6.0f MB/s   %5.1f s   peak %4d MiB   cpu %5.1f s", tool.name, float64(k.Size)/1e6/took.Seconds(), took.Seconds(), used.Maxrss>>10, (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
			if _, err := k.Delete(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// serverProcess runs the sandbox in a process of its own: a child's peak memory,
// as the kernel counts it, begins with its parent's size.
func serverProcess(t *testing.T, self string) (at, id, secret string) {
	t.Helper()
	cmd := exec.Command(self, "-test.run", "^TestServerProcess$")
	cmd.Env = append(os.Environ(), "SERVE=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	if _, err := fmt.Fscan(out, &at, &id, &secret); err != nil {
		t.Fatal(err)
	}
	return at, id, secret
}

// TestServerProcess is the sandbox's side: it serves until its input ends.
func TestServerProcess(t *testing.T) {
	if os.Getenv("SERVE") == "" {
		t.Skip("run by TestCompareUpload")
	}
	server, err := sandbox.Start(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	id, secret := server.Credentials()
	fmt.Println(server.URL(), id, secret)
	io.Copy(io.Discard, os.Stdin)
}

// TestUploadProcess is the bindings' side of it.
func TestUploadProcess(t *testing.T) {
	file := os.Getenv("UPLOAD_FILE")
	if file == "" {
		t.Skip("run by TestCompareUpload")
	}
	b := bindings(t, os.Getenv("UPLOAD_TO"), os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"))
	up, err := b.NewKey("data").UploadFile(file, s3.Threads(8))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(up)
}

func bigFile(t *testing.T, mib int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "data")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := rand.NewChaCha8([32]byte{7})
	block := make([]byte, 1<<20)
	for range mib {
		r.Read(block)
		if _, err := f.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

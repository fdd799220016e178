package sandbox

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"pawsh/sandbox"
)

// childDir is set in the process that is a sandbox to be killed.
const childDir = "PAWSH_BENCH_SANDBOX_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		serve(dir)
	}
	os.Exit(m.Run())
}

// serve is the process to be killed: it ends by no other means.
func serve(dir string) {
	s, err := sandbox.Start(sandbox.Options{Dir: strings.TrimPrefix(dir, "-"), Log: os.Stderr})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	id, secret := s.Credentials()
	fmt.Println(s.URL(), id, secret)
	select {}
}

// child is a sandbox in a process of its own.
type child struct {
	cmd *exec.Cmd
	cfg aws.Config
}

// startChild runs a sandbox on a directory; "-" is one without.
func startChild(tb testing.TB, dir string) *child {
	tb.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	var trouble strings.Builder
	cmd.Stderr = &trouble
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	f := strings.Fields(line)
	if err != nil || len(f) != 3 {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		tb.Fatalf("the sandbox did not start: %v\n%s", err, trouble.String())
	}
	c := &child{cmd: cmd, cfg: aws.Config{Region: "us-east-1", BaseEndpoint: &f[0], RetryMaxAttempts: 1, HTTPClient: newClient(), Credentials: credentials.NewStaticCredentialsProvider(f[1], f[2], "")}}
	tb.Cleanup(c.kill)
	return c
}

// kill ends the process as the system would: at once.
func (c *child) kill() {
	if c.cmd.ProcessState == nil {
		_ = c.cmd.Process.Kill() // SIGKILL
		_ = c.cmd.Wait()         // it tells of the signal
	}
}

// client sends bodies from memory of its own: else net/http now and then gives
// a connection up on which the answer came before the end of the request was
// noticed ("use of closed network connection").
type client struct{ http.Client }

func newClient() *client {
	return &client{http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
}

// Do sends a request.
func (c *client) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil && r.ContentLength >= 0 && r.ContentLength < 4<<20 {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(b))
	}
	return c.Client.Do(r)
}

package sandbox

import (
	"bytes"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tool is a program from outside at work on a sandbox, in a directory of its
// own and with nothing of the user's settings.
type tool struct {
	*testing.T
	path string
	args []string
	env  []string
	dir  string
}

// outside finds a program, or skips the test and says so.
func outside(t *testing.T, name string, args, env []string) *tool {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("SKIPPED: %s is not installed", name)
	}
	dir := t.TempDir()
	return &tool{t, path, args, append([]string{"HOME=" + dir, "PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "NO_PROXY=*"}, env...), dir}
}

// run runs the program, which must succeed, and gives what it printed.
func (x *tool) run(args ...string) string {
	x.Helper()
	out, err := x.try(args...)
	if err != nil {
		x.Fatalf("%s %s: %v\n%s", filepath.Base(x.path), strings.Join(args, " "), err, out)
	}
	return out
}

func (x *tool) try(args ...string) (string, error) {
	cmd := exec.CommandContext(x.Context(), x.path, append(append([]string(nil), x.args...), args...)...)
	cmd.Env, cmd.Dir = x.env, x.dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (x *tool) file(name, content string) string {
	x.Helper()
	path := filepath.Join(x.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		x.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		x.Fatal(err)
	}
	return path
}

func (x *tool) content(name string) string {
	x.Helper()
	b, err := os.ReadFile(filepath.Join(x.dir, name))
	if err != nil {
		x.Fatal(err)
	}
	return string(b)
}

// noise is content that is not the same anywhere.
func noise(n int) string {
	r, b := rand.New(rand.NewPCG(1, 2)), make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

func TestS3cmd(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	id, secret := s.Credentials()
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	for name, more := range map[string][]string{"version 4": nil, "version 2": {"--signature-v2"}} {
		t.Run(name, func(t *testing.T) {
			bucket := "s3://" + strings.ReplaceAll(name, " ", "-")
			x := outside(t, "s3cmd", append([]string{"--config=/dev/null", "--access_key=" + id, "--secret_key=" + secret, "--host=" + u.Host, "--host-bucket=" + u.Host, "--no-ssl", "--no-progress"}, more...), nil)
			big := noise(16 << 20)
			x.run("mb", bucket)
			x.run("put", x.file("a b.txt", "left paw"), bucket+"/x/a b.txt")
			x.run("put", "--multipart-chunk-size-mb=5", x.file("big", big), bucket+"/big")
			if got := x.run("ls", bucket+"/x/"); !strings.Contains(got, bucket+"/x/a b.txt") {
				t.Errorf("ls: %s", got)
			}
			x.run("get", bucket+"/big", "back")
			if !bytes.Equal([]byte(x.content("back")), []byte(big)) {
				t.Error("what came back is not what was put")
			}
			x.run("cp", bucket+"/x/a b.txt", bucket+"/copy")
			x.run("setacl", "--acl-public", bucket+"/copy")
			if got := x.run("info", bucket+"/copy"); !strings.Contains(got, "anon") || !strings.Contains(got, "READ") {
				t.Errorf("info: %s", got)
			}
			x.file("site/index.html", "<h1>paw</h1>")
			x.file("site/sub/page.html", "page")
			x.run("sync", "site/", bucket+"/site/")
			x.run("ws-create", "--ws-index=index.html", bucket)
			if got := x.run("du", bucket); !strings.Contains(got, "5 objects") {
				t.Errorf("du: %s", got)
			}
			if out, err := x.try("rb", bucket); err == nil || !strings.Contains(out, "BucketNotEmpty") {
				t.Errorf("a full bucket: %v %s", err, out)
			}
			x.run("rb", "--recursive", "--force", bucket)
			if out, err := x.try("ls", bucket); err == nil || !strings.Contains(out, "NoSuchBucket") {
				t.Errorf("a bucket that is gone: %v %s", err, out)
			}
		})
	}
}

func TestRclone(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	id, secret := s.Credentials()
	x := outside(t, "rclone", []string{"--config=/dev/null", "--retries=1", "--low-level-retries=1"}, []string{
		"RCLONE_CONFIG_PAWS_TYPE=s3", "RCLONE_CONFIG_PAWS_PROVIDER=Other", "RCLONE_CONFIG_PAWS_ENDPOINT=" + s.URL(), "RCLONE_CONFIG_PAWS_FORCE_PATH_STYLE=true",
		"RCLONE_CONFIG_PAWS_ACCESS_KEY_ID=" + id, "RCLONE_CONFIG_PAWS_SECRET_ACCESS_KEY=" + secret, "RCLONE_CONFIG_PAWS_REGION=us-east-1",
		"RCLONE_CONFIG_PAWS_CHUNK_SIZE=5M", "RCLONE_CONFIG_PAWS_UPLOAD_CUTOFF=5M"})
	x.run("mkdir", "paws:paws")
	x.file("tree/a b/日本.txt", "left")
	x.file("tree/c+d&e=f.txt", "right")
	x.file("tree/empty", "")
	x.file("tree/big", noise(12<<20))
	x.run("copy", "tree", "paws:paws/tree")
	x.run("check", "--download", "tree", "paws:paws/tree")
	if got := x.run("lsf", "-R", "--files-only", "paws:paws"); strings.Count(got, "\n") != 4 || !strings.Contains(got, "tree/a b/日本.txt") {
		t.Errorf("lsf: %s", got)
	}
	x.run("moveto", "paws:paws/tree/empty", "paws:paws/tree/moved")
	x.run("copy", "--server-side-across-configs", "paws:paws/tree", "paws:paws/second")
	if got := x.run("cat", "paws:paws/second/c+d&e=f.txt"); got != "right" {
		t.Errorf("cat: %q", got)
	}
	if err := os.Remove(filepath.Join(x.dir, "tree", "big")); err != nil {
		t.Fatal(err)
	}
	x.run("sync", "tree", "paws:paws/tree")
	if got := x.run("size", "paws:paws/tree"); !strings.Contains(got, "Total objects: 3") {
		t.Errorf("size after sync: %s", got)
	}
	x.run("purge", "paws:paws")
	if out, err := x.try("lsf", "paws:paws"); err == nil {
		t.Errorf("a bucket that is gone: %s", out)
	}
}

func TestAWSCLI(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	id, secret := s.Credentials()
	x := outside(t, "aws", nil, []string{"AWS_ACCESS_KEY_ID=" + id, "AWS_SECRET_ACCESS_KEY=" + secret, "AWS_DEFAULT_REGION=us-east-1", "AWS_ENDPOINT_URL=" + s.URL(),
		"AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=", "AWS_CONFIG_FILE=/dev/null", "PYENV_VERSION=" + os.Getenv("PYENV_VERSION")})
	x.args = []string{"--endpoint-url", s.URL(), "--output", "text"}
	if out, err := x.try("--version"); err != nil {
		t.Skipf("SKIPPED: aws does not run: %s", out)
	}
	x.run("s3", "mb", "s3://paws")
	big := noise(20 << 20)
	x.file("tree/big", big)
	x.file("tree/a b.txt", "left")
	x.run("s3", "sync", "tree", "s3://paws/tree", "--no-progress")
	x.run("s3", "cp", "s3://paws/tree/big", "back", "--no-progress")
	if x.content("back") != big {
		t.Error("what came back is not what was put")
	}
	image := strings.TrimSpace(x.run("ec2", "describe-images", "--owners", "amazon", "--query", "Images[0].ImageId"))
	instance := strings.TrimSpace(x.run("ec2", "run-instances", "--image-id", image, "--instance-type", "t3.micro", "--tag-specifications", "ResourceType=instance,Tags=[{Key=Name,Value=paws}]", "--query", "Instances[0].InstanceId"))
	x.run("ec2", "wait", "instance-running", "--instance-ids", instance)
	if got := strings.TrimSpace(x.run("ec2", "describe-instances", "--filters", "Name=tag:Name,Values=paws", "--query", "Reservations[].Instances[].State.Name")); got != "running" {
		t.Errorf("state %q", got)
	}
	x.run("iam", "create-user", "--user-name", "cat")
	x.run("iam", "attach-user-policy", "--user-name", "cat", "--policy-arn", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
	if got := x.run("iam", "list-attached-user-policies", "--user-name", "cat"); !strings.Contains(got, "AmazonS3ReadOnlyAccess") {
		t.Errorf("attached: %s", got)
	}
	queue := strings.TrimSpace(x.run("sqs", "create-queue", "--queue-name", "paws", "--query", "QueueUrl"))
	x.run("sqs", "send-message", "--queue-url", queue, "--message-body", "meow")
	if got := strings.TrimSpace(x.run("sqs", "receive-message", "--queue-url", queue, "--query", "Messages[0].Body")); got != "meow" {
		t.Errorf("received %q", got)
	}
	topic := strings.TrimSpace(x.run("sns", "create-topic", "--name", "paws", "--query", "TopicArn"))
	x.run("cloudwatch", "put-metric-alarm", "--alarm-name", "busy", "--namespace", "AWS/EC2", "--metric-name", "CPUUtilization", "--dimensions", "Name=InstanceId,Value="+instance,
		"--statistic", "Average", "--period", "300", "--evaluation-periods", "1", "--threshold", "80", "--comparison-operator", "GreaterThanThreshold", "--alarm-actions", topic)
	if got := strings.TrimSpace(x.run("cloudwatch", "describe-alarms", "--query", "MetricAlarms[].AlarmName")); got != "busy" {
		t.Errorf("alarms %q", got)
	}
	if out, err := x.try("ec2", "describe-fleets"); err == nil || !strings.Contains(out, "DescribeFleets of ec2 is not built") {
		t.Errorf("what is not built: %v %s", err, out)
	}
	x.run("s3", "rb", "s3://paws", "--force")
}

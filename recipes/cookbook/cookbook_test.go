package cookbook

import (
	"compress/gzip"
	"context"
	"io"
	"math/rand/v2"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pawsh/bindings/boto"
	"pawsh/bindings/ec2"
	"pawsh/bindings/session"
	"pawsh/sandbox"
)

// cloud makes a sandbox the session of package boto, which is one for the whole
// process: these tests run one after the other. Waits take no time.
func cloud(t *testing.T) *ec2.Connection {
	t.Helper()
	var mu sync.Mutex
	ahead := time.Duration(0)
	now := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return time.Now().Add(ahead)
	}
	s, err := sandbox.Start(sandbox.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	id, secret := s.Credentials()
	env, err := session.New(session.Options{
		Getenv: func(string) string { return "" }, Home: t.TempDir(), SystemConfig: "-", UseSandbox: true, Now: now,
		Sleep: func(ctx context.Context, d time.Duration) error {
			mu.Lock()
			defer mu.Unlock()
			ahead += d
			return ctx.Err()
		},
		Sandbox: func() (session.SandboxEndpoint, error) {
			return session.SandboxEndpoint{URL: s.URL(), AccessKeyID: id, SecretAccessKey: secret}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	boto.Use(env)
	c, err := boto.ConnectEC2()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// must gives a value, or ends the test.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestLaunchInstanceTwice(t *testing.T) {
	c := cloud(t)
	l := Launch{KeyDir: t.TempDir(), NoShell: true}
	a, _, err := LaunchInstance(l)
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := LaunchInstance(l)
	if err != nil {
		t.Fatalf("the second time: %v", err)
	}
	if a.ID == b.ID || a.State != "running" || b.KeyName != "paws" || b.Groups[0].Name != "paws" {
		t.Errorf("launched %+v and %+v", a, b)
	}
	if n := len(must(c.GetAllKeyPairs())(t)); n != 1 {
		t.Errorf("%d key pairs", n)
	}
	info, err := os.Stat(filepath.Join(l.KeyDir, "paws.pem"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("private key: %v, %v", info, err)
	}
}

func TestLaunchInstanceTakesBack(t *testing.T) {
	c := cloud(t)
	dir := t.TempDir()
	_, _, err := LaunchInstance(Launch{AMI: "ami-00000000", KeyDir: dir, NoShell: true})
	if boto.Code(err) != "InvalidAMIID.NotFound" {
		t.Fatalf("error %v", err)
	}
	if keys := must(c.GetAllKeyPairs())(t); len(keys) != 0 {
		t.Errorf("key pairs are left: %v", keys)
	}
	if groups := must(c.GetAllSecurityGroups(ec2.Filter("group-name", "paws")))(t); len(groups) != 0 {
		t.Errorf("groups are left: %v", groups)
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("files are left: %v", files)
	}
}

// TestLaunchInstanceKeepsFile wants a private key of another key pair never to
// be written over.
func TestLaunchInstanceKeepsFile(t *testing.T) {
	c := cloud(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "paws.pem")
	if err := os.WriteFile(file, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := LaunchInstance(Launch{KeyDir: dir}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("error %v", err)
	}
	if text, _ := os.ReadFile(file); string(text) != "precious" {
		t.Errorf("the file is now %q", text)
	}
	if keys := must(c.GetAllKeyPairs())(t); len(keys) != 0 {
		t.Errorf("key pairs are left: %v", keys)
	}
}

// running launches an instance.
func running(t *testing.T, c *ec2.Connection) *ec2.Instance {
	t.Helper()
	i := must(c.RunInstances(DefaultAMI, ec2.InstanceType(DefaultInstanceType)))(t).Instances[0]
	if err := i.WaitUntilRunning(); err != nil {
		t.Fatal(err)
	}
	return i
}

func TestAttachVolumeTakesBack(t *testing.T) {
	c := cloud(t)
	i := running(t, c)
	if _, err := AttachVolume(i.ID, 1, "/dev/sdh"); err != nil {
		t.Fatal(err)
	}
	if _, err := AttachVolume(i.ID, 1, "/dev/sdh"); err == nil {
		t.Fatal("a device was given to two volumes")
	}
	if free := must(c.GetAllVolumes(ec2.Filter("status", "available")))(t); len(free) != 0 {
		t.Errorf("volumes are left: %v", free)
	}
}

func TestRestoreVolumeWantsSnapshot(t *testing.T) {
	c := cloud(t)
	i := running(t, c)
	v := must(AttachVolume(i.ID, 1))(t)
	if _, err := RestoreVolume(v.ID); err == nil || !strings.Contains(err.Error(), "no completed snapshot") {
		t.Errorf("error %v", err)
	}
	if s := must(v.Update())(t); s != "in-use" {
		t.Errorf("the volume is %s", s)
	}
}

func TestElasticIPTakesBack(t *testing.T) {
	c := cloud(t)
	if _, err := AssociateElasticIP("i-0123456789abcdef0"); err == nil {
		t.Fatal("an instance that is not there got an address")
	}
	if a := must(c.GetAllAddresses())(t); len(a) != 0 {
		t.Errorf("addresses are left: %v", a)
	}
}

func TestEasyAlarm(t *testing.T) {
	c := cloud(t)
	i := running(t, c)
	sns := must(boto.ConnectSNS())(t)
	bad := Alarm{Name: "busy", Emails: []string{"you@example.com"}, Comparison: "?", Threshold: 80}
	if _, err := EasyAlarm(i.ID, bad); err == nil {
		t.Fatal("an odd comparison was taken")
	}
	if topics := must(sns.GetAllTopics())(t); len(topics) != 0 {
		t.Errorf("topics are left: %v", topics)
	}
	good := bad
	good.Comparison = ">"
	for range 2 {
		a := must(EasyAlarm(i.ID, good))(t)
		subscribed := must(sns.GetAllSubscriptionsByTopic(a.AlarmActions[0]))(t)
		if len(subscribed) != 1 {
			t.Errorf("%d subscriptions", len(subscribed))
		}
	}
}

func TestRestrictedUserTakesBack(t *testing.T) {
	cloud(t)
	if _, err := RestrictedUser("machine", "no policy"); boto.Code(err) != "MalformedPolicyDocument" {
		t.Fatalf("error %v", err)
	}
	iam := must(boto.ConnectIAM())(t)
	if users := must(iam.GetAllUsers())(t); len(users) != 0 {
		t.Errorf("users are left: %v", users)
	}
}

func TestMissingBucketsAndKeys(t *testing.T) {
	cloud(t)
	if _, err := BucketSize("nowhere"); err == nil || !strings.Contains(err.Error(), "there is no bucket nowhere") {
		t.Errorf("bucket: %v", err)
	}
	must(CreateBucket("somewhere"))(t)
	must(CreateBucket("somewhere"))(t)
	if _, err := ExpiringURL("somewhere", "nothing", 60); err == nil || !strings.Contains(err.Error(), "there is no key nothing in bucket somewhere") {
		t.Errorf("key: %v", err)
	}
	if _, err := UploadWebsite("somewhere", t.TempDir(), "index.html"); err == nil || !strings.Contains(err.Error(), "no index page") {
		t.Errorf("site: %v", err)
	}
}

func TestMultipartUpload(t *testing.T) {
	cloud(t)
	b := must(CreateBucket("large"))(t)
	file := filepath.Join(t.TempDir(), "big.bin")
	if err := os.WriteFile(file, make([]byte, 11<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := MultipartUpload("large", "", file, 1000); err == nil || !strings.Contains(err.Error(), "S3 wants at least") {
		t.Errorf("small parts: %v", err)
	}
	must(MultipartUpload("large", "", file))(t)
	k := must(b.GetKey("big.bin"))(t)
	if k == nil || k.Size != 11<<20 || !strings.Contains(k.ETag, "-3") {
		t.Errorf("stored %+v", k)
	}
	if up := must(b.GetAllMultipartUploads())(t); len(up) != 0 {
		t.Errorf("uploads are left: %v", up)
	}
}

// TestUserData reads the packed parts as cloud-init does.
func TestUserData(t *testing.T) {
	t.Parallel()
	packed, err := UserData(Part{"a.sh", "#!/bin/sh\necho a\n"}, Part{"b.cfg", "#cloud-config\nruncmd: []\n"}, Part{"c", "plain"})
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(z)
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := strings.Cut(p.Header.Get("Content-Type"), ";")
		got = append(got, p.FileName()+" "+kind+" "+string(text))
	}
	want := "a.sh text/x-shellscript #!/bin/sh\necho a\n|b.cfg text/cloud-config #cloud-config\nruncmd: []\n|c text/plain plain"
	if strings.Join(got, "|") != want {
		t.Errorf("got %q\nwant %q", strings.Join(got, "|"), want)
	}
	var noise strings.Builder // that does not compress
	for r := rand.New(rand.NewPCG(1, 2)); noise.Len() < 40<<10; {
		noise.WriteString(strconv.FormatUint(r.Uint64(), 36))
	}
	if _, err := UserData(Part{"big", noise.String()}); err == nil || !strings.Contains(err.Error(), "EC2 takes 16384") {
		t.Errorf("too much: %v", err)
	}
}

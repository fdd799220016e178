package repl

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pawsh/bindings/session"
	"pawsh/sandbox"
)

// exampleMark begins the line of a documentation that shows a call.
const exampleMark = "Example: "

// withoutExample are calls of programs, not of cells, and those that tests make
// of the bindings.
var withoutExample = map[string]bool{
	"boto..Use": true, "boto..Env": true,
	"ec2..Connect": true, "ec2..ConnectEucalyptus": true, "ec2..Regions": true, "s3..Connect": true, "s3..ConnectWalrus": true, "s3..ConnectGoogle": true, "s3..Regions": true,
	"cloudwatch..Connect": true, "cloudwatch..Regions": true, "sns..Connect": true, "sns..Regions": true, "sqs..Connect": true, "sqs..Regions": true,
	"iam..Connect": true, "iam..Regions": true, "sts..Connect": true, "sts..Regions": true,
}

// onlyChecked are examples that need what a sandbox has not; their types are
// checked all the same.
var onlyChecked = map[string]string{
	"ec2..NetworkInterfaceID": "network interfaces", "ec2..SubnetID": "an id of one's own",
	"s3..MFAToken": "a device", "s3..MFADelete": "a device",
	"sns.Connection.ConfirmSubscription": "the token of a mail", "sts.Connection.DecodeAuthorizationMessage": "a message of AWS's", "sts.Connection.AssumeRole": "a role, and a user who may",
	"boto..ConnectEuca": "a Eucalyptus cloud", "boto..ConnectWalrus": "a Eucalyptus cloud", "boto..ConnectGS": "an account of Google's",
	"boto..WithProfiles": "profiles", "boto..ConnectSSH": "a host of one's own", "boto..SSHPort": "a host of one's own", "boto.SSHClient.Shell": "a terminal", "boto.SSHClient.OpenSFTP": "a type that only programs can name",
	"boto..GetInstanceMetadata": "an instance to run on", "session..ProfileName": "a profile",
	"session..Host": "a cloud of one's own", "session..Port": "a cloud of one's own", "session..Path": "a cloud of one's own",
	"session..IsSecure": "a cloud of one's own", "session..ValidateCerts": "a cloud of one's own",
}

// fixture is a cell that runs before an example in which a word stands.
type fixture struct{ word, cell string }

// fixtures, in the order in which they run. A cell's own words count too.
var fixtures = []fixture{
	{`\bpair\b|"paws|\binstance\b|\bssh\.|\bused\b|\bdisk\b|\bimage\.`, `pair := ec2.CreateKeyPair("paws"); pair.Save(".")`},
	{`\bpublicKey\b`, `publicKey := "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7vbqajDhA8g8Yq8oZl2ljzBr2rJ0bnAbHH6Z1NpKrTBJJvMB4W6rRVhGLFyrbS8vJVGBVa1GW2Yw9l6yB0q7b8nWm5Tq3hM5HwJ5Uyb4yVdGSi8jYVbLJJyT3QJkLk9kO4iZ1GdZVhN0wBz1E1nQ8m5H5d1yYy8v9mYdYw3n7Jw== me"`},
	{`\bgroup\b|"web"`, `group := ec2.CreateSecurityGroup("web", "web servers"); group.Authorize("tcp", 22, 22, "0.0.0.0/0"); group.AddTag("Stage", "test")`},
	{`\binstance\b|\bssh\.|\bused\b|\bdisk\b|\bimage\.`, `instance := ec2.RunInstances("ami-7341831a", KeyName("paws")).Instances[0]; instance.WaitUntilRunning(); instance.AddTag("Name", "db")`},
	{`\bstopped\b`, `stopped := ec2.RunInstances("ami-7341831a").Instances[0]; stopped.WaitUntilRunning(); stopped.Stop(); stopped.WaitUntilStopped()`},
	{`\breservation\b`, `reservation := ec2.RunInstances("ami-7341831a", MaxCount(2)); reservation.Instances[1].WaitUntilRunning(); reservation.Instances[0].WaitUntilRunning()`},
	{`\baddress\b`, `address := ec2.AllocateAddress()`},
	{`\bused\b`, `used := ec2.AllocateAddress(); used.Associate(instance.ID)`},
	{`\bvolume\b|\bsnapshot\b`, `volume := ec2.CreateVolume(1, "us-east-1a"); volume.WaitUntilAvailable()`},
	{`\bdisk\b`, `disk := ec2.CreateVolume(1, instance.Placement); disk.WaitUntilAvailable(); disk.Attach(instance.ID, "/dev/sdh"); disk.WaitUntilInUse()`},
	{`\bsnapshot\b`, `snapshot := volume.CreateSnapshot(); snapshot.WaitUntilCompleted()`},
	{`\bimage\.`, `image := ec2.GetImage(instance.CreateImage("web", "", false)); image.WaitUntilAvailable()`},
	{`\bssh\.`, `ssh := boto.SSHClientFromInstance(instance, "paws.pem", UserName("ec2-user"))`},
	{`\bbucket\b|"photos-2012"|\bkey\b|\bupload\b|\bversions\b`, `bucket := s3.CreateBucket("photos-2012")`},
	{`\bversions\b`, `bucket.ConfigureVersioning(true); time.Sleep(0)`},
	{`\bkey\b|"cat.jpg"|\bversions\b`, `key := bucket.NewKey("cat.jpg"); key.SetMetadata("color", "black"); key.SetContentsFromString("meow")`},
	{`\bversions\b`, `versions := bucket.GetAllVersions()`},
	{`\bupload\b`, `upload := bucket.InitiateMultipartUpload("film.mp4")`},
	{`\bpublicRead\b`, `publicRead := "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::photos-2012/*\"}]}"`},
	{`\btopic\b`, `topic := sns.CreateTopic("alerts").TopicARN()`},
	{`\bqueue\b|"orders"|\bmessage\b`, `queue := sqs.CreateQueue("orders"); queue.Write("a cat, please")`},
	{`\bmessage\b`, `message := queue.Read()`},
	{`\bmetric\b|\balarm\b|"many cats"`, `cw.PutMetricData("Paws", "Cats", 3); metric := cw.ListMetrics(Namespace("Paws"))[0]`},
	{`\balarm\b|"many cats"`, `alarm := metric.CreateAlarm("many cats", ">", 10, 60, 1, "Average")`},
	{`"bob"|\baccessKey\b`, `iam.CreateUser("bob")`},
	{`"staff"`, `iam.CreateGroup("staff")`},
	{`\bdocument\b|\bpolicy\.ARN`, `document := "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"`},
	{`\bpolicy\.ARN`, `policy := iam.CreatePolicy("read", document)`},
	{`\baccessKey\b`, `accessKey := iam.CreateAccessKey("bob")`},
	{`\bsdk\.`, `import sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"`},
	{`\b(id|secret|token|password)\b`, `id, secret, token, password := "AKIDEXAMPLE", "an example", "a token", "open sesame"`},
	{`EncodedMessage\(err\)\)`, `var err error`},
}

// documented is an exported function of the bindings.
type documented struct {
	name, example string
	wanted        bool // must have one
}

// functions reads the exported functions and methods of a package of bindings.
func functions(t *testing.T, pkg string) []documented {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../bindings", pkg, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of %s: %v", pkg, err)
	}
	var out []documented
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			fd, ok := d.(*ast.FuncDecl)
			if !ok || !fd.Name.IsExported() {
				continue
			}
			owner := ""
			if fd.Recv != nil {
				r := fd.Recv.List[0].Type
				if p, ok := r.(*ast.StarExpr); ok {
					r = p.X
				}
				id, ok := r.(*ast.Ident)
				if !ok || !id.IsExported() || slices.Contains([]string{"String", "GoString", "Error", "Unwrap"}, fd.Name.Name) {
					continue
				}
				owner = id.Name
			}
			x := documented{name: pkg + "." + owner + "." + fd.Name.Name, wanted: pkg != "session" || isOption(fd)}
			for line := range strings.SplitSeq(fd.Doc.Text(), "\n") {
				if text, ok := strings.CutPrefix(line, exampleMark); ok {
					x.example = text
				}
			}
			out = append(out, x)
		}
	}
	return out
}

// isOption tells whether a function of package session gives an argument of
// Connect or of a wait; its others are for programs.
func isOption(fd *ast.FuncDecl) bool {
	if fd.Recv != nil || fd.Type.Results == nil {
		return false
	}
	id, ok := fd.Type.Results.List[0].Type.(*ast.Ident)
	return ok && (id.Name == "ConnectOption" || id.Name == "WaitOption")
}

// before gives the cells that an example needs.
func before(example string) (cells []string) {
	wanted := example
	on := make([]bool, len(fixtures))
	for range 3 { // fixtures need fixtures
		for i, f := range fixtures {
			if !on[i] && regexp.MustCompile(f.word).MatchString(wanted) {
				on[i] = true
				wanted += "\n" + f.cell
			}
		}
	}
	for i, f := range fixtures {
		if on[i] {
			cells = append(cells, f.cell)
		}
	}
	return cells
}

// freshCloud takes a shell to a sandbox of its own, where waiting takes no time.
func freshCloud(t *testing.T, sh *Shell, home string) (closed func()) {
	t.Helper()
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	var server *sandbox.Server
	env, err := session.New(session.Options{
		Getenv: func(string) string { return "" }, Home: home, SystemConfig: "-", UseSandbox: true,
		Now:   now,
		Sleep: func(ctx context.Context, d time.Duration) error { ahead.Add(int64(d)); return ctx.Err() },
		DialSSH: func(ctx context.Context, host string, port int) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", server.SSHAddress(host))
		},
		Sandbox: func() (at session.SandboxEndpoint, err error) {
			if server, err = sandbox.Start(sandbox.Options{Now: now}); err == nil {
				at.AccessKeyID, at.SecretAccessKey = server.Credentials()
				at.URL = server.URL()
			}
			return at, err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	sh.kernel.scope.Reset()
	sh.use(env)
	return func() {
		if server != nil {
			_ = server.Close() // the cloud is forgotten
		}
	}
}

// TestExamplesOfDocumentation runs the example of every call of the bindings as
// a cell, each in a sandbox of its own, in which the things are that it names.
func TestExamplesOfDocumentation(t *testing.T) {
	var all []documented
	for _, pkg := range []string{"ec2", "s3", "cloudwatch", "sns", "sqs", "iam", "sts", "boto", "session"} {
		all = append(all, functions(t, pkg)...)
	}
	out := &lockedBuffer{}
	p := newPromptShell(t)
	sh := p.sh
	sh.out, sh.err = out, out
	ran := 0
	for _, x := range all {
		switch {
		case x.example == "" && !withoutExample[x.name] && x.wanted:
			t.Errorf("%s has no example: add a line \"// %s...\" to its documentation", x.name, exampleMark)
			continue
		case x.example == "":
			continue
		}
		ran++
		t.Run(x.name, func(t *testing.T) {
			home := t.TempDir()
			t.Chdir(home)
			if err := os.WriteFile("cat.jpg", []byte("meow"), 0o600); err != nil {
				t.Fatal(err)
			}
			closed := freshCloud(t, sh, home)
			defer closed()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			cells := before(x.example)
			if onlyChecked[x.name] != "" {
				sh.kernel.scope.Reset()
				for _, c := range append(cells, x.example) {
					checked, err := sh.kernel.scope.Check(c, 0)
					if err != nil {
						t.Fatalf("%s: %v", c, err)
					}
					sh.kernel.scope.Commit(checked)
				}
				return
			}
			for _, c := range cells {
				if r := sh.Do(ctx, c); r.Err != nil {
					t.Fatalf("before %s: %s: %v", x.example, c, r.Err)
				}
			}
			r := sh.Do(ctx, x.example)
			if r.Err != nil {
				t.Errorf("%s: %v", x.example, r.Err)
			}
			_ = sh.Display(r.Result)
		})
	}
	if ran < 400 {
		t.Errorf("%d examples", ran)
	}
}

// TestTypesOfTheBindings names the types of a connection's package by the
// connection's name, beside the SDK's of the same name.
func TestTypesOfTheBindings(t *testing.T) {
	p := newPromptShell(t)
	for _, tt := range []struct{ cell, want string }{
		{`var r *ec2.RegionInfo = boto.EC2.Regions()[0]; r`, "RegionInfo:af-south-1"},
		{`func count(list []*ec2.Instance) int { return len(list) }; count(ec2.GetOnlyInstances())`, "0"},
		{`names := map[string]*s3.Bucket{}; names["paws"] = s3.CreateBucket("paws"); names`, `{"paws": <Bucket: paws>}`},
		{`type Server struct { ec2.Instance; Role string }; Server{Role: "web"}.Role`, `"web"`},
		{`alarm := cw.MetricAlarm{Name: "a"}; alarm.Name`, `"a"`},
		{`ec2.RunInstancesInput{MinCount: aws.Int32(1)}.MaxCount == nil`, "true"},
		{`r := ec2.RunInstances("ami-7341831a", ec2.MaxCount(2)); len(r.Instances)`, "2"},
		{`var c *ec2.Client = ec2.Client; c != nil`, "true"},
		{`var q *sqs.Queue; q == nil`, "true"},
	} {
		r := p.sh.Do(t.Context(), tt.cell)
		if got := Display(r.Result); r.Err != nil || got != tt.want {
			t.Errorf("%s: %s, %v; want %s", tt.cell, got, r.Err, tt.want)
		}
	}
	if r := p.sh.Do(t.Context(), `var x ec2.Instanze`); r.Err == nil || !strings.Contains(r.Err.Error(), "Instanze") || strings.Contains(r.Err.Error(), "ǃ") {
		t.Errorf("a type that is none: %v", r.Err)
	}
}

package repl

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"pawsh/bindings/session"
)

// realShell is a shell on a server that passes for a real account of two
// instances and counts what it is asked.
func realShell(t *testing.T, cells ...string) (p *promptShell, asked *atomic.Int32, host string) {
	t.Helper()
	asked = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet><item><reservationId>r-1</reservationId><instancesSet>`+
			`<item><instanceId>i-1</instanceId></item><item><instanceId>i-2</instanceId></item></instancesSet></item></reservationSet></DescribeInstancesResponse>`)
	}))
	t.Cleanup(server.Close)
	environment := map[string]string{"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1"}
	env, err := session.New(session.Options{Getenv: func(name string) string { return environment[name] }, Home: t.TempDir(), SystemConfig: "-"})
	if err != nil {
		t.Fatal(err)
	}
	p = &promptShell{t: t, out: &lockedBuffer{}}
	sh, err := New(Config{Env: env, Stdin: strings.NewReader(""), Out: p.out, Err: p.out})
	if err != nil {
		t.Fatal(err)
	}
	p.assistant = sh.assistant()
	for _, c := range cells {
		p.cell1(c)
	}
	return p, asked, strings.TrimPrefix(server.URL, "http://")
}

func TestFootprintBeforeEnter(t *testing.T) {
	p, asked, host := realShell(t,
		`r := ec2.GetAllInstances()[0]; one := r.Instances[0]; ids := []string{"i-1", "i-2", "i-3", "i-4"}`,
		`b := s3.GetBucket("paws", Validate(false)); k := b.NewKey("photo.jpg")`,
		`us := boto.EC2.ConnectToRegion("us-west-2")`)
	before := asked.Load()
	eu, us := " in eu-west-1 at "+host+" as AKIDENV", " in us-west-2 at "+host+" as AKIDENV"
	for _, tt := range []struct{ cell, want string }{
		{`ec2.TerminateInstances([]string{"i-1", "i-2"})`, "terminate instances: 2 (i-1, i-2)" + eu},
		{`ec2.TerminateInstances(ids)`, "terminate instances: 4 (i-1, i-2, i-3, ...)" + eu},
		{`us.TerminateInstances(ids[:1])`, "terminate instances: 1 (i-1)" + us},
		{`one.Terminate()`, "terminate instances: 1 (i-1)" + eu},
		{`r.Instances[1].Stop()`, "stop instances: 1 (i-2)" + eu},
		{`for _, i := range r.Instances { i.Terminate() }`, "terminate instances: 2 (i-1, i-2)" + eu},
		{`for _, id := range ids { ec2.DeleteVolume(id) }`, "delete volume: 4 (i-1, i-2, i-3, ...)" + eu},
		{`for range 3 { ec2.CreateVolume(1, "eu-west-1a") }`, "create volume: 3" + eu},
		{`for _, i := range ec2.GetOnlyInstances() { i.Terminate() }`, "terminate instances: 1, again and again" + eu},
		{`ec2.RunInstances("ami-1", MinCount(1), MaxCount(5), KeyName("paws"))`, "run instances: 5" + eu},
		{`ec2.RunInstances("ami-1")`, "run instances: 1" + eu},
		{`ec2.Client.TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{"i-7"}})`, "terminate instances: 1 (i-7)" + eu},
		{`s3.Client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String("b"), Key: aws.String("k")})`, "delete object: 1 (b/k)" + eu},
		{`b.DeleteKey("x")`, "delete object: 1 (paws/x)" + eu},
		{`b.Delete()`, "delete bucket: 1 (paws)" + eu},
		{`k.Delete()`, "delete object: 1 (paws/photo.jpg)" + eu},
		{`k.UploadFile("photo.jpg")`, "put object: 1 (paws/photo.jpg)" + eu},
		{`s3.DeleteBucket("paws"); one.Terminate()`, "delete bucket: 1 (paws); terminate instances: 1 (i-1)" + eu},
		{`v, err := ec2.DeleteVolume("vol-1")`, "delete volume: 1 (vol-1)" + eu},
		{`defer one.Reboot()`, "reboot instances: 1 (i-1)" + eu},
		{`iam.DeleteUser("bob")`, "delete user: 1 (bob)" + strings.Replace(eu, "eu-west-1", "us-east-1", 1)},
		{`sqs.Lookup("q")`, ""},
		{`:time one.Terminate()`, "terminate instances: 1 (i-1)" + eu},
		{`one := 1; fmt.Println(one)`, ""},
		{`func f() { one.Terminate() }`, ""}, // declares it and runs nothing
		{`ec2.GetAllInstances()`, ""},
		{`ec2.TerminateInstances([]string{"i-1"`, ""}, // not whole
		{`nonsense(`, ""},
		{`:region us-east-1`, ""},
		{``, ""},
	} {
		want := tt.want
		if want != "" {
			want = "on Enter: " + want
		}
		if got := p.footprint(t.Context(), tt.cell); got != want {
			t.Errorf("%s\ngot  %q\nwant %q", tt.cell, got, want)
		}
	}
	p.sh.env.SetDryRun(true)
	if got, want := p.footprint(t.Context(), `one.Terminate()`), "on Enter, as a dry run: terminate instances: 1 (i-1)"+eu; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := asked.Load() - before; n != 0 {
		t.Errorf("footprints sent %d requests", n)
	}
	// What is looked at leaves no trace in the session.
	if got := p.sh.Do(t.Context(), "fmt.Sprint(one)"); got.Err != nil || Display(got.Result) != `"Instance:i-1"` {
		t.Errorf("one is %q: %v", Display(got.Result), got.Err)
	}
}

func TestNoFootprintInSandbox(t *testing.T) {
	p := newPromptShell(t, `i := ec2.RunInstances("ami-7341831a").Instances[0]`)
	for _, cell := range []string{`i.Terminate()`, `ec2.TerminateInstances([]string{i.ID})`, `sqs.CreateQueue("q")`} {
		if got := p.footprint(context.Background(), cell); got != "" {
			t.Errorf("%s: %q", cell, got)
		}
	}
}

// TestPromptNamesTheAccount reads the account off the key, where the key says it.
func TestPromptNamesTheAccount(t *testing.T) {
	for key, want := range map[string]string{
		"ASIAQNZGKIQY56JQ7WML": "default (029608264753) eu-west-1",
		"AKIAIOSFODNN7EXAMPLE": "default eu-west-1",
	} {
		environment := map[string]string{"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1"}
		env, err := session.New(session.Options{Getenv: func(name string) string { return environment[name] }, Home: t.TempDir(), SystemConfig: "-"})
		if err != nil {
			t.Fatal(err)
		}
		sh, err := New(Config{Env: env, Stdin: strings.NewReader(""), Out: &lockedBuffer{}, Err: &lockedBuffer{}})
		if err != nil {
			t.Fatal(err)
		}
		if got := sh.Place(); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}

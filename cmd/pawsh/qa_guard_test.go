package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// account is a server that passes for a real account and notes what was done.
type account struct {
	*httptest.Server
	mu   sync.Mutex
	done []string
	wait chan struct{} // /wait is answered when it is closed
	told chan string   // what /told was asked
}

func newAccount(t *testing.T) *account {
	t.Helper()
	a := &account{wait: make(chan struct{}), told: make(chan string, 1)}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/wait":
			<-a.wait
			return
		case "/told":
			q, _ := url.QueryUnescape(r.URL.RawQuery)
			a.told <- q
			return
		}
		_ = r.ParseForm() // S3's requests have no form
		what := r.Form.Get("Action")
		if what == "" {
			what = r.Method + " " + r.URL.Path
		}
		a.mu.Lock()
		a.done = append(a.done, what)
		a.mu.Unlock()
		w.Header().Set("Content-Type", "text/xml")
		switch {
		case strings.HasPrefix(what, "DELETE"):
			w.WriteHeader(http.StatusNoContent)
		case what == "DescribeInstances":
			fmt.Fprint(w, `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet><item><reservationId>r-1</reservationId><instancesSet>`+
				`<item><instanceId>i-1</instanceId></item><item><instanceId>i-2</instanceId></item></instancesSet></item></reservationSet></DescribeInstancesResponse>`)
		default:
			fmt.Fprintf(w, `<%sResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><return>true</return></%[1]sResponse>`, what)
		}
	}))
	t.Cleanup(a.Close)
	return a
}

// took gives what was done since the last call.
func (a *account) took() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := strings.Join(a.done, " ")
	a.done = nil
	return s
}

// environment leads to the account with keys that look like a person's.
func (a *account) environment() []string {
	return []string{"AWS_ENDPOINT_URL=" + a.URL, "AWS_ACCESS_KEY_ID=AKIDENV", "AWS_SECRET_ACCESS_KEY=secretofenv", "AWS_REGION=eu-west-1"}
}

// TestScriptsNeedYes refuses what destroys, in every way in where nobody can be
// asked, and by every way to call it.
func TestScriptsNeedYes(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	w := newWorld(t, a.environment()...)
	where := " in eu-west-1 at " + strings.TrimPrefix(a.URL, "http://") + " as AKIDENV: nobody is here to be asked; --yes"
	for _, tt := range []struct{ code, footprint, does string }{
		{`ec2.TerminateInstances([]string{"i-1", "i-2"})`, "terminate instances: 2 (i-1, i-2)", "TerminateInstances"},
		{`for _, i := range ec2.GetOnlyInstances() { i.Terminate() }`, "terminate instances: 1 (i-1)", "DescribeInstances TerminateInstances TerminateInstances"},
		{`ec2.Client.TerminateInstances(ctx, &ec2.TerminateInstancesInput{InstanceIds: []string{"i-1"}})`, "terminate instances: 1 (i-1)", "TerminateInstances"},
		{`ec2.Client.TerminateInstances(context.Background(), &ec2.TerminateInstancesInput{InstanceIds: []string{"i-1"}})`, "terminate instances: 1 (i-1)", "TerminateInstances"},
		{`cfg := config.LoadDefaultConfig(ctx); s3.NewFromConfig(cfg).DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: aws.String("paws")})`, "delete bucket: 1 (paws)", "DELETE /"},
		{`c := ec2.New(ec2.Options{Region: "eu-west-1", Credentials: ec2.Target.Config.Credentials, BaseEndpoint: ec2.Target.Config.BaseEndpoint}); c.ReleaseAddress(ctx, &ec2.ReleaseAddressInput{AllocationId: aws.String("eipalloc-1")})`, "release address: 1 (eipalloc-1)", "ReleaseAddress"},
		{`s3.GetBucket("paws", Validate(false)).DeleteKey("k")`, "delete object: 1 (paws/k)", "DELETE /paws/k"},
	} {
		o := w.run("", "-c", tt.code)
		o.want(t, 1, "", "refused to "+tt.footprint+where)
		if did := a.took(); strings.Contains(did, "Terminate") || strings.Contains(did, "DELETE") || strings.Contains(did, "Release") {
			t.Errorf("%s: did %s without being asked", tt.code, did)
		}
		if o := w.run("", "--yes", "-c", tt.code); o.code != 0 {
			t.Errorf("%s with --yes: exit %d\n%s", tt.code, o.code, o.err)
		}
		if did := a.took(); !strings.HasPrefix(did, tt.does) {
			t.Errorf("%s with --yes: did %q, want %q", tt.code, did, tt.does)
		}
	}
	const terminate = `ec2.TerminateInstances([]string{"i-1"})`
	w.write("script.txt", terminate+"\n")
	w.run("", "script.txt").want(t, 1, "", "--yes")
	w.run(terminate+"\n").want(t, 1, "", "--yes")
	d := w.door()
	if r := d.ask(terminate); r.Status != "error" || !strings.Contains(r.Error.Message, "--yes") {
		t.Errorf("--json: %+v", r)
	}
	if did := a.took(); did != "" {
		t.Errorf("did %s", did)
	}
	if r := w.door("--yes").ask(terminate); r.Status != "ok" || a.took() != "TerminateInstances" {
		t.Errorf("--json --yes: %+v", r)
	}
	// A dry run is EC2's, and there what has none is not sent.
	w.run("", "-c", ":dryrun on\n"+terminate).want(t, 0, "[]", "")
	if did := a.took(); did != "TerminateInstances" {
		t.Errorf("a dry run did %s", did)
	}
	w.run("", "-c", ":dryrun on\ns3.CreateBucket(\"paws\")").want(t, 1, "", "dry run: would create bucket: 1 (paws)")
	if did := a.took(); did != "" {
		t.Errorf("a dry run did %s", did)
	}
	// Nothing asks in the sandbox.
	newWorld(t).run("", "-c", `ec2.RunInstances("ami-7341831a").Instances[0].Terminate()`).want(t, 0, "", "")
}

// TestPromptAsks answers the question on a terminal in every way.
func TestPromptAsks(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	tm := start(t, t.TempDir(), a.environment()...)
	host := strings.TrimPrefix(a.URL, "http://")
	prompt := host + " eu-west-1 > "
	tm.expect(prompt)
	cell := `for _, i := range []string{"i-1", "i-2"} { ec2.TerminateInstances([]string{i}) }`
	question := func(instance string) {
		t.Helper()
		tm.expect("terminate instances: 1 (" + instance + ") in eu-west-1 at " + host + " as AKIDENV")
		tm.expect("[a]ll of this kind in this cell: ")
	}
	did := func(want string) {
		t.Helper()
		tm.expect(prompt)
		if got := a.took(); got != want {
			t.Errorf("did %q, want %q", got, want)
		}
	}
	tm.send(cell)
	tm.expect("on Enter: terminate instances: 2 (i-1, i-2) in eu-west-1 at " + host + " as AKIDENV")
	if got := a.took(); got != "" {
		t.Errorf("the footprint sent %s", got)
	}
	tm.send("\r")
	question("i-1")
	tm.send("n\r")
	tm.expect("refused to terminate instances: 1 (i-1)")
	tm.expect("you did not agree")
	did("")

	tm.send(cell + "\r")
	question("i-1")
	tm.send("perhaps\r") // is no answer
	question("i-1")
	tm.send("y\r")
	question("i-2")
	tm.send("\r")
	tm.expect("refused to terminate instances: 1 (i-2)")
	did("TerminateInstances")

	tm.send(cell + "\r")
	question("i-1")
	tm.send("a\r")
	did("TerminateInstances TerminateInstances")

	// "All" was for that cell. Ctrl-C, with half an answer typed, ends this
	// one, also where the call has a context of its own; so does Ctrl-D.
	tm.send(cell + "\r")
	question("i-1")
	tm.send("y\x03")
	tm.expect("interrupted")
	did("")
	tm.send(`ec2.Client.TerminateInstances(context.Background(), &ec2.TerminateInstancesInput{InstanceIds: []string{"i-1"}})` + "\r")
	question("i-1")
	tm.send("\x03")
	tm.expect("interrupted")
	did("")
	tm.send(cell + "\r")
	question("i-1")
	tm.send("\x04")
	tm.expect("you did not agree")
	did("")

	// A call of the background, while a line is typed, asks nobody.
	tm.send(`go func() { http.Get("` + a.URL + `/wait"); _, err := ec2.TerminateInstances([]string{"i-1"}); http.Get("` + a.URL + `/told?" + url.QueryEscape(err.Error())) }()` + "\r")
	tm.expect(prompt)
	close(a.wait)
	select {
	case said := <-a.told:
		if !strings.Contains(said, "the cell that began it has ended") {
			t.Errorf("the call of the background: %s", said)
		}
	case <-time.After(20 * time.Second):
		t.Error("the call of the background did not end")
	}
	if got := a.took(); got != "" {
		t.Errorf("did %q", got)
	}
	tm.send("\x04")
	tm.ended(0)
}

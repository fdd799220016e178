package s3_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"pawsh/bindings/s3"
	"pawsh/bindings/session"
)

// TestVersions overwrites, deletes, lists and restores, as the cookbook does.
func TestVersions(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	if status := must(b.GetVersioningStatus())(t); len(status) != 0 {
		t.Errorf("status of a new bucket %v", status)
	}
	must(b.ConfigureVersioning(true))(t)
	if status := must(b.GetVersioningStatus())(t); status["Versioning"] != "Enabled" {
		t.Errorf("status %v", status)
	}
	must(b.NewKey("k").SetContentsFromString("one"))(t)
	first := must(b.Lookup("k"))(t).VersionID
	must(b.NewKey("k").SetContentsFromString("two"))(t)
	marker := must(b.DeleteKey("k"))(t)
	if !marker.DeleteMarker || marker.VersionID == "" || marker.String() != "<DeleteMarker: paws,k>" {
		t.Errorf("marker %+v", marker)
	}
	if gone := must(b.Lookup("k"))(t); gone != nil {
		t.Errorf("the key is still there: %v", gone)
	}
	must(b.NewKey("a/other").SetContentsFromString("x"))(t)
	list := must(b.GetAllVersions())(t)
	if got := fmt.Sprint(list); got != "[<Key: paws,a/other> <DeleteMarker: paws,k> <Key: paws,k> <Key: paws,k>]" || !list[1].IsLatest || list[3].VersionID != first {
		t.Errorf("versions %s", got)
	}
	if list := must(b.GetAllVersions(s3.MaxKeys(2)))(t); len(list) != 2 {
		t.Errorf("%d versions, want 2", len(list))
	}
	old := must(b.GetKey("k", s3.VersionID(first)))(t)
	if text := must(old.GetContentsAsString())(t); text != "one" {
		t.Errorf("the first version says %q", text)
	}
	must(b.CopyKey("k", "paws", "k", s3.SrcVersionID(first)))(t)
	restored := must(b.Lookup("k"))(t)
	if text := must(restored.GetContentsAsString())(t); text != "one" {
		t.Errorf("restored %q", text)
	}
	must(restored.Delete())(t) // this version, without a marker
	if _, err := b.NewKey("k").GetContentsAsString(); session.Code(err) != "NoSuchKey" {
		t.Errorf("after deleting the newest version: %v", err)
	}
	must(b.ConfigureVersioning(false))(t)
	if status := must(b.GetVersioningStatus())(t); status["Versioning"] != "Suspended" {
		t.Errorf("status %v", status)
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	k := b.NewKey("k")
	must(k.SetContentsFromString("x"))(t)
	private := must(k.GetACL())(t)
	if private.Owner == nil || len(private.ACL.Grants) != 1 || private.ACL.Grants[0].Permission != "FULL_CONTROL" || !strings.HasSuffix(private.String(), "(owner) = FULL_CONTROL>") {
		t.Errorf("policy %v", private)
	}
	if err := k.MakePublic(); err != nil {
		t.Fatal(err)
	}
	public := must(k.GetACL())(t)
	if !strings.Contains(public.String(), "AllUsers = READ") {
		t.Errorf("policy %v", public)
	}
	if err := k.SetACL(private); err != nil {
		t.Fatal(err)
	}
	if p := must(k.GetACL())(t); len(p.ACL.Grants) != 1 {
		t.Errorf("policy %v", p)
	}
	if err := b.SetCannedACL("public-read", "k"); err != nil {
		t.Fatal(err)
	}
	if p := must(k.GetACL())(t); len(p.ACL.Grants) != 2 {
		t.Errorf("policy %v", p)
	}
	if err := b.SetCannedACL("public-read"); err != nil {
		t.Fatal(err)
	}
	if p := must(b.GetACL())(t); len(p.ACL.Grants) != 2 {
		t.Errorf("policy of the bucket %v", p)
	}
	if err := b.SetACL(7); err == nil {
		t.Error("a number was taken as a policy")
	}
}

func TestLogging(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	state, put := "", ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if r.URL.Path != "/paws" || !r.URL.Query().Has("logging") {
			t.Errorf("request %s %s", r.Method, r.URL)
		}
		if r.Method == http.MethodPut {
			body, _ := io.ReadAll(r.Body)
			put = string(body)
			return
		}
		w.Header().Set("Content-Type", "application/xml")
		io.WriteString(w, "<BucketLoggingStatus>"+state+"</BucketLoggingStatus>")
	}))
	t.Cleanup(server.Close)
	env := must(session.New(session.Options{Getenv: func(string) string { return "" }, Home: t.TempDir(), SystemConfig: "-", Endpoint: server.URL}))(t)
	b := must(must(s3.Connect(env))(t).GetBucket("paws", s3.Validate(false)))(t)
	sent := func() string { mu.Lock(); defer mu.Unlock(); return put }
	if l := must(b.GetLoggingStatus())(t); l.String() != "<BucketLoggingStatus: Disabled>" {
		t.Errorf("status %v", l)
	}
	must(b.EnableLogging("logs", "paws-"))(t)
	if body := sent(); !strings.Contains(body, "<TargetBucket>logs</TargetBucket>") || !strings.Contains(body, "<TargetPrefix>paws-</TargetPrefix>") {
		t.Errorf("enabling sends %s", body)
	}
	mu.Lock()
	state = "<LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix>paws-</TargetPrefix></LoggingEnabled>"
	mu.Unlock()
	if l := must(b.GetLoggingStatus())(t); l.String() != "<BucketLoggingStatus: logs/paws- ()>" || l.Target != "logs" {
		t.Errorf("status %v", l)
	}
	must(b.DisableLogging())(t)
	if body := sent(); strings.Contains(body, "LoggingEnabled") {
		t.Errorf("disabling sends %s", body)
	}
}

func TestLoggingTarget(t *testing.T) {
	t.Parallel()
	logs := must(connectSandbox(t).CreateBucket("logs"))(t)
	if err := logs.SetAsLoggingTarget(); err != nil {
		t.Fatal(err)
	}
	policy := must(logs.GetACL())(t).String()
	for _, want := range []string{"LogDelivery = WRITE", "LogDelivery = READ_ACP", "(owner) = FULL_CONTROL"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%q is not in %s", want, policy)
		}
	}
}

func TestWebsite(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b, eu := must(c.CreateBucket("paws"))(t), must(c.CreateBucket("paws-eu", s3.Location("eu-central-1")))(t)
	must(b.ConfigureWebsite("index.html", "error.html"))(t)
	if w := must(b.GetWebsiteConfiguration())(t); w.Suffix != "index.html" || w.ErrorKey != "error.html" {
		t.Errorf("website %+v", w)
	}
	if host := must(b.GetWebsiteEndpoint())(t); host != "paws.s3-website-us-east-1.amazonaws.com" {
		t.Errorf("endpoint %s", host)
	}
	if host := must(eu.GetWebsiteEndpoint())(t); host != "paws-eu.s3-website.eu-central-1.amazonaws.com" {
		t.Errorf("endpoint %s", host)
	}
	must(b.DeleteWebsiteConfiguration())(t)
	if _, err := b.GetWebsiteConfiguration(); session.Code(err) != "NoSuchWebsiteConfiguration" {
		t.Errorf("after delete: %v", err)
	}
}

func TestMultipart(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	data := bytes.Repeat([]byte("0123456789abcdef"), 6<<16) // 6 MiB
	u := must(b.InitiateMultipartUpload("big.txt"))(t)
	if u.String() != "<MultiPartUpload big.txt>" || u.ID == "" {
		t.Errorf("upload %+v", u)
	}
	in := bytes.NewReader(data)
	part := must(u.UploadPartFromFile(in, 1, 5<<20))(t)
	if part.Size != 5<<20 || part.String() != "<Part 1>" {
		t.Errorf("part %+v", part)
	}
	must(u.UploadPartFromFile(in, 2))(t)
	if parts := must(u.GetAllParts())(t); fmt.Sprint(parts) != "[<Part 1> <Part 2>]" || parts[1].Size != 1<<20 {
		t.Errorf("parts %v", parts)
	}
	done := must(u.CompleteUpload())(t)
	if done.String() != "<CompleteMultiPartUpload: paws.big.txt>" || !strings.HasSuffix(done.ETag, `-2"`) {
		t.Errorf("result %v, ETag %s", done, done.ETag)
	}
	body := must(b.NewKey("big.txt").Open())(t)
	defer body.Close()
	if got := must(io.ReadAll(body))(t); !bytes.Equal(got, data) {
		t.Errorf("%d bytes came back", len(got))
	}
	left := must(b.InitiateMultipartUpload("left"))(t)
	if list := must(b.GetAllMultipartUploads())(t); len(list) != 1 || list[0].ID != left.ID {
		t.Errorf("uploads %v", list)
	}
	if err := left.CancelUpload(); err != nil {
		t.Fatal(err)
	}
	if list := must(b.GetAllMultipartUploads())(t); len(list) != 0 {
		t.Errorf("uploads %v", list)
	}
}

func TestLifecycleAndCORS(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	var transition s3.Transitions
	transition.AddTransition(90, "GLACIER")
	rules := s3.Lifecycle{&s3.Rule{ID: "old", Prefix: "logs/", Expiration: &s3.Expiration{Days: 120}, Transition: transition}}
	rules.AddRule("tmp", "tmp/", "Disabled", &s3.Expiration{Days: 1}, nil)
	must(b.ConfigureLifecycle(rules))(t)
	got := must(b.GetLifecycleConfig())(t)
	if fmt.Sprint(got) != "[<Rule: old> <Rule: tmp>]" || got[0].Expiration.Days != 120 || got[0].Prefix != "logs/" || got[1].Status != "Disabled" {
		t.Errorf("rules %v", got)
	}
	if s := fmt.Sprint(got[0].Transition, got[0].Expiration); s != "[<Transition: in: 90 days, GLACIER>] <Expiration: in: 120 days>" {
		t.Errorf("rule prints %s", s)
	}
	must(b.ConfigureLifecycle(got[:1]))(t)
	must(b.DeleteLifecycleConfiguration())(t)
	if _, err := b.GetLifecycleConfig(); session.Code(err) != "NoSuchLifecycleConfiguration" {
		t.Errorf("after delete: %v", err)
	}
	var cors s3.CORSConfiguration
	if err := cors.AddRule([]string{"PUT", "POST"}, "https://www.example.com", s3.AllowedHeader("*"), s3.MaxAgeSeconds(3000), s3.ExposeHeader("x-amz-server-side-encryption"), s3.RuleID("web")); err != nil {
		t.Fatal(err)
	}
	if err := cors.AddRule(7, "*"); err == nil {
		t.Error("a number was taken as a method")
	}
	must(b.SetCORS(cors))(t)
	if rules := must(b.GetCORS())(t); len(rules) != 1 || rules[0].AllowedMethod[1] != "POST" || rules[0].MaxAgeSeconds != 3000 || rules[0].String() != "<Rule: web>" {
		t.Errorf("rules %v", rules)
	}
	must(b.DeleteCORS())(t)
	if _, err := b.GetCORS(); session.Code(err) != "NoSuchCORSConfiguration" {
		t.Errorf("after delete: %v", err)
	}
}

func TestBucketPolicyAndTags(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	if _, err := b.GetPolicy(); session.Code(err) != "NoSuchBucketPolicy" {
		t.Errorf("no policy: %v", err)
	}
	const policy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::paws/*"}]}`
	must(b.SetPolicy(policy))(t)
	if got := must(b.GetPolicy())(t); !strings.Contains(got, "s3:GetObject") {
		t.Errorf("policy %s", got)
	}
	must(b.DeletePolicy())(t)
	must(b.SetTags(map[string]string{"team": "paws", "env": "test"}))(t)
	if tags := must(b.GetTags())(t); len(tags) != 2 || tags["team"] != "paws" {
		t.Errorf("tags %v", tags)
	}
	must(b.DeleteTags())(t)
	if _, err := b.GetTags(); session.Code(err) != "NoSuchTagSet" {
		t.Errorf("after delete: %v", err)
	}
}

func TestDeleteKeys(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	var names []string
	for i := range 1003 {
		k := b.NewKey(fmt.Sprintf("k%04d", i))
		if i%200 == 0 {
			must(k.SetContentsFromString("x"))(t)
		}
		names = append(names, k.Name)
	}
	r := must(b.DeleteKeys(names))(t)
	if len(r.Deleted) != 1003 || len(r.Errors) != 0 || len(must(b.GetAllKeys())(t)) != 0 {
		t.Errorf("result %v", r)
	}
	if _, err := b.DeleteKeys(7); err == nil {
		t.Error("a number was taken as keys")
	}
	must(b.NewKey("a").SetContentsFromString("x"))(t)
	if r := must(b.DeleteKeys(must(b.GetAllKeys())(t)))(t); r.String() != "<MultiDeleteResult: 1 deleted, 0 errors>" {
		t.Errorf("result %v", r)
	}
}

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

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

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
	if private.Owner == nil || len(private.Grants) != 1 || private.Grants[0].Permission != "FULL_CONTROL" || !strings.HasSuffix(private.String(), "(owner) = FULL_CONTROL>") {
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
	if p := must(k.GetACL())(t); len(p.Grants) != 1 {
		t.Errorf("policy %v", p)
	}
	if err := b.SetCannedACL("public-read", "k"); err != nil {
		t.Fatal(err)
	}
	if p := must(k.GetACL())(t); len(p.Grants) != 2 {
		t.Errorf("policy %v", p)
	}
	if err := b.SetCannedACL("public-read"); err != nil {
		t.Fatal(err)
	}
	if p := must(b.GetACL())(t); len(p.Grants) != 2 {
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
	must(b.ConfigureLifecycle(types.LifecycleRule{
		ID: aws.String("old"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("logs/")},
		Expiration: &types.LifecycleExpiration{Days: aws.Int32(120)},
	}))(t)
	if rules := must(b.GetLifecycleConfig())(t); len(rules) != 1 || aws.ToString(rules[0].ID) != "old" || aws.ToInt32(rules[0].Expiration.Days) != 120 {
		t.Errorf("rules %v", rules)
	}
	must(b.SetCORS(types.CORSRule{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"*"}}))(t)
	if rules := must(b.GetCORS())(t); len(rules) != 1 || rules[0].AllowedMethods[0] != "GET" {
		t.Errorf("rules %v", rules)
	}
	must(b.DeleteCORS())(t)
	if _, err := b.GetCORS(); session.Code(err) != "NoSuchCORSConfiguration" {
		t.Errorf("after delete: %v", err)
	}
}

package s3_test

import (
	"strings"
	"testing"

	"pawsh/bindings/s3"
	"pawsh/bindings/session"
)

func TestRemoteMetadata(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	k := b.NewKey("k")
	k.ContentType = "text/plain"
	k.UpdateMetadata(map[string]string{"a": "1", "b": "2"})
	must(k.SetContentsFromString("x"))(t)
	must(k.SetRemoteMetadata(map[string]string{"c": "3"}, []string{"A"}))(t)
	now := must(b.Lookup("k"))(t)
	if len(now.Metadata) != 2 || now.Metadata["b"] != "2" || now.Metadata["c"] != "3" || now.ContentType != "text/plain" {
		t.Errorf("metadata %v, type %s", now.Metadata, now.ContentType)
	}
	if _, err := b.NewKey("none").SetRemoteMetadata(nil, nil); err == nil {
		t.Error("metadata of what is not there were set")
	}
}

func TestRedirectAndWebsite(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	k := b.NewKey("old.html")
	if err := k.SetRedirect("/new.html"); err != nil {
		t.Fatal(err)
	}
	if to := must(k.GetRedirect())(t); to != "/new.html" {
		t.Errorf("redirect to %q", to)
	}
	must(b.SetWebsiteConfiguration(&s3.Website{Suffix: "index.html", ErrorKey: "oops.html"}))(t)
	if w := must(b.GetWebsiteConfiguration())(t); w.Suffix != "index.html" || w.ErrorKey != "oops.html" {
		t.Errorf("website %+v", w)
	}
}

func TestUploadsByTheirIDs(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	src := b.NewKey("src")
	must(src.SetContentsFromString("hello world"))(t)
	u := must(b.InitiateMultipartUpload("copy"))(t)
	must(u.CopyPartFromKey("paws", "src", 1, 6, 10))(t)
	must(b.CompleteMultipartUpload("copy", u.ID))(t)
	if text := must(b.NewKey("copy").GetContentsAsString())(t); text != "world" {
		t.Errorf("copied %q", text)
	}
	u = must(b.InitiateMultipartUpload("other"))(t)
	if err := b.CancelMultipartUpload("other", u.ID); err != nil {
		t.Fatal(err)
	}
	if err := b.CancelMultipartUpload("other", u.ID); session.Code(err) != "NoSuchUpload" {
		t.Errorf("cancelled twice: %v", err)
	}
	if h, b64, err := src.ComputeMD5(strings.NewReader("hello")); h != "5d41402abc4b2a76b9719d911017c592" || b64 != "XUFAKrxLKna5cZ2REBfFkg==" || err != nil {
		t.Errorf("MD5 %s %s %v", h, b64, err)
	}
	if id := must(c.GetCanonicalUserID())(t); id == "" {
		t.Error("no canonical id")
	}
	must(c.HeadBucket("paws"))(t)
	if u := must(b.GenerateURL(60))(t); !strings.Contains(u, "X-Amz-Signature") {
		t.Errorf("URL %s", u)
	}
}

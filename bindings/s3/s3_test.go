package s3_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pawsh/bindings/s3"
	"pawsh/bindings/session"
)

func TestBuckets(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	if b, err := c.Lookup("paws"); b != nil || err != nil {
		t.Errorf("Lookup of an unknown bucket = %v, %v", b, err)
	}
	if _, err := c.GetBucket("paws"); session.StatusCode(err) != 404 {
		t.Errorf("GetBucket of an unknown bucket: %v", err)
	}
	b := must(c.CreateBucket("paws"))(t)
	if b.String() != "<Bucket: paws>" {
		t.Errorf("bucket prints %s", b)
	}
	eu := must(c.CreateBucket("paws-eu", s3.Location(s3.LocationEU)))(t)
	west := must(c.CreateBucket("paws-west", s3.Location("us-west-1"), s3.Policy("public-read")))(t)
	for _, tt := range []struct {
		bucket *s3.Bucket
		want   string
	}{{b, ""}, {eu, "EU"}, {west, "us-west-1"}} {
		if got := must(tt.bucket.GetLocation())(t); got != tt.want {
			t.Errorf("location of %v = %q, want %q", tt.bucket, got, tt.want)
		}
	}
	if list := must(c.GetAllBuckets())(t); fmt.Sprint(list) != "[<Bucket: paws> <Bucket: paws-eu> <Bucket: paws-west>]" || list[0].CreationDate.IsZero() {
		t.Errorf("buckets %v", list)
	}
	if found := must(c.Lookup("paws-eu"))(t); found == nil {
		t.Error("the bucket in Europe is not found")
	}
	must(b.NewKey("k").SetContentsFromString("x"))(t)
	if err := c.DeleteBucket("paws"); session.Code(err) != "BucketNotEmpty" {
		t.Errorf("deleting a full bucket: %v", err)
	}
	must(b.DeleteKey("k"))(t)
	if err := b.Delete(); err != nil {
		t.Error(err)
	}
	if err := c.DeleteBucket("paws"); session.Code(err) != "NoSuchBucket" {
		t.Errorf("deleting a deleted bucket: %v", err)
	}
}

// TestBucketElsewhere uses, on a connection to another region, a bucket whose
// region the connection has not heard of.
func TestBucketElsewhere(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	must(c.CreateBucket("paws-eu", s3.Location("eu-west-1")))(t)
	other := must(c.Region.Connect())(t)
	b := must(other.GetBucket("paws-eu"))(t)
	must(b.NewKey("k").SetContentsFromString("x"))(t)
	if got := must(must(b.Lookup("k"))(t).GetContentsAsString())(t); got != "x" {
		t.Errorf("contents %q", got)
	}
	west := must(c.Region.Connect(session.Region("us-west-2")))(t)
	must(west.CreateBucket("paws-here"))(t)
	if got := must(must(west.Lookup("paws-here"))(t).GetLocation())(t); got != "us-west-2" {
		t.Errorf("a bucket made by a connection to us-west-2 is in %q", got)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	k := b.NewKey("dir/a key+ü.txt")
	if exists := must(k.Exists())(t); exists {
		t.Error("a key exists before its contents")
	}
	k.SetMetadata("key1", "value1")
	k.SetMetadata("Content-Type", "text/plain")
	if n := must(k.SetContentsFromString("hello, wörld"))(t); n != 13 {
		t.Errorf("%d bytes, want 13", n)
	}
	if k.MD5 == "" || k.ETag != `"`+k.MD5+`"` {
		t.Errorf("ETag %s, MD5 %s", k.ETag, k.MD5)
	}
	got := must(b.Lookup("dir/a key+ü.txt"))(t)
	if got == nil || got.String() != "<Key: paws,dir/a key+ü.txt>" || got.Size != 13 || got.ContentType != "text/plain" || got.GetMetadata("key1") != "value1" || got.StorageClass != "STANDARD" || got.LastModified.IsZero() {
		t.Fatalf("looked up %+v", got)
	}
	if text := must(got.GetContentsAsString())(t); text != "hello, wörld" {
		t.Errorf("contents %q", text)
	}
	if missing, err := b.Lookup("nothing"); missing != nil || err != nil {
		t.Errorf("Lookup of an unknown key = %v, %v", missing, err)
	}
	if _, err := b.NewKey("nothing").GetContentsAsString(); session.Code(err) != "NoSuchKey" {
		t.Errorf("contents of an unknown key: %v", err)
	}
	if _, err := k.SetContentsFromString("again", s3.Replace(false)); session.Code(err) != "PreconditionFailed" {
		t.Errorf("contents not to be replaced: %v", err)
	}
	if unasked := must(b.GetKey("nothing", s3.Validate(false)))(t); unasked == nil {
		t.Error("Validate(false) asks")
	}
	must(k.Delete())(t)
	if exists := must(k.Exists())(t); exists {
		t.Error("the key exists after Delete")
	}
	for name, k := range map[string]*s3.Key{"no name": b.NewKey(), "no bucket": {Name: "k"}} {
		if _, err := k.SetContentsFromString("x"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	dir := t.TempDir()
	in, out := filepath.Join(dir, "page.html"), filepath.Join(dir, "copy.html")
	text := strings.Repeat("<p>paws</p>\n", 200_000) // more than what is buffered
	if err := os.WriteFile(in, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	k := b.NewKey()
	if n := must(k.SetContentsFromFilename(in, s3.ReducedRedundancy(true), s3.EncryptKey(true)))(t); n != int64(len(text)) || k.Name != "page.html" {
		t.Errorf("%d bytes as %q", n, k.Name)
	}
	got := must(b.Lookup("page.html"))(t)
	if got.ContentType != "text/html" || got.StorageClass != "REDUCED_REDUNDANCY" || got.Encrypted != "AES256" {
		t.Errorf("type %s, class %s, encryption %s", got.ContentType, got.StorageClass, got.Encrypted)
	}
	if err := got.GetContentsToFilename(out); err != nil {
		t.Fatal(err)
	}
	if copied, _ := os.ReadFile(out); string(copied) != text {
		t.Errorf("%d bytes came back", len(copied))
	}
	if info, _ := os.Stat(out); !info.ModTime().Equal(got.LastModified) {
		t.Errorf("the file is of %v, the key of %v", info.ModTime(), got.LastModified)
	}
	if err := b.NewKey("nothing").GetContentsToFilename(out); session.Code(err) != "NoSuchKey" {
		t.Errorf("an unknown key: %v", err)
	}
	if copied, _ := os.ReadFile(out); string(copied) != text {
		t.Error("a failed download touched the file")
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".copy*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
	must(b.NewKey("stream").SetContentsFromFile(io.LimitReader(strings.NewReader("abcdef"), 3)))(t)
	if text := must(b.NewKey("stream").GetContentsAsString())(t); text != "abc" {
		t.Errorf("from a stream: %q", text)
	}
}

func TestListing(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	const n = 1205
	names := make(chan string)
	errs := make(chan error, 8)
	for range cap(errs) {
		go func() {
			var failed error
			for name := range names {
				if _, err := b.NewKey(name).SetContentsFromString("x"); err != nil {
					failed = err
				}
			}
			errs <- failed
		}()
	}
	for i := range n {
		names <- fmt.Sprintf("k/%04d", i)
	}
	names <- "other & <strange>\nname"
	close(names)
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	count, last := 0, ""
	for k, err := range b.List() {
		if err != nil {
			t.Fatal(err)
		}
		if k.Name <= last {
			t.Fatalf("%q comes after %q", k.Name, last)
		}
		count, last = count+1, k.Name
	}
	if count != n+1 || last != "other & <strange>\nname" {
		t.Errorf("%d keys, the last %q", count, last)
	}
	for name, tt := range map[string]struct {
		opts []s3.ListOption
		want int
	}{
		"prefix": {[]s3.ListOption{s3.Prefix("k/00")}, 100}, "marker": {[]s3.ListOption{s3.Marker("k/1199")}, 6},
		"no more than": {[]s3.ListOption{s3.MaxKeys(7)}, 7}, "more than a page": {[]s3.ListOption{s3.MaxKeys(1100)}, 1100},
		"folded": {[]s3.ListOption{s3.Delimiter("/")}, 2}, "none": {[]s3.ListOption{s3.Prefix("zzz")}, 0},
	} {
		if list := must(b.GetAllKeys(tt.opts...))(t); len(list) != tt.want {
			t.Errorf("%s: %d keys, want %d", name, len(list), tt.want)
		}
	}
	folded := must(b.GetAllKeys(s3.Delimiter("/")))(t)
	if !folded[0].IsPrefix || folded[0].String() != "<Prefix: paws,k/>" || folded[1].IsPrefix {
		t.Errorf("folded list %v", folded)
	}
	for range b.List() { // leaving early must not hang nor leak
		break
	}
	missing := must(c.GetBucket("nowhere", s3.Validate(false)))(t)
	seen := 0
	for k, err := range missing.List() {
		if seen++; k != nil || session.Code(err) != "NoSuchBucket" {
			t.Errorf("listing an unknown bucket gives %v, %v", k, err)
		}
	}
	if seen != 1 {
		t.Errorf("the walk went on after an error: %d", seen)
	}
}

func TestCopy(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	src, dst := must(c.CreateBucket("src"))(t), must(c.CreateBucket("dst"))(t)
	k := src.NewKey("a+b &c/ü")
	k.ContentType = "text/plain"
	k.SetMetadata("old", "1")
	must(k.SetContentsFromString("hello", s3.Policy("public-read")))(t)
	copied := must(must(src.Lookup(k.Name))(t).Copy("dst", "kept"))(t)
	if copied.String() != "<Key: dst,kept>" {
		t.Errorf("copy prints %s", copied)
	}
	if got := must(dst.Lookup("kept"))(t); got.GetMetadata("old") != "1" || got.ContentType != "text/plain" {
		t.Errorf("kept metadata %v, type %s", got.Metadata, got.ContentType)
	}
	must(must(src.Lookup(k.Name))(t).Copy("dst", "new", s3.Metadata(map[string]string{"new": "2"}), s3.PreserveACL(true)))(t)
	if got := must(dst.Lookup("new"))(t); got.GetMetadata("new") != "2" || got.GetMetadata("old") != "" || got.ContentType != "text/plain" {
		t.Errorf("replaced metadata %v, type %s", got.Metadata, got.ContentType)
	}
	if _, err := k.Copy("nowhere", "x"); session.StatusCode(err) != 404 {
		t.Errorf("copy to an unknown bucket: %v", err)
	}
	if _, err := dst.CopyKey("x", "src", "nothing"); session.Code(err) != "NoSuchKey" {
		t.Errorf("copy of an unknown key: %v", err)
	}
	must(must(src.Lookup(k.Name))(t).ChangeStorageClass("REDUCED_REDUNDANCY"))(t)
	if got := must(src.Lookup(k.Name))(t); got.StorageClass != "REDUCED_REDUNDANCY" || got.GetMetadata("old") != "1" {
		t.Errorf("class %s, metadata %v", got.StorageClass, got.Metadata)
	}
}

func TestGenerateURL(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	k := b.NewKey("a b.txt")
	must(k.SetContentsFromString("hello"))(t)
	get := func(url string) (int, string, http.Header) {
		t.Helper()
		resp := must(http.Get(url))(t)
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body), resp.Header
	}
	url := must(k.GenerateURL(60, s3.ResponseHeaders(map[string]string{"response-content-type": "text/x-paws"})))(t)
	if status, body, head := get(url); status != 200 || body != "hello" || head.Get("Content-Type") != "text/x-paws" {
		t.Errorf("signed URL: %d %q %v", status, body, head)
	}
	if !strings.Contains(url, "X-Amz-Expires=60") || !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Errorf("URL %s", url)
	}
	plain := must(k.GenerateURL(60, s3.QueryAuth(false)))(t)
	if strings.Contains(plain, "X-Amz") {
		t.Errorf("unsigned URL %s", plain)
	}
	if status, _, _ := get(plain); status != 403 {
		t.Errorf("unsigned URL of a private key: %d", status)
	}
	put := must(b.NewKey("up").GenerateURL(60, s3.Method("put")))(t)
	req := must(http.NewRequest(http.MethodPut, put, strings.NewReader("uploaded")))(t)
	resp := must(http.DefaultClient.Do(req))(t)
	resp.Body.Close()
	if text := must(b.NewKey("up").GetContentsAsString())(t); resp.StatusCode != 200 || text != "uploaded" {
		t.Errorf("upload by URL: %d, %q", resp.StatusCode, text)
	}
	if _, err := k.GenerateURL(0); err == nil {
		t.Error("a URL that is never valid was made")
	}
	if _, err := k.GenerateURL(60, s3.Method("BREW")); err == nil {
		t.Error("method BREW was taken")
	}
}

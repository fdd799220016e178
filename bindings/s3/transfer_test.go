package s3_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pawsh/bindings/s3"
	"pawsh/bindings/session"
	"pawsh/sandbox"
)

const mib = 1 << 20

// front stands before a sandbox and may refuse or spoil what passes. The
// bindings see a host that is not AWS's: checksums are MD5.
type front struct {
	mu     sync.Mutex
	before func(w http.ResponseWriter, r *http.Request) bool // true: it answered
	spoil  func(r *http.Request, body []byte) []byte
	counts map[string]int
	ctx    context.Context
}

func (f *front) count(name string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.counts[name]
}

func (f *front) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func connectFront(t *testing.T) (*s3.Connection, *front) {
	t.Helper()
	server, err := sandbox.Start(sandbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	target, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	f := &front{counts: map[string]int{}, ctx: context.Background()}
	proxy := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) { p.Out.URL.Scheme, p.Out.URL.Host = target.Scheme, target.Host }}
	proxy.ModifyResponse = func(resp *http.Response) error {
		f.mu.Lock()
		spoil := f.spoil
		f.mu.Unlock()
		if spoil == nil {
			return nil
		}
		var b bytes.Buffer
		b.ReadFrom(resp.Body)
		resp.Body = io.NopCloser(bytes.NewReader(spoil(resp.Request, b.Bytes())))
		return nil
	}
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.Method
		if r.URL.Query().Has("partNumber") {
			name += " part"
		}
		f.mu.Lock()
		f.counts[name]++
		before := f.before
		f.mu.Unlock()
		if before != nil && before(w, r) {
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(gate.Close)
	id, secret := server.Credentials()
	env := must(session.New(session.Options{
		Getenv: func(name string) string {
			return map[string]string{"AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": secret, "AWS_MAX_ATTEMPTS": "1"}[name]
		},
		Home: t.TempDir(), SystemConfig: "-", Endpoint: gate.URL,
	}))(t)
	env.SetContext(func() context.Context { f.mu.Lock(); defer f.mu.Unlock(); return f.ctx })
	return must(s3.Connect(env))(t), f
}

func randomFile(t *testing.T, size int) (path string, data []byte) {
	t.Helper()
	data = make([]byte, size)
	r := rand.NewChaCha8([32]byte{1})
	r.Read(data)
	path = filepath.Join(t.TempDir(), "data.bin")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, data
}

// TestTransfer goes up and down in parts, in the sandbox with CRC32 and through
// a plain host with MD5.
func TestTransfer(t *testing.T) {
	t.Parallel()
	path, data := randomFile(t, 12*mib+345)
	plain, _ := connectFront(t)
	for verified, c := range map[string]*s3.Connection{"CRC32": connectSandbox(t), "MD5": plain} {
		b := must(c.CreateBucket("paws"))(t)
		k := b.NewKey("data.bin")
		k.SetMetadata("colour", "grey")
		var seen []s3.Transfer
		up, err := k.UploadFile(path, s3.PartSize(5*mib), s3.Threads(2), s3.OnTransfer(func(p s3.Transfer) { seen = append(seen, p) }))
		if err != nil {
			t.Fatal(err)
		}
		if up.Parts != 3 || up.Done != int64(len(data)) || up.Verified != verified || len(seen) != 3 || seen[2].Done != up.Total || !strings.HasSuffix(k.ETag, `-3"`) {
			t.Errorf("%s: upload %+v, %v, etag %s", verified, up, seen, k.ETag)
		}
		found := must(b.Lookup("data.bin"))(t)
		if found.Size != int64(len(data)) || found.Metadata["colour"] != "grey" || found.ContentType != "application/octet-stream" {
			t.Errorf("%s: stored %+v", verified, found)
		}
		to := filepath.Join(t.TempDir(), "back.bin")
		down, err := found.DownloadFile(to, s3.PartSize(mib), s3.Threads(3))
		if err != nil {
			t.Fatal(err)
		}
		if back, err := os.ReadFile(to); err != nil || !bytes.Equal(back, data) {
			t.Errorf("%s: %d bytes came back, %v", verified, len(back), err)
		}
		if down.Parts != 13 || down.Verified != "MD5 of parts" {
			t.Errorf("%s: download %+v", verified, down)
		}
		if list, _ := filepath.Glob(filepath.Dir(to) + "/*"); len(list) != 1 {
			t.Errorf("files are left: %v", list)
		}
		small := b.NewKey("small")
		one, err := small.UploadFile(path, s3.PartSize(64*mib))
		if err != nil || one.Parts != 1 {
			t.Errorf("in one piece: %+v, %v", one, err)
		}
		if down, err := small.DownloadFile(to); err != nil || down.Verified != "MD5" {
			t.Errorf("of one piece: %+v, %v", down, err)
		}
		empty := b.NewKey("empty")
		must(empty.SetContentsFromString(""))(t)
		if down, err := empty.DownloadFile(to); err != nil || down.Parts != 0 {
			t.Errorf("nothing: %+v, %v", down, err)
		}
		if _, err := b.NewKey("none").DownloadFile(to); session.Code(err) != "NotFound" {
			t.Errorf("what is not there: %v", err)
		}
	}
}

func TestUploadIsResumed(t *testing.T) {
	t.Parallel()
	path, data := randomFile(t, 21*mib)
	c, f := connectFront(t)
	b := must(c.CreateBucket("paws"))(t)
	k := b.NewKey("data.bin")
	refuse := func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("partNumber") != "4" {
			return false
		}
		w.WriteHeader(http.StatusForbidden)
		return true
	}
	f.set(func() { f.before = refuse })
	if _, err := k.UploadFile(path, s3.PartSize(5*mib), s3.Threads(1)); err == nil {
		t.Fatal("a refused part is no error")
	}
	if left := must(b.GetAllMultipartUploads())(t); len(left) != 0 {
		t.Errorf("a failed upload leaves %v", left)
	}
	if _, err := k.UploadFile(path, s3.PartSize(5*mib), s3.Threads(1), s3.Resume(true)); err == nil {
		t.Fatal("a refused part is no error")
	}
	if left := must(b.GetAllMultipartUploads())(t); len(left) != 1 {
		t.Fatalf("an upload to resume leaves %v", left)
	}
	// The second part changes before the upload goes on.
	data[5*mib] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f.set(func() { f.before = nil })
	sent := f.count("PUT part")
	up, err := k.UploadFile(path, s3.Resume(true))
	if err != nil {
		t.Fatal(err)
	}
	if up.Resumed != 2 || up.Parts != 5 || f.count("PUT part")-sent != 3 {
		t.Errorf("resumed %+v with %d parts sent", up, f.count("PUT part")-sent)
	}
	if text, err := k.GetContentsAsString(); err != nil || text != string(data) {
		t.Errorf("stored %d bytes, %v", len(text), err)
	}
}

func TestDownloadIsResumed(t *testing.T) {
	t.Parallel()
	path, data := randomFile(t, 5*mib)
	c, f := connectFront(t)
	b := must(c.CreateBucket("paws"))(t)
	k := b.NewKey("data.bin")
	must(k.UploadFile(path))(t)
	to := filepath.Join(t.TempDir(), "back.bin")
	f.set(func() {
		f.before = func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasPrefix(r.Header.Get("Range"), fmt.Sprintf("bytes=%d-", 3*mib)) {
				return false
			}
			w.WriteHeader(http.StatusForbidden)
			return true
		}
	})
	if _, err := k.DownloadFile(to, s3.PartSize(mib), s3.Threads(1), s3.Resume(true)); err == nil {
		t.Fatal("a refused part is no error")
	}
	if _, err := os.Stat(to); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("half a file is there: %v", err)
	}
	f.set(func() { f.before = nil })
	asked := f.count("GET")
	down, err := k.DownloadFile(to, s3.PartSize(2*mib), s3.Resume(true))
	if err != nil {
		t.Fatal(err)
	}
	if down.Resumed != 3 || down.Parts != 5 || f.count("GET")-asked != 2 || down.Done != down.Total {
		t.Errorf("resumed %+v with %d requests", down, f.count("GET")-asked)
	}
	if back, err := os.ReadFile(to); err != nil || !bytes.Equal(back, data) {
		t.Errorf("%d bytes came back, %v", len(back), err)
	}
}

func TestDamagedDownloadIsRefused(t *testing.T) {
	t.Parallel()
	path, _ := randomFile(t, 3*mib)
	c, f := connectFront(t)
	b := must(c.CreateBucket("paws"))(t)
	k := b.NewKey("data.bin")
	must(k.UploadFile(path))(t)
	f.set(func() {
		f.spoil = func(r *http.Request, body []byte) []byte {
			if r.Header.Get("Range") != "" && len(body) > 7 {
				body[7] ^= 1
			}
			return body
		}
	})
	to := filepath.Join(t.TempDir(), "back.bin")
	var damaged *s3.ChecksumError
	if _, err := k.DownloadFile(to, s3.Resume(true)); !errors.As(err, &damaged) || damaged.Kind != "MD5" {
		t.Errorf("a damaged file: %v", err)
	}
	if list, _ := filepath.Glob(filepath.Dir(to) + "/*"); len(list) != 0 {
		t.Errorf("files are left: %v", list)
	}
	if _, err := k.DownloadFile(to, s3.VerifyChecksum(false)); err != nil {
		t.Errorf("unverified: %v", err)
	}
}

func TestTransferEndsWithTheContext(t *testing.T) {
	t.Parallel()
	path, _ := randomFile(t, 11*mib)
	c, f := connectFront(t)
	b := must(c.CreateBucket("paws"))(t)
	ctx, cancel := context.WithCancel(context.Background())
	f.set(func() { f.ctx = ctx })
	_, err := b.NewKey("k").UploadFile(path, s3.PartSize(5*mib), s3.Threads(1), s3.OnTransfer(func(s3.Transfer) { cancel() }))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	f.set(func() { f.ctx = context.Background() })
	if left := must(b.GetAllMultipartUploads())(t); len(left) != 0 {
		t.Errorf("parts are left: %v", left)
	}
}

func TestHeadersAndMD5(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	k := b.NewKey("k")
	sum := md5.Sum([]byte("hello"))
	must(k.SetContentsFromString("hello", s3.MD5(hex.EncodeToString(sum[:])), s3.Headers(map[string]string{"x-amz-meta-colour": "grey", "Cache-Control": "no-cache"})))(t)
	found := must(b.Lookup("k"))(t)
	if found.Metadata["colour"] != "grey" || found.CacheControl != "no-cache" {
		t.Errorf("stored %v, %s", found.Metadata, found.CacheControl)
	}
	if _, err := k.SetContentsFromString("other", s3.MD5(hex.EncodeToString(sum[:]))); session.Code(err) != "BadDigest" {
		t.Errorf("another MD5: %v", err)
	}
	if text := must(k.GetContentsAsString(s3.Headers(map[string]string{"Range": "bytes=1-2"})))(t); text != "el" {
		t.Errorf("a range gives %q", text)
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	b := must(c.CreateBucket("paws"))(t)
	var want int64
	for i := range 30 {
		name := fmt.Sprintf("d%d/k %d", i%4, i)
		if i%5 == 0 {
			name = fmt.Sprintf("top%d", i)
		}
		must(b.NewKey(name).SetContentsFromString(strings.Repeat("x", i)))(t)
		want += int64(i)
	}
	pages := 0
	for _, opts := range [][]s3.ListOption{nil, {s3.SideBySide(3)}, {s3.SideBySide(3), s3.OnCount(func(s3.BucketSize) { pages++ })}} {
		if s := must(b.Size(opts...))(t); s.Keys != 30 || s.Bytes != want {
			t.Errorf("size %v, want 30 keys, %d bytes", s, want)
		}
	}
	if pages != 5 {
		t.Errorf("%d pages, want one of the top and one of each prefix", pages)
	}
	if s := must(b.Size(s3.Prefix("d1/")))(t); s.String() != "6 keys, 90 bytes" {
		t.Errorf("below a prefix: %v", s)
	}
	if _, err := (must(c.GetBucket("none", s3.Validate(false)))(t)).Size(); session.Code(err) != "NoSuchBucket" {
		t.Errorf("no such bucket: %v", err)
	}
}

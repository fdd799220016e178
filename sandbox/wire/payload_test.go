package wire

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
)

func TestPayloadIsChecked(t *testing.T) {
	t.Parallel()
	const (
		unsignedTrailer = "X-Amz-Content-Sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER"
		announce        = "X-Amz-Trailer: x-amz-checksum-crc32"
		decoded         = "X-Amz-Decoded-Content-Length: 5"
		framed          = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
	)
	tests := []struct {
		name, body string
		headers    []string
		want       string // body, or the error's code after "!"
	}{
		{"plain", "hello", nil, "hello"},
		{"hash", "hello", []string{"X-Amz-Content-Sha256: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}, "hello"},
		{"wrong hash", "hellO", []string{"X-Amz-Content-Sha256: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"}, "!XAmzContentSHA256Mismatch"},
		{"nonsense hash", "hello", []string{"X-Amz-Content-Sha256: 2cf"}, "!InvalidArgument"},
		{"md5", "hello", []string{"Content-Md5: XUFAKrxLKna5cZ2REBfFkg=="}, "hello"},
		{"wrong md5", "hellO", []string{"Content-Md5: XUFAKrxLKna5cZ2REBfFkg=="}, "!BadDigest"},
		{"nonsense md5", "hello", []string{"Content-Md5: XUFA"}, "!InvalidDigest"},
		{"crc32", "hello", []string{"X-Amz-Checksum-Crc32: NhCmhg=="}, "hello"},
		{"wrong crc32", "hellO", []string{"X-Amz-Checksum-Crc32: NhCmhg=="}, "!BadDigest"},
		{"crc64nvme", "hello", []string{"X-Amz-Checksum-Crc64nvme: M3eFcAZSQlc="}, "hello"},
		{"sha256", "hello", []string{"X-Amz-Checksum-Sha256: LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="}, "hello"},
		{"xxhash64", "hello", []string{"X-Amz-Checksum-Xxhash64: JseCfYifbaM="}, "hello"},
		{"xxhash3", "hello", []string{"X-Amz-Checksum-Xxhash3: lVXoVVxi3P0="}, "hello"},
		{"xxhash128", "hello", []string{"X-Amz-Checksum-Xxhash128: tenBrQcbPn/Hec+qXlI4GA=="}, "hello"},
		{"unknown algorithm", "hello", []string{"X-Amz-Checksum-Crc16: AAAA"}, "!InvalidRequest"},
		{"sum of the wrong length", "hello", []string{"X-Amz-Checksum-Crc32: AAAA"}, "!InvalidRequest"},
		{"two sums", "hello", []string{"X-Amz-Checksum-Crc32: NhCmhg==", "X-Amz-Checksum-Crc64nvme: M3eFcAZSQlc="}, "!InvalidRequest"},
		{"sum of another algorithm than said", "hello", []string{"X-Amz-Checksum-Crc32: NhCmhg==", "X-Amz-Sdk-Checksum-Algorithm: SHA1"}, "!InvalidRequest"},
		{"sum of the algorithm said", "hello", []string{"X-Amz-Checksum-Crc32: NhCmhg==", "X-Amz-Sdk-Checksum-Algorithm: CRC32"}, "hello"},
		{"algorithm without a sum", "hello", []string{"X-Amz-Sdk-Checksum-Algorithm: CRC32"}, "!InvalidRequest"},
		{"names that are no algorithms", "hello", []string{"X-Amz-Checksum-Algorithm: CRC32", "X-Amz-Checksum-Mode: ENABLED"}, "hello"},
		{"trailer", framed, []string{unsignedTrailer, announce, decoded}, "hello"},
		{"wrong trailer", strings.Replace(framed, "Nh", "nh", 1), []string{unsignedTrailer, announce, decoded}, "!BadDigest"},
		{"trailer missing", "5\r\nhello\r\n0\r\n\r\n", []string{unsignedTrailer, announce, decoded}, "!MalformedTrailerError"},
		{"trailer not announced", framed, []string{unsignedTrailer, decoded}, "!MalformedTrailerError"},
		{"trailer that is no sum", strings.Replace(framed, "NhCmhg==", "x", 1), []string{unsignedTrailer, announce, decoded}, "!InvalidRequest"},
		{"trailer of an unknown algorithm", framed, []string{unsignedTrailer, "X-Amz-Trailer: x-amz-checksum-crc16", decoded}, "!InvalidRequest"},
		{"small chunk before the last", "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", []string{unsignedTrailer, decoded}, "!InvalidChunkSizeError"},
		{"lines ended by LF alone", "5\nhello\n0\n\n", []string{unsignedTrailer, decoded}, "!IncompleteBody"},
		{"no empty line at the end", "5\r\nhello\r\n0\r\n", []string{unsignedTrailer, decoded}, "!IncompleteBody"},
		{"shorter than announced", "4\r\nhell\r\n0\r\n\r\n", []string{unsignedTrailer, decoded}, "!IncompleteBody"},
		{"cut in a chunk", "5\r\nhel", []string{unsignedTrailer, decoded}, "!IncompleteBody"},
		{"cut after a chunk", "5\r\nhello\r\n", []string{unsignedTrailer, decoded}, "!IncompleteBody"},
		{"chunk longer than its size", "3\r\nhello\r\n0\r\n\r\n", []string{unsignedTrailer, decoded}, "!IncompleteBody"},
		{"size that is no number", "x\r\nhello\r\n", []string{unsignedTrailer, decoded}, "!IncompleteBody"},
		{"negative size", "-5\r\nhello\r\n", []string{unsignedTrailer, decoded}, "!IncompleteBody"},
		{"endless size line", strings.Repeat("0", 1<<16), []string{unsignedTrailer, decoded}, "!IncompleteBody"},
		{"length missing", framed, []string{unsignedTrailer}, "!MissingContentLength"},
		{"signed chunks without signature", "", []string{"X-Amz-Content-Sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD", decoded}, "!InvalidRequest"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p, err := newPayload(signedS3(request("PUT", "/paws/x", tt.body, tt.headers...)), nil)
			var b []byte
			if err == nil {
				b, err = io.ReadAll(p)
			}
			if code, ok := strings.CutPrefix(tt.want, "!"); ok {
				wantCode(t, err, code)
				return
			}
			if err != nil || string(b) != tt.want {
				t.Errorf("got %q, %v; want %q", b, err, tt.want)
			}
		})
	}
}

func TestChecksumOfUploadIsNotOfItsBody(t *testing.T) {
	t.Parallel()
	const hash = "X-Amz-Content-Sha256: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	for body, want := range map[string]string{"hello": "", "hellO": "XAmzContentSHA256Mismatch"} {
		r := request("POST", "/paws/x?uploadId=1", body, "X-Amz-Checksum-Crc32: AAAAAA==", hash)
		p, err := newPayload(signedS3(r), nil)
		if err != nil {
			t.Fatal(err)
		}
		wantCode(t, p.drain(), want)
	}
}

// endless gives a byte for ever: a reader that buffers would not come back.
type endless struct{ n int }

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'a'
	}
	e.n += len(b)
	return len(b), nil
}

func TestPayloadStreams(t *testing.T) {
	t.Parallel()
	src := &endless{}
	for _, headers := range [][]string{
		{"Content-Md5: XUFAKrxLKna5cZ2REBfFkg==", "X-Amz-Checksum-Crc32: NhCmhg=="},
		{"X-Amz-Content-Sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER", "X-Amz-Decoded-Content-Length: 1099511627776"},
	} {
		r := request("PUT", "/paws/x", "", headers...)
		r.Body = io.NopCloser(io.MultiReader(strings.NewReader("100000000\r\n"), src))
		p, err := newPayload(signedS3(r), nil)
		if err != nil {
			t.Fatal(err)
		}
		src.n = 0
		if _, err := io.ReadFull(p, make([]byte, 64<<10)); err != nil {
			t.Fatal(err)
		}
		if src.n > 256<<10 {
			t.Errorf("%d bytes were taken in to give 64 KiB", src.n)
		}
	}
}

func TestPayloadInSmallReads(t *testing.T) {
	t.Parallel()
	r, data := chunkedExample(chunk1, chunk2, chunk3)
	r.Body = io.NopCloser(iotest.OneByteReader(r.Body))
	got, err := verifierAt("2013-05-24T00:00:00Z").verify(t.Context(), signedS3(r))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(iotest.HalfReader(got.payload))
	if err != nil || string(b) != string(data) {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}

func TestPayloadBrokenConnection(t *testing.T) {
	t.Parallel()
	r := request("PUT", "/paws/x", "")
	r.Body = io.NopCloser(iotest.ErrReader(errors.New("reset")))
	p, err := newPayload(signedS3(r), nil)
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, p.drain(), "IncompleteBody")
	r.Body = http.NoBody
}

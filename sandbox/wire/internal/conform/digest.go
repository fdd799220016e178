package conform

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"reflect"
	"strings"
	"time"
)

// digests are the algorithms by the end of their header and field name.
var digests = map[string]func() hash.Hash{
	"CRC32":     func() hash.Hash { return crc32.NewIEEE() },
	"CRC32C":    func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) },
	"CRC64NVME": func() hash.Hash { return crc64.New(crc64.MakeTable(0x9a6c9329ac4bc9b5)) },
	"MD5":       md5.New,
	"SHA1":      sha1.New,
	"SHA256":    sha256.New,
	"SHA512":    sha512.New,
}

func digest(mk func() hash.Hash, b []byte) string {
	h := mk()
	h.Write(b) // a hash never fails
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// trueDigests replaces the placeholders that snapshots have for digests of the
// body, which the wire checks. Those that it refuses, of the XXHASH family,
// are taken out; CompleteMultipartUpload's are not of the body.
func trueDigests(q *Request) {
	if q.Header.Get("Content-Md5") != "" {
		q.Header.Set("Content-Md5", digest(md5.New, q.Body))
	}
	if strings.Contains(q.URI, "uploadId=") && q.Method == http.MethodPost {
		return
	}
	said := strings.ToUpper(q.Header.Get("X-Amz-Sdk-Checksum-Algorithm"))
	if name := "X-Amz-Checksum-" + said; digests[said] != nil && q.Header.Get(name) == "" {
		q.Header.Set(name, "") // a client adds it when it sends
	}
	for k := range q.Header {
		alg, ok := strings.CutPrefix(strings.ToUpper(k), "X-AMZ-CHECKSUM-")
		switch {
		case !ok:
		case digests[said] != nil && digests[alg] != nil && alg != said:
			q.Header.Del(k) // one at most is accepted, the one that was announced
		case digests[alg] != nil:
			q.Header.Set(k, digest(digests[alg], q.Body))
		case strings.HasPrefix(alg, "XXHASH"):
			q.Header.Del(k)
		}
	}
}

// trueOutput gives a filled output the values that the client checks against
// each other: digests of a streamed body, and the two forms of Expires.
func trueOutput(v reflect.Value) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Type == closerType && !v.Field(i).IsNil() {
			setDigests(v, v.Field(i).Interface().(*stream).data)
		}
		if f.Name == "ExpiresString" {
			text := v.FieldByName("Expires").Interface().(*time.Time).UTC().Format(http.TimeFormat)
			v.Field(i).Set(reflect.ValueOf(&text))
		}
	}
}

func setDigests(v reflect.Value, body []byte) {
	for alg, mk := range digests {
		if f := v.FieldByName("Checksum" + alg); f.IsValid() {
			s := digest(mk, body)
			f.Set(reflect.ValueOf(&s))
		}
	}
}

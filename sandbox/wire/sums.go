package wire

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"
	"github.com/zeebo/xxh3"
)

// sumAlgorithms are the x-amz-checksum algorithms by the end of their header.
var sumAlgorithms = map[string]func() hash.Hash{
	"crc32":     func() hash.Hash { return crc32.NewIEEE() },
	"crc32c":    func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) },
	"crc64nvme": func() hash.Hash { return crc64.New(crc64.MakeTable(0x9a6c9329ac4bc9b5)) },
	"sha1":      sha1.New,
	"sha256":    sha256.New,
	"sha512":    sha512.New,
	"md5":       md5.New,
	"xxhash64":  func() hash.Hash { return xxhash.New() },
	"xxhash3":   func() hash.Hash { return xxh3.New() },
	"xxhash128": func() hash.Hash { return wideSum{xxh3.New()} },
}

// wideSum is XXH3 with all of its 128 bits.
type wideSum struct{ *xxh3.Hasher }

func (w wideSum) Size() int { return 16 }

func (w wideSum) Sum(b []byte) []byte {
	sum := w.Sum128()
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, sum.Hi), sum.Lo)
}

// NewSum gives a hash for a checksum algorithm by S3's name for it, such as
// CRC32 or SHA256; nil when there is none.
func NewSum(algorithm string) hash.Hash {
	if mk := sumAlgorithms[strings.ToLower(algorithm)]; mk != nil {
		return mk()
	}
	return nil
}

// sumForm reports whether text can be a checksum of an algorithm at all.
func sumForm(algorithm, text string) bool {
	b, err := base64.StdEncoding.DecodeString(text)
	h := NewSum(algorithm)
	return err == nil && h != nil && len(b) == h.Size()
}

const (
	sumPrefix    = "x-amz-checksum-"
	sumAlgorithm = "x-amz-sdk-checksum-algorithm"
)

// addSums finds the one checksum that the request announces, in a header or
// as a trailer.
func (p *payload) addSums(r *http.Request) error {
	var found []check
	add := func(header, want string, trailer bool) error {
		alg, ok := strings.CutPrefix(header, sumPrefix)
		if !ok || !trailer && slices.Contains([]string{"algorithm", "mode", "type"}, alg) {
			return nil
		}
		mk := sumAlgorithms[alg]
		switch {
		case mk == nil:
			return Errorf("InvalidRequest", 400, "The algorithm type you specified in x-amz-checksum- header is invalid.")
		case !trailer && !sumForm(alg, want):
			return Errorf("InvalidRequest", 400, "Value for %s header is invalid.", header)
		}
		found = append(found, check{
			hash: mk(), sum: alg, want: want, trailer: trailer,
			fail: Errorf("BadDigest", 400, "The %s you specified did not match the calculated checksum.", strings.ToUpper(alg)),
		})
		return nil
	}
	for name := range r.Header {
		if err := add(strings.ToLower(name), r.Header.Get(name), false); err != nil {
			return err
		}
	}
	if p.chunks != nil && p.chunks.trailers {
		for _, name := range p.chunks.announced {
			if alg, ok := strings.CutPrefix(name, sumPrefix); !ok || sumAlgorithms[alg] == nil {
				return Errorf("InvalidRequest", 400, "The value specified in the x-amz-trailer header is not supported")
			}
			if err := add(name, name, true); err != nil {
				return err
			}
		}
	}
	said := r.Header.Get(sumAlgorithm)
	switch {
	case len(found) > 1:
		return Errorf("InvalidRequest", 400, "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
	case said != "" && sumAlgorithms[strings.ToLower(said)] == nil,
		said != "" && len(found) == 1 && !strings.EqualFold(said, found[0].sum):
		return Errorf("InvalidRequest", 400, "Value for %s header is invalid.", sumAlgorithm)
	case said != "" && len(found) == 0:
		return Errorf("InvalidRequest", 400, "%s specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.", sumAlgorithm)
	}
	p.checks = append(p.checks, found...)
	return nil
}

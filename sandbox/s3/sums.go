package s3

import (
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"hash"
	"io"
	"net/http"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// sums are checksums by the names of their algorithms. There is one mostly,
// and a list of it takes a tenth of a map's room.
type sums []struct{ name, text string }

func sumsOf(m map[string]string) sums {
	var out sums
	for name, text := range m {
		out = append(out, struct{ name, text string }{name, text})
	}
	return out
}

// by gives the checksum of an algorithm, "" for none.
func (s sums) by(name string) string {
	for _, c := range s {
		if c.name == name {
			return c.text
		}
	}
	return ""
}

// digest reads a blob through a hash.
func digest(b *blob, h hash.Hash) ([]byte, error) {
	if _, err := io.Copy(h, b.reader()); err != nil {
		return nil, fmt.Errorf("digest: %w", err)
	}
	return h.Sum(nil), nil
}

func wholeETag(b *blob) (string, error) {
	sum, err := digest(b, md5.New())
	return quoted(sum), err
}

// uploadSums makes the checksum of an object uploaded in parts: of the whole,
// or of the parts' own checksums with their number.
func uploadSums(v *version, parts []*part) (sums, types.ChecksumType, error) {
	name := ""
	for _, c := range parts[0].sums {
		name = c.name
	}
	composite := v.sumType == types.ChecksumTypeComposite && name != defaultSum // CRC64NVME has no such form
	for _, p := range parts {
		if p.sums.by(name) == "" {
			name, composite = defaultSum, false
			break
		}
	}
	if !composite {
		sum, err := digest(v.body, wire.NewSum(name))
		if err != nil {
			return nil, "", err
		}
		return sums{{name, base64.StdEncoding.EncodeToString(sum)}}, types.ChecksumTypeFullObject, nil
	}
	h := wire.NewSum(name)
	for _, p := range parts {
		raw, err := base64.StdEncoding.DecodeString(p.sums.by(name))
		if err != nil {
			return nil, "", fmt.Errorf("checksum of part %d: %w", p.number, err)
		}
		h.Write(raw)
	}
	return sums{{name, fmt.Sprintf("%s-%d", base64.StdEncoding.EncodeToString(h.Sum(nil)), len(parts))}}, types.ChecksumTypeComposite, nil
}

// checkAskedSums compares the object's checksum with what the completion says.
func checkAskedSums(in *s3.CompleteMultipartUploadInput, v *version) error {
	asked := reflect.ValueOf(in).Elem()
	for _, c := range v.sums {
		name, sum := c.name, c.text
		f := asked.FieldByName("Checksum" + name)
		if !f.IsValid() || f.IsNil() {
			continue
		}
		if want := f.Elem().String(); want != sum && want+fmt.Sprintf("-%d", len(v.parts)) != sum {
			return wire.Errorf("BadDigest", http.StatusBadRequest, "The %s you specified did not match the calculated checksum.", name)
		}
	}
	return nil
}

// sumBy gives the version the one checksum of an algorithm, where it has
// another or, uploaded in parts, none of the whole.
func (v *version) sumBy(algorithm types.ChecksumAlgorithm, parts bool) error {
	name := string(algorithm)
	if name == "" {
		if !parts || v.sumType != types.ChecksumTypeComposite {
			return nil
		}
		if len(v.sums) > 0 {
			name = v.sums[0].name
		}
	}
	h := wire.NewSum(name)
	if h == nil {
		return badAlgorithm()
	}
	if v.sums.by(name) == "" || v.sumType == types.ChecksumTypeComposite {
		sum, err := digest(v.body, h)
		if err != nil {
			return err
		}
		v.sums = sums{{name, base64.StdEncoding.EncodeToString(sum)}}
	}
	v.sumType = types.ChecksumTypeFullObject
	return nil
}

func badAlgorithm() error {
	return wire.Errorf("InvalidRequest", http.StatusBadRequest, "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256, SHA512, XXHASH128, XXHASH3, XXHASH64]")
}

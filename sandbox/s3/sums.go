package s3

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"net/http"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// sumHashes are the checksum algorithms that are built.
var sumHashes = map[string]func() hash.Hash{
	"CRC32":     func() hash.Hash { return crc32.NewIEEE() },
	"CRC32C":    func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) },
	"CRC64NVME": func() hash.Hash { return crc64.New(crc64Table) },
	"SHA1":      sha1.New,
	"SHA256":    sha256.New,
	"SHA512":    sha512.New,
	"MD5":       md5.New,
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
func uploadSums(v *version, parts []*part) (map[string]string, types.ChecksumType, error) {
	name := ""
	for n := range parts[0].sums {
		name = n
	}
	composite := v.sumType == types.ChecksumTypeComposite && name != defaultSum // CRC64NVME has no such form
	for _, p := range parts {
		if _, ok := p.sums[name]; !ok {
			name, composite = defaultSum, false
			break
		}
	}
	if !composite {
		sum, err := digest(v.body, sumHashes[name]())
		if err != nil {
			return nil, "", err
		}
		return map[string]string{name: base64.StdEncoding.EncodeToString(sum)}, types.ChecksumTypeFullObject, nil
	}
	h := sumHashes[name]()
	for _, p := range parts {
		raw, err := base64.StdEncoding.DecodeString(p.sums[name])
		if err != nil {
			return nil, "", fmt.Errorf("checksum of part %d: %w", p.number, err)
		}
		h.Write(raw)
	}
	return map[string]string{name: fmt.Sprintf("%s-%d", base64.StdEncoding.EncodeToString(h.Sum(nil)), len(parts))}, types.ChecksumTypeComposite, nil
}

// checkAskedSums compares the object's checksum with what the completion says.
func checkAskedSums(in *s3.CompleteMultipartUploadInput, v *version) error {
	asked := reflect.ValueOf(in).Elem()
	for name, sum := range v.sums {
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

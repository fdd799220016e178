package s3

import (
	"encoding/base64"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// sumTypeFor decides how the checksum of an upload in parts is made: of the
// whole, which CRCs can be put together for, or of the parts' own.
func sumTypeFor(algorithm types.ChecksumAlgorithm, kind types.ChecksumType) (types.ChecksumType, error) {
	refuse := func(format string, a ...any) (types.ChecksumType, error) {
		return "", wire.Errorf("InvalidRequest", http.StatusBadRequest, format, a...)
	}
	crc := strings.HasPrefix(string(algorithm), "CRC")
	switch {
	case algorithm != "" && wire.NewSum(string(algorithm)) == nil:
		return "", badAlgorithm()
	case kind != "" && !slices.Contains(kind.Values(), kind):
		return refuse("Value for x-amz-checksum-type header is invalid.")
	case algorithm == "" && kind != "":
		return refuse("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
	case kind == types.ChecksumTypeFullObject && !crc,
		kind == types.ChecksumTypeComposite && algorithm == types.ChecksumAlgorithmCrc64nvme:
		return refuse("The %s checksum type cannot be used with the %s checksum algorithm.", kind, strings.ToLower(string(algorithm)))
	case algorithm == "" || kind != "":
		return kind, nil
	case algorithm == types.ChecksumAlgorithmCrc64nvme:
		return types.ChecksumTypeFullObject, nil
	}
	return types.ChecksumTypeComposite, nil
}

// accepts refuses a part whose checksum is of another algorithm than the
// upload's, and one without where the whole is made of the parts' checksums.
func (u *upload) accepts(announced string) error {
	if u.sum == "" || announced == string(u.sum) || announced == "" && u.version.sumType == types.ChecksumTypeFullObject {
		return nil
	}
	actual := strings.ToLower(announced)
	if actual == "" {
		actual = "null"
	}
	return wire.Errorf("InvalidRequest", http.StatusBadRequest, "Checksum Type mismatch occurred, expected checksum Type: %s, actual checksum Type: %s", strings.ToLower(string(u.sum)), actual)
}

// checkCompletion compares what a completion says of the checksum's kind.
func (u *upload) checkCompletion(in *s3.CompleteMultipartUploadInput) error {
	kind := in.ChecksumType
	switch {
	case kind == "":
	case !slices.Contains(kind.Values(), kind):
		return wire.Errorf("InvalidRequest", http.StatusBadRequest, "Value for x-amz-checksum-type header is invalid.")
	case u.version.sumType != "" && kind != u.version.sumType:
		return wire.Errorf("InvalidRequest", http.StatusBadRequest, "The upload was created using the %s checksum mode. The complete request must use the same checksum mode.", u.version.sumType)
	}
	asked, n := reflect.ValueOf(in).Elem(), 0
	for _, name := range types.ChecksumAlgorithm("").Values() {
		f := asked.FieldByName("Checksum" + string(name))
		if !f.IsValid() || f.IsNil() {
			continue
		}
		n++
		text, parts, composite := strings.Cut(f.Elem().String(), "-")
		if !sumForm(string(name), text) || composite && strings.Trim(parts, "0123456789") != "" {
			return wire.Errorf("InvalidRequest", http.StatusBadRequest, "Value for x-amz-checksum-%s header is invalid.", strings.ToLower(string(name)))
		}
	}
	if n > 1 {
		return wire.Errorf("InvalidRequest", http.StatusBadRequest, "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
	}
	return nil
}

// sumForm reports whether text can be a checksum of an algorithm.
func sumForm(algorithm, text string) bool {
	b, err := base64.StdEncoding.DecodeString(text)
	h := wire.NewSum(algorithm)
	return err == nil && h != nil && len(b) == h.Size()
}

// checkPartSums compares the checksums that a completion names for a part
// with the part's.
func (u *upload) checkPartSums(w types.CompletedPart, p *part) error {
	asked, name, text := reflect.ValueOf(w), "", ""
	for _, n := range types.ChecksumAlgorithm("").Values() {
		f := asked.FieldByName("Checksum" + string(n))
		if !f.IsValid() || f.IsNil() {
			continue
		}
		if name != "" || !sumForm(string(n), f.Elem().String()) {
			return wire.Errorf("InvalidArgument", http.StatusBadRequest, "Invalid Base64 or multiple checksums present in request").With("ArgumentName", "Checksum")
		}
		name, text = string(n), f.Elem().String()
	}
	switch {
	case name == "" && u.version.sumType == types.ChecksumTypeComposite:
		return wire.Errorf("InvalidRequest", http.StatusBadRequest, "The upload was created using a %s checksum. The complete request must include the checksum for each part. It was missing for part %d in the request.", strings.ToLower(string(u.sum)), p.number)
	case name == "":
	case u.sum != "" && name != string(u.sum):
		return wire.Errorf("BadDigest", http.StatusBadRequest, "The %s you specified for part %d did not match what we received.", strings.ToLower(name), p.number)
	case p.sums.by(name) != text:
		return wire.Errorf("InvalidPart", http.StatusBadRequest, "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.").
			With("UploadId", u.id).With("PartNumber", number(p.number)).With("ETag", aws.ToString(w.ETag))
	}
	return nil
}

package s3

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

func number[T ~int32 | ~int64 | ~int](n T) string { return strconv.FormatInt(int64(n), 10) }

// getObjectAttributes tells of an object what the request names, without its
// content.
func getObjectAttributes(q *call, in *s3.GetObjectAttributesInput) (*s3.GetObjectAttributesOutput, error) {
	in.ObjectAttributes = slices.DeleteFunc(in.ObjectAttributes, func(a types.ObjectAttributes) bool { return a == "" })
	if len(in.ObjectAttributes) == 0 {
		return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty")
	}
	for _, a := range in.ObjectAttributes {
		if !slices.Contains(a.Values(), a) {
			return nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "Invalid attribute name specified.").
				With("ArgumentName", "x-amz-object-attributes").With("ArgumentValue", string(a))
		}
	}
	v, err := q.bucket.find(aws.ToString(in.Key), aws.ToString(in.VersionId))
	if err != nil {
		if v != nil && v.marker {
			h := wire.ResponseHeader(q.ctx)
			h.Set("X-Amz-Delete-Marker", "true")
			h.Set("X-Amz-Version-Id", v.id)
		}
		return nil, err
	}
	out := &s3.GetObjectAttributesOutput{LastModified: aws.Time(v.modified), VersionId: q.bucket.shownID(v)}
	asked := func(a types.ObjectAttributes) bool { return slices.Contains(in.ObjectAttributes, a) }
	if asked(types.ObjectAttributesEtag) {
		out.ETag = aws.String(v.etag[1 : len(v.etag)-1]) // here alone without quotes
	}
	if asked(types.ObjectAttributesObjectSize) {
		out.ObjectSize = aws.Int64(v.body.size())
	}
	if asked(types.ObjectAttributesStorageClass) {
		if out.StorageClass = v.class; v.class == "" {
			out.StorageClass = types.StorageClassStandard
		}
	}
	if asked(types.ObjectAttributesChecksum) && len(v.sums) > 0 {
		out.Checksum = &types.Checksum{ChecksumType: v.sumType}
		setSums(out.Checksum, v.sums)
	}
	if asked(types.ObjectAttributesObjectParts) && len(v.parts) > 0 {
		if out.ObjectParts, err = q.objectParts(v, in.MaxParts, in.PartNumberMarker); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// objectParts lists the parts of which the object was made. S3 knows them by
// number only where they have checksums of their own.
func (q *call) objectParts(v *version, most *int32, marker *string) (*types.GetObjectAttributesParts, error) {
	limit, err := pageSize(most, "max-parts")
	if err != nil {
		return nil, err
	}
	from := 0
	if s := aws.ToString(marker); s != "" {
		if _, err := fmt.Sscan(s, &from); err != nil || from < 0 {
			return nil, invalid("Provided part-number-marker not an integer or within integer range")
		}
	}
	p := &types.GetObjectAttributesParts{TotalPartsCount: aws.Int32(int32(len(v.parts)))}
	if v.sumType != types.ChecksumTypeComposite {
		return p, nil
	}
	p.MaxParts, p.IsTruncated = aws.Int32(int32(limit)), aws.Bool(false)
	p.PartNumberMarker, p.NextPartNumberMarker = aws.String(strconv.Itoa(from)), aws.String("0")
	for _, part := range v.parts {
		if int(part.Number) <= from {
			continue
		}
		if len(p.Parts) == limit {
			p.IsTruncated = aws.Bool(true)
			break
		}
		w := types.ObjectPart{PartNumber: aws.Int32(part.Number), Size: aws.Int64(part.Size)}
		setSums(&w, part.Sums)
		p.Parts = append(p.Parts, w)
		p.NextPartNumberMarker = aws.String(number(part.Number))
	}
	return p, nil
}

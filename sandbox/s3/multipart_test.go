package s3_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const fiveMiB = 5 << 20

func (w *world) upload(b, k string, change ...func(*sdk.CreateMultipartUploadInput)) *string {
	w.Helper()
	in := &sdk.CreateMultipartUploadInput{Bucket: &b, Key: &k}
	for _, c := range change {
		c(in)
	}
	return ok[*sdk.CreateMultipartUploadOutput](w)(w.CreateMultipartUpload(ctx(), in)).UploadId
}

func (w *world) part(b, k string, id *string, n int32, body []byte, sum ...types.ChecksumAlgorithm) types.CompletedPart {
	w.Helper()
	in := &sdk.UploadPartInput{Bucket: &b, Key: &k, UploadId: id, PartNumber: &n, Body: bytes.NewReader(body)}
	if len(sum) > 0 {
		in.ChecksumAlgorithm = sum[0]
	}
	out := ok[*sdk.UploadPartOutput](w)(w.UploadPart(ctx(), in))
	return types.CompletedPart{PartNumber: &n, ETag: out.ETag, ChecksumCRC32: out.ChecksumCRC32}
}

func (w *world) complete(b, k string, id *string, parts ...types.CompletedPart) (*sdk.CompleteMultipartUploadOutput, error) {
	return w.CompleteMultipartUpload(ctx(), &sdk.CompleteMultipartUploadInput{Bucket: &b, Key: &k, UploadId: id, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts}})
}

func TestMultipart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	big := bytes.Repeat([]byte("p"), fiveMiB)
	w.put(b, "src", "0123456789")
	id := w.upload(b, "mp", func(in *sdk.CreateMultipartUploadInput) {
		in.Metadata, in.ContentType, in.StorageClass = map[string]string{"x": "y"}, aws.String("text/css"), types.StorageClassReducedRedundancy
	})
	w.part(b, "mp", id, 2, []byte("to be replaced"))
	p1, p2 := w.part(b, "mp", id, 1, big), w.part(b, "mp", id, 2, big)
	three := int32(3)
	copied := ok[*sdk.UploadPartCopyOutput](w)(w.UploadPartCopy(ctx(), &sdk.UploadPartCopyInput{Bucket: &b, Key: aws.String("mp"), UploadId: id, PartNumber: &three, CopySource: aws.String("paws/src"), CopySourceRange: aws.String("bytes=2-4")}))
	p3 := types.CompletedPart{PartNumber: &three, ETag: copied.CopyPartResult.ETag}
	list := ok[*sdk.ListPartsOutput](w)(w.ListParts(ctx(), &sdk.ListPartsInput{Bucket: &b, Key: aws.String("mp"), UploadId: id, MaxParts: aws.Int32(2)}))
	if len(list.Parts) != 2 || !*list.IsTruncated || *list.NextPartNumberMarker != "2" || *list.Parts[1].Size != fiveMiB {
		t.Errorf("parts %+v", list)
	}
	list = ok[*sdk.ListPartsOutput](w)(w.ListParts(ctx(), &sdk.ListPartsInput{Bucket: &b, Key: aws.String("mp"), UploadId: id, PartNumberMarker: list.NextPartNumberMarker}))
	if len(list.Parts) != 1 || *list.Parts[0].PartNumber != 3 {
		t.Errorf("further parts %+v", list.Parts)
	}
	done := ok[*sdk.CompleteMultipartUploadOutput](w)(w.complete(b, "mp", id, p1, p2, p3))
	if !strings.HasSuffix(*done.ETag, `-3"`) || !strings.HasSuffix(*done.Location, "/paws/mp") {
		t.Errorf("done %s %s", *done.ETag, *done.Location)
	}
	h := ok[*sdk.HeadObjectOutput](w)(w.HeadObject(ctx(), &sdk.HeadObjectInput{Bucket: &b, Key: aws.String("mp")}))
	if *h.ContentLength != 2*fiveMiB+3 || h.Metadata["x"] != "y" || *h.ContentType != "text/css" || h.StorageClass != types.StorageClassReducedRedundancy || *h.ETag != *done.ETag {
		t.Errorf("object %+v", h)
	}
	if got := w.get(b, "mp"); got != string(big)+string(big)+"234" {
		t.Errorf("content of %d bytes", len(got))
	}
	piece := ok[*sdk.GetObjectOutput](w)(w.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: aws.String("mp"), PartNumber: &three}))
	if got := read(t, piece.Body); got != "234" || *piece.PartsCount != 3 || *piece.ContentRange != "bytes 10485760-10485762/10485763" {
		t.Errorf("part 3: %q %v", got, *piece.ContentRange)
	}
	if again := ok[*sdk.CompleteMultipartUploadOutput](w)(w.complete(b, "mp", id, p1, p2, p3)); *again.ETag != *done.ETag {
		t.Errorf("completed again: %s, want %s", *again.ETag, *done.ETag)
	}
	_, err := w.complete(b, "other", id, p1)
	w.refused("done, for another key", err, "NoSuchUpload")
	ok[*sdk.CopyObjectOutput](w)(w.CopyObject(ctx(), &sdk.CopyObjectInput{Bucket: &b, Key: aws.String("one"), CopySource: aws.String("paws/mp")}))
	if h := ok[*sdk.HeadObjectOutput](w)(w.HeadObject(ctx(), &sdk.HeadObjectInput{Bucket: &b, Key: aws.String("one")})); strings.Contains(*h.ETag, "-") {
		t.Errorf("a copy keeps the ETag of parts: %s", *h.ETag)
	}
}

func TestMultipartRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	id := w.upload(b, "mp")
	p1, p2 := w.part(b, "mp", id, 1, []byte("small")), w.part(b, "mp", id, 2, []byte("small"))
	_, err := w.complete(b, "mp", id, p1, p2)
	w.refused("small part", err, "EntityTooSmall")
	_, err = w.complete(b, "mp", id, p2, p1)
	w.refused("order", err, "InvalidPartOrder")
	_, err = w.complete(b, "mp", id, types.CompletedPart{PartNumber: aws.Int32(9), ETag: p1.ETag})
	w.refused("missing part", err, "InvalidPart")
	_, err = w.complete(b, "mp", id, types.CompletedPart{PartNumber: aws.Int32(1), ETag: aws.String(`"x"`)})
	w.refused("wrong ETag", err, "InvalidPart")
	_, err = w.complete(b, "other", id, p1)
	w.refused("other key", err, "NoSuchUpload")
	_, err = w.UploadPart(ctx(), &sdk.UploadPartInput{Bucket: &b, Key: aws.String("mp"), UploadId: id, PartNumber: aws.Int32(10001), Body: strings.NewReader("x")})
	w.refused("part 10001", err, "InvalidArgument")
	_, err = w.UploadPart(ctx(), &sdk.UploadPartInput{Bucket: &b, Key: aws.String("mp"), UploadId: aws.String("x"), PartNumber: aws.Int32(1), Body: strings.NewReader("x")})
	w.refused("no upload", err, "NoSuchUpload")
	w.put(b, "src", "0123456789")
	for rng, code := range map[string]string{"bytes=5-10": "InvalidArgument", "bytes=5-": "InvalidArgument", "cats": "InvalidArgument"} {
		_, err = w.UploadPartCopy(ctx(), &sdk.UploadPartCopyInput{Bucket: &b, Key: aws.String("mp"), UploadId: id, PartNumber: aws.Int32(3), CopySource: aws.String("paws/src"), CopySourceRange: &rng})
		w.refused(rng, err, code)
	}
	done := ok[*sdk.CompleteMultipartUploadOutput](w)(w.complete(b, "mp", id, p2)) // the last part may be small
	if w.get(b, "mp") != "small" || !strings.HasSuffix(*done.ETag, `-1"`) {
		t.Errorf("done %s", *done.ETag)
	}
}

func TestListAndAbortUploads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	ids := map[string]*string{}
	for _, k := range []string{"a", "b/1", "b/2", "c"} {
		ids[k] = w.upload(b, k)
	}
	w.upload(b, "a")
	keys := func(in *sdk.ListMultipartUploadsInput) string {
		in.Bucket = &b
		var s []string
		for range 10 {
			out := ok[*sdk.ListMultipartUploadsOutput](w)(w.ListMultipartUploads(ctx(), in))
			for _, u := range out.Uploads {
				s = append(s, *u.Key)
			}
			for _, p := range out.CommonPrefixes {
				s = append(s, *p.Prefix)
			}
			if !*out.IsTruncated {
				break
			}
			in.KeyMarker, in.UploadIdMarker = out.NextKeyMarker, out.NextUploadIdMarker
		}
		return strings.Join(s, " ")
	}
	if got := keys(&sdk.ListMultipartUploadsInput{}); got != "a a b/1 b/2 c" {
		t.Errorf("all: %s", got)
	}
	if got := keys(&sdk.ListMultipartUploadsInput{MaxUploads: aws.Int32(1)}); got != "a a b/1 b/2 c" {
		t.Errorf("by one: %s", got)
	}
	if got := keys(&sdk.ListMultipartUploadsInput{Delimiter: aws.String("/"), MaxUploads: aws.Int32(1)}); got != "a a b/ c" {
		t.Errorf("grouped: %s", got)
	}
	ok[*sdk.AbortMultipartUploadOutput](w)(w.AbortMultipartUpload(ctx(), &sdk.AbortMultipartUploadInput{Bucket: &b, Key: aws.String("c"), UploadId: ids["c"]}))
	_, err := w.AbortMultipartUpload(ctx(), &sdk.AbortMultipartUploadInput{Bucket: &b, Key: aws.String("c"), UploadId: ids["c"]})
	w.refused("aborted twice", err, "NoSuchUpload")
	if got := keys(&sdk.ListMultipartUploadsInput{Prefix: aws.String("c")}); got != "" {
		t.Errorf("aborted, but listed: %s", got)
	}
}

func TestMultipartChecksums(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	id := w.upload(b, "mp", func(in *sdk.CreateMultipartUploadInput) { in.ChecksumAlgorithm = types.ChecksumAlgorithmCrc32 })
	p1 := w.part(b, "mp", id, 1, bytes.Repeat([]byte("p"), fiveMiB), types.ChecksumAlgorithmCrc32)
	p2 := w.part(b, "mp", id, 2, []byte("end"), types.ChecksumAlgorithmCrc32)
	three, other := int32(3), types.CompletedPart{PartNumber: p2.PartNumber, ETag: p2.ETag}
	_, err := w.UploadPart(ctx(), &sdk.UploadPartInput{Bucket: &b, Key: aws.String("mp"), UploadId: id, PartNumber: &three, Body: strings.NewReader("x")})
	w.refused("part without checksum", err, "InvalidRequest")
	_, err = w.UploadPart(ctx(), &sdk.UploadPartInput{Bucket: &b, Key: aws.String("mp"), UploadId: id, PartNumber: &three, Body: strings.NewReader("x"), ChecksumAlgorithm: types.ChecksumAlgorithmSha1})
	w.refused("part with another checksum", err, "InvalidRequest")
	_, err = w.complete(b, "mp", id, p1, other)
	w.refused("completion without checksum", err, "InvalidRequest")
	other.ChecksumCRC32 = p1.ChecksumCRC32
	_, err = w.complete(b, "mp", id, p1, other)
	w.refused("completion with another part's checksum", err, "InvalidPart")
	other.ChecksumCRC32 = aws.String("?")
	_, err = w.complete(b, "mp", id, p1, other)
	w.refused("completion with what is no checksum", err, "InvalidArgument")
	done := ok[*sdk.CompleteMultipartUploadOutput](w)(w.complete(b, "mp", id, p1, p2))
	if done.ChecksumCRC32 == nil || !strings.HasSuffix(*done.ChecksumCRC32, "-2") || done.ChecksumType != types.ChecksumTypeComposite {
		t.Errorf("checksum %v %s", aws.ToString(done.ChecksumCRC32), done.ChecksumType)
	}
	h := ok[*sdk.HeadObjectOutput](w)(w.HeadObject(ctx(), &sdk.HeadObjectInput{Bucket: &b, Key: aws.String("mp"), ChecksumMode: types.ChecksumModeEnabled}))
	if aws.ToString(h.ChecksumCRC32) != *done.ChecksumCRC32 {
		t.Errorf("head %v", aws.ToString(h.ChecksumCRC32))
	}
	id = w.upload(b, "plain")
	plain := ok[*sdk.CompleteMultipartUploadOutput](w)(w.complete(b, "plain", id, w.part(b, "plain", id, 1, []byte("x"))))
	if plain.ChecksumCRC64NVME == nil || strings.Contains(*plain.ChecksumCRC64NVME, "-") || plain.ChecksumType != types.ChecksumTypeFullObject {
		t.Errorf("without an algorithm: %v %s", aws.ToString(plain.ChecksumCRC64NVME), plain.ChecksumType)
	}
	for _, tt := range []struct {
		algorithm types.ChecksumAlgorithm
		kind      types.ChecksumType
	}{{"", types.ChecksumTypeComposite}, {"CRC16", ""}, {types.ChecksumAlgorithmSha1, types.ChecksumTypeFullObject}, {types.ChecksumAlgorithmCrc64nvme, types.ChecksumTypeComposite}, {types.ChecksumAlgorithmCrc32, "HALF"}} {
		_, err := w.CreateMultipartUpload(ctx(), &sdk.CreateMultipartUploadInput{Bucket: &b, Key: aws.String("bad"), ChecksumAlgorithm: tt.algorithm, ChecksumType: tt.kind})
		w.refused(string(tt.algorithm+"/"+types.ChecksumAlgorithm(tt.kind)), err, "InvalidRequest")
	}
}

func TestObjectAttributes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	id := w.upload(b, "mp", func(in *sdk.CreateMultipartUploadInput) { in.ChecksumAlgorithm = types.ChecksumAlgorithmCrc32 })
	ok[*sdk.CompleteMultipartUploadOutput](w)(w.complete(b, "mp", id, w.part(b, "mp", id, 1, bytes.Repeat([]byte("p"), fiveMiB), types.ChecksumAlgorithmCrc32), w.part(b, "mp", id, 2, []byte("end"), types.ChecksumAlgorithmCrc32)))
	all := types.ObjectAttributes("").Values()
	got := ok[*sdk.GetObjectAttributesOutput](w)(w.GetObjectAttributes(ctx(), &sdk.GetObjectAttributesInput{Bucket: &b, Key: aws.String("mp"), ObjectAttributes: all, MaxParts: aws.Int32(1)}))
	if *got.ObjectSize != fiveMiB+3 || got.StorageClass != types.StorageClassStandard || strings.Contains(*got.ETag, `"`) || got.Checksum.ChecksumCRC32 == nil ||
		*got.ObjectParts.TotalPartsCount != 2 || len(got.ObjectParts.Parts) != 1 || !*got.ObjectParts.IsTruncated || *got.ObjectParts.NextPartNumberMarker != "1" {
		t.Errorf("attributes %+v, parts %+v", got, got.ObjectParts)
	}
	rest := ok[*sdk.GetObjectAttributesOutput](w)(w.GetObjectAttributes(ctx(), &sdk.GetObjectAttributesInput{Bucket: &b, Key: aws.String("mp"), ObjectAttributes: []types.ObjectAttributes{"ObjectParts"}, PartNumberMarker: aws.String("1")}))
	if rest.ObjectSize != nil || len(rest.ObjectParts.Parts) != 1 || *rest.ObjectParts.Parts[0].Size != 3 || rest.ObjectParts.Parts[0].ChecksumCRC32 == nil {
		t.Errorf("the second part: %+v", rest.ObjectParts)
	}
	for _, tt := range []struct {
		name, key, code string
		asked           []types.ObjectAttributes
	}{{"unknown", "mp", "InvalidArgument", []types.ObjectAttributes{"Colour"}}, {"missing", "none", "NoSuchKey", all}} {
		_, err := w.GetObjectAttributes(ctx(), &sdk.GetObjectAttributesInput{Bucket: &b, Key: &tt.key, ObjectAttributes: tt.asked})
		w.refused(tt.name, err, tt.code)
	}
}

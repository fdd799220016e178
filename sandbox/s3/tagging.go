package s3

import (
	"net/http"
	"regexp"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// AWS's bounds on tags.
const (
	maxObjectTags = 10
	maxBucketTags = 50
)

// tagText is what may stand in a tag.
var tagText = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)

func checkTagSet(tags []types.Tag, most int) error {
	if len(tags) > most {
		if most == maxBucketTags {
			return wire.Errorf("BadRequest", http.StatusBadRequest, "Bucket tag count cannot be greater than %d", most)
		}
		return wire.Errorf("BadRequest", http.StatusBadRequest, "Object tags cannot be greater than %d", most)
	}
	seen := map[string]bool{}
	for _, t := range tags {
		k, v := aws.ToString(t.Key), aws.ToString(t.Value)
		switch {
		case k == "" || utf8.RuneCountInString(k) > 128 || !tagText.MatchString(k):
			return wire.Errorf("InvalidTag", http.StatusBadRequest, "The TagKey you have provided is invalid").With("TagKey", k)
		case utf8.RuneCountInString(v) > 256 || !tagText.MatchString(v):
			return wire.Errorf("InvalidTag", http.StatusBadRequest, "The TagValue you have provided is invalid").With("TagValue", v)
		case seen[k]:
			return wire.Errorf("InvalidTag", http.StatusBadRequest, "Cannot provide multiple Tags with the same key").With("TagKey", k)
		}
		seen[k] = true
	}
	return nil
}

func putObjectTagging(q *call, in *s3.PutObjectTaggingInput) (*s3.PutObjectTaggingOutput, error) {
	v, err := q.bucket.find(aws.ToString(in.Key), aws.ToString(in.VersionId))
	if err != nil {
		return nil, err
	}
	if in.Tagging == nil {
		return nil, wire.Errorf("MalformedXML", http.StatusBadRequest, "The XML you provided was not well-formed or did not validate against our published schema")
	}
	if err := checkTagSet(in.Tagging.TagSet, maxObjectTags); err != nil {
		return nil, err
	}
	v.tags = in.Tagging.TagSet
	return &s3.PutObjectTaggingOutput{VersionId: q.bucket.shownID(v)}, nil
}

func getObjectTagging(q *call, in *s3.GetObjectTaggingInput) (*s3.GetObjectTaggingOutput, error) {
	v, err := q.bucket.find(aws.ToString(in.Key), aws.ToString(in.VersionId))
	if err != nil {
		return nil, err
	}
	tags := v.tags
	if tags == nil {
		tags = []types.Tag{}
	}
	return &s3.GetObjectTaggingOutput{TagSet: tags, VersionId: q.bucket.shownID(v)}, nil
}

func deleteObjectTagging(q *call, in *s3.DeleteObjectTaggingInput) (*s3.DeleteObjectTaggingOutput, error) {
	v, err := q.bucket.find(aws.ToString(in.Key), aws.ToString(in.VersionId))
	if err != nil {
		return nil, err
	}
	v.tags = nil
	return &s3.DeleteObjectTaggingOutput{VersionId: q.bucket.shownID(v)}, nil
}

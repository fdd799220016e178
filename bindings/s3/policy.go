package s3

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// GetPolicy gives the bucket's policy, as JSON: GetBucketPolicy
// (boto: get_policy). Code NoSuchBucketPolicy.
//
// Example: bucket.SetPolicy(publicRead); bucket.GetPolicy()
func (b *Bucket) GetPolicy() (string, error) {
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.GetBucketPolicyOutput, error) {
		return b.Connection.Client.GetBucketPolicy(b.Connection.ctx(), &sdk.GetBucketPolicyInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return "", fmt.Errorf("get policy of bucket %q: %w", b.Name, err)
	}
	return aws.ToString(out.Policy), nil
}

// SetPolicy sets the bucket's policy, JSON: PutBucketPolicy
// (boto: set_policy). Code MalformedPolicy.
//
// Example: bucket.SetPolicy(publicRead)
func (b *Bucket) SetPolicy(policy string) (bool, error) {
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.PutBucketPolicyOutput, error) {
		return b.Connection.Client.PutBucketPolicy(b.Connection.ctx(), &sdk.PutBucketPolicyInput{Bucket: aws.String(b.Name), Policy: aws.String(policy)}, opt)
	})
	if err != nil {
		return false, fmt.Errorf("set policy of bucket %q: %w", b.Name, err)
	}
	return true, nil
}

// DeletePolicy removes it: DeleteBucketPolicy (boto: delete_policy).
//
// Example: bucket.DeletePolicy()
func (b *Bucket) DeletePolicy() (bool, error) {
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.DeleteBucketPolicyOutput, error) {
		return b.Connection.Client.DeleteBucketPolicy(b.Connection.ctx(), &sdk.DeleteBucketPolicyInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return false, fmt.Errorf("delete policy of bucket %q: %w", b.Name, err)
	}
	return true, nil
}

// GetTags gives the bucket's tags: GetBucketTagging (boto: get_tags). Code
// NoSuchTagSet.
//
// Example: bucket.SetTags(map[string]string{"project": "paws"}); bucket.GetTags()
func (b *Bucket) GetTags() (map[string]string, error) {
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.GetBucketTaggingOutput, error) {
		return b.Connection.Client.GetBucketTagging(b.Connection.ctx(), &sdk.GetBucketTaggingInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("get tags of bucket %q: %w", b.Name, err)
	}
	return tagMap(out.TagSet), nil
}

// SetTags sets the bucket's tags, in place of those there are:
// PutBucketTagging (boto: set_tags).
//
// Example: bucket.SetTags(map[string]string{"project": "paws"})
func (b *Bucket) SetTags(tags map[string]string) (bool, error) {
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.PutBucketTaggingOutput, error) {
		return b.Connection.Client.PutBucketTagging(b.Connection.ctx(), &sdk.PutBucketTaggingInput{Bucket: aws.String(b.Name), Tagging: &types.Tagging{TagSet: tagSet(tags)}}, opt)
	})
	if err != nil {
		return false, fmt.Errorf("set tags of bucket %q: %w", b.Name, err)
	}
	return true, nil
}

// DeleteTags removes them: DeleteBucketTagging (boto: delete_tags).
//
// Example: bucket.DeleteTags()
func (b *Bucket) DeleteTags() (bool, error) {
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.DeleteBucketTaggingOutput, error) {
		return b.Connection.Client.DeleteBucketTagging(b.Connection.ctx(), &sdk.DeleteBucketTaggingInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return false, fmt.Errorf("delete tags of bucket %q: %w", b.Name, err)
	}
	return true, nil
}

// GetRequestPayment tells who pays for downloads, "BucketOwner" or
// "Requester": GetBucketRequestPayment (boto: get_request_payment).
//
// Example: bucket.GetRequestPayment()
func (b *Bucket) GetRequestPayment() (string, error) {
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.GetBucketRequestPaymentOutput, error) {
		return b.Connection.Client.GetBucketRequestPayment(b.Connection.ctx(), &sdk.GetBucketRequestPaymentInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return "", fmt.Errorf("get request payment of bucket %q: %w", b.Name, err)
	}
	return string(out.Payer), nil
}

// SetRequestPayment sets who pays for downloads, "BucketOwner" or "Requester":
// PutBucketRequestPayment (boto: set_request_payment).
//
// Example: bucket.SetRequestPayment("Requester")
func (b *Bucket) SetRequestPayment(payer string) (bool, error) {
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.PutBucketRequestPaymentOutput, error) {
		return b.Connection.Client.PutBucketRequestPayment(b.Connection.ctx(), &sdk.PutBucketRequestPaymentInput{
			Bucket: aws.String(b.Name), RequestPaymentConfiguration: &types.RequestPaymentConfiguration{Payer: types.Payer(payer)},
		}, opt)
	})
	if err != nil {
		return false, fmt.Errorf("set request payment of bucket %q: %w", b.Name, err)
	}
	return true, nil
}

func tagMap(raw []types.Tag) map[string]string {
	m := make(map[string]string, len(raw))
	for _, t := range raw {
		m[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return m
}

func tagSet(tags map[string]string) []types.Tag {
	names := make([]string, 0, len(tags))
	for name := range tags {
		names = append(names, name)
	}
	slices.Sort(names)
	list := make([]types.Tag, 0, len(tags))
	for _, name := range names {
		list = append(list, types.Tag{Key: aws.String(name), Value: aws.String(tags[name])})
	}
	return list
}

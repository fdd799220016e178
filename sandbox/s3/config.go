package s3

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// The kinds of configuration that a bucket keeps as it was given them. State
// lists the types of their values.
const (
	kindAccelerate   = "accelerate"
	kindCORS         = "cors"
	kindEncryption   = "encryption"
	kindLifecycle    = "lifecycle"
	kindLock         = "objectLock"
	kindLogging      = "logging"
	kindNotification = "notification"
	kindPayment      = "requestPayment"
	kindPublicAccess = "publicAccessBlock"
	kindTagging      = "tagging"
	kindWebsite      = "website"
)

func malformedXML() error {
	return wire.Errorf("MalformedXML", http.StatusBadRequest, "The XML you provided was not well-formed or did not validate against our published schema")
}

// config gives the bucket's configuration of a kind, or the error for none.
func config[T any](q *call, kind, code, text string) (T, error) {
	v, ok := q.bucket.configs[kind].(T)
	if !ok {
		return v, wire.Errorf(code, http.StatusNotFound, "%s", text).With("BucketName", q.bucket.name)
	}
	return v, nil
}

// drop makes the handler that takes a configuration away.
func dropConfig[I, O any](kind string) func(*call, *I) (*O, error) {
	return func(q *call, _ *I) (*O, error) {
		delete(q.bucket.configs, kind)
		return nil, nil
	}
}

const maxRules = 1000 // of a lifecycle

func putLifecycle(q *call, in *s3.PutBucketLifecycleConfigurationInput) (*s3.PutBucketLifecycleConfigurationOutput, error) {
	if in.LifecycleConfiguration == nil || len(in.LifecycleConfiguration.Rules) == 0 || len(in.LifecycleConfiguration.Rules) > maxRules {
		return nil, malformedXML()
	}
	rules := slices.Clone(in.LifecycleConfiguration.Rules)
	ids := map[string]bool{}
	for i, r := range rules {
		switch {
		case r.Status != types.ExpirationStatusEnabled && r.Status != types.ExpirationStatusDisabled:
			return nil, malformedXML()
		case r.Expiration == nil && len(r.Transitions) == 0 && r.NoncurrentVersionExpiration == nil && len(r.NoncurrentVersionTransitions) == 0 && r.AbortIncompleteMultipartUpload == nil:
			return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "At least one action needs to be specified in a rule")
		case r.Expiration != nil && r.Expiration.Days != nil && *r.Expiration.Days < 1:
			return nil, invalid("'Days' for Expiration action must be a positive integer")
		case r.Expiration != nil && r.Expiration.Days != nil && r.Expiration.Date != nil:
			return nil, malformedXML()
		case len(aws.ToString(r.ID)) > 255:
			return nil, invalid("ID length should not exceed allowed limit of 255")
		}
		for _, t := range r.Transitions {
			if r.Expiration != nil && r.Expiration.Days != nil && t.Days != nil && *t.Days >= *r.Expiration.Days {
				return nil, invalid("'Days' in the Expiration action for rule '%s' must be greater than 'Days' in the Transition action", aws.ToString(r.ID))
			}
		}
		if aws.ToString(r.ID) == "" {
			rules[i].ID = aws.String(q.c.env.UUID())
		}
		if id := *rules[i].ID; ids[id] {
			return nil, invalid("Rule ID must be unique. Found same ID for more than one rule")
		}
		ids[*rules[i].ID] = true
	}
	q.bucket.configs[kindLifecycle], q.bucket.matured = rules, time.Time{}
	return nil, nil
}

func getLifecycle(q *call, _ *s3.GetBucketLifecycleConfigurationInput) (*s3.GetBucketLifecycleConfigurationOutput, error) {
	rules, err := config[[]types.LifecycleRule](q, kindLifecycle, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
	if err != nil {
		return nil, err
	}
	return &s3.GetBucketLifecycleConfigurationOutput{Rules: rules}, nil
}

func getWebsite(q *call, _ *s3.GetBucketWebsiteInput) (*s3.GetBucketWebsiteOutput, error) {
	w, err := config[*types.WebsiteConfiguration](q, kindWebsite, "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")
	if err != nil {
		return nil, err
	}
	return &s3.GetBucketWebsiteOutput{IndexDocument: w.IndexDocument, ErrorDocument: w.ErrorDocument, RedirectAllRequestsTo: w.RedirectAllRequestsTo, RoutingRules: w.RoutingRules}, nil
}

func putCORS(q *call, in *s3.PutBucketCorsInput) (*s3.PutBucketCorsOutput, error) {
	if in.CORSConfiguration == nil || len(in.CORSConfiguration.CORSRules) == 0 || len(in.CORSConfiguration.CORSRules) > 100 {
		return nil, malformedXML()
	}
	for _, r := range in.CORSConfiguration.CORSRules {
		if len(r.AllowedMethods) == 0 || len(r.AllowedOrigins) == 0 {
			return nil, malformedXML()
		}
		for _, m := range r.AllowedMethods {
			if !slices.Contains(corsMethods, m) {
				return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "Found unsupported HTTP method in CORS config. Unsupported method is %s", m)
			}
		}
		for _, o := range r.AllowedOrigins {
			if strings.Count(o, "*") > 1 {
				return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "AllowedOrigin %q can not have more than one wildcard.", o)
			}
		}
		for _, h := range append(slices.Clone(r.AllowedHeaders), r.ExposeHeaders...) {
			switch {
			case strings.Count(h, "*") > 1:
				return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "AllowedHeader %q can not have more than one wildcard.", h)
			case strings.ContainsFunc(h, notToken):
				return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "AllowedHeader %q contains invalid character.", h)
			}
		}
	}
	q.bucket.configs[kindCORS] = in.CORSConfiguration.CORSRules
	return nil, nil
}

func getCORS(q *call, _ *s3.GetBucketCorsInput) (*s3.GetBucketCorsOutput, error) {
	rules, err := config[[]types.CORSRule](q, kindCORS, "NoSuchCORSConfiguration", "The CORS configuration does not exist")
	if err != nil {
		return nil, err
	}
	return &s3.GetBucketCorsOutput{CORSRules: rules}, nil
}

func putBucketTagging(q *call, in *s3.PutBucketTaggingInput) (*s3.PutBucketTaggingOutput, error) {
	if in.Tagging == nil {
		return nil, malformedXML()
	}
	if err := checkTagSet(in.Tagging.TagSet, maxBucketTags); err != nil {
		return nil, err
	}
	q.bucket.configs[kindTagging] = in.Tagging.TagSet
	wire.SetStatus(q.ctx, http.StatusNoContent)
	return nil, nil
}

func getBucketTagging(q *call, _ *s3.GetBucketTaggingInput) (*s3.GetBucketTaggingOutput, error) {
	tags, err := config[[]types.Tag](q, kindTagging, "NoSuchTagSet", "The TagSet does not exist")
	if err != nil {
		return nil, err
	}
	return &s3.GetBucketTaggingOutput{TagSet: tags}, nil
}

func putOwnership(q *call, in *s3.PutBucketOwnershipControlsInput) (*s3.PutBucketOwnershipControlsOutput, error) {
	if in.OwnershipControls == nil || len(in.OwnershipControls.Rules) != 1 {
		return nil, malformedXML()
	}
	want := in.OwnershipControls.Rules[0].ObjectOwnership
	if !slices.Contains(want.Values(), want) {
		return nil, malformedXML()
	}
	q.bucket.ownership = want
	return nil, nil
}

func getOwnership(q *call, _ *s3.GetBucketOwnershipControlsInput) (*s3.GetBucketOwnershipControlsOutput, error) {
	if q.bucket.ownership == "" {
		return nil, wire.Errorf("OwnershipControlsNotFoundError", http.StatusNotFound, "The bucket ownership controls were not found").With("BucketName", q.bucket.name)
	}
	return &s3.GetBucketOwnershipControlsOutput{OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: q.bucket.ownership}}}}, nil
}

func deleteOwnership(q *call, _ *s3.DeleteBucketOwnershipControlsInput) (*s3.DeleteBucketOwnershipControlsOutput, error) {
	q.bucket.ownership = ""
	return nil, nil
}

func putPublicAccessBlock(q *call, in *s3.PutPublicAccessBlockInput) (*s3.PutPublicAccessBlockOutput, error) {
	if in.PublicAccessBlockConfiguration == nil {
		return nil, malformedXML()
	}
	q.bucket.configs[kindPublicAccess] = in.PublicAccessBlockConfiguration
	return nil, nil
}

func getPublicAccessBlock(q *call, _ *s3.GetPublicAccessBlockInput) (*s3.GetPublicAccessBlockOutput, error) {
	c, err := config[*types.PublicAccessBlockConfiguration](q, kindPublicAccess, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")
	if err != nil {
		return nil, err
	}
	return &s3.GetPublicAccessBlockOutput{PublicAccessBlockConfiguration: c}, nil
}

func putEncryption(q *call, in *s3.PutBucketEncryptionInput) (*s3.PutBucketEncryptionOutput, error) {
	if in.ServerSideEncryptionConfiguration == nil || len(in.ServerSideEncryptionConfiguration.Rules) != 1 {
		return nil, malformedXML()
	}
	q.bucket.configs[kindEncryption] = in.ServerSideEncryptionConfiguration
	return nil, nil
}

// getEncryption answers for a bucket without a configuration what every
// bucket has: S3's own keys.
func getEncryption(q *call, _ *s3.GetBucketEncryptionInput) (*s3.GetBucketEncryptionOutput, error) {
	if c, ok := q.bucket.configs[kindEncryption].(*types.ServerSideEncryptionConfiguration); ok {
		return &s3.GetBucketEncryptionOutput{ServerSideEncryptionConfiguration: c}, nil
	}
	return &s3.GetBucketEncryptionOutput{ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
		ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256}, BucketKeyEnabled: aws.Bool(false)}}}}, nil
}

func putPayment(q *call, in *s3.PutBucketRequestPaymentInput) (*s3.PutBucketRequestPaymentOutput, error) {
	if in.RequestPaymentConfiguration == nil || !slices.Contains(types.Payer("").Values(), in.RequestPaymentConfiguration.Payer) {
		return nil, malformedXML()
	}
	q.bucket.configs[kindPayment] = in.RequestPaymentConfiguration.Payer
	return nil, nil
}

func getPayment(q *call, _ *s3.GetBucketRequestPaymentInput) (*s3.GetBucketRequestPaymentOutput, error) {
	payer, ok := q.bucket.configs[kindPayment].(types.Payer)
	if !ok {
		payer = types.PayerBucketOwner
	}
	return &s3.GetBucketRequestPaymentOutput{Payer: payer}, nil
}

func putAccelerate(q *call, in *s3.PutBucketAccelerateConfigurationInput) (*s3.PutBucketAccelerateConfigurationOutput, error) {
	if in.AccelerateConfiguration == nil || !slices.Contains(types.BucketAccelerateStatus("").Values(), in.AccelerateConfiguration.Status) {
		return nil, malformedXML()
	}
	if strings.Contains(q.bucket.name, ".") {
		return nil, wire.Errorf("InvalidRequest", http.StatusBadRequest, "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names")
	}
	q.bucket.configs[kindAccelerate] = in.AccelerateConfiguration.Status
	return nil, nil
}

func getAccelerate(q *call, _ *s3.GetBucketAccelerateConfigurationInput) (*s3.GetBucketAccelerateConfigurationOutput, error) {
	status, _ := q.bucket.configs[kindAccelerate].(types.BucketAccelerateStatus)
	return &s3.GetBucketAccelerateConfigurationOutput{Status: status}, nil
}

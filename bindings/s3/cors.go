package s3

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// CORSConfiguration is which web sites' scripts may use a bucket
// (boto: CORSConfiguration). It is a list.
type CORSConfiguration []*CORSRule

// CORSRule lets the scripts of some origins do some methods (boto: CORSRule).
type CORSRule struct {
	ID            string
	AllowedMethod []string // "GET", "PUT", ...
	AllowedOrigin []string // "https://www.example.com", "*"
	AllowedHeader []string
	ExposeHeader  []string
	MaxAgeSeconds int // how long a browser may keep the answer
	Raw           types.CORSRule
}

// String prints the rule as boto does.
func (r *CORSRule) String() string { return "<Rule: " + r.ID + ">" }

// CORSRuleOption is an argument of CORSConfiguration.AddRule.
type CORSRuleOption interface{ corsRule(*CORSRule) }

type corsOption func(*CORSRule)

func (f corsOption) corsRule(r *CORSRule) { f(r) }

// RuleID names the rule (boto: id).
//
// Example: cors := CORSConfiguration{}; cors.AddRule("GET", "*", RuleID("everyone")); bucket.SetCORS(cors)
func RuleID(id string) CORSRuleOption { return corsOption(func(r *CORSRule) { r.ID = id }) }

// AllowedHeader lists the headers that scripts may send (boto: allowed_header).
//
// Example: cors := CORSConfiguration{}; cors.AddRule("PUT", "https://example.com", AllowedHeader("*")); bucket.SetCORS(cors)
func AllowedHeader(names ...string) CORSRuleOption {
	return corsOption(func(r *CORSRule) { r.AllowedHeader = append(r.AllowedHeader, names...) })
}

// ExposeHeader lists the headers that scripts may read (boto: expose_header).
//
// Example: cors := CORSConfiguration{}; cors.AddRule("GET", "*", ExposeHeader("ETag")); bucket.SetCORS(cors)
func ExposeHeader(names ...string) CORSRuleOption {
	return corsOption(func(r *CORSRule) { r.ExposeHeader = append(r.ExposeHeader, names...) })
}

// MaxAgeSeconds is how long a browser may keep the answer
// (boto: max_age_seconds).
//
// Example: cors := CORSConfiguration{}; cors.AddRule("GET", "*", MaxAgeSeconds(3000)); bucket.SetCORS(cors)
func MaxAgeSeconds(seconds int) CORSRuleOption {
	return corsOption(func(r *CORSRule) { r.MaxAgeSeconds = seconds })
}

// AddRule adds a rule, here only until SetCORS; methods and origins are text
// or a []string (boto: add_rule). Options: RuleID, AllowedHeader,
// ExposeHeader, MaxAgeSeconds.
//
// Example: cors := CORSConfiguration{}; cors.AddRule([]string{"GET", "PUT"}, "https://example.com"); cors
func (c *CORSConfiguration) AddRule(allowedMethod, allowedOrigin any, opts ...CORSRuleOption) error {
	methods, err := textList(allowedMethod)
	if err != nil {
		return fmt.Errorf("allowed method: %w", err)
	}
	origins, err := textList(allowedOrigin)
	if err != nil {
		return fmt.Errorf("allowed origin: %w", err)
	}
	r := &CORSRule{AllowedMethod: methods, AllowedOrigin: origins}
	for _, o := range opts {
		o.corsRule(r)
	}
	*c = append(*c, r)
	return nil
}

func textList(v any) ([]string, error) {
	switch v := v.(type) {
	case string:
		return []string{v}, nil
	case []string:
		return v, nil
	}
	return nil, fmt.Errorf("want text or a list of it, not a %T", v)
}

// SetCORS sets which web sites' scripts may use the bucket: PutBucketCors
// (boto: set_cors). It replaces all rules there are.
//
// Example: cors := CORSConfiguration{}; cors.AddRule("GET", "*"); bucket.SetCORS(cors)
func (b *Bucket) SetCORS(corsConfig CORSConfiguration) (bool, error) {
	rules := make([]types.CORSRule, len(corsConfig))
	for i, r := range corsConfig {
		rules[i] = types.CORSRule{
			ID: optional(r.ID), AllowedMethods: r.AllowedMethod, AllowedOrigins: r.AllowedOrigin,
			AllowedHeaders: r.AllowedHeader, ExposeHeaders: r.ExposeHeader,
		}
		if r.MaxAgeSeconds > 0 {
			rules[i].MaxAgeSeconds = aws.Int32(int32(r.MaxAgeSeconds))
		}
	}
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.PutBucketCorsOutput, error) {
		return b.Connection.Client.PutBucketCors(b.Connection.ctx(), &sdk.PutBucketCorsInput{
			Bucket: aws.String(b.Name), CORSConfiguration: &types.CORSConfiguration{CORSRules: rules},
		}, opt)
	})
	if err != nil {
		return false, fmt.Errorf("set CORS of bucket %q: %w", b.Name, err)
	}
	return true, nil
}

// GetCORS gives those rules: GetBucketCors (boto: get_cors). Code
// NoSuchCORSConfiguration.
//
// Example: cors := CORSConfiguration{}; cors.AddRule("GET", "*"); bucket.SetCORS(cors); bucket.GetCORS()
func (b *Bucket) GetCORS() (CORSConfiguration, error) {
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.GetBucketCorsOutput, error) {
		return b.Connection.Client.GetBucketCors(b.Connection.ctx(), &sdk.GetBucketCorsInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("get CORS of bucket %q: %w", b.Name, err)
	}
	list := CORSConfiguration{}
	for _, raw := range out.CORSRules {
		list = append(list, &CORSRule{
			ID: aws.ToString(raw.ID), AllowedMethod: raw.AllowedMethods, AllowedOrigin: raw.AllowedOrigins,
			AllowedHeader: raw.AllowedHeaders, ExposeHeader: raw.ExposeHeaders, MaxAgeSeconds: int(aws.ToInt32(raw.MaxAgeSeconds)), Raw: raw,
		})
	}
	return list, nil
}

// DeleteCORS removes them: DeleteBucketCors (boto: delete_cors).
//
// Example: bucket.DeleteCORS()
func (b *Bucket) DeleteCORS() (bool, error) {
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.DeleteBucketCorsOutput, error) {
		return b.Connection.Client.DeleteBucketCors(b.Connection.ctx(), &sdk.DeleteBucketCorsInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return false, fmt.Errorf("delete CORS of bucket %q: %w", b.Name, err)
	}
	return true, nil
}

// want: call to S3, operation GetBucketPolicy failed
// want: code: NoSuchBucketPolicy
// want: 0: Allow 1 action(s) s3:GetObject
// want: 1: Deny 2 action(s) s3:DeleteObject s3:PutObject
// want: {
// want:  "Sid": "read",
// want:  "Effect": "Allow",
// want:  "Principal": "*",
// want:  "Action": "s3:GetObject",
// want:  "Resource": "arn:aws:s3:::paws-policy/*"
// want: }
// then: w := PolicyWrapper{s3.Client}
// then: w.Attach(ctx, bucket_of(w), PolicyDocument{})
// want: undefined: bucket_of
// then: w.Fetch(ctx, "paws-policy").Statements[1].Action[1]
// want: "s3:PutObject"
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"text/template"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

// StringOrSlice is a JSON value that is either a string or a list of strings.
type StringOrSlice []string

func (s StringOrSlice) MarshalJSON() ([]byte, error) {
	if len(s) == 1 {
		return json.Marshal(s[0])
	}
	return json.Marshal([]string(s))
}

func (s *StringOrSlice) UnmarshalJSON(b []byte) error {
	var one string
	if err := json.Unmarshal(b, &one); err == nil {
		*s = StringOrSlice{one}
		return nil
	}
	var many []string
	if err := json.Unmarshal(b, &many); err != nil {
		return fmt.Errorf("neither string nor list: %w", err)
	}
	*s = many
	return nil
}

type Statement struct {
	Sid       string        `json:"Sid,omitempty"`
	Effect    string        `json:"Effect"`
	Principal string        `json:"Principal"`
	Action    StringOrSlice `json:"Action"`
	Resource  StringOrSlice `json:"Resource"`
}

type PolicyDocument struct {
	Version    string      `json:"Version"`
	Statements []Statement `json:"Statement"`
}

type PolicyWrapper struct {
	S3Client *s3.Client
}

func (wrapper PolicyWrapper) Attach(ctx context.Context, bucket string, doc PolicyDocument) error {
	raw, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("encode policy: %w", err)
	}
	_, err = wrapper.S3Client.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{
		Bucket: aws.String(bucket),
		Policy: aws.String(string(raw)),
	})
	return err
}

func (wrapper PolicyWrapper) Fetch(ctx context.Context, bucket string) (*PolicyDocument, error) {
	out, err := wrapper.S3Client.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &bucket})
	if err != nil {
		var oe *smithy.OperationError
		if errors.As(err, &oe) {
			log.Printf("call to %s, operation %s failed", oe.Service(), oe.Operation())
		}
		return nil, err
	}
	doc := new(PolicyDocument)
	if err := json.NewDecoder(strings.NewReader(*out.Policy)).Decode(doc); err != nil {
		return nil, err
	}
	return doc, nil
}

var report = template.Must(template.New("report").Parse(
	`{{range $i, $s := .Statements}}{{$i}}: {{$s.Effect}} {{len $s.Action}} action(s){{range $s.Action}} {{.}}{{end}}
{{end}}`))

func main() {
	log.SetFlags(0)
	log.SetOutput(os.Stdout)
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	wrapper := PolicyWrapper{s3.NewFromConfig(cfg)}
	const bucket = "paws-policy"
	if _, err := wrapper.S3Client.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket: aws.String(bucket),
		CreateBucketConfiguration: &types.CreateBucketConfiguration{
			LocationConstraint: types.BucketLocationConstraintEuWest1,
		},
	}, func(o *s3.Options) { o.Region = "eu-west-1" }); err != nil {
		log.Fatalf("create: %v", err)
	}
	if _, err := wrapper.Fetch(ctx, bucket); err != nil {
		var apiErr smithy.APIError
		if errors.As(err, &apiErr) {
			fmt.Println("code:", apiErr.ErrorCode())
		}
	}
	doc := PolicyDocument{
		Version: "2012-10-17",
		Statements: []Statement{
			{Sid: "read", Effect: "Allow", Principal: "*", Action: StringOrSlice{"s3:GetObject"}, Resource: StringOrSlice{"arn:aws:s3:::" + bucket + "/*"}},
			{Effect: "Deny", Principal: "*", Action: StringOrSlice{"s3:DeleteObject", "s3:PutObject"}, Resource: StringOrSlice{"arn:aws:s3:::" + bucket + "/keep/*"}},
		},
	}
	if err := wrapper.Attach(ctx, bucket, doc); err != nil {
		log.Fatalf("attach: %v", err)
	}
	got, err := wrapper.Fetch(ctx, bucket)
	if err != nil {
		log.Fatal(err)
	}
	if err := report.Execute(os.Stdout, got); err != nil {
		log.Fatal(err)
	}
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", " ")
	if err := enc.Encode(got.Statements[0]); err != nil {
		log.Fatal(err)
	}
}

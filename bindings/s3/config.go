package s3

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/bindings/session"
)

const logDelivery = "http://acs.amazonaws.com/groups/s3/LogDelivery"

// SetAsLoggingTarget lets S3 write access logs into this bucket: GetBucketAcl,
// PutBucketAcl (boto: set_as_logging_target).
//
// Example: bucket.SetAsLoggingTarget()
func (b *Bucket) SetAsLoggingTarget() error {
	p, err := b.GetACL()
	if err != nil {
		return err
	}
	for _, permission := range []types.Permission{types.PermissionWrite, types.PermissionReadAcp} {
		p.ACL.AddGrant(&Grant{Permission: string(permission), Type: string(types.TypeGroup), URI: logDelivery})
	}
	return b.SetACL(p)
}

// BucketLogging tells where a bucket's access logs go (boto: BucketLogging).
type BucketLogging struct {
	Target string // a bucket's name, "" when none
	Prefix string
	Grants []*Grant
	Raw    *types.LoggingEnabled // nil when disabled
}

// String prints the state as boto does.
func (l *BucketLogging) String() string {
	if l.Target == "" {
		return "<BucketLoggingStatus: Disabled>"
	}
	grants := make([]string, len(l.Grants))
	for i, g := range l.Grants {
		grants[i] = g.String()
	}
	return fmt.Sprintf("<BucketLoggingStatus: %s/%s (%s)>", l.Target, l.Prefix, strings.Join(grants, ", "))
}

// EnableLogging has S3 write the bucket's access logs into another, under a
// prefix if it is given: PutBucketLogging (boto: enable_logging). Code
// InvalidTargetBucketForLogging: call SetAsLoggingTarget there first.
//
// Example: bucket.SetAsLoggingTarget(); bucket.EnableLogging("photos-2012", "log/")
func (b *Bucket) EnableLogging(targetBucket string, targetPrefix ...string) (bool, error) {
	return b.logging(&types.BucketLoggingStatus{LoggingEnabled: &types.LoggingEnabled{
		TargetBucket: aws.String(targetBucket), TargetPrefix: aws.String(strings.Join(targetPrefix, "")),
	}})
}

// DisableLogging ends that: PutBucketLogging (boto: disable_logging).
//
// Example: bucket.DisableLogging()
func (b *Bucket) DisableLogging() (bool, error) { return b.logging(&types.BucketLoggingStatus{}) }

func (b *Bucket) logging(status *types.BucketLoggingStatus) (bool, error) {
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.PutBucketLoggingOutput, error) {
		return b.Connection.Client.PutBucketLogging(b.Connection.ctx(), &sdk.PutBucketLoggingInput{Bucket: aws.String(b.Name), BucketLoggingStatus: status}, opt)
	})
	if err != nil {
		return false, fmt.Errorf("set logging of bucket %q: %w", b.Name, err)
	}
	return true, nil
}

// GetLoggingStatus tells where the access logs go: GetBucketLogging
// (boto: get_logging_status).
//
// Example: bucket.GetLoggingStatus()
func (b *Bucket) GetLoggingStatus() (*BucketLogging, error) {
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.GetBucketLoggingOutput, error) {
		return b.Connection.Client.GetBucketLogging(b.Connection.ctx(), &sdk.GetBucketLoggingInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("get logging status of bucket %q: %w", b.Name, err)
	}
	l := &BucketLogging{Raw: out.LoggingEnabled}
	if e := out.LoggingEnabled; e != nil {
		l.Target, l.Prefix = aws.ToString(e.TargetBucket), aws.ToString(e.TargetPrefix)
		for _, g := range e.TargetGrants {
			l.Grants = append(l.Grants, accessPolicy(nil, []types.Grant{{Grantee: g.Grantee, Permission: types.Permission(g.Permission)}}).grants()...)
		}
	}
	return l, nil
}

// ConfigureWebsite makes the bucket a web site: suffix is the name of a
// directory's page, errorKey that of the page for what is missing, which may
// be left out: PutBucketWebsite (boto: configure_website).
//
// Example: bucket.ConfigureWebsite("index.html", "error.html")
func (b *Bucket) ConfigureWebsite(suffix string, errorKey ...string) (bool, error) {
	conf := &types.WebsiteConfiguration{}
	if suffix != "" {
		conf.IndexDocument = &types.IndexDocument{Suffix: aws.String(suffix)}
	}
	if len(errorKey) > 0 && errorKey[0] != "" {
		conf.ErrorDocument = &types.ErrorDocument{Key: aws.String(errorKey[0])}
	}
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.PutBucketWebsiteOutput, error) {
		return b.Connection.Client.PutBucketWebsite(b.Connection.ctx(), &sdk.PutBucketWebsiteInput{Bucket: aws.String(b.Name), WebsiteConfiguration: conf}, opt)
	})
	if err != nil {
		return false, fmt.Errorf("configure website of bucket %q: %w", b.Name, err)
	}
	return true, nil
}

// Website is how a bucket serves as a web site.
type Website struct {
	Suffix                string
	ErrorKey              string
	RedirectAllRequestsTo string // a host
	Raw                   *sdk.GetBucketWebsiteOutput
}

// GetWebsiteConfiguration tells how the bucket serves: GetBucketWebsite
// (boto: get_website_configuration). Code NoSuchWebsiteConfiguration.
//
// Example: bucket.ConfigureWebsite("index.html"); bucket.GetWebsiteConfiguration()
func (b *Bucket) GetWebsiteConfiguration() (*Website, error) {
	out, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.GetBucketWebsiteOutput, error) {
		return b.Connection.Client.GetBucketWebsite(b.Connection.ctx(), &sdk.GetBucketWebsiteInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return nil, fmt.Errorf("get website of bucket %q: %w", b.Name, err)
	}
	w := &Website{Raw: out}
	if out.IndexDocument != nil {
		w.Suffix = aws.ToString(out.IndexDocument.Suffix)
	}
	if out.ErrorDocument != nil {
		w.ErrorKey = aws.ToString(out.ErrorDocument.Key)
	}
	if out.RedirectAllRequestsTo != nil {
		w.RedirectAllRequestsTo = aws.ToString(out.RedirectAllRequestsTo.HostName)
	}
	return w, nil
}

// DeleteWebsiteConfiguration ends the web site: DeleteBucketWebsite
// (boto: delete_website_configuration).
//
// Example: bucket.DeleteWebsiteConfiguration()
func (b *Bucket) DeleteWebsiteConfiguration() (bool, error) {
	_, err := follow(b.Connection, b.Name, func(opt func(*sdk.Options)) (*sdk.DeleteBucketWebsiteOutput, error) {
		return b.Connection.Client.DeleteBucketWebsite(b.Connection.ctx(), &sdk.DeleteBucketWebsiteInput{Bucket: aws.String(b.Name)}, opt)
	})
	if err != nil {
		return false, fmt.Errorf("delete website of bucket %q: %w", b.Name, err)
	}
	return true, nil
}

// hyphenRegions are the older regions, whose web sites have hosts with a hyphen
// before the region; the newer ones have a dot.
var hyphenRegions = map[string]bool{
	"us-east-1": true, "us-west-1": true, "us-west-2": true, "eu-west-1": true, "ap-southeast-1": true,
	"ap-southeast-2": true, "ap-northeast-1": true, "sa-east-1": true, "us-gov-west-1": true,
}

// GetWebsiteEndpoint gives the host the web site answers at on AWS:
// GetBucketLocation (boto: get_website_endpoint).
//
// Example: bucket.GetWebsiteEndpoint()
func (b *Bucket) GetWebsiteEndpoint() (string, error) {
	region, err := b.GetLocation()
	if err != nil {
		return "", err
	}
	switch region {
	case "":
		region = "us-east-1"
	case LocationEU:
		region = "eu-west-1"
	}
	separator := "."
	if hyphenRegions[region] {
		separator = "-"
	}
	_, suffix, _ := strings.Cut(session.STS.DefaultHost(region), "."+region+".")
	return b.Name + ".s3-website" + separator + region + "." + suffix, nil
}

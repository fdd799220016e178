package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
)

// as is config with another key.
func as(s *Server, id, secret, token string) aws.Config {
	c := config(s)
	c.Credentials = credentials.NewStaticCredentialsProvider(id, secret, token)
	return c
}

// user makes a user with a policy and gives his configuration.
func user(t *testing.T, s *Server, name, policy string) aws.Config {
	t.Helper()
	users := iam.NewFromConfig(config(s))
	must(users.CreateUser(t.Context(), &iam.CreateUserInput{UserName: &name}))(t)
	if policy != "" {
		must(users.PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: &name, PolicyName: aws.String("p"), PolicyDocument: &policy}))(t)
	}
	k := must(users.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: &name}))(t).AccessKey
	return as(s, *k.AccessKeyId, *k.SecretAccessKey, "")
}

func session(s *Server, c *ststypes.Credentials) aws.Config {
	return as(s, *c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken)
}

// says checks an error's code and words.
func says(t *testing.T, err error, code, text string) {
	t.Helper()
	wantCode(t, err, code)
	if !strings.Contains(err.Error(), text) {
		t.Errorf("%v\nhas no %s", err, text)
	}
}

func TestRolesAreAssumed(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	ctx := t.Context()
	users, buckets := iam.NewFromConfig(config(s)), s3.NewFromConfig(config(s), func(o *s3.Options) { o.UsePathStyle = true })
	must(buckets.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("paws")}))(t)
	must(buckets.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("paws"), Key: aws.String("k"), Body: strings.NewReader("x")}))(t)
	cat := user(t, s, "cat", "")
	dog := user(t, s, "dog", `{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}}`)
	trust := func(who string) *string {
		return aws.String(fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":%q},"Action":"sts:AssumeRole"}}`, who))
	}
	role := must(users.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("reader"), AssumeRolePolicyDocument: trust("arn:aws:iam::123456789012:user/cat")}))(t).Role
	must(users.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String("reader"), PolicyName: aws.String("read"), PolicyDocument: aws.String(`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`)}))(t)
	assume := func(c aws.Config, in sts.AssumeRoleInput) (*sts.AssumeRoleOutput, error) {
		in.RoleArn, in.RoleSessionName = role.Arn, aws.String("nap")
		return sts.NewFromConfig(c).AssumeRole(ctx, &in)
	}
	_, err := assume(dog, sts.AssumeRoleInput{})
	says(t, err, "AccessDenied", "User: arn:aws:iam::123456789012:user/dog is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/reader")
	_, err = assume(config(s), sts.AssumeRoleInput{})
	says(t, err, "AccessDenied", "Roles may not be assumed by root accounts")
	_, err = assume(cat, sts.AssumeRoleInput{DurationSeconds: aws.Int32(7200)})
	wantCode(t, err, "ValidationError")
	got := must(assume(cat, sts.AssumeRoleInput{}))(t)
	if *got.AssumedRoleUser.Arn != "arn:aws:sts::123456789012:assumed-role/reader/nap" {
		t.Errorf("assumed %s", *got.AssumedRoleUser.Arn)
	}
	nap := session(s, got.Credentials)
	who := must(sts.NewFromConfig(nap).GetCallerIdentity(ctx, nil))(t)
	if *who.Arn != *got.AssumedRoleUser.Arn || !strings.HasSuffix(*who.UserId, ":nap") {
		t.Errorf("identity %s %s", *who.Arn, *who.UserId)
	}
	read := func(c aws.Config) error {
		_, err := s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true }).GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("paws"), Key: aws.String("k")})
		return err
	}
	if err := read(nap); err != nil {
		t.Errorf("the role reads: %v", err)
	}
	_, err = iam.NewFromConfig(nap).ListUsers(ctx, nil)
	says(t, err, "AccessDenied", "User: arn:aws:sts::123456789012:assumed-role/reader/nap is not authorized to perform: iam:ListUsers because no identity-based policy allows the iam:ListUsers action")
	narrow := must(assume(cat, sts.AssumeRoleInput{Policy: aws.String(`{"Statement":{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}}`)}))(t)
	says(t, read(session(s, narrow.Credentials)), "AccessDenied", `on resource: "arn:aws:s3:::paws/k" because no session policy allows the s3:GetObject action`)
	must(users.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: aws.String("reader"), PolicyDocument: trust("arn:aws:iam::123456789012:root")}))(t)
	must(assume(dog, sts.AssumeRoleInput{}))(t) // the account is trusted, and his own policy lets him
	_, err = assume(cat, sts.AssumeRoleInput{})
	wantCode(t, err, "AccessDenied")
}

func TestBucketsHaveASayInWhatUsersMay(t *testing.T) {
	t.Parallel()
	const mine = "arn:aws:iam::123456789012:user/cat"
	for _, tt := range []struct {
		name, identity, bucket string
		want                   string // of the refusal, "" when he may
	}{
		{"neither", "", "", "because no identity-based policy allows the s3:GetObject action"},
		{"his own", `"Effect":"Allow","Action":"s3:GetObject"`, "", ""},
		{"the bucket's", "", `"Effect":"Allow","Principal":{"AWS":"` + mine + `"},"Action":"s3:GetObject"`, ""},
		{"the bucket trusts the account", "", `"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"s3:GetObject"`, "because no identity-based policy"},
		{"the bucket denies", `"Effect":"Allow","Action":"s3:*"`, `"Effect":"Deny","Principal":"*","Action":"s3:GetObject"`, "with an explicit deny in a resource-based policy"},
		{"his own denies", `"Effect":"Deny","Action":"s3:*"`, `"Effect":"Allow","Principal":"*","Action":"s3:GetObject"`, "with an explicit deny in an identity-based policy"},
		{"prefix in a variable", `"Effect":"Allow","Action":"s3:GetObject","Condition":{"StringEquals":{"aws:username":"dog"}}`, "", "because no identity-based policy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := start(t, Options{})
			ctx := t.Context()
			path := func(o *s3.Options) { o.UsePathStyle = true }
			buckets := s3.NewFromConfig(config(s), path)
			must(buckets.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("paws")}))(t)
			must(buckets.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("paws"), Key: aws.String("k"), Body: strings.NewReader("x")}))(t)
			policy := ""
			if tt.identity != "" {
				policy = `{"Statement":{` + tt.identity + `,"Resource":"*"}}`
			}
			cat := user(t, s, "cat", policy)
			if tt.bucket != "" {
				must(buckets.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: aws.String("paws"), Policy: aws.String(`{"Statement":{` + tt.bucket + `,"Resource":"arn:aws:s3:::paws/*"}}`)}))(t)
			}
			_, err := s3.NewFromConfig(cat, path).GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("paws"), Key: aws.String("k")})
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			says(t, err, "AccessDenied", `User: arn:aws:iam::123456789012:user/cat is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::paws/k" `+tt.want)
		})
	}
}

func TestConditionsOfEC2(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	ctx := t.Context()
	root := ec2.NewFromConfig(config(s))
	cat := ec2.NewFromConfig(user(t, s, "cat", `{"Statement":[
		{"Effect":"Allow","Action":"ec2:StopInstances","Resource":"*","Condition":{"StringEquals":{"ec2:ResourceTag/owner":"${aws:username}"}}},
		{"Effect":"Allow","Action":"ec2:RunInstances","Resource":"*","Condition":{"StringLikeIfExists":{"ec2:InstanceType":"t1.*"},"StringEquals":{"ec2:Region":"us-east-1"}}}]}`))
	run := func(c *ec2.Client, kind types.InstanceType, owner string) (string, error) {
		out, err := c.RunInstances(ctx, &ec2.RunInstancesInput{ImageId: aws.String("ami-7341831a"), InstanceType: kind, MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
			TagSpecifications: []types.TagSpecification{{ResourceType: "instance", Tags: []types.Tag{{Key: aws.String("owner"), Value: &owner}}}}})
		if err != nil {
			return "", err
		}
		return *out.Instances[0].InstanceId, nil
	}
	hers := must(run(root, "t1.micro", "cat"))(t)
	other := must(run(root, "t1.micro", "dog"))(t)
	stop := func(id string) error {
		_, err := cat.StopInstances(ctx, &ec2.StopInstancesInput{InstanceIds: []string{id}})
		return err
	}
	if err := stop(hers); err != nil && !strings.Contains(err.Error(), "IncorrectInstanceState") {
		t.Errorf("her own: %v", err)
	}
	err := stop(other)
	says(t, err, "UnauthorizedOperation", "You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/cat is not authorized to perform: ec2:StopInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/"+other)
	_, encoded, _ := strings.Cut(err.Error(), "failure message: ")
	text := must(sts.NewFromConfig(config(s)).DecodeAuthorizationMessage(ctx, &sts.DecodeAuthorizationMessageInput{EncodedMessage: &encoded}))(t)
	if !strings.Contains(*text.DecodedMessage, `"action":"ec2:StopInstances"`) {
		t.Errorf("decoded %s", *text.DecodedMessage)
	}
	must(run(cat, "t1.micro", "cat"))(t)
	_, err = run(cat, "m1.large", "cat")
	wantCode(t, err, "UnauthorizedOperation")
}

func TestMFADeleteAsksTheDevice(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	ctx := t.Context()
	c := s3.NewFromConfig(config(s), func(o *s3.Options) { o.UsePathStyle = true })
	must(c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String("paws")}))(t)
	d := s.Device()
	serial, code := d.Serial, d.Code
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	set := func(mfa string) error {
		_, err := c.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: aws.String("paws"), MFA: &mfa,
			VersioningConfiguration: &s3types.VersioningConfiguration{Status: "Enabled", MFADelete: "Enabled"}})
		return err
	}
	wantCode(t, set(serial+" "+wrong), "AccessDenied")
	wantCode(t, set("x "+code), "AccessDenied")
	if err := set(serial + " " + code); err != nil {
		t.Fatal(err)
	}
	id := must(c.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("paws"), Key: aws.String("k")}))(t).VersionId
	_, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String("paws"), Key: aws.String("k"), VersionId: id, MFA: aws.String(serial + " " + wrong)})
	wantCode(t, err, "AccessDenied")
	code = s.Device().Code
	must(c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String("paws"), Key: aws.String("k"), VersionId: id, MFA: aws.String(serial + " " + code)}))(t)
	if err := s.SetClock("+1h"); err != nil {
		t.Fatal(err)
	}
	if later := s.Device(); later.Code == code || later.Left > 30*time.Second {
		t.Errorf("an hour later: %+v", later)
	}
	session := must(sts.NewFromConfig(config(s)).GetSessionToken(ctx, &sts.GetSessionTokenInput{SerialNumber: &serial, TokenCode: aws.String(s.Device().Code)}))(t)
	if session.Credentials == nil {
		t.Error("no session")
	}
}

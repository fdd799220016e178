package session_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"pawsh/bindings/session"
)

// realAccount is a target whose host is AWS's, behind a proxy that counts.
func realAccount(t *testing.T, s session.Service, change func(*session.Options)) (*session.Target, *session.Env, *atomic.Int32) {
	t.Helper()
	return proxied(t, s, change, http.StatusOK, "")
}

// realAccountIn is a target in a region whose requests get one answer.
func realAccountIn(t *testing.T, s session.Service, region string, status int, body string) (*session.Target, *session.Env, *atomic.Int32) {
	t.Helper()
	return proxied(t, s, func(o *session.Options) { o.Region = region }, status, body)
}

func proxied(t *testing.T, s session.Service, change func(*session.Options), status int, body string) (*session.Target, *session.Env, *atomic.Int32) {
	t.Helper()
	var sent atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent.Add(1)
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(proxy.Close)
	w := newWorld(t).keys()
	if change != nil {
		change(&w.options)
	}
	env := w.new()
	host := strings.TrimPrefix(proxy.URL, "http://")
	name, port, _ := strings.Cut(host, ":")
	n := 0
	for _, c := range port {
		n = n*10 + int(c-'0')
	}
	target, err := env.Open(s, session.IsSecure(false), session.Proxy(name), session.ProxyPort(n))
	if err != nil {
		t.Fatal(err)
	}
	return target, env, &sent
}

func TestGuard(t *testing.T) {
	t.Parallel()
	no := errors.New("no")
	bucket, key := aws.String("paws"), aws.String("photo.jpg")
	everyone := &s3types.AccessControlPolicy{Grants: []s3types.Grant{{Grantee: &s3types.Grantee{Type: s3types.TypeGroup, URI: aws.String("http://acs.amazonaws.com/groups/global/AllUsers")}}}}
	for _, tt := range []struct {
		name string
		call func(context.Context, *s3.Client) error
		want string // the footprint; "" when nobody is asked
	}{
		{"delete a bucket", func(ctx context.Context, c *s3.Client) error {
			_, err := c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: bucket})
			return err
		}, "delete bucket: 1 (paws) in us-east-1 as AKIDENVIRONMENT"},
		{"delete a key", func(ctx context.Context, c *s3.Client) error {
			_, err := c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: key})
			return err
		}, "delete object: 1 (paws/photo.jpg) in us-east-1 as AKIDENVIRONMENT"},
		{"delete many keys", func(ctx context.Context, c *s3.Client) error {
			in := &s3.DeleteObjectsInput{Bucket: bucket, Delete: &s3types.Delete{}}
			for range 12 {
				in.Delete.Objects = append(in.Delete.Objects, s3types.ObjectIdentifier{Key: aws.String("k")})
			}
			_, err := c.DeleteObjects(ctx, in)
			return err
		}, "delete objects: 12 (paws/k, paws/k, paws/k, paws/k, paws/k, paws/k, paws/k, paws/k, paws/k, paws/k, ...) in us-east-1 as AKIDENVIRONMENT"},
		{"make a bucket public", func(ctx context.Context, c *s3.Client) error {
			_, err := c.PutBucketAcl(ctx, &s3.PutBucketAclInput{Bucket: bucket, ACL: s3types.BucketCannedACLPublicRead})
			return err
		}, "put bucket acl: 1 (paws) in us-east-1 as AKIDENVIRONMENT"},
		{"grant everyone", func(ctx context.Context, c *s3.Client) error {
			_, err := c.PutObjectAcl(ctx, &s3.PutObjectAclInput{Bucket: bucket, Key: key, AccessControlPolicy: everyone})
			return err
		}, "put object acl: 1 (paws/photo.jpg) in us-east-1 as AKIDENVIRONMENT"},
		{"make a bucket private", func(ctx context.Context, c *s3.Client) error {
			_, err := c.PutBucketAcl(ctx, &s3.PutBucketAclInput{Bucket: bucket, ACL: s3types.BucketCannedACLPrivate})
			return err
		}, ""},
		{"look", func(ctx context.Context, c *s3.Client) error {
			_, err := c.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: bucket})
			return err
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			target, env, sent := realAccount(t, session.S3, nil)
			var asked []session.Footprint
			env.SetGuard(func(_ context.Context, f session.Footprint) error { asked = append(asked, f); return no })
			client := s3.NewFromConfig(target.Config, func(o *s3.Options) { o.UsePathStyle = true })
			err := tt.call(context.Background(), client)
			if tt.want == "" {
				if err != nil || len(asked) != 0 || sent.Load() == 0 {
					t.Errorf("asked %v, sent %d: %v", asked, sent.Load(), err)
				}
				return
			}
			var refused *session.RefusedError
			if !errors.As(err, &refused) || !errors.Is(err, no) || sent.Load() != 0 || len(asked) != 1 {
				t.Fatalf("asked %v, sent %d: %v", asked, sent.Load(), err)
			}
			if got := asked[0].String(); got != tt.want {
				t.Errorf("footprint %q, want %q", got, tt.want)
			}
			env.SetGuard(func(context.Context, session.Footprint) error { return nil })
			if err := tt.call(context.Background(), client); errors.As(err, &refused) || sent.Load() == 0 {
				t.Errorf("agreed to, and sent %d: %v", sent.Load(), err)
			}
		})
	}
}

func TestGuardWhereNobodyIsThere(t *testing.T) {
	t.Parallel()
	purge := func(target *session.Target) error {
		_, err := sqs.NewFromConfig(target.Config).PurgeQueue(context.Background(), &sqs.PurgeQueueInput{QueueUrl: aws.String("http://sqs.us-east-1.amazonaws.com/1/paws")})
		return err
	}
	required, _, sent := realAccount(t, session.SQS, func(o *session.Options) { o.RequireGuard = true })
	if err := purge(required); !errors.Is(err, session.ErrNoGuard) || sent.Load() != 0 {
		t.Errorf("sent %d: %v", sent.Load(), err)
	}
	free, _, sent := realAccount(t, session.SQS, nil)
	if err := purge(free); errors.Is(err, session.ErrNoGuard) || sent.Load() == 0 {
		t.Errorf("sent %d: %v", sent.Load(), err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("{}")) }))
	t.Cleanup(server.Close)
	w := newWorld(t).keys()
	w.options.RequireGuard = true
	here := w.open(session.SQS, session.Endpoint(server.URL))
	if err := purge(here); !errors.Is(err, session.ErrNoGuard) || !here.IsReal() {
		t.Errorf("an endpoint on this machine, which may lead anywhere: %v", err)
	}
	w.env["PAWSH_SANDBOX"] = server.URL + "/"
	ours := w.open(session.SQS, session.Endpoint(server.URL))
	if err := purge(ours); errors.Is(err, session.ErrNoGuard) || ours.IsReal() {
		t.Errorf("a sandbox that another process serves: %v", err)
	}
	w.env["PAWSH_SANDBOX"] = "http://sandbox.example.com"
	if away := w.open(session.SQS, session.Endpoint("http://sandbox.example.com")); !away.IsReal() {
		t.Error("a host elsewhere passes as the sandbox")
	}
}

func TestDryRunSendsNothing(t *testing.T) {
	t.Parallel()
	target, env, sent := realAccount(t, session.SQS, nil)
	env.SetDryRun(true)
	client := sqs.NewFromConfig(target.Config)
	_, err := client.SendMessage(context.Background(), &sqs.SendMessageInput{QueueUrl: aws.String("http://sqs.us-east-1.amazonaws.com/1/paws"), MessageBody: aws.String("x")})
	var dry *session.DryRunError
	if !errors.As(err, &dry) || sent.Load() != 0 || dry.Footprint.Operation != "SendMessage" {
		t.Errorf("sent %d: %v", sent.Load(), err)
	}
	_, err = client.ListQueues(context.Background(), &sqs.ListQueuesInput{})
	if errors.As(err, &dry) || sent.Load() == 0 {
		t.Errorf("reading: sent %d: %v", sent.Load(), err)
	}
}

func TestDryRunLeavesTheCallersInput(t *testing.T) {
	t.Parallel()
	target, env, _ := realAccount(t, session.EC2, nil)
	env.SetDryRun(true)
	in := &ec2.StopInstancesInput{InstanceIds: []string{"i-1"}}
	if _, err := ec2.NewFromConfig(target.Config).StopInstances(context.Background(), in); err != nil {
		t.Log(err) // the proxy's answer is nothing of EC2's
	}
	if in.DryRun != nil {
		t.Error("the input is changed for the calls that come")
	}
}

// TestGuardOfOtherClients guards a client that no connection made.
func TestGuardOfOtherClients(t *testing.T) {
	t.Parallel()
	env := newWorld(t).keys().new()
	no := errors.New("no")
	var asked []string
	env.SetGuard(func(_ context.Context, f session.Footprint) error { asked = append(asked, f.String()); return no })
	var sent atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent.Add(1) }))
	t.Cleanup(server.Close)
	key := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "ASIAQNZGKIQY56JQ7WML", SecretAccessKey: "s"}, nil
	})
	add, err := env.Adopt("ec2", nil, "eu-west-1", key)
	if err != nil {
		t.Fatal(err)
	}
	client := ec2.New(ec2.Options{Region: "eu-west-1", Credentials: key, BaseEndpoint: aws.String(server.URL)}, func(o *ec2.Options) { o.APIOptions = append(o.APIOptions, add) })
	_, err = client.TerminateInstances(context.Background(), &ec2.TerminateInstancesInput{InstanceIds: []string{"i-1"}})
	want := []string{"terminate instances: 1 (i-1) in eu-west-1 of account 029608264753 as ASIAQNZGKIQY56JQ7WML"}
	if !errors.Is(err, no) || sent.Load() != 0 || !slices.Equal(asked, want) {
		t.Errorf("asked %q, want %q; sent %d: %v", asked, want, sent.Load(), err)
	}
}

func TestPresigningAsksNobody(t *testing.T) {
	t.Parallel()
	target, _, _ := realAccount(t, session.S3, func(o *session.Options) { o.RequireGuard = true })
	u, err := s3.NewPresignClient(s3.NewFromConfig(target.Config)).PresignDeleteObject(context.Background(), &s3.DeleteObjectInput{Bucket: aws.String("b"), Key: aws.String("k")})
	if err != nil || u.URL == "" {
		t.Errorf("%v: %v", u, err)
	}
}

func TestSharingWithEverybodyIsGuarded(t *testing.T) {
	t.Parallel()
	target, env, _ := realAccount(t, session.EC2, nil)
	no := errors.New("no")
	env.SetGuard(func(context.Context, session.Footprint) error { return no })
	client := ec2.NewFromConfig(target.Config)
	image := func(in *ec2.ModifyImageAttributeInput) error {
		in.ImageId = aws.String("ami-1")
		_, err := client.ModifyImageAttribute(context.Background(), in)
		return err
	}
	everybody := []ec2types.LaunchPermission{{Group: ec2types.PermissionGroupAll}}
	policy := func(p string) error {
		_, err := s3.NewFromConfig(target.Config).PutBucketPolicy(context.Background(), &s3.PutBucketPolicyInput{Bucket: aws.String("b"), Policy: &p})
		return err
	}
	for _, tt := range []struct {
		name  string
		err   error
		asked bool
	}{
		{"give", image(&ec2.ModifyImageAttributeInput{LaunchPermission: &ec2types.LaunchPermissionModifications{Add: everybody}}), true},
		{"take", image(&ec2.ModifyImageAttributeInput{LaunchPermission: &ec2types.LaunchPermissionModifications{Remove: everybody}}), false},
		{"give by group", image(&ec2.ModifyImageAttributeInput{UserGroups: []string{"all"}, OperationType: ec2types.OperationTypeAdd}), true},
		{"take by group", image(&ec2.ModifyImageAttributeInput{UserGroups: []string{"all"}, OperationType: ec2types.OperationTypeRemove}), false},
		{"describe", image(&ec2.ModifyImageAttributeInput{Description: &ec2types.AttributeValue{Value: aws.String("x")}}), false},
		{"public policy", policy(`{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}}`), true},
		{"public policy in a list", policy(`{"Statement":[{"Effect":"Deny","Principal":"*"},{"Effect":"Allow","Principal":{"AWS":["1","*"]}}]}`), true},
		{"policy for one", policy(`{"Statement":[{"Effect":"Deny","Principal":"*"},{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"}}]}`), false},
	} {
		if got := errors.Is(tt.err, no); got != tt.asked {
			t.Errorf("%s: asked %t: %v", tt.name, got, tt.err)
		}
	}
}

func TestAccountOfAccessKey(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"ASIAQNZGKIQY56JQ7WML": "029608264753",
		"AKIAIOSFODNN7EXAMPLE": "", // older than the form that says it
		"AKIDENVIRONMENT":      "",
		"":                     "",
		"AKIAQ!!!!!!!!!!!!!!!": "",
		"testing":              "",
	} {
		if got := session.AccountOf(key); got != want {
			t.Errorf("account of %s: %q, want %q", key, got, want)
		}
	}
}

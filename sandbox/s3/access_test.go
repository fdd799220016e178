package s3_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// grants writes a list as who:permission.
func grants(list []types.Grant) string {
	var s []string
	for _, g := range list {
		who := "user"
		if g.Grantee.URI != nil {
			who = (*g.Grantee.URI)[strings.LastIndex(*g.Grantee.URI, "/")+1:]
		}
		s = append(s, fmt.Sprintf("%s:%s", who, g.Permission))
	}
	return strings.Join(s, " ")
}

func TestCannedACLs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	w.put(b, "k", "x")
	for acl, want := range map[types.BucketCannedACL]string{
		"private": "user:FULL_CONTROL", "public-read": "user:FULL_CONTROL AllUsers:READ", "public-read-write": "user:FULL_CONTROL AllUsers:READ AllUsers:WRITE",
		"authenticated-read": "user:FULL_CONTROL AuthenticatedUsers:READ", "log-delivery-write": "user:FULL_CONTROL LogDelivery:WRITE LogDelivery:READ_ACP",
	} {
		ok[*sdk.PutBucketAclOutput](w)(w.PutBucketAcl(ctx(), &sdk.PutBucketAclInput{Bucket: &b, ACL: acl}))
		if got := grants(ok[*sdk.GetBucketAclOutput](w)(w.GetBucketAcl(ctx(), &sdk.GetBucketAclInput{Bucket: &b})).Grants); got != want {
			t.Errorf("%s: %s", acl, got)
		}
	}
	ok[*sdk.PutObjectAclOutput](w)(w.PutObjectAcl(ctx(), &sdk.PutObjectAclInput{Bucket: &b, Key: aws.String("k"), ACL: "public-read"}))
	a := ok[*sdk.GetObjectAclOutput](w)(w.GetObjectAcl(ctx(), &sdk.GetObjectAclInput{Bucket: &b, Key: aws.String("k")}))
	if got := grants(a.Grants); got != "user:FULL_CONTROL AllUsers:READ" || w.get(b, "k") != "x" {
		t.Errorf("object: %s", got)
	}
	_, err := w.PutObjectAcl(ctx(), &sdk.PutObjectAclInput{Bucket: &b, Key: aws.String("none"), ACL: "private"})
	w.refused("of none", err, "NoSuchKey")
	_, err = w.PutBucketAcl(ctx(), &sdk.PutBucketAclInput{Bucket: &b, ACL: "cats"})
	w.refused("unknown", err, "InvalidArgument")
}

func TestFullACLs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	own := ok[*sdk.GetBucketAclOutput](w)(w.GetBucketAcl(ctx(), &sdk.GetBucketAclInput{Bucket: &b})).Owner
	put := func(list ...types.Grant) error {
		_, err := w.PutBucketAcl(ctx(), &sdk.PutBucketAclInput{Bucket: &b, AccessControlPolicy: &types.AccessControlPolicy{Owner: own, Grants: list}})
		return err
	}
	if err := put(types.Grant{Grantee: &types.Grantee{Type: "CanonicalUser", ID: own.ID}, Permission: "FULL_CONTROL"},
		types.Grant{Grantee: &types.Grantee{Type: "AmazonCustomerByEmail", EmailAddress: aws.String("foo@bar.com")}, Permission: "READ"}); err != nil {
		t.Fatal(err)
	}
	got := ok[*sdk.GetBucketAclOutput](w)(w.GetBucketAcl(ctx(), &sdk.GetBucketAclInput{Bucket: &b})).Grants
	if grants(got) != "user:FULL_CONTROL user:READ" || *got[1].Grantee.DisplayName != "foo" || got[1].Grantee.Type != "CanonicalUser" {
		t.Errorf("grants %s", grants(got))
	}
	w.refused("no permission", put(types.Grant{Grantee: &types.Grantee{Type: "CanonicalUser", ID: own.ID}, Permission: "PET"}), "MalformedACLError")
	w.refused("no user", put(types.Grant{Grantee: &types.Grantee{Type: "CanonicalUser", ID: aws.String("x")}, Permission: "READ"}), "InvalidArgument")
	w.refused("no group", put(types.Grant{Grantee: &types.Grantee{Type: "Group", URI: aws.String("http://cats")}, Permission: "READ"}), "InvalidArgument")
	w.refused("no address", put(types.Grant{Grantee: &types.Grantee{Type: "AmazonCustomerByEmail", EmailAddress: aws.String("cats")}, Permission: "READ"}), "UnresolvableGrantByEmailAddress")
	ok[*sdk.PutBucketAclOutput](w)(w.PutBucketAcl(ctx(), &sdk.PutBucketAclInput{Bucket: &b, GrantRead: aws.String(`uri="http://acs.amazonaws.com/groups/global/AllUsers", id="` + *own.ID + `"`)}))
	if got := grants(ok[*sdk.GetBucketAclOutput](w)(w.GetBucketAcl(ctx(), &sdk.GetBucketAclInput{Bucket: &b})).Grants); got != "AllUsers:READ user:READ" {
		t.Errorf("by header: %s", got)
	}
	_, err := w.PutBucketAcl(ctx(), &sdk.PutBucketAclInput{Bucket: &b, GrantRead: aws.String("cats")})
	w.refused("bad header", err, "InvalidArgument")
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.as("AKIDTHEIRS", "us-east-1")
	b := w.make("paws")
	w.put(b, "private", "p")
	ok[*sdk.PutObjectOutput](w)(w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("public"), Body: strings.NewReader("x"), ACL: types.ObjectCannedACLPublicRead}))
	ok[*sdk.PutObjectOutput](w)(w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("members"), Body: strings.NewReader("m"), ACL: types.ObjectCannedACLAuthenticatedRead}))
	theirs := func(k string) error {
		_, err := other.GetObject(ctx(), &sdk.GetObjectInput{Bucket: &b, Key: &k})
		return err
	}
	anybody := func(path string) int { code, _, _ := w.fetch("GET", path); return code }
	for path, want := range map[string]int{"/paws/private": 403, "/paws/public": 200, "/paws/members": 403, "/paws/none": 403, "/paws": 403, "/": 403, "/none/x": 404} {
		if got := anybody(path); got != want {
			t.Errorf("anybody, %s: %d, want %d", path, got, want)
		}
	}
	w.refused("theirs, private", theirs("private"), "AccessDenied")
	w.refused("theirs, missing", theirs("none"), "AccessDenied")
	for _, k := range []string{"public", "members"} {
		if err := theirs(k); err != nil {
			t.Errorf("theirs, %s: %v", k, err)
		}
	}
	_, err := other.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("k"), Body: strings.NewReader("x")})
	w.refused("their put", err, "AccessDenied")
	ok[*sdk.PutBucketAclOutput](w)(w.PutBucketAcl(ctx(), &sdk.PutBucketAclInput{Bucket: &b, ACL: types.BucketCannedACLPublicReadWrite}))
	if _, err := other.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("k"), Body: strings.NewReader("x")}); err != nil {
		t.Errorf("their put into a public bucket: %v", err)
	}
	if got := anybody("/paws?prefix=p"); got != 200 {
		t.Errorf("anybody lists a public bucket: %d", got)
	}
	if got := anybody("/paws/none"); got != 404 {
		t.Errorf("who may list is told what is missing: %d", got)
	}
	w.refused("their delete of the bucket", func() error {
		_, err := other.DeleteBucket(ctx(), &sdk.DeleteBucketInput{Bucket: &b})
		return err
	}(), "AccessDenied")
}

func TestBucketPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.as("AKIDTHEIRS", "us-east-1")
	b := w.make("paws")
	w.put(b, "pub/a", "a")
	w.put(b, "b", "b")
	put := func(text string) error {
		_, err := w.PutBucketPolicy(ctx(), &sdk.PutBucketPolicyInput{Bucket: &b, Policy: &text})
		return err
	}
	_, err := w.GetBucketPolicy(ctx(), &sdk.GetBucketPolicyInput{Bucket: &b})
	w.refused("none", err, "NoSuchBucketPolicy")
	text := `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::paws/pub/*"},
		{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + theirs + `:root"},"Action":["s3:List*"],"Resource":"arn:aws:s3:::paws","Condition":{"StringLike":{"s3:prefix":"pub/*"}}},
		{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::paws/pub/*"}]}`
	if err := put(text); err != nil {
		t.Fatal(err)
	}
	if got := *ok[*sdk.GetBucketPolicyOutput](w)(w.GetBucketPolicy(ctx(), &sdk.GetBucketPolicyInput{Bucket: &b})).Policy; got != text {
		t.Errorf("policy %s", got)
	}
	if code, _, _ := w.fetch("GET", "/paws/pub/a"); code != 200 {
		t.Errorf("allowed: %d", code)
	}
	if code, _, _ := w.fetch("GET", "/paws/b"); code != 403 {
		t.Errorf("not allowed: %d", code)
	}
	if _, err := other.ListObjects(ctx(), &sdk.ListObjectsInput{Bucket: &b, Prefix: aws.String("pub/")}); err != nil {
		t.Errorf("their list: %v", err)
	}
	_, err = other.ListObjects(ctx(), &sdk.ListObjectsInput{Bucket: &b})
	w.refused("their list of all", err, "AccessDenied")
	_, err = w.DeleteObject(ctx(), &sdk.DeleteObjectInput{Bucket: &b, Key: aws.String("pub/a")})
	w.refused("denied to the owner, too", err, "AccessDenied")
	for _, bad := range []string{"cats", `{"Statement":[{"Effect":"Maybe","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::paws"}]}`, `{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::paws"}]}`,
		`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::other/*"}]}`, `{"Statement":[{"Effect":"Allow","Principal":"*","Action":"ec2:*","Resource":"arn:aws:s3:::paws"}]}`, `{}`} {
		w.refused(bad, put(bad), "MalformedPolicy")
	}
	w.refused("condition", put(`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::paws","Condition":{"DateSmaller":{"aws:CurrentTime":"x"}}}]}`), "MalformedPolicy")
	if err := put(`{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::paws","arn:aws:s3:::paws/*"]}]}`); err != nil {
		t.Fatal(err)
	}
	_, err = w.ListObjects(ctx(), &sdk.ListObjectsInput{Bucket: &b})
	w.refused("locked out", err, "AccessDenied")
	ok[*sdk.DeleteBucketPolicyOutput](w)(w.DeleteBucketPolicy(ctx(), &sdk.DeleteBucketPolicyInput{Bucket: &b})) // the root can always mend it
	w.get(b, "b")
}

func TestOwnershipTurnsACLsOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.make("paws")
	_, err := w.GetBucketOwnershipControls(ctx(), &sdk.GetBucketOwnershipControlsInput{Bucket: &b})
	w.refused("none", err, "OwnershipControlsNotFoundError")
	ok[*sdk.PutBucketOwnershipControlsOutput](w)(w.PutBucketOwnershipControls(ctx(), &sdk.PutBucketOwnershipControlsInput{Bucket: &b, OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}}}}))
	_, err = w.PutBucketAcl(ctx(), &sdk.PutBucketAclInput{Bucket: &b, ACL: "public-read"})
	w.refused("bucket list", err, "AccessControlListNotSupported")
	_, err = w.PutObject(ctx(), &sdk.PutObjectInput{Bucket: &b, Key: aws.String("k"), Body: strings.NewReader("x"), ACL: "public-read"})
	w.refused("object list", err, "AccessControlListNotSupported")
	b2 := w.make("claws")
	ok[*sdk.PutPublicAccessBlockOutput](w)(w.PutPublicAccessBlock(ctx(), &sdk.PutPublicAccessBlockInput{Bucket: &b2, PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true), BlockPublicPolicy: aws.Bool(true)}}))
	_, err = w.PutBucketAcl(ctx(), &sdk.PutBucketAclInput{Bucket: &b2, ACL: "public-read"})
	w.refused("blocked list", err, "AccessDenied")
	_, err = w.PutBucketPolicy(ctx(), &sdk.PutBucketPolicyInput{Bucket: &b2, Policy: aws.String(`{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::claws/*"}}`)})
	w.refused("blocked policy", err, "AccessDenied")
}

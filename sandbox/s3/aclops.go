package s3

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

func getBucketAcl(q *call, _ *s3.GetBucketAclInput) (*s3.GetBucketAclOutput, error) {
	return &s3.GetBucketAclOutput{Owner: owner(q.bucket.acl.account), Grants: q.bucket.acl.grants}, nil
}

func putBucketAcl(q *call, in *s3.PutBucketAclInput) (*s3.PutBucketAclOutput, error) {
	b := q.bucket
	if b.ownership == types.ObjectOwnershipBucketOwnerEnforced && in.ACL != types.BucketCannedACLPrivate {
		return nil, aclsOff()
	}
	h := grantHeaders{full: in.GrantFullControl, read: in.GrantRead, readACP: in.GrantReadACP, write: in.GrantWrite, writeACP: in.GrantWriteACP}
	if in.ACL == "" && h == (grantHeaders{}) && in.AccessControlPolicy == nil {
		return nil, wire.Errorf("MissingSecurityHeader", http.StatusBadRequest, "Your request was missing a required header").With("MissingHeaderName", "x-amz-acl")
	}
	list, err := q.requestedACL(string(in.ACL), h, in.AccessControlPolicy, b.account, "")
	if err != nil {
		return nil, err
	}
	if q.blocksPublic(list) {
		return nil, denied()
	}
	b.acl = list
	return nil, nil
}

// blocksPublic reports whether the bucket refuses lists that open it to all.
func (q *call) blocksPublic(list acl) bool {
	block, ok := q.bucket.configs[kindPublicAccess].(*types.PublicAccessBlockConfiguration)
	if !ok || !aws.ToBool(block.BlockPublicAcls) {
		return false
	}
	for _, g := range list.grants {
		if uri := aws.ToString(g.Grantee.URI); uri == allUsers || uri == authenticated {
			return true
		}
	}
	return false
}

func getObjectAcl(q *call, in *s3.GetObjectAclInput) (*s3.GetObjectAclOutput, error) {
	v, err := q.bucket.find(aws.ToString(in.Key), aws.ToString(in.VersionId))
	if err != nil {
		return nil, err
	}
	return &s3.GetObjectAclOutput{Owner: owner(v.acl.account), Grants: v.acl.grants}, nil
}

func putObjectAcl(q *call, in *s3.PutObjectAclInput) (*s3.PutObjectAclOutput, error) {
	v, err := q.bucket.find(aws.ToString(in.Key), aws.ToString(in.VersionId))
	if err != nil {
		return nil, err
	}
	if q.bucket.ownership == types.ObjectOwnershipBucketOwnerEnforced {
		return nil, aclsOff()
	}
	h := grantHeaders{full: in.GrantFullControl, read: in.GrantRead, readACP: in.GrantReadACP, write: in.GrantWrite, writeACP: in.GrantWriteACP}
	if in.ACL == "" && h == (grantHeaders{}) && in.AccessControlPolicy == nil {
		return nil, wire.Errorf("MissingSecurityHeader", http.StatusBadRequest, "Your request was missing a required header").With("MissingHeaderName", "x-amz-acl")
	}
	list, err := q.requestedACL(string(in.ACL), h, in.AccessControlPolicy, v.acl.account, q.bucket.account)
	if err != nil {
		return nil, err
	}
	if q.blocksPublic(list) {
		return nil, denied()
	}
	v.acl = list
	return nil, nil
}

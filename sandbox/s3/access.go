package s3

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// bucketPermissions are the actions that a bucket's access list can grant to
// others, objectPermissions those that an object's can.
var (
	bucketPermissions = map[string]types.Permission{
		"s3:ListBucket":                 types.PermissionRead,
		"s3:ListBucketVersions":         types.PermissionRead,
		"s3:ListBucketMultipartUploads": types.PermissionRead,
		"s3:PutObject":                  types.PermissionWrite,
		"s3:DeleteObject":               types.PermissionWrite,
		"s3:GetBucketAcl":               types.PermissionReadAcp,
		"s3:PutBucketAcl":               types.PermissionWriteAcp,
	}
	objectPermissions = map[string]types.Permission{
		"s3:GetObject":    types.PermissionRead,
		"s3:GetObjectAcl": types.PermissionReadAcp,
		"s3:PutObjectAcl": types.PermissionWriteAcp,
	}
)

// allowed decides whether the caller may do action: what the bucket's policy
// denies, nobody may; then the owner may, whom the policy allows, and whom an
// access list grants it.
func (q *call) allowed(b *bucket, action, key string) bool {
	resource := "arn:aws:s3:::" + b.name
	if key != "" {
		resource += "/" + key
	}
	deny, allow := q.judge(b, action, resource)
	if deny && !(q.isRoot(b) && strings.HasSuffix(action, "BucketPolicy")) {
		return false
	}
	if q.owns(b) || allow {
		return true
	}
	if b.ownership == types.ObjectOwnershipBucketOwnerEnforced {
		return false
	}
	if p, ok := bucketPermissions[action]; ok && b.acl.permits(q.caller, p) {
		return true
	}
	if p, ok := objectPermissions[action]; ok && key != "" {
		if v := b.objects[key]; v != nil {
			return v.acl.permits(q.caller, p)
		}
	}
	return false
}

func (q *call) owns(b *bucket) bool { return !q.caller.Anonymous() && q.account() == b.account }

// isRoot is the account itself, which can always mend a policy that denies all.
func (q *call) isRoot(b *bucket) bool {
	return q.owns(b) && strings.HasSuffix(q.caller.UserARN, ":root")
}

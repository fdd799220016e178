package s3

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/policy"
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
		"s3:GetObject":           types.PermissionRead,
		"s3:GetObjectVersion":    types.PermissionRead,
		"s3:GetObjectAcl":        types.PermissionReadAcp,
		"s3:GetObjectVersionAcl": types.PermissionReadAcp,
		"s3:PutObjectAcl":        types.PermissionWriteAcp,
		"s3:PutObjectVersionAcl": types.PermissionWriteAcp,
	}
)

// versioned are the actions that have another name upon one version.
var versioned = map[string]string{
	"s3:GetObject": "s3:GetObjectVersion", "s3:GetObjectAcl": "s3:GetObjectVersionAcl", "s3:GetObjectTagging": "s3:GetObjectVersionTagging",
	"s3:GetObjectAttributes": "s3:GetObjectVersionAttributes",
	"s3:PutObjectAcl":        "s3:PutObjectVersionAcl", "s3:PutObjectTagging": "s3:PutObjectVersionTagging",
	"s3:DeleteObject": "s3:DeleteObjectVersion", "s3:DeleteObjectTagging": "s3:DeleteObjectVersionTagging",
}

// onVersion is the action's name where a version is asked for by its id.
func onVersion(action string, id *string) string {
	if a := versioned[action]; a != "" && aws.ToString(id) != "" {
		return a
	}
	return action
}

// allowed reports whether the caller may do action.
func (q *call) allowed(b *bucket, action, key string) bool { return q.may(b, action, key) == nil }

// may decides whether the caller may do action: what the bucket's policy or
// one of his own denies, nobody may but the account itself, who can always
// mend the bucket's; then he may whom the policy allows, or one of his own
// where the bucket is his account's, or whom an access list grants it.
func (q *call) may(b *bucket, action, key string) error {
	resource := "arn:aws:s3:::" + b.name
	if key != "" {
		resource += "/" + key
	}
	v := b.objects[key]
	f := q.facts(v)
	deny, allow, direct := q.judge(b, action, resource, f)
	mine := q.owns(b)
	root := mine && q.isRoot()
	switch {
	case root && (!deny || strings.HasSuffix(action, "BucketPolicy")):
		return nil
	case deny && mine:
		return refusal(q.caller, action, resource, "with an explicit deny in a resource-based policy")
	case deny:
		return denied()
	case q.caller.Anonymous() || root || q.isRoot():
		if allow || q.granted(b, v, action, key) {
			return nil
		}
		return denied()
	}
	verdict := q.identity(action, resource, f)
	switch {
	case verdict.Denied && mine:
		return refusal(q.caller, action, resource, verdict.Why)
	case mine && (verdict.Allowed || direct), !mine && allow && verdict.Allowed, !verdict.Denied && q.granted(b, v, action, key):
		return nil
	case mine:
		return refusal(q.caller, action, resource, verdict.Why)
	}
	return denied()
}

// identity asks the caller's own policies.
func (q *call) identity(action, resource string, f policy.Facts) policy.Verdict {
	if q.c.Identity == nil || q.isRoot() {
		return policy.Verdict{Allowed: true}
	}
	return q.c.Identity.Judge(q.ctx, q.caller, action, resource, f)
}

// granted asks the access lists. They know accounts: to the users of the
// bucket's own they give what they give to all.
func (q *call) granted(b *bucket, v *version, action, key string) bool {
	if b.ownership == types.ObjectOwnershipBucketOwnerEnforced {
		return false
	}
	caller := q.caller
	if q.owns(b) && !q.isRoot() {
		caller.AccountID = ""
	}
	if p, ok := bucketPermissions[action]; ok && b.acl.permits(caller, p) {
		return true
	}
	p, ok := objectPermissions[action]
	return ok && key != "" && v != nil && v.acl.permits(caller, p)
}

func (q *call) owns(b *bucket) bool { return !q.caller.Anonymous() && q.account() == b.account }

// isRoot is the account itself, and not a user or role of it.
func (q *call) isRoot() bool {
	return !q.caller.Anonymous() && (q.caller.UserARN == "" || strings.HasSuffix(q.caller.UserARN, ":root"))
}

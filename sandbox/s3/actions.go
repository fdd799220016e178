package s3

import (
	"strings"

	"pawsh/sandbox/core"
)

// objectActions are the actions of policies that are about objects, without
// their s3:.
var objectActions = strings.Fields(`
AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectTagging DeleteObjectVersion DeleteObjectVersionTagging
GetObject GetObjectAcl GetObjectAttributes GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectTorrent
GetObjectVersion GetObjectVersionAcl GetObjectVersionAttributes GetObjectVersionForReplication GetObjectVersionTagging GetObjectVersionTorrent
InitiateReplication ListMultipartUploadParts ObjectOwnerOverrideToBucketOwner
PutObject PutObjectAcl PutObjectLegalHold PutObjectRetention PutObjectTagging PutObjectVersionAcl PutObjectVersionTagging
ReplicateDelete ReplicateObject ReplicateTags RestoreObject`)

// bucketActions are those that are about buckets.
var bucketActions = strings.Fields(`
CreateBucket DeleteBucket DeleteBucketPolicy DeleteBucketWebsite DeleteBucketOwnershipControls
GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging GetBucketNotification
GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus GetBucketPublicAccessBlock GetBucketRequestPayment
GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration GetIntelligentTieringConfiguration GetInventoryConfiguration
GetLifecycleConfiguration GetMetricsConfiguration GetReplicationConfiguration
ListBucket ListBucketMultipartUploads ListBucketVersions
PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketAcl PutBucketCORS PutBucketLogging PutBucketNotification
PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketRequestPayment PutBucketTagging
PutBucketVersioning PutBucketWebsite PutEncryptionConfiguration PutIntelligentTieringConfiguration PutInventoryConfiguration
PutLifecycleConfiguration PutMetricsConfiguration PutReplicationConfiguration`)

// anyAction reports whether a pattern such as s3:Get* takes in one of list.
func anyAction(pattern string, list []string) bool {
	rest, ok := strings.CutPrefix(strings.ToLower(pattern), "s3:")
	if pattern == "*" {
		return true
	}
	if !ok {
		return false
	}
	for _, a := range list {
		if core.Match(rest, strings.ToLower(a)) {
			return true
		}
	}
	return false
}

func matchOne(pattern, s string) bool { return core.Match(pattern, s) }

var (
	listing  = []string{"ListBucket", "ListBucketVersions"}
	granting = []string{"PutObject", "PutObjectAcl", "PutObjectVersionAcl", "PutBucketAcl", "CreateBucket"}
	storing  = []string{"PutObject"}
	tagging  = []string{"PutObject", "PutObjectTagging", "PutObjectVersionTagging"}
	ofOne    = []string{"GetObjectVersion", "GetObjectVersionAcl", "GetObjectVersionAttributes", "GetObjectVersionTagging", "GetObjectVersionTorrent",
		"DeleteObjectVersion", "DeleteObjectVersionTagging", "PutObjectVersionAcl", "PutObjectVersionTagging"}
)

// conditionKeys are the keys that conditions of a bucket's policy may ask
// for, in lower case, and the actions that know them: nil is all. Those that
// end in a slash are followed by a name.
var conditionKeys = map[string][]string{
	"aws:calledvia": nil, "aws:currenttime": nil, "aws:epochtime": nil, "aws:multifactorauthage": nil, "aws:multifactorauthpresent": nil,
	"aws:principalaccount": nil, "aws:principalarn": nil, "aws:principalisawsservice": nil, "aws:principalorgid": nil, "aws:principalorgpaths": nil,
	"aws:principalservicename": nil, "aws:principaltag/": nil, "aws:principaltype": nil, "aws:referer": nil, "aws:requestedregion": nil,
	"aws:requesttag/": nil, "aws:resourceaccount": nil, "aws:resourcetag/": nil, "aws:securetransport": nil, "aws:sourceaccount": nil,
	"aws:sourcearn": nil, "aws:sourceip": nil, "aws:sourcevpc": nil, "aws:sourcevpce": nil, "aws:tagkeys": nil, "aws:tokenissuetime": nil,
	"aws:useragent": nil, "aws:userid": nil, "aws:username": nil, "aws:viaawsservice": nil, "aws:vpcsourceip": nil,
	"s3:authtype": nil, "s3:resourceaccount": nil, "s3:signatureage": nil, "s3:signatureversion": nil, "s3:tlsversion": nil, "s3:x-amz-content-sha256": nil,
	"s3:dataaccesspointaccount": nil, "s3:dataaccesspointarn": nil, "s3:accesspointnetworkorigin": nil,
	"s3:prefix": listing, "s3:delimiter": listing, "s3:max-keys": listing, "s3:locationconstraint": {"CreateBucket"}, "s3:versionid": ofOne,
	"s3:existingobjecttag/": nil, "s3:requestobjecttag/": tagging, "s3:requestobjecttagkeys": tagging,
	"s3:x-amz-acl": granting, "s3:x-amz-grant-full-control": granting, "s3:x-amz-grant-read": granting, "s3:x-amz-grant-read-acp": granting,
	"s3:x-amz-grant-write": granting, "s3:x-amz-grant-write-acp": granting, "s3:x-amz-object-ownership": {"CreateBucket", "PutBucketOwnershipControls"},
	"s3:x-amz-copy-source": storing, "s3:x-amz-metadata-directive": storing, "s3:x-amz-server-side-encryption": storing,
	"s3:x-amz-server-side-encryption-aws-kms-key-id": storing, "s3:x-amz-server-side-encryption-customer-algorithm": storing,
	"s3:x-amz-storage-class": storing, "s3:x-amz-website-redirect-location": storing, "s3:if-match": storing, "s3:if-none-match": storing,
	"s3:object-lock-mode": nil, "s3:object-lock-legal-hold": nil, "s3:object-lock-retain-until-date": nil, "s3:object-lock-remaining-retention-days": nil,
}

package s3

import (
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"pawsh/sandbox/wire"
)

// Register makes c answer the operations of s that are built.
func (c *Cloud) Register(s *wire.Service) {
	s.Use(c.record)
	s.Use(c.happened)
	c.registerBuckets(s)
	c.registerObjects(s)
	c.registerConfigs(s)
}

func (c *Cloud) registerBuckets(s *wire.Service) {
	handle(s, c, "ListBuckets", reads, "s3:ListAllMyBuckets", listBuckets)
	handle(s, c, "CreateBucket", writes, actionCreateBucket, createBucket)
	handle(s, c, "HeadBucket", reads, "s3:ListBucket", headBucket)
	handle(s, c, "DeleteBucket", writes, "s3:DeleteBucket", deleteBucket)
	handle(s, c, "GetBucketLocation", reads, "s3:GetBucketLocation", getBucketLocation)
	handle(s, c, "ListObjects", reads, "s3:ListBucket", listObjects)
	handle(s, c, "ListObjectsV2", reads, "s3:ListBucket", listObjectsV2)
	handle(s, c, "ListObjectVersions", reads, "s3:ListBucketVersions", listObjectVersions)
	handle(s, c, "ListMultipartUploads", reads, "s3:ListBucketMultipartUploads", listMultipartUploads)
	handle(s, c, "GetBucketAcl", reads, "s3:GetBucketAcl", getBucketAcl)
	handle(s, c, "PutBucketAcl", writes, "s3:PutBucketAcl", putBucketAcl)
	handle(s, c, "GetBucketPolicy", reads, "s3:GetBucketPolicy", getBucketPolicy)
	handle(s, c, "GetBucketPolicyStatus", reads, "s3:GetBucketPolicyStatus", getBucketPolicyStatus)
	handle(s, c, "PutBucketPolicy", writes, "s3:PutBucketPolicy", putBucketPolicy)
	handle(s, c, "DeleteBucketPolicy", writes, "s3:DeleteBucketPolicy", deleteBucketPolicy)
	handle(s, c, "GetBucketVersioning", reads, "s3:GetBucketVersioning", getBucketVersioning)
	handle(s, c, "PutBucketVersioning", writes, "s3:PutBucketVersioning", putBucketVersioning)
}

func (c *Cloud) registerObjects(s *wire.Service) {
	handle(s, c, "PutObject", free, "s3:PutObject", putObject)
	// Whether an object may be read is asked once it is found: a missing one
	// is told to those only who may list.
	handle(s, c, "GetObject", reads, actionLook, getObject)
	handle(s, c, "HeadObject", reads, actionLook, headObject)
	handle(s, c, "CopyObject", free, "s3:PutObject", copyObject)
	handle(s, c, "DeleteObject", writes, "s3:DeleteObject", deleteObject)
	// Each key is asked about by itself.
	handle(s, c, "DeleteObjects", writes, actionLook, deleteObjects)
	handle(s, c, "GetObjectAttributes", reads, "s3:GetObjectAttributes", getObjectAttributes)
	handle(s, c, "RestoreObject", writes, "s3:RestoreObject", restoreObject)
	handle(s, c, "GetObjectRetention", reads, "s3:GetObjectRetention", getRetention)
	handle(s, c, "PutObjectRetention", writes, "s3:PutObjectRetention", putRetention)
	handle(s, c, "GetObjectLegalHold", reads, "s3:GetObjectLegalHold", getLegalHold)
	handle(s, c, "PutObjectLegalHold", writes, "s3:PutObjectLegalHold", putLegalHold)
	handle(s, c, "GetObjectAcl", reads, "s3:GetObjectAcl", getObjectAcl)
	handle(s, c, "PutObjectAcl", writes, "s3:PutObjectAcl", putObjectAcl)
	handle(s, c, "GetObjectTagging", reads, "s3:GetObjectTagging", getObjectTagging)
	handle(s, c, "PutObjectTagging", writes, "s3:PutObjectTagging", putObjectTagging)
	handle(s, c, "DeleteObjectTagging", writes, "s3:DeleteObjectTagging", deleteObjectTagging)
	handle(s, c, "CreateMultipartUpload", writes, "s3:PutObject", createMultipartUpload)
	handle(s, c, "UploadPart", free, "s3:PutObject", uploadPart)
	handle(s, c, "UploadPartCopy", free, "s3:PutObject", uploadPartCopy)
	handle(s, c, "ListParts", reads, "s3:ListMultipartUploadParts", listParts)
	handle(s, c, "CompleteMultipartUpload", free, "s3:PutObject", completeMultipartUpload)
	handle(s, c, "AbortMultipartUpload", writes, "s3:AbortMultipartUpload", abortMultipartUpload)
}

func (c *Cloud) registerConfigs(s *wire.Service) {
	handle(s, c, "GetBucketLifecycleConfiguration", reads, "s3:GetLifecycleConfiguration", getLifecycle)
	handle(s, c, "PutBucketLifecycleConfiguration", writes, "s3:PutLifecycleConfiguration", putLifecycle)
	handle(s, c, "DeleteBucketLifecycle", writes, "s3:PutLifecycleConfiguration", dropConfig[s3.DeleteBucketLifecycleInput, s3.DeleteBucketLifecycleOutput](kindLifecycle))
	handle(s, c, "GetObjectLockConfiguration", reads, "s3:GetBucketObjectLockConfiguration", getObjectLock)
	handle(s, c, "PutObjectLockConfiguration", writes, "s3:PutBucketObjectLockConfiguration", putObjectLock)
	handle(s, c, "GetBucketLogging", reads, "s3:GetBucketLogging", getLogging)
	handle(s, c, "PutBucketLogging", writes, "s3:PutBucketLogging", putLogging)
	handle(s, c, "GetBucketWebsite", reads, "s3:GetBucketWebsite", getWebsite)
	handle(s, c, "PutBucketWebsite", writes, "s3:PutBucketWebsite", putWebsite)
	handle(s, c, "DeleteBucketWebsite", writes, "s3:DeleteBucketWebsite", dropConfig[s3.DeleteBucketWebsiteInput, s3.DeleteBucketWebsiteOutput](kindWebsite))
	handle(s, c, "GetBucketCors", reads, "s3:GetBucketCORS", getCORS)
	handle(s, c, "PutBucketCors", writes, "s3:PutBucketCORS", putCORS)
	handle(s, c, "DeleteBucketCors", writes, "s3:PutBucketCORS", dropConfig[s3.DeleteBucketCorsInput, s3.DeleteBucketCorsOutput](kindCORS))
	handle(s, c, "GetBucketTagging", reads, "s3:GetBucketTagging", getBucketTagging)
	handle(s, c, "PutBucketTagging", writes, "s3:PutBucketTagging", putBucketTagging)
	handle(s, c, "DeleteBucketTagging", writes, "s3:PutBucketTagging", dropConfig[s3.DeleteBucketTaggingInput, s3.DeleteBucketTaggingOutput](kindTagging))
	handle(s, c, "GetBucketNotificationConfiguration", reads, "s3:GetBucketNotification", getNotification)
	handle(s, c, "PutBucketNotificationConfiguration", writes, "s3:PutBucketNotification", putNotification)
	handle(s, c, "GetBucketOwnershipControls", reads, "s3:GetBucketOwnershipControls", getOwnership)
	handle(s, c, "PutBucketOwnershipControls", writes, "s3:PutBucketOwnershipControls", putOwnership)
	handle(s, c, "DeleteBucketOwnershipControls", writes, "s3:PutBucketOwnershipControls", deleteOwnership)
	handle(s, c, "GetPublicAccessBlock", reads, "s3:GetBucketPublicAccessBlock", getPublicAccessBlock)
	handle(s, c, "PutPublicAccessBlock", writes, "s3:PutBucketPublicAccessBlock", putPublicAccessBlock)
	handle(s, c, "DeletePublicAccessBlock", writes, "s3:PutBucketPublicAccessBlock", dropConfig[s3.DeletePublicAccessBlockInput, s3.DeletePublicAccessBlockOutput](kindPublicAccess))
	handle(s, c, "GetBucketEncryption", reads, "s3:GetEncryptionConfiguration", getEncryption)
	handle(s, c, "PutBucketEncryption", writes, "s3:PutEncryptionConfiguration", putEncryption)
	handle(s, c, "DeleteBucketEncryption", writes, "s3:PutEncryptionConfiguration", dropConfig[s3.DeleteBucketEncryptionInput, s3.DeleteBucketEncryptionOutput](kindEncryption))
	handle(s, c, "GetBucketRequestPayment", reads, "s3:GetBucketRequestPayment", getPayment)
	handle(s, c, "PutBucketRequestPayment", writes, "s3:PutBucketRequestPayment", putPayment)
	handle(s, c, "GetBucketAccelerateConfiguration", reads, "s3:GetAccelerateConfiguration", getAccelerate)
	handle(s, c, "PutBucketAccelerateConfiguration", writes, "s3:PutAccelerateConfiguration", putAccelerate)
}

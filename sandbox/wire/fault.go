package wire

import (
	"fmt"
	"time"
)

// fault is what is wrong with a signature, before a service says it in its own
// words.
type fault struct {
	kind        faultKind
	detail      string // never a secret
	signed, now time.Time
	lasts       time.Duration // of a presigned request
	s3          *Error        // what S3 says, where that is of its own
}

type faultKind int

const (
	faultMissing      faultKind = iota // no signature where one is needed
	faultUnsupported                   // a scheme that nobody speaks
	faultMalformed                     // a signature with parts missing
	faultUnknownKey                    // detail is the access key id
	faultMismatch                      // signed with another secret, or altered
	faultSkewed                        // signed too long ago, or ahead
	faultExpired                       // a presigned request after its time
	faultToken                         // session token missing or wrong
	faultTokenExpired                  // session ended
	faultScope                         // signed for another service
)

func (f fault) Error() string { return fmt.Sprintf("signature fault %d: %s", f.kind, f.detail) }

const (
	textMismatch   = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
	textMismatchS3 = "The request signature we calculated does not match the signature you provided. Check your key and signing method."
	textBadToken   = "The security token included in the request is invalid."
)

const stampFormat = "20060102T150405Z"

// said puts a fault into the words of a service.
func (f fault) said(fl flavor) *Error {
	switch fl {
	case flavorEC2:
		return f.saidEC2()
	case flavorREST:
		return f.saidS3()
	}
	return f.saidQuery()
}

func (f fault) saidEC2() *Error {
	switch f.kind {
	case faultUnknownKey, faultToken:
		return Errorf("AuthFailure", 401, "AWS was not able to validate the provided access credentials")
	case faultSkewed, faultExpired, faultTokenExpired:
		return Errorf("RequestExpired", 400, "Request has expired.")
	}
	return f.saidQuery()
}

func (f fault) saidQuery() *Error {
	switch f.kind {
	case faultMissing, faultUnsupported:
		return Errorf("MissingAuthenticationToken", 403, "Request is missing Authentication Token")
	case faultMalformed:
		return Errorf("IncompleteSignature", 400, "%s", f.detail)
	case faultUnknownKey, faultToken:
		return Errorf("InvalidClientTokenId", 403, textBadToken)
	case faultSkewed, faultExpired:
		return Errorf("SignatureDoesNotMatch", 403, "%s", f.skewText())
	case faultTokenExpired:
		return Errorf("ExpiredToken", 403, "The security token included in the request is expired")
	case faultScope:
		return Errorf("SignatureDoesNotMatch", 403, "Credential should be scoped to correct service: '%s'.", f.detail)
	}
	return Errorf("SignatureDoesNotMatch", 403, textMismatch)
}

// skewText names the times, as AWS does.
func (f fault) skewText() string {
	at := f.now.UTC().Format(stampFormat)
	if f.signed.After(f.now) {
		return fmt.Sprintf("Signature not yet current: %s is still later than %s (%s + 15 min.)",
			f.signed.UTC().Format(stampFormat), f.now.Add(MaxSkew).UTC().Format(stampFormat), at)
	}
	return fmt.Sprintf("Signature expired: %s is now earlier than %s (%s - 15 min.)",
		f.signed.UTC().Format(stampFormat), f.now.Add(-MaxSkew).UTC().Format(stampFormat), at)
}

func (f fault) saidS3() *Error {
	if f.s3 != nil {
		return f.s3
	}
	switch f.kind {
	case faultMissing:
		return Errorf("AccessDenied", 403, "Access Denied")
	case faultUnsupported:
		if f.detail == "" {
			return Errorf("InvalidArgument", 400, "Authorization header is invalid -- one and only one ' ' (space) required").With("ArgumentName", "Authorization")
		}
		return Errorf("InvalidArgument", 400, "Unsupported Authorization Type").With("ArgumentName", "Authorization").With("ArgumentValue", f.detail)
	case faultMalformed:
		return Errorf("AuthorizationHeaderMalformed", 400, "The authorization header is malformed; %s", f.detail)
	case faultUnknownKey:
		return Errorf("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records.").With("AWSAccessKeyId", f.detail)
	case faultSkewed:
		return Errorf("RequestTimeTooSkewed", 403, "The difference between the request time and the current time is too large.").
			With("RequestTime", f.signed.UTC().Format(stampFormat)).
			With("ServerTime", f.now.UTC().Format("2006-01-02T15:04:05Z")).
			With("MaxAllowedSkewMilliseconds", fmt.Sprint(MaxSkew.Milliseconds()))
	case faultExpired:
		return Errorf("AccessDenied", 403, "Request has expired").
			With("X-Amz-Expires", fmt.Sprint(int64(f.lasts/time.Second))).
			With("Expires", f.signed.UTC().Format("2006-01-02T15:04:05Z")).
			With("ServerTime", f.now.UTC().Format("2006-01-02T15:04:05Z"))
	case faultToken:
		return Errorf("InvalidToken", 400, "The provided token is malformed or otherwise invalid.")
	case faultTokenExpired:
		return Errorf("ExpiredToken", 400, "The provided token has expired.")
	}
	return Errorf("SignatureDoesNotMatch", 403, textMismatchS3)
}

// jsonShapes are the names that awsJson and rpcv2Cbor services give to faults
// of the signature, beside the code they would have in a query.
var jsonShapes = map[string]string{
	"MissingAuthenticationToken": "MissingAuthenticationTokenException",
	"IncompleteSignature":        "IncompleteSignatureException",
	"InvalidClientTokenId":       "UnrecognizedClientException",
	"SignatureDoesNotMatch":      "InvalidSignatureException",
	"ExpiredToken":               "ExpiredTokenException",
	"InvalidAction":              "UnknownOperationException",
}

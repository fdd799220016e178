package session

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Code is the code AWS gave an error, such as InvalidKeyPair.NotFound; "" when
// AWS gave none. A bare 404 of S3's HEAD has the code NotFound.
//
// Example: _, err := s3.GetBucket("gone"); session.Code(err)
func Code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// StatusCode is the HTTP status of a failed call, 0 when there was no answer.
//
// Example: _, err := s3.GetBucket("gone"); session.StatusCode(err)
func StatusCode(err error) int {
	var resp *smithyhttp.ResponseError
	if errors.As(err, &resp) {
		return resp.HTTPStatusCode()
	}
	return 0
}

// Explain says in a line what went wrong, with AWS's code, message and request
// id, and in another what can be done; hint is "" when nothing is known.
//
// Example: _, err := s3.GetBucket("gone"); summary, hint := session.Explain(err)
func Explain(err error) (summary, hint string) {
	if err == nil {
		return "", ""
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		return explainAPI(err, api)
	}
	return explainLocal(err)
}

func explainAPI(err error, api smithy.APIError) (summary, hint string) {
	code := api.ErrorCode()
	message, _, _ := strings.Cut(withoutSigned(api.ErrorMessage()), encodedMark)
	message = strings.TrimSpace(message)
	summary = code
	if message != "" && message != code {
		summary += ": " + message
	}
	var op *smithy.OperationError
	if errors.As(err, &op) {
		summary = strings.ToLower(op.Service()) + " " + op.Operation() + ": " + summary
	}
	if status := StatusCode(err); status != 0 {
		summary += fmt.Sprintf(" (HTTP %d", status)
		if id := requestID(err); id != "" {
			summary += ", request id " + id
		}
		summary += ")"
	}
	return oneLine(summary), hintFor(err, code, message, StatusCode(err))
}

// withoutSigned takes out of a service's message the request it was signed as,
// which AWS repeats when a signature does not agree: a session token is in it.
func withoutSigned(message string) string {
	message, _, _ = strings.Cut(message, "The Canonical String for this request")
	return strings.TrimSpace(message)
}

func requestID(err error) string {
	var resp *awshttp.ResponseError
	if errors.As(err, &resp) {
		return resp.ServiceRequestID()
	}
	return ""
}

// hints by AWS's code.
var hints = map[string]string{
	"AccessDenied":                                hintDenied,
	"AccessDeniedException":                       hintDenied,
	"UnauthorizedOperation":                       hintDenied,
	"AuthorizationError":                          hintDenied,
	"Forbidden":                                   hintDenied,
	"ExpiredToken":                                hintExpired,
	"ExpiredTokenException":                       hintExpired,
	"RequestExpired":                              hintExpired,
	"TokenRefreshRequired":                        hintExpired,
	"RequestTimeTooSkewed":                        hintClock,
	"SignatureDoesNotMatch":                       "the secret key does not belong to the access key, or was copied with an error",
	"InvalidSignatureException":                   "the secret key does not belong to the access key, or the clock is wrong",
	"IncompleteSignature":                         "the access key or the region holds characters that do not belong there",
	"InvalidAccessKeyId":                          hintKey,
	"InvalidClientTokenId":                        hintKey,
	"UnrecognizedClientException":                 hintKey,
	"AuthFailure":                                 hintKey,
	"OptInRequired":                               "the account must first be signed up for this service or region",
	"PermanentRedirect":                           hintRegion,
	"AuthorizationHeaderMalformed":                hintRegion,
	"IllegalLocationConstraintException":          "the bucket's location must be the connection's region; give CreateBucket a Location option, or connect to that region",
	"NoSuchKey":                                   "bucket.Lookup(name) tells whether a key is there; bucket.List() walks the names",
	"NoSuchBucket":                                "s3.GetAllBuckets() lists the buckets there are",
	"NotFound":                                    "nothing of that name is there; bucket names are global, key names are exact to the letter",
	"BucketAlreadyExists":                         "bucket names are shared by all accounts: choose another",
	"BucketNotEmpty":                              "delete its keys first: for key := range bucket.List() { key.Delete() }",
	"Throttling":                                  hintThrottle,
	"ThrottlingException":                         hintThrottle,
	"RequestLimitExceeded":                        hintThrottle,
	"TooManyRequestsException":                    hintThrottle,
	"SlowDown":                                    hintThrottle,
	"InvalidKeyPair.NotFound":                     "ec2.GetAllKeyPairs() lists the key pairs of this region",
	"InvalidKeyPair.Duplicate":                    "a key pair of that name exists in this region; take another name or delete that one",
	"InvalidGroup.NotFound":                       "ec2.GetAllSecurityGroups() lists the groups of this region",
	"InvalidPermission.Duplicate":                 "the group has that rule already: nothing to do",
	"InvalidInstanceID.NotFound":                  "ec2.GetAllInstances() lists the instances of this region; a new one may need a moment",
	"InvalidInstanceID.Malformed":                 "an instance id looks like i-0123456789abcdef0",
	"InvalidAMIID.NotFound":                       "image ids differ from region to region",
	"InvalidAMIID.Malformed":                      "an image id looks like ami-0123456789abcdef0",
	"DryRunOperation":                             "the call would have succeeded; nothing was done",
	"NotImplemented":                              "this endpoint does not have that operation",
	"InvalidAction":                               "this endpoint does not know that operation",
	"AWS.SimpleQueueService.QueueDeletedRecently": "a queue's name is free again 60 seconds after it was deleted",
	"InternalError":                               hintServer,
	"InternalFailure":                             hintServer,
	"ServiceUnavailable":                          hintServer,
}

const (
	hintDenied   = "the credentials are good, but their policies do not allow this; iam policies name the action, and :config shows as whom you are connected"
	hintExpired  = "the temporary credentials have expired: get new ones (aws sso login, or assume the role again) and connect again"
	hintClock    = "this machine's clock is more than a few minutes off: set it, and try again"
	hintKey      = "AWS does not know this access key: see with :config where it came from"
	hintRegion   = "the bucket is in another region: connect to that one"
	hintThrottle = "too many requests in a short time: wait, then go on more slowly"
	hintServer   = "a fault on the server's side: try again in a moment"
)

func hintFor(err error, code, message string, status int) string {
	switch {
	// AWS says with one code that the clock is off and that the keys are wrong.
	case strings.Contains(strings.ToLower(message), "not yet current") || strings.Contains(strings.ToLower(message), "signature expired"):
		return clockHint(err)
	case hints[code] == hintClock:
		return clockHint(err)
	case hints[code] == hintRegion || status == 301:
		return regionHint(err, message)
	case isDenied(code, status):
		d, _ := Denied(err)
		return d.hint()
	case hints[code] == hintKey || code == "OptInRequired":
		if hint := optInHint(err); hint != "" {
			return hint
		}
		return hints[code]
	case hints[code] != "":
		return hints[code]
	case strings.HasSuffix(code, ".NotFound") || strings.HasSuffix(code, "NonExistentQueue"):
		return "it is not in this region; :region shows and switches the region"
	case strings.HasSuffix(code, ".Malformed"):
		return "the id has not the form AWS gives ids"
	case strings.HasSuffix(code, "LimitExceeded"):
		return "a limit of the account is reached: free something, or ask AWS to raise it"
	case status >= 500:
		return hintServer
	}
	return ""
}

// explainLocal explains errors that AWS did not give: nothing was answered, or
// nothing was sent.
func explainLocal(err error) (summary, hint string) {
	var (
		none    *NoCredentialsError
		noHost  *NoHostError
		region  *UnknownRegionError
		profile *UnknownProfileError
		timeout *TimeoutError
		strange *StrangeAnswerError
		garbled *smithy.DeserializationError
		refused *RefusedError
		dry     *DryRunError
		signOn  *ssocreds.InvalidTokenError
		dns     *net.DNSError
		netErr  net.Error
	)
	switch {
	case errors.As(err, &none):
		option := "aws_access_key_id and aws_secret_access_key in [Credentials] of ~/.boto, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment"
		if none.For == "Google Cloud Storage" {
			option = "gs_access_key_id and gs_secret_access_key in [Credentials] of ~/.boto"
		} else if none.For != "AWS" {
			option = "euca_access_key_id and euca_secret_access_key in [Credentials] of ~/.boto"
		}
		return none.Error(), "set " + option
	case errors.As(err, &noHost):
		return noHost.Error(), fmt.Sprintf("add to [%s] of ~/.boto: %s = the host's name, or give the connection Host(name)", noHost.Section, noHost.Option)
	case errors.As(err, &refused):
		return refused.Error(), "nothing was sent"
	case errors.As(err, &dry):
		return dry.Error(), "nothing was sent: " + dry.Footprint.Service + " has no dry run of its own"
	case errors.As(err, &strange):
		return oneLine(strange.Error()), "check the endpoint (:config shows where it came from); a proxy or a network's sign-in page may stand in the way"
	case errors.As(err, &region):
		return region.Error(), fmt.Sprintf("try %q", region.Nearest)
	case errors.As(err, &profile):
		return profile.Error(), ":profile lists and switches profiles"
	case errors.Is(err, context.Canceled):
		return "cancelled", ""
	case errors.As(err, &signOn):
		return oneLine(signOn.Error()), "the single sign-on has expired: run aws sso login, then try again"
	case errors.As(err, &timeout):
		return timeout.Error(), "the server or the way to it is slow or gone; http_socket_timeout in [Boto] of ~/.boto sets the bound in seconds"
	case errors.Is(err, context.DeadlineExceeded):
		return "out of time: " + oneLine(innermost(err)), "--timeout and :timeout set how long a cell may take"
	case errors.As(err, &dns):
		return fmt.Sprintf("host %s is not known (%s)", dns.Name, dns.Err), "check the name of the host or the region, and that this machine is on the network"
	case errors.Is(err, syscall.ECONNREFUSED):
		return oneLine(innermost(err)), "nothing listens there: check the endpoint's host and port, and that the server runs"
	case connectionLost(err):
		return "connection ended by the server: " + oneLine(innermost(err)), "check that the endpoint speaks HTTP there (or HTTPS: see IsSecure), then try again"
	case errors.As(err, &garbled):
		return oneLine("the answer is none of this service's: " + garbled.Err.Error()), "check that the endpoint serves it (:config shows where it came from); :debug wire shows the answer"
	case errors.As(err, &netErr) && netErr.Timeout():
		return oneLine(innermost(err)), "the server or the way to it is slow or gone"
	}
	var send *smithyhttp.RequestSendError
	if errors.As(err, &send) {
		return oneLine(innermost(err)), "check the endpoint, and that it speaks HTTP there (or HTTPS: see IsSecure)"
	}
	return oneLine(err.Error()), ""
}

// innermost is the text of the last network error in the chain: the SDK wraps
// it in much that says nothing.
func innermost(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Error()
	}
	var send *smithyhttp.RequestSendError
	if errors.As(err, &send) {
		return send.Err.Error()
	}
	return err.Error()
}

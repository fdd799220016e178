package s3

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// S3's bounds on the configuration of a web site.
const (
	maxRoutingRules  = 50
	maxWebsiteConfig = 128 << 10
)

// siteErrors are the statuses that a routing rule can wait for.
var siteErrors = []int{400, 403, 404, 405, 409, 411, 412, 416, 500, 501, 502, 503, 504, 505}

func badRequest(format string, a ...any) error {
	return wire.Errorf("InvalidRequest", http.StatusBadRequest, format, a...)
}

func putWebsite(q *call, in *s3.PutBucketWebsiteInput) (*s3.PutBucketWebsiteOutput, error) {
	w := in.WebsiteConfiguration
	if r := wire.Request(q.ctx); r != nil && r.ContentLength > maxWebsiteConfig {
		return nil, wire.Errorf("MaxMessageLengthExceeded", http.StatusBadRequest, "Your request was too big.").With("MaxMessageLengthBytes", number(maxWebsiteConfig))
	}
	switch {
	case w == nil:
		return nil, malformedXML()
	case w.RedirectAllRequestsTo != nil && (w.IndexDocument != nil || w.ErrorDocument != nil || len(w.RoutingRules) > 0):
		return nil, malformedXML()
	case w.RedirectAllRequestsTo != nil && aws.ToString(w.RedirectAllRequestsTo.HostName) == "":
		return nil, malformedXML()
	case w.RedirectAllRequestsTo == nil && w.IndexDocument == nil:
		return nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty").With("ArgumentName", "IndexDocument")
	case w.IndexDocument != nil && (aws.ToString(w.IndexDocument.Suffix) == "" || strings.Contains(*w.IndexDocument.Suffix, "/")):
		return nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "The IndexDocument Suffix is not well formed").With("ArgumentName", "IndexDocument").With("ArgumentValue", aws.ToString(w.IndexDocument.Suffix))
	case w.ErrorDocument != nil && aws.ToString(w.ErrorDocument.Key) == "":
		return nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "The ErrorDocument Key is not well formed").With("ArgumentName", "ErrorDocument").With("ArgumentValue", "")
	case len(w.RoutingRules) > maxRoutingRules:
		return nil, badRequest("%d routing rules provided, the number of routing rules in a website configuration is limited to %d.", len(w.RoutingRules), maxRoutingRules)
	}
	if to := w.RedirectAllRequestsTo; to != nil {
		if err := checkProtocol(to.Protocol); err != nil {
			return nil, err
		}
	}
	for _, r := range w.RoutingRules {
		if err := checkRoutingRule(r); err != nil {
			return nil, err
		}
	}
	q.bucket.configs[kindWebsite] = w
	return nil, nil
}

func checkProtocol(p types.Protocol) error {
	if p != "" && !slices.Contains(p.Values(), p) {
		return badRequest("Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.")
	}
	return nil
}

func checkRoutingRule(r types.RoutingRule) error {
	to := r.Redirect
	if to == nil || *to == (types.Redirect{}) || r.Condition != nil && *r.Condition == (types.Condition{}) {
		return malformedXML()
	}
	if to.ReplaceKeyWith != nil && to.ReplaceKeyPrefixWith != nil {
		return badRequest("You can only define ReplaceKeyPrefix or ReplaceKey but not both.")
	}
	if err := checkProtocol(to.Protocol); err != nil {
		return err
	}
	if s := to.HttpRedirectCode; s != nil {
		n, err := strconv.Atoi(*s)
		if err != nil {
			return malformedXML()
		}
		if n <= 300 || n > 399 || n == 306 {
			return badRequest("The provided HTTP redirect code (%d) is not valid. Valid codes are 3XX except 300.", n)
		}
	}
	if r.Condition != nil && r.Condition.HttpErrorCodeReturnedEquals != nil {
		n, err := strconv.Atoi(*r.Condition.HttpErrorCodeReturnedEquals)
		if err != nil {
			return malformedXML()
		}
		if !slices.Contains(siteErrors, n) {
			return badRequest("The provided HTTP error code (%d) is not valid. Valid codes are 4XX or 5XX.", n)
		}
	}
	return nil
}

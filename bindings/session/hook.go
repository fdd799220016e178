package session

import (
	"context"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// SentRequest is what a hook is told of a request that was sent, each try on
// its own. It holds no secret.
type SentRequest struct {
	Service   string // "ec2"
	Operation string // "DescribeInstances"
	Region    string
	Method    string
	URL       string // signatures redacted
	Start     time.Time
	Took      time.Duration
	Status    int // HTTP's, 0 when no answer came
	RequestID string
	Err       error
}

// RequestHook is called after each request, on the goroutine that made it
// (boto: RequestHook).
type RequestHook func(SentRequest)

// SetRequestHook has hook called after each request that is sent through the
// target; nil ends that.
func (t *Target) SetRequestHook(hook RequestHook) {
	if hook == nil {
		t.hook.Store(nil)
		return
	}
	t.hook.Store(&hook)
}

func (t *Target) hooked() func(*middleware.Stack) error {
	return func(stack *middleware.Stack) error {
		operation := stack.ID()
		return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("pawsh:hook", func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			hook := t.hook.Load()
			if hook == nil {
				return next.HandleDeserialize(ctx, in)
			}
			r := SentRequest{Service: t.Service.Name, Operation: operation, Region: awsmiddleware.GetRegion(ctx), Start: t.env.opts.Now()}
			if req, ok := in.Request.(*smithyhttp.Request); ok {
				r.Method, r.URL = req.Method, redactURL(req.URL.String())
			}
			out, meta, err := next.HandleDeserialize(ctx, in)
			r.Took, r.Err = t.env.opts.Now().Sub(r.Start), err
			if resp, ok := out.RawResponse.(*smithyhttp.Response); ok {
				r.Status = resp.StatusCode
			}
			r.RequestID, _ = awsmiddleware.GetRequestIDMetadata(meta)
			(*hook)(r)
			return out, meta, err
		}), middleware.Before)
	}
}

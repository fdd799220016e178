package session

import (
	"context"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

type acceptEncodingKey struct{}

// unsignAcceptEncoding keeps Accept-Encoding out of the signature: Google's
// front ends change that header, and a signature over it then fails
// (TestGoogleStorageRequest).
func unsignAcceptEncoding(stack *middleware.Stack) error {
	const header, signing = "Accept-Encoding", "Signing"
	before := middleware.FinalizeMiddlewareFunc("pawsh:hold-accept-encoding", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
		if req, ok := in.Request.(*smithyhttp.Request); ok {
			ctx = context.WithValue(ctx, acceptEncodingKey{}, req.Header.Get(header))
			req.Header.Del(header)
		}
		return next.HandleFinalize(ctx, in)
	})
	after := middleware.FinalizeMiddlewareFunc("pawsh:restore-accept-encoding", func(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (middleware.FinalizeOutput, middleware.Metadata, error) {
		if req, ok := in.Request.(*smithyhttp.Request); ok {
			if v, _ := ctx.Value(acceptEncodingKey{}).(string); v != "" {
				req.Header.Set(header, v)
			}
		}
		return next.HandleFinalize(ctx, in)
	})
	if err := stack.Finalize.Insert(before, signing, middleware.Before); err != nil {
		return err
	}
	return stack.Finalize.Insert(after, signing, middleware.After)
}

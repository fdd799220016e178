package s3

import (
	"encoding/base64"
	"encoding/hex"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// HeadersOption is what Headers gives.
type HeadersOption struct{ headers map[string]string }

// Headers sends headers of your own with the contents, or with the request for
// them, in place of those of the same name (boto: headers).
//
// Example: key.SetContentsFromString("meow", Headers(map[string]string{"Cache-Control": "max-age=60"}))
func Headers(m map[string]string) HeadersOption { return HeadersOption{m} }

func (o HeadersOption) setContents(*sdk.PutObjectInput) {}
func (o HeadersOption) getContents(*sdk.GetObjectInput) {}

// headersOf gathers the headers among options; they are signed with the rest.
func headersOf[O any](opts []O) func(*sdk.Options) {
	return func(options *sdk.Options) {
		for _, o := range opts {
			h, ok := any(o).(HeadersOption)
			if !ok {
				continue
			}
			options.APIOptions = append(options.APIOptions, func(stack *middleware.Stack) error {
				for name, value := range h.headers {
					if err := smithyhttp.SetHeaderValue(name, value)(stack); err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
}

// MD5 is what the contents' MD5 must be, in hex: S3 refuses others with code
// BadDigest (boto: md5).
//
// Example: key.SetContentsFromString("meow", MD5("4a4be40c96ac6314e91d93f38043a634"))
func MD5(digest string) SetContentsOption {
	return putOption(func(in *sdk.PutObjectInput) {
		raw, err := hex.DecodeString(digest)
		if err != nil {
			raw = []byte(digest) // S3 answers InvalidDigest
		}
		in.ContentMD5 = aws.String(base64.StdEncoding.EncodeToString(raw))
	})
}

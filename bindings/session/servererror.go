package session

import (
	"errors"
	"net/http"

	"github.com/aws/smithy-go"
)

// ServerError is what a service answered instead of a result
// (boto: BotoServerError and its kin, such as EC2ResponseError).
type ServerError struct {
	Status    int    // HTTP's
	Reason    string // HTTP's words for it: "Bad Request"
	Code      string // AWS's: "InvalidKeyPair.NotFound"
	ErrorCode string // the same, boto's older name
	Message   string
	RequestID string
	Service   string // "EC2"
	Operation string // "DescribeKeyPairs"
}

// Details takes apart the answer inside an error; nil where no service
// answered.
func Details(err error) *ServerError {
	status := StatusCode(err)
	var api smithy.APIError
	if !errors.As(err, &api) && status == 0 {
		return nil
	}
	e := &ServerError{Status: status, Reason: http.StatusText(status), Code: Code(err), ErrorCode: Code(err), RequestID: requestID(err)}
	if api != nil {
		e.Message = withoutSigned(api.ErrorMessage())
	}
	var op *smithy.OperationError
	if errors.As(err, &op) {
		e.Service, e.Operation = op.Service(), op.Operation()
	}
	return e
}

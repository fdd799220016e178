package wire

import (
	"fmt"
	"net/http"
)

// Error is an error as a client of AWS sees it. Handlers return it (wrapped or
// not); any other error reaches the client as InternalFailure without its text.
type Error struct {
	// Code is AWS's error code as the service's query or XML protocol spells
	// it, such as InvalidInstanceID.NotFound. Protocols that name the error's
	// shape instead get the name from the service's table.
	Code string
	// Message is the text for the person, in AWS's words.
	Message string
	// Status is the HTTP status; 0 means 400.
	Status int
	// Resource is what an S3 error names: the bucket or key. Other protocols
	// leave it out. Empty means the path of the request.
	Resource string
	// Details are further elements of an S3 error, such as BucketName.
	Details []Detail
}

// Detail is one further element of an S3 error.
type Detail struct{ Name, Value string }

// Errorf makes an Error. A status of 0 means 400.
func Errorf(code string, status int, format string, a ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, a...), Status: status}
}

// Error gives the code and the message, as the SDK's errors do.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// With returns a copy of e with one more detail (S3 only).
func (e *Error) With(name, value string) *Error {
	c := *e
	c.Details = append(append([]Detail(nil), e.Details...), Detail{name, value})
	return &c
}

func (e *Error) status() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

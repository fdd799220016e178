package wire

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"runtime/debug"
	"slices"
)

// protocol is one of the ways to speak with a service.
type protocol interface {
	// begin reads what names the operation, and the body where the protocol
	// needs the whole of it.
	begin(*exchange) error
	// decode fills the input.
	decode(x *exchange, in reflect.Value) error
	// encode writes a success; out is invalid where the handler gave none.
	encode(x *exchange, out reflect.Value) error
	// fail writes an error.
	fail(x *exchange, e *Error)
}

// exchange is one request and its response.
type exchange struct {
	*call
	s    *Service
	w    http.ResponseWriter
	body []byte     // all protocols but restXml
	form url.Values // query protocols: parameters of query and body
	rest *restOp    // restXml
}

func (s *Service) serve(w http.ResponseWriter, r *http.Request) {
	id := s.newID
	if id == nil {
		id = uuid
	}
	x := &exchange{
		call: &call{r: r, header: w.Header(), id: id(), caller: Caller{Region: DefaultRegion}},
		s:    s, w: w,
	}
	p := s.protocolOf(r)
	wrote, err := s.answer(p, x)
	switch {
	case err == nil:
	case wrote:
		// The response has begun: cutting the connection is the only way
		// left to say that it is not whole.
		s.log("%s: response cut short: %v", x.op, err)
		panic(http.ErrAbortHandler)
	default:
		p.fail(x, s.toError(x, err))
	}
}

// answer does the work of one request. wrote tells that the response has begun.
func (s *Service) answer(p protocol, x *exchange) (wrote bool, err error) {
	defer func() {
		if v := recover(); v != nil {
			if v == http.ErrAbortHandler {
				panic(v)
			}
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	if err := p.begin(x); err != nil {
		return false, err
	}
	if err := s.authenticate(x); err != nil {
		return false, err
	}
	h, err := s.handler(x.op)
	if err != nil {
		return false, err
	}
	in := reflect.New(h.in)
	if err := p.decode(x, in.Elem()); err != nil {
		return false, err
	}
	ctx := context.WithValue(x.r.Context(), callKey{}, x.call)
	out, err := s.invoke(ctx, x.op, h, in.Interface())
	if err != nil {
		return false, err
	}
	if err := x.payload.drain(); err != nil {
		return false, err
	}
	var v reflect.Value
	if out != nil {
		v = reflect.ValueOf(out).Elem()
	}
	wrote = true
	return wrote, p.encode(x, v)
}

// authenticate finds out who signed x.
func (s *Service) authenticate(x *exchange) error {
	q := signed{r: x.r, service: s.spec.name, s3: s.spec.flavor == flavorREST, form: x.form, body: x.body}
	if q.s3 {
		q.bucket, _ = VirtualBucket(x.r.Host)
	}
	var v verified
	var err error
	if s.verifier == nil {
		v, err = openBody(q)
	} else {
		v, err = s.verifier.verify(x.r.Context(), q)
	}
	if err != nil {
		return err
	}
	x.caller = v.caller
	if q.s3 {
		x.payload = v.payload
		return nil // S3 serves what is public to anybody; its handlers decide
	}
	if v.caller.Anonymous() && s.verifier != nil && !slices.Contains(s.spec.unsigned, x.op) {
		return fault{kind: faultMissing}
	}
	return nil
}

// handler finds the handler of op, or the error that says why there is none.
func (s *Service) handler(op string) (handler, error) {
	if h, ok := s.handlers[op]; ok {
		return h, nil
	}
	if s.spec.table.has(op) {
		return handler{}, Errorf("NotImplemented", http.StatusNotImplemented, "The operation %s of %s is not built in the sandbox.", op, s.spec.name)
	}
	return handler{}, Errorf("InvalidAction", http.StatusBadRequest, "The action %s is not valid for this web service.", op)
}

// toError makes what clients see of an error. The text of an unexpected one
// goes to the log and not to the client.
func (s *Service) toError(x *exchange, err error) *Error {
	var e *Error
	var f fault
	switch {
	case errors.As(err, &e):
		return e
	case errors.As(err, &f):
		return f.said(s.spec.flavor)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Errorf("RequestTimeout", http.StatusBadRequest, "The request was given up before it was answered.")
	}
	s.log("%s: %v", x.op, err)
	code := "InternalFailure"
	if s.spec.flavor != flavorQuery {
		code = "InternalError"
	}
	return Errorf(code, http.StatusInternalServerError, "We encountered an internal error. Please try again.")
}

func (s *Service) log(format string, a ...any) {
	if s.logf != nil {
		s.logf("%s "+format, append([]any{s.spec.name}, a...)...)
	}
}

// uuid is a random request id.
func uuid() string {
	var b [16]byte
	// rand.Read never fails
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

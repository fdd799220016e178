package wire

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
)

// Service is one emulated service: its operations, the protocols it speaks and
// the handlers that answer. Handlers are registered before it serves; serving
// is safe for concurrent use.
type Service struct {
	spec     spec
	handlers map[string]handler
	around   []Around
	verifier *Verifier
	newID    func() string
	logf     func(format string, a ...any)
	router   func() *router // S3, made at the first request
}

// spec is what distinguishes one service from another on the wire.
type spec struct {
	name      string // signing name: ec2
	module    string // name of the SDK's module and of the table
	version   string // of the API: 2016-11-15
	namespace string // of XML responses
	target    string // X-Amz-Target prefix of awsJson, empty without
	rpc       string // service shape of rpcv2Cbor paths, empty without
	shapes    string // namespace of error shapes in awsJson and rpcv2Cbor
	jsonType  string // content type of awsJson
	flavor    flavor
	table     *table
	unsigned  []string // operations that need no signature
}

// flavor is a service's own protocol, which decides how its errors look.
type flavor int

const (
	flavorQuery flavor = iota
	flavorEC2
	flavorREST
)

type handler struct {
	in  reflect.Type
	run func(context.Context, any) (any, error)
}

// Next runs the rest of a call: further Around functions, then the handler.
type Next func(context.Context) (out any, err error)

// Around is a function that surrounds every call of a service: access checks,
// logging. op is the operation, in the typed input (*s3.PutObjectInput). It
// sees the calls of operations that have a handler.
type Around func(ctx context.Context, op string, in any, next Next) (out any, err error)

// Handle registers h as the answer to operation op of s. I and O are the SDK's
// own input and output. A nil output with a nil error is an empty success.
//
// Handle panics when op is registered twice or I is not the input of op: both
// are mistakes in our own code.
func Handle[I, O any](s *Service, op string, h func(context.Context, *I) (*O, error)) {
	s.register(op, handler{in: reflect.TypeFor[I](), run: func(ctx context.Context, in any) (any, error) {
		out, err := h(ctx, in.(*I))
		if err != nil || out == nil {
			return nil, err
		}
		return out, nil
	}})
}

// HandleAny is Handle for a handler whose types are known at run time only: in
// is the type of the operation's input, without pointer; h gets a pointer to
// one and returns a pointer to an output, or nil.
func HandleAny(s *Service, op string, in reflect.Type, h func(context.Context, any) (any, error)) {
	s.register(op, handler{in: in, run: h})
}

func (s *Service) register(op string, h handler) {
	if h.in.Name() != op+"Input" {
		panic(fmt.Sprintf("wire: %s %s: handler takes %s", s.spec.name, op, h.in))
	}
	if _, dup := s.handlers[op]; dup {
		panic(fmt.Sprintf("wire: %s %s: registered twice", s.spec.name, op))
	}
	s.handlers[op] = h
}

// Use adds a function around every call, the first added outermost.
func (s *Service) Use(a Around) { s.around = append(s.around, a) }

// Name is the service's signing name, such as ec2 or monitoring.
func (s *Service) Name() string { return s.spec.name }

// Handled lists the operations that have a handler, sorted.
func (s *Service) Handled() []string {
	return slices.Sorted(maps.Keys(s.handlers))
}

// Authenticate makes s check signatures by v. Without it every request is
// anonymous.
func (s *Service) Authenticate(v *Verifier) { s.verifier = v }

// RequestIDs makes s take the ids of its requests from f, which must be safe
// for concurrent use. Without it they are random.
func (s *Service) RequestIDs(f func() string) { s.newID = f }

// Log makes s report what no client is told, such as a handler's panic, to f,
// which must be safe for concurrent use.
func (s *Service) Log(f func(format string, a ...any)) { s.logf = f }

// Operations lists all operations that the service has, handled or not, sorted.
func (s *Service) Operations() []string {
	return slices.Sorted(maps.Keys(s.spec.table.load().ops))
}

func (s *Service) routes() *router { return s.router() }

// invoke calls the handler of op, through what surrounds it.
func (s *Service) invoke(ctx context.Context, op string, h handler, in any) (any, error) {
	next := func(ctx context.Context) (any, error) { return h.run(ctx, in) }
	for _, a := range slices.Backward(s.around) {
		inner := next
		next = func(ctx context.Context) (any, error) { return a(ctx, op, in, inner) }
	}
	return next(ctx)
}

// ServeHTTP answers one request in the protocol it came in.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.serve(w, r)
}

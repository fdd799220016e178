package wire

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// protocolOf tells from a request's form which protocol it speaks.
func (s *Service) protocolOf(r *http.Request) protocol {
	switch {
	case s.spec.flavor == flavorREST:
		return restProtocol{}
	case s.spec.rpc != "" && strings.HasPrefix(r.URL.Path, "/service/"):
		return cborProtocol{}
	case s.spec.target != "" && r.Header.Get("X-Amz-Target") != "":
		return jsonProtocol{}
	}
	return queryProtocol{ec2: s.spec.flavor == flavorEC2}
}

// readBody reads the whole body, unzipped.
func (x *exchange) readBody() error {
	if x.r.Body == nil {
		return nil
	}
	b, err := readAll(x.r.Body)
	if err != nil {
		return asReadError(err)
	}
	x.body = b
	return nil
}

// content is the body as the client meant it: the SDK may compress it.
func (x *exchange) content() ([]byte, error) {
	if x.r.Header.Get("Content-Encoding") != "gzip" {
		return x.body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(x.body))
	if err != nil {
		return nil, asReadError(err)
	}
	b, err := readAll(z)
	if err != nil {
		return nil, asReadError(err)
	}
	return b, nil
}

func asReadError(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return Errorf("RequestEntityTooLarge", http.StatusRequestEntityTooLarge, "The request body is too large.")
	}
	return Errorf("MalformedHttpRequest", http.StatusBadRequest, "The request body could not be read.")
}

// respond sends a whole response.
func (x *exchange) respond(status int, contentType string, body []byte) {
	h := x.w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("x-amzn-RequestId", x.id)
	if x.status != 0 && status == http.StatusOK {
		status = x.status
	}
	x.w.WriteHeader(status)
	// a client that has gone needs no answer
	_, _ = x.w.Write(body)
}

// queryProtocol is awsQuery, and ec2Query, its dialect.
type queryProtocol struct{ ec2 bool }

var versionForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

func (p queryProtocol) begin(x *exchange) error {
	if err := x.readBody(); err != nil {
		return err
	}
	x.form = x.r.URL.Query()
	body, err := x.content()
	if err != nil {
		return err
	}
	if media, _, _ := mime.ParseMediaType(x.r.Header.Get("Content-Type")); x.r.Method == http.MethodPost && (media == "application/x-www-form-urlencoded" || media == "") {
		params, err := url.ParseQuery(string(body))
		if err != nil {
			return Errorf("MalformedQueryString", http.StatusNotFound, "The query string contains a syntax error.")
		}
		for k, v := range params {
			x.form[k] = v
		}
	}
	x.op = x.form.Get("Action")
	if x.op == "" {
		return Errorf("MissingAction", http.StatusBadRequest, "The request must contain the parameter Action.")
	}
	return nil
}

func (p queryProtocol) decode(x *exchange, in reflect.Value) error {
	if v := x.form.Get("Version"); v != "" && !versionForm.MatchString(v) {
		return Errorf("InvalidParameterValue", http.StatusBadRequest, "Value (%s) for parameter Version is invalid.", v)
	}
	if x.s.spec.name == "sqs" && !x.form.Has("QueueUrl") && x.r.URL.Path != "/" {
		// old clients name the queue by the address they send to; the form
		// as it was signed stays as it is
		x.form = maps.Clone(x.form)
		x.form.Set("QueueUrl", "http://"+x.r.Host+x.r.URL.Path)
	}
	d := formDecoder{t: x.s.spec.table, strict: p.ec2}
	return d.structure(formTree(x.form, isProtocolParam), in, "")
}

func (p queryProtocol) encode(x *exchange, out reflect.Value) error {
	var b bytes.Buffer
	b.WriteString(xmlHeader)
	ns := x.s.spec.namespace
	if p.ec2 {
		version := x.form.Get("Version")
		if version == "" {
			version = x.s.spec.version
		}
		ns += version + "/"
	}
	b.WriteString("<" + x.op + `Response xmlns="` + ns + `">`)
	if p.ec2 {
		p.encodeEC2(x, out, &b)
	} else {
		b.WriteString("<" + x.op + "Result>")
		if out.IsValid() {
			(&xmlEncoder{t: x.s.spec.table, b: &b, time: timeSeconds}).members(out)
		}
		b.WriteString("</" + x.op + "Result><ResponseMetadata>")
		leaf(&b, "RequestId", x.id)
		b.WriteString("</ResponseMetadata>")
	}
	b.WriteString("</" + x.op + "Response>")
	x.respond(http.StatusOK, "text/xml;charset=UTF-8", b.Bytes())
	return nil
}

// encodeEC2 writes the members without an element around them. Calls that
// have nothing to say, or only whether they worked, say that they did.
func (p queryProtocol) encodeEC2(x *exchange, out reflect.Value, b *bytes.Buffer) {
	leaf(b, "requestId", x.id)
	said := false
	if out.IsValid() {
		n := b.Len()
		(&xmlEncoder{t: x.s.spec.table, b: b, time: timeMillis}).members(out)
		said = b.Len() > n
		if f := out.FieldByName("Return"); f.IsValid() && f.Kind() == reflect.Pointer {
			said = !f.IsNil()
		} else if len(x.s.spec.table.plan(out.Type()).fields) > 0 {
			said = true
		}
	}
	if !said {
		leaf(b, "return", "true")
	}
}

func (p queryProtocol) fail(x *exchange, e *Error) {
	var b bytes.Buffer
	b.WriteString(xmlHeader)
	code := x.s.spec.table.errorName(e.Code).code
	if p.ec2 {
		b.WriteString("<Response><Errors><Error>")
		leaf(&b, "Code", code)
		leaf(&b, "Message", e.Message)
		b.WriteString("</Error></Errors>")
		leaf(&b, "RequestID", x.id)
		b.WriteString("</Response>")
	} else {
		b.WriteString(`<ErrorResponse xmlns="` + x.s.spec.namespace + `"><Error>`)
		leaf(&b, "Type", e.blame())
		leaf(&b, "Code", code)
		leaf(&b, "Message", e.Message)
		b.WriteString("</Error>")
		leaf(&b, "RequestId", x.id)
		b.WriteString("</ErrorResponse>")
	}
	x.respond(x.s.status(e), "text/xml;charset=UTF-8", b.Bytes())
}

// jsonProtocol is awsJson 1.0.
type jsonProtocol struct{}

func (jsonProtocol) begin(x *exchange) error {
	target, op, _ := strings.Cut(x.r.Header.Get("X-Amz-Target"), ".")
	x.op = op
	if target != x.s.spec.target {
		return Errorf("InvalidAction", http.StatusBadRequest, "The target %s is not one of this web service.", target)
	}
	return x.readBody()
}

func (jsonProtocol) decode(x *exchange, in reflect.Value) error {
	body, err := x.content()
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return errSerialization
	}
	if _, err := d.Token(); err != io.EOF {
		return errSerialization
	}
	return fromTree(x, tree, in)
}

// errSerialization is the answer to a body that does not fit the operation.
var errSerialization = Errorf("SerializationException", 400, "The request body could not be parsed.")

// fromTree fills an input from a decoded body.
func fromTree(x *exchange, tree any, in reflect.Value) error {
	if _, ok := tree.(map[string]any); !ok && tree != nil {
		return errSerialization
	}
	if err := (valueDecoder{x.s.spec.table}).set(in, tree); err != nil {
		return errSerialization
	}
	return nil
}

func toTree(x *exchange, out reflect.Value) any {
	if !out.IsValid() {
		return map[string]any{}
	}
	tree, _ := x.s.spec.table.tree(out)
	return tree
}

func (jsonProtocol) encode(x *exchange, out reflect.Value) error {
	b, err := json.Marshal(jsonReady(toTree(x, out)))
	if err != nil {
		return err
	}
	x.respond(http.StatusOK, x.s.spec.jsonType, b)
	return nil
}

func (jsonProtocol) fail(x *exchange, e *Error) {
	b, err := json.Marshal(x.errorTree(e))
	if err != nil {
		b = []byte("{}") // two strings always marshal
	}
	x.respond(x.s.status(e), x.s.spec.jsonType, b)
}

// errorTree is an error's body in awsJson and rpcv2Cbor, which name its shape.
// The code of the query protocol goes beside it in a header.
func (x *exchange) errorTree(e *Error) map[string]any {
	n := x.s.spec.table.errorName(e.Code)
	shape := n.shape
	if s := jsonShapes[shape]; s != "" {
		shape = "com.amazon.coral.service#" + s
	} else {
		shape = x.s.spec.shapes + "#" + shape
	}
	x.w.Header().Set("x-amzn-query-error", n.code+";"+e.blame())
	return map[string]any{"__type": shape, "message": e.Message}
}

// cborProtocol is rpcv2Cbor.
type cborProtocol struct{}

func (cborProtocol) begin(x *exchange) error {
	p := strings.Split(x.r.URL.Path, "/") // /service/<shape>/operation/<name>
	if len(p) != 5 || p[2] != x.s.spec.rpc || p[3] != "operation" {
		return Errorf("InvalidAction", http.StatusNotFound, "The path %s is not one of this web service.", x.r.URL.Path)
	}
	x.op = p[4]
	return x.readBody()
}

func (cborProtocol) decode(x *exchange, in reflect.Value) error {
	body, err := x.content()
	if err != nil || len(body) == 0 {
		return err
	}
	tree, err := fromCBOR(body)
	if err != nil {
		return errSerialization
	}
	return fromTree(x, tree, in)
}

func (cborProtocol) encode(x *exchange, out reflect.Value) error {
	x.w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
	x.respond(http.StatusOK, "application/cbor", toCBOR(toTree(x, out)))
	return nil
}

func (cborProtocol) fail(x *exchange, e *Error) {
	x.w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
	tree := x.errorTree(e)
	x.respond(x.s.status(e), "application/cbor", toCBOR(tree))
}

// blame says whose mistake an error is.
func (e *Error) blame() string {
	if e.status() >= 500 {
		return "Receiver"
	}
	return "Sender"
}

// status is an error's HTTP status: its own, or what the service's table says
// of it.
func (s *Service) status(e *Error) int {
	if e.Status == 0 {
		if n := s.spec.table.errorName(e.Code); n.status != 0 {
			return n.status
		}
	}
	return e.status()
}

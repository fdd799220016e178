package wire

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
)

// restProtocol is restXml as S3 speaks it.
type restProtocol struct{}

func (restProtocol) begin(x *exchange) error {
	bucket, virtual := VirtualBucket(x.r.Host)
	path := strings.TrimPrefix(x.r.URL.Path, "/")
	if virtual {
		x.bucket, x.key = bucket, path
	} else {
		x.bucket, x.key, _ = strings.Cut(path, "/")
	}
	lv := levelService
	switch {
	case x.key != "":
		lv = levelKey
	case x.bucket != "":
		lv = levelBucket
	}
	q, err := url.ParseQuery(x.r.URL.RawQuery)
	if err != nil {
		return Errorf("InvalidURI", http.StatusBadRequest, "Couldn't parse the specified URI.")
	}
	switch {
	case lv == levelKey && x.r.Method == http.MethodPut && q.Has("partNumber") && !q.Has("uploadId"):
		return Errorf("InvalidArgument", http.StatusBadRequest, "This operation does not accept partNumber without uploadId").With("ArgumentName", "partNumber").With("ArgumentValue", "partNumber")
	case lv == levelKey && x.r.Method == http.MethodPut && q.Has("uploadId") && !q.Has("partNumber"):
		return Errorf("MethodNotAllowed", http.StatusMethodNotAllowed, "The specified method is not allowed against this resource.").With("Method", x.r.Method).With("ResourceType", "UPLOAD")
	}
	if from := x.r.Header.Get("X-Amz-Copy-Source"); from != "" && x.r.Method != http.MethodPut {
		return Errorf("InvalidArgument", http.StatusBadRequest, "You can only specify a copy source header for copy requests.").With("ArgumentName", "x-amz-copy-source").With("ArgumentValue", from)
	}
	routes := x.s.routes()
	if x.rest = routes.paths[x.r.Method+" "+x.r.URL.Path]; x.rest == nil {
		x.rest = routes.route(x.r.Method, lv, q, x.r.Header)
	}
	if x.rest == nil {
		return x.unrouted(q)
	}
	x.op = x.rest.name
	return nil
}

// unrouted says why a request is none of S3's operations.
func (x *exchange) unrouted(q url.Values) error {
	switch {
	case x.key != "" && q.Has("uploads"):
		return Errorf("InvalidRequest", http.StatusBadRequest, "Key is not expected for the GET method ?uploads subresource")
	case x.key != "" && q.Has("versions"):
		return Errorf("InvalidRequest", http.StatusBadRequest, "There is no such thing as the ?versions sub-resource for a key")
	}
	for name := range q {
		if x.s.routes().subresources[name] {
			return Errorf("MethodNotAllowed", http.StatusMethodNotAllowed, "The specified method is not allowed against this resource.").
				With("Method", x.r.Method).With("ResourceType", strings.ToUpper(name))
		}
	}
	return Errorf("MethodNotAllowed", http.StatusMethodNotAllowed, "The specified method is not allowed against this resource.").With("Method", x.r.Method).With("ResourceType", "SERVICE")
}

// VirtualBucket finds the bucket in a host such as paws.localhost or
// paws.s3.amazonaws.com. Anything else is addressed by path.
func VirtualBucket(host string) (string, bool) {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.ToLower(host)
	rest, ok := strings.CutSuffix(host, ".localhost")
	if !ok {
		if rest, ok = strings.CutSuffix(host, ".amazonaws.com"); !ok {
			return "", false
		}
		rest = "." + rest
		i := max(strings.LastIndex(rest, ".s3."), strings.LastIndex(rest, ".s3-"))
		if strings.HasSuffix(rest, ".s3") {
			i = len(rest) - len(".s3")
		}
		if i <= 0 {
			return "", false
		}
		return rest[1:i], true
	}
	if rest == "s3" || strings.HasPrefix(rest, "s3.") || strings.HasPrefix(rest, "s3-") {
		return "", false
	}
	if i := strings.LastIndex(rest, ".s3"); i > 0 {
		rest = rest[:i]
	}
	return rest, true
}

func (restProtocol) decode(x *exchange, in reflect.Value) error {
	d := restDecoder{
		t: x.s.spec.table, o: x.rest, bucket: x.bucket, key: x.key,
		query: x.r.URL.Query(), header: x.payloadHeader(), body: x.payload,
	}
	return d.decode(in)
}

// payloadHeader is the request's header as it would be without the framing of
// aws-chunked.
func (x *exchange) payloadHeader() http.Header {
	h := x.r.Header.Clone()
	h.Del("Content-Length")
	if x.payload.length >= 0 {
		h.Set("Content-Length", strconv.FormatInt(x.payload.length, 10))
	}
	if enc := h.Get("Content-Encoding"); enc != "" {
		var keep []string
		for e := range strings.SplitSeq(enc, ",") {
			if e = strings.TrimSpace(e); e != "aws-chunked" && e != "" {
				keep = append(keep, e)
			}
		}
		h.Del("Content-Encoding")
		if len(keep) > 0 {
			h.Set("Content-Encoding", strings.Join(keep, ","))
		}
	}
	return h
}

func (restProtocol) encode(x *exchange, out reflect.Value) error {
	s3IDs(x.w.Header(), x.id)
	status := x.status
	if status == 0 {
		status = restStatus(x.rest, out)
	}
	return restEncoder{t: x.s.spec.table, o: x.rest, namespace: x.s.spec.namespace}.write(x.w, out, status)
}

// s3IDs sets the headers that name the request; S3's own ids are hexadecimal.
func s3IDs(h http.Header, id string) {
	h.Set("x-amz-request-id", s3RequestID(id))
	h.Set("x-amz-id-2", id)
	h.Set("Server", "AmazonS3")
}

func s3RequestID(id string) string {
	id = strings.ToUpper(strings.ReplaceAll(id, "-", ""))
	return id[:min(16, len(id))]
}

// maxRefused is how much of a refused body is taken in, so that its sender
// gets to read why: a connection closed under a sender is reset.
const maxRefused = 16 << 20

func (restProtocol) fail(x *exchange, e *Error) {
	if x.r.Body != nil && x.r.Header.Get("Expect") == "" {
		// what can't be read needs no answer either
		_, _ = io.CopyN(io.Discard, x.r.Body, maxRefused)
	}
	WriteS3Error(x.w, x.r, x.id, e)
}

// WriteS3Error answers r with e as S3 does; id is a UUID that names the
// answer. It is for what is S3's but none of its operations.
func WriteS3Error(w http.ResponseWriter, r *http.Request, id string, e *Error) {
	s3IDs(w.Header(), id)
	h := w.Header()
	status := e.status()
	if r.Method == http.MethodHead || status == http.StatusNotModified {
		h.Del("Content-Length")
		w.WriteHeader(status)
		return
	}
	var b bytes.Buffer
	b.WriteString(xmlHeader)
	b.WriteString("<Error>")
	leaf(&b, "Code", e.Code)
	leaf(&b, "Message", e.Message)
	for _, d := range e.Details {
		leaf(&b, d.Name, d.Value)
	}
	resource := e.Resource
	if resource == "" {
		resource = r.URL.Path
	}
	leaf(&b, "Resource", resource)
	leaf(&b, "RequestId", s3RequestID(id))
	leaf(&b, "HostId", id)
	b.WriteString("</Error>")
	h.Set("Content-Type", "application/xml")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	// a client that has gone needs no answer
	_, _ = w.Write(b.Bytes())
}

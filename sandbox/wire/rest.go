package wire

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
)

// restDecoder fills an S3 input from the parts of a request.
type restDecoder struct {
	t      *table
	o      *restOp
	bucket string
	key    string
	query  url.Values
	header http.Header
	body   io.Reader // already checked against signature and checksums
}

func (d restDecoder) decode(in reflect.Value) error {
	for _, b := range d.o.ins {
		if err := d.bind(in.FieldByName(b.field), b); err != nil {
			return err
		}
	}
	switch {
	case d.o.payload == "":
		return nil
	case d.o.payload == "*":
		return d.document(in)
	}
	f := in.FieldByName(d.o.payload)
	if d.o.root == "-" {
		return d.raw(f)
	}
	return d.document(f)
}

func (d restDecoder) bind(f reflect.Value, b binding) error {
	var s string
	var ok bool
	switch b.loc {
	case 'B':
		s, ok = d.bucket, true
	case 'U':
		s, ok = d.key, true
	case 'Q':
		s, ok = d.query.Get(b.name), d.query.Has(b.name)
	case 'H':
		vals := d.header.Values(b.name)
		s, ok = strings.Join(vals, ","), len(vals) > 0
	case 'M':
		d.prefixed(f, b.name)
		return nil
	}
	if !ok {
		return nil
	}
	if f.Kind() == reflect.Slice && !isBlob(f.Type()) { // a list in one header
		for part := range strings.SplitSeq(s, ",") {
			e := reflect.New(f.Type().Elem()).Elem()
			if err := setText(e, strings.TrimSpace(part)); err != nil {
				return invalidArgument(b.name, s)
			}
			f.Set(reflect.Append(f, e))
		}
		return nil
	}
	if err := setText(f, s); err != nil {
		return invalidArgument(b.name, s)
	}
	return nil
}

func invalidArgument(name, value string) *Error {
	return Errorf("InvalidArgument", 400, "Provided %s is not valid", name).With("ArgumentName", name).With("ArgumentValue", value)
}

// prefixed gathers headers such as x-amz-meta-*, in lower case.
func (d restDecoder) prefixed(f reflect.Value, prefix string) {
	m := map[string]string{}
	for k, vals := range d.header {
		if len(k) > len(prefix) && strings.EqualFold(k[:len(prefix)], prefix) {
			m[strings.ToLower(k[len(prefix):])] = strings.Join(vals, ",")
		}
	}
	if len(m) > 0 {
		f.Set(reflect.ValueOf(m))
	}
}

// maxDocument bounds what is read of a body that is not streamed.
const maxDocument = 8 << 20

func (d restDecoder) raw(f reflect.Value) error {
	if f.Kind() == reflect.Interface {
		f.Set(reflect.ValueOf(d.body))
		return nil
	}
	b, err := readAll(d.body)
	if err != nil || len(b) == 0 {
		return err
	}
	if err := setText(f, string(b)); err != nil {
		return malformed
	}
	return nil
}

// document reads an XML payload into f: a pointer to a structure, a union or,
// where the input is the document itself, the input.
func (d restDecoder) document(f reflect.Value) error {
	b, err := readAll(d.body)
	if err != nil || len(bytes.TrimSpace(b)) == 0 {
		return err
	}
	root, err := parseXML(bytes.NewReader(b))
	if err != nil || root == nil {
		return malformed
	}
	dec := xmlDecoder{d.t}
	if f.Kind() == reflect.Struct {
		return dec.structure(root, f)
	}
	return dec.value(root, f, noElements, false)
}

// readAll reads a body to its end, up to maxDocument.
func readAll(r io.Reader) ([]byte, error) {
	if r == nil {
		return nil, nil
	}
	b, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxDocument {
		return nil, Errorf("EntityTooLarge", 413, "Your proposed upload exceeds the maximum allowed size")
	}
	return b, nil
}

// rootNames are the roots of S3's response documents that are not named
// <Operation>Result, or the payload's type. The SDK does not look at them;
// older clients do.
var rootNames = map[string]string{
	"CreateMultipartUpload":              "InitiateMultipartUploadResult",
	"DeleteObjects":                      "DeleteResult",
	"GetBucketAccelerateConfiguration":   "AccelerateConfiguration",
	"GetBucketAcl":                       "AccessControlPolicy",
	"GetBucketCors":                      "CORSConfiguration",
	"GetBucketLifecycleConfiguration":    "LifecycleConfiguration",
	"GetBucketLocation":                  "LocationConstraint",
	"GetBucketLogging":                   "BucketLoggingStatus",
	"GetBucketNotificationConfiguration": "NotificationConfiguration",
	"GetBucketRequestPayment":            "RequestPaymentConfiguration",
	"GetBucketTagging":                   "Tagging",
	"GetBucketVersioning":                "VersioningConfiguration",
	"GetBucketWebsite":                   "WebsiteConfiguration",
	"GetObjectAcl":                       "AccessControlPolicy",
	"GetObjectAttributes":                "GetObjectAttributesResponse",
	"GetObjectLegalHold":                 "LegalHold",
	"GetObjectRetention":                 "Retention",
	"GetObjectTagging":                   "Tagging",
	"ListBuckets":                        "ListAllMyBucketsResult",
	"ListDirectoryBuckets":               "ListAllMyDirectoryBucketsResult",
	"ListObjectVersions":                 "ListVersionsResult",
	"ListObjects":                        "ListBucketResult",
	"ListObjectsV2":                      "ListBucketResult",
}

// noContent are the operations, beside deletes, that answer 204.
var noContent = map[string]bool{"AbortMultipartUpload": true, "PutBucketPolicy": true}

// restStatus is the status of an operation's success.
func restStatus(o *restOp, out reflect.Value) int {
	switch {
	case noContent[o.name], o.method == http.MethodDelete:
		return http.StatusNoContent
	case out.IsValid():
		if f := out.FieldByName("ContentRange"); f.IsValid() && !f.IsNil() {
			return http.StatusPartialContent
		}
	}
	return http.StatusOK
}

// restEncoder writes an S3 output: headers, then the document, text or stream.
type restEncoder struct {
	t         *table
	o         *restOp
	namespace string
}

// headers sets what the output binds to headers.
func (e restEncoder) headers(h http.Header, out reflect.Value) {
	for _, b := range e.o.outs {
		f := out.FieldByName(b.field)
		if b.loc == 'M' {
			for it := f.MapRange(); it.Next(); {
				// in lower case, as S3 sends it: botocore takes the name as it comes
				h[strings.ToLower(b.name+it.Key().String())] = []string{it.Value().String()}
			}
			continue
		}
		if s, ok := headerText(f, b); ok {
			h.Set(b.name, s)
		}
	}
}

func headerText(f reflect.Value, b binding) (string, bool) {
	if f.Kind() == reflect.Slice && !isBlob(f.Type()) {
		var parts []string
		for i := range f.Len() {
			s, _ := text(f.Index(i), timeMillis)
			parts = append(parts, s)
		}
		return strings.Join(parts, ", "), len(parts) > 0
	}
	form := timeMillis
	if b.http {
		form = timeHTTP
	}
	return text(f, form)
}

// document is the XML body of the response, nil for an operation without.
func (e restEncoder) document(out reflect.Value) []byte {
	d := out
	mode, field, _ := strings.Cut(e.o.outMode, ":")
	switch mode {
	case "doc":
	case "field":
		d = out.FieldByName(field)
		if d.IsNil() {
			return nil
		}
		if d.Kind() == reflect.Pointer {
			d = d.Elem()
		}
	default:
		return nil
	}
	root := rootNames[e.o.name]
	switch {
	case root != "":
	case mode == "field":
		root = d.Type().Name()
	default:
		root = e.o.name + "Result"
	}
	var b bytes.Buffer
	b.WriteString(xmlHeader)
	b.WriteString("<" + root + ` xmlns="` + e.namespace + `">`)
	enc := &xmlEncoder{t: e.t, b: &b, time: timeMillis}
	switch {
	case e.o.name == "GetBucketLocation": // the root is the value
		escape(&b, out.FieldByName("LocationConstraint").String())
	case d.Kind() == reflect.Interface:
		enc.union(d)
	default:
		enc.members(d)
	}
	enc.close(root)
	return b.Bytes()
}

const xmlHeader = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// write sends the whole response.
func (e restEncoder) write(w http.ResponseWriter, out reflect.Value, status int) error {
	h := w.Header()
	if !out.IsValid() {
		w.WriteHeader(status)
		return nil
	}
	e.headers(h, out)
	mode, field, _ := strings.Cut(e.o.outMode, ":")
	switch mode {
	case "stream":
		w.WriteHeader(status)
		body, _ := out.FieldByName(field).Interface().(io.ReadCloser)
		if body == nil {
			return nil
		}
		_, err := io.Copy(w, body)
		if cerr := body.Close(); err == nil {
			err = cerr
		}
		return err
	case "raw":
		s, _ := text(out.FieldByName(field), timeMillis)
		h.Set("Content-Type", "application/json")
		h.Set("Content-Length", strconv.Itoa(len(s)))
		w.WriteHeader(status)
		_, err := io.WriteString(w, s)
		return err
	}
	b := e.document(out)
	if b != nil {
		h.Set("Content-Type", "application/xml")
	}
	if e.o.method != http.MethodHead && status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(len(b)))
	}
	w.WriteHeader(status)
	if len(b) == 0 {
		return nil
	}
	_, err := w.Write(b)
	return err
}

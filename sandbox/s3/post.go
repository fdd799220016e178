package s3

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"pawsh/sandbox/wire"
)

// maxForm is how much the fields of a form hold at most, the file apart.
const maxForm = 20 << 10

// formVerifier says who signed a form; the S3 service does.
type formVerifier interface {
	VerifyForm(ctx context.Context, fields map[string]string) (wire.Caller, error)
	Invoke(r *http.Request, caller wire.Caller, op string, in any) (any, error)
}

// postBucket finds the bucket that a browser's form is posted to.
func postBucket(r *http.Request) (string, bool) {
	if r.Method != http.MethodPost || r.URL.RawQuery != "" || r.Header.Get("Authorization") != "" {
		return "", false
	}
	name, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if host, ok := wire.VirtualBucket(r.Host); ok {
		name, key = host, name
	}
	return name, name != "" && key == ""
}

// post is an upload from a browser's form: fields, a policy that says what is
// allowed, and the file last.
func (c *Cloud) post(w http.ResponseWriter, r *http.Request, bucket string, v formVerifier) {
	id := c.env.UUID()
	if err := c.postForm(w, r, bucket, id, v); err != nil {
		var e *wire.Error
		if !errors.As(err, &e) {
			e = wire.Errorf("InternalError", http.StatusInternalServerError, "We encountered an internal error. Please try again.")
		}
		// what can't be read needs no answer either
		_, _ = io.CopyN(io.Discard, r.Body, 16<<20)
		wire.WriteS3Error(w, r, id, e)
	}
}

func malformedPost() error {
	return wire.Errorf("MalformedPOSTRequest", http.StatusBadRequest, "The body of your POST request is not well-formed multipart/form-data.")
}

func (c *Cloud) postForm(w http.ResponseWriter, r *http.Request, bucket, id string, v formVerifier) error {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return failed("Bucket POST must be of the enclosure-type multipart/form-data")
	}
	if err != nil || params["boundary"] == "" {
		return malformedPost()
	}
	fields, file, err := readForm(multipart.NewReader(r.Body, params["boundary"]))
	if err != nil {
		return err
	}
	caller, err := v.VerifyForm(r.Context(), fields)
	if err != nil {
		return err
	}
	body := &bounded{r: file, most: -1}
	if text, ok := fields["policy"]; ok || !caller.Anonymous() {
		p, err := parsePostPolicy(text)
		if err != nil {
			return err
		}
		if err := p.check(fields, bucket, c.env.Now()); err != nil {
			return err
		}
		body.least, body.most = p.least, p.most
	}
	in, err := postInput(bucket, fields, file)
	if err != nil {
		return err
	}
	in.Body = body
	out, err := v.Invoke(r, caller, "PutObject", in)
	if err != nil {
		return err
	}
	c.postAnswer(w, r, id, in, fields, out.(*s3.PutObjectOutput))
	return nil
}

// readForm reads the fields up to the file, whose part is returned open. What
// follows it is left unregarded.
func readForm(m *multipart.Reader) (map[string]string, *multipart.Part, error) {
	fields, size := map[string]string{}, 0
	for {
		part, err := m.NextPart()
		if err == io.EOF {
			return nil, nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "POST requires exactly one file upload per request.").With("ArgumentName", "file").With("ArgumentValue", "0")
		}
		if err != nil {
			return nil, nil, malformedPost()
		}
		name := strings.ToLower(part.FormName())
		if name == "file" {
			return fields, part, nil
		}
		text, err := io.ReadAll(io.LimitReader(part, maxForm+1))
		if err != nil {
			return nil, nil, malformedPost()
		}
		if size += len(name) + len(text); size > maxForm {
			return nil, nil, wire.Errorf("MaxPostPreDataLengthExceeded", http.StatusBadRequest, "Your POST request fields preceding the upload file were too large.")
		}
		fields[name] = string(text)
	}
}

// postInput makes the form into a PutObject.
func postInput(bucket string, fields map[string]string, file *multipart.Part) (*s3.PutObjectInput, error) {
	key, ok := fields["key"]
	if !ok || key == "" {
		return nil, wire.Errorf("InvalidArgument", http.StatusBadRequest, "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.").With("ArgumentName", "key")
	}
	key = strings.ReplaceAll(key, "${filename}", path.Base("/"+file.FileName()))
	field := func(name string) *string {
		if s := fields[name]; s != "" {
			return &s
		}
		return nil
	}
	in := &s3.PutObjectInput{Bucket: &bucket, Key: &key, ACL: types.ObjectCannedACL(fields["acl"]), Metadata: map[string]string{},
		ContentType: field("content-type"), CacheControl: field("cache-control"), ContentDisposition: field("content-disposition"),
		ContentEncoding: field("content-encoding"), ContentLanguage: field("content-language"), StorageClass: types.StorageClass(fields["x-amz-storage-class"]),
		WebsiteRedirectLocation: field("x-amz-website-redirect-location"), ServerSideEncryption: types.ServerSideEncryption(fields["x-amz-server-side-encryption"])}
	if t, err := http.ParseTime(fields["expires"]); err == nil {
		in.Expires = &t
	}
	for name, value := range fields {
		if meta, ok := strings.CutPrefix(name, "x-amz-meta-"); ok {
			in.Metadata[meta] = value
		}
	}
	if text := fields["tagging"]; text != "" {
		var t struct {
			Tags []struct{ Key, Value string } `xml:"TagSet>Tag"`
		}
		if err := xml.Unmarshal([]byte(text), &t); err != nil {
			return nil, malformedXML()
		}
		q := url.Values{}
		for _, tag := range t.Tags {
			q.Add(tag.Key, tag.Value)
		}
		in.Tagging = aws.String(q.Encode())
	}
	return in, nil
}

// postAnswer answers as the form asks: by a redirect, or a status.
func (c *Cloud) postAnswer(w http.ResponseWriter, r *http.Request, id string, in *s3.PutObjectInput, fields map[string]string, out *s3.PutObjectOutput) {
	h := w.Header()
	h.Set("ETag", *out.ETag)
	h.Set("Location", "http://"+r.Host+strings.TrimSuffix(r.URL.Path, "/")+"/"+(&url.URL{Path: *in.Key}).EscapedPath())
	h.Set("x-amz-request-id", id)
	if out.VersionId != nil {
		h.Set("x-amz-version-id", *out.VersionId)
	}
	to := fields["success_action_redirect"]
	if to == "" {
		to = fields["redirect"]
	}
	if u, err := url.Parse(to); to != "" && err == nil && u.IsAbs() {
		q := u.Query()
		q.Set("bucket", *in.Bucket)
		q.Set("key", *in.Key)
		q.Set("etag", *out.ETag)
		u.RawQuery = q.Encode()
		h.Set("Location", u.String())
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	switch fields["success_action_status"] {
	case "200":
		w.WriteHeader(http.StatusOK)
	case "201":
		body, _ := xml.Marshal(struct { // of texts alone: it can't fail
			XMLName                     xml.Name `xml:"PostResponse"`
			Location, Bucket, Key, ETag string
		}{Location: h.Get("Location"), Bucket: *in.Bucket, Key: *in.Key, ETag: *out.ETag})
		h.Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, xml.Header, string(body))
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// bounded is a file whose length a policy bounds; most is -1 without a bound.
type bounded struct {
	r           io.Reader
	n           int64
	least, most int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	switch {
	case b.most >= 0 && b.n > b.most:
		rest, _ := io.Copy(io.Discard, b.r) // its whole length is what the answer names
		return 0, wire.Errorf("EntityTooLarge", http.StatusBadRequest, "Your proposed upload exceeds the maximum allowed size").
			With("ProposedSize", number(b.n+rest)).With("MaxSizeAllowed", number(b.most))
	case err == io.EOF && b.n < b.least:
		return n, wire.Errorf("EntityTooSmall", http.StatusBadRequest, "Your proposed upload is smaller than the minimum allowed size").
			With("ProposedSize", number(b.n)).With("MinSizeAllowed", number(b.least))
	case err != nil && err != io.EOF:
		return n, malformedPost()
	}
	return n, err
}

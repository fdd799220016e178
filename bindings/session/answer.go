package session

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// StrangeAnswerError says that a host answered as no service of AWS does: with
// a page for people, a redirect, or other text. A proxy's or a network's sign-in
// page does so, and any web server that the endpoint was mistaken for.
type StrangeAnswerError struct {
	Host     string
	Status   int    // HTTP's
	Type     string // the content's
	Title    string // of the page, or how the text begins
	Location string // where a redirect leads
}

// Error says what was answered.
func (e *StrangeAnswerError) Error() string {
	what := "with text that is not a service's"
	switch {
	case e.Location != "":
		what = "with a redirect to " + redactURL(e.Location)
	case e.isPage():
		what = "with a page of HTML"
	}
	if e.Title != "" && e.Location == "" {
		what += fmt.Sprintf(" (%q)", e.Title)
	}
	return fmt.Sprintf("%s does not answer as AWS does: HTTP %d %s", e.Host, e.Status, what)
}

func (e *StrangeAnswerError) isPage() bool { return strings.HasPrefix(e.Type, "text/html") }

// HTTPStatusCode lets the SDK try again what a gateway refused for the moment.
func (e *StrangeAnswerError) HTTPStatusCode() int { return e.Status }

// peeked is how much of an answer is looked at.
const peeked = 1 << 10

// understood finds answers that are no service's before the SDK takes them
// apart, which would say so in words of its parsers. It stands outside the
// wire's log.
func understood(stack *middleware.Stack) error {
	operation := stack.ID()
	m := middleware.DeserializeMiddlewareFunc("pawsh:answer", func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
		out, meta, err := next.HandleDeserialize(ctx, in)
		resp, ok := out.RawResponse.(*smithyhttp.Response)
		req, _ := in.Request.(*smithyhttp.Request)
		if err != nil || !ok || resp == nil || req == nil || resp.StatusCode < 300 && streams(operation) {
			return out, meta, err
		}
		if strange := strangeness(req, resp, firstByte(ctx, operation, req)); strange != nil {
			resp.Body.Close()
			return out, meta, strange
		}
		return out, meta, nil
	})
	if _, logged := stack.Deserialize.Get(wireID); logged {
		return stack.Deserialize.Insert(m, wireID, middleware.Before)
	}
	return stack.Deserialize.Add(m, middleware.After)
}

// streams tells whether an operation's answer is the user's own data.
func streams(operation string) bool {
	return operation == "GetObject" || operation == "SelectObjectContent" || operation == "GetObjectTorrent"
}

// firstByte is what an answer to a request must begin with: the SDK takes others
// for empty ones. It is "" where that is not certain.
func firstByte(ctx context.Context, operation string, req *smithyhttp.Request) string {
	switch kind := req.Header.Get("Content-Type"); {
	case strings.HasPrefix(kind, "application/x-www-form-urlencoded"):
		return "<"
	case strings.HasPrefix(kind, "application/x-amz-json"):
		return "{"
	case awsmiddleware.GetServiceID(ctx) == "S3" && operation != "GetBucketPolicy":
		return "<"
	}
	return ""
}

func strangeness(req *smithyhttp.Request, resp *smithyhttp.Response, begin string) *StrangeAnswerError {
	e := &StrangeAnswerError{Host: req.URL.Host, Status: resp.StatusCode, Type: strings.ToLower(resp.Header.Get("Content-Type"))}
	fromAWS := false
	for name := range resp.Header {
		fromAWS = fromAWS || strings.HasPrefix(name, "X-Amz")
	}
	if to := resp.Header.Get("Location"); to != "" && resp.StatusCode >= 300 && resp.StatusCode < 400 && !fromAWS {
		e.Location = to
	}
	if req.Method == http.MethodHead || resp.Body == nil || resp.Body == http.NoBody {
		if e.Location != "" {
			return e
		}
		return nil
	}
	head, err := io.ReadAll(io.LimitReader(resp.Body, peeked))
	rest := resp.Body
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), rest), rest}
	if err != nil {
		return nil // whoever reads it will say why
	}
	text := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\ufeff")))))
	html := strings.HasPrefix(text, "<!doctype html") || strings.HasPrefix(text, "<html")
	switch {
	case html:
		e.Type = "text/html"
		if m := titleRE.FindSubmatch(head); m != nil {
			e.Title = oneLine(string(m[1]))
		}
		return e
	case e.Location != "" && !strings.HasPrefix(text, "<"): // S3's redirects say where to in XML
		return e
	case text == "":
		return nil
	case resp.StatusCode < 300 && begin != "" && !strings.HasPrefix(text, begin):
	case strings.HasPrefix(text, "<") || strings.HasPrefix(text, "{") || !isText(head) || strings.Contains(e.Type, "cbor"):
		return nil
	case resp.StatusCode < 300:
		return nil
	}
	line, _, _ := strings.Cut(string(head), "\n")
	e.Title = oneLine(line[:min(len(line), 80)])
	return e
}

var titleRE = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

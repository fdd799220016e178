package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// bodyLimit is how much of a body the log shows.
const bodyLimit = 64 << 10

// wireID names the wire's log in the SDK's stack.
const wireID = "pawsh:wire"

// apiOptions add the log to the SDK's stack of a client: around the whole call
// for its one line, and around each attempt, after signing, for the wire.
// signer is who signs the requests, nil when that is not known: its secrets are
// looked for in all that is logged.
func (d *debugLog) apiOptions(c *connDebug, signer aws.CredentialsProvider) []func(*middleware.Stack) error {
	return []func(*middleware.Stack) error{func(stack *middleware.Stack) error {
		call := middleware.InitializeMiddlewareFunc("pawsh:calls", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			if d.levelFor(c) == LevelOff {
				return next.HandleInitialize(ctx, in)
			}
			start := time.Now()
			tally := &callTally{}
			out, meta, err := next.HandleInitialize(context.WithValue(ctx, tallyKey{}, tally), in)
			d.write(d.callLine(tally, meta, time.Since(start), err))
			return out, meta, err
		})
		names := middleware.InitializeMiddlewareFunc("pawsh:names", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			tally, _ := ctx.Value(tallyKey{}).(*callTally)
			tally.name(ctx)
			return next.HandleInitialize(ctx, in)
		})
		wire := middleware.DeserializeMiddlewareFunc(wireID, func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			level := d.levelFor(c)
			if level == LevelOff {
				return next.HandleDeserialize(ctx, in)
			}
			tally, _ := ctx.Value(tallyKey{}).(*callTally)
			req, _ := in.Request.(*smithyhttp.Request)
			var secrets []string
			if level >= LevelHeaders && req != nil {
				secrets = secretsOf(ctx, signer, req)
				d.request(req, level, secrets)
			}
			out, meta, err := next.HandleDeserialize(ctx, in)
			resp, _ := out.RawResponse.(*smithyhttp.Response)
			tally.note(ctx, resp)
			if level >= LevelHeaders && resp != nil {
				d.response(resp, level, secrets)
			}
			return out, meta, err
		})
		if err := stack.Initialize.Add(call, middleware.Before); err != nil {
			return err
		}
		// Behind the SDK's own step that puts the names into the context, and
		// in front of the guard, whose refusals are logged too.
		if err := stack.Initialize.Add(names, middleware.After); err != nil {
			return err
		}
		return stack.Deserialize.Add(wire, middleware.After)
	}}
}

type tallyKey struct{}

// callTally gathers, during a call, what its line says: the service's names
// are known only inside the stack.
type callTally struct {
	mu                 sync.Mutex
	service, operation string
	region             string
	status, attempts   int
	requestID          string
}

func (t *callTally) name(ctx context.Context) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.service = serviceOf(ctx, "")
	t.operation = awsmiddleware.GetOperationName(ctx)
	t.region = awsmiddleware.GetRegion(ctx)
}

func (t *callTally) note(ctx context.Context, resp *smithyhttp.Response) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.attempts++
	t.status = 0
	if resp != nil {
		t.status = resp.StatusCode
		for _, name := range []string{"X-Amzn-Requestid", "X-Amz-Request-Id", "X-Amz-Id-2"} {
			if id := resp.Header.Get(name); id != "" {
				t.requestID = id
				break
			}
		}
	}
}

func (d *debugLog) callLine(t *callTally, meta middleware.Metadata, took time.Duration, err error) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	attempts := t.attempts
	if r, ok := retry.GetAttemptResults(meta); ok {
		attempts = max(attempts, len(r.Results))
	}
	id := t.requestID
	if v, ok := awsmiddleware.GetRequestIDMetadata(meta); ok && v != "" {
		id = v
	}
	status, color := "no answer", "32"
	switch {
	case t.status != 0:
		status = fmt.Sprint(t.status)
	case attempts == 0 && err == nil:
		status = "presigned" // and not sent
	case attempts == 0:
		status = "not sent"
	}
	if err != nil || t.status >= 400 {
		color = "31"
	}
	if id == "" {
		id = "-"
	}
	tries := "tries"
	if attempts == 1 {
		tries = "try"
	}
	line := fmt.Sprintf("%s %s %s %dms %d %s %s", t.service, t.operation, d.paint(color, status), took.Milliseconds(), attempts, tries, id)
	if t.region != "" {
		line += " " + t.region
	}
	if err != nil {
		line += " " + d.paint("31", oneLine(errorCode(err)))
	}
	return line
}

// errorCode is what the line of a failed call says of the error.
func errorCode(err error) string {
	if code := Code(err); code != "" {
		return code
	}
	if errors.Is(err, context.Canceled) {
		return "cancelled"
	}
	summary, _ := Explain(err)
	return summary
}

func (d *debugLog) request(req *smithyhttp.Request, level Level, secrets []string) {
	var b strings.Builder
	fmt.Fprintf(&b, "> %s %s HTTP/1.1\n", req.Method, redactURL(req.URL.RequestURI()))
	host := req.Host
	if host == "" {
		host = req.URL.Host
	}
	fmt.Fprintf(&b, "> Host: %s\n", host)
	writeHeader(&b, "> ", req.Header)
	if level >= LevelWire {
		b.WriteString(">\n")
		writeBody(&b, "> ", requestBody(req), req.ContentLength, req.Header)
	}
	d.write(mask(b.String(), secrets))
}

// requestBody reads the start of the body and winds it back; a stream that
// can't be wound back is left alone.
func requestBody(req *smithyhttp.Request) []byte {
	stream := req.GetStream()
	if stream == nil || !req.IsStreamSeekable() {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(stream, bodyLimit+1))
	if rewound := req.RewindStream(); rewound != nil || err != nil {
		return nil
	}
	return body
}

func (d *debugLog) response(resp *smithyhttp.Response, level Level, secrets []string) {
	var b strings.Builder
	fmt.Fprintf(&b, "< %s %s\n", resp.Proto, resp.Status)
	writeHeader(&b, "< ", resp.Header)
	text := mask(b.String(), secrets)
	if level < LevelWire || resp.Body == nil {
		d.write(text)
		return
	}
	// The body belongs to the caller, who may be downloading gigabytes: it is
	// copied as it is read, up to the limit, and logged when it ends.
	resp.Body = &loggedBody{ReadCloser: resp.Body, done: func(body []byte, size int64) {
		var b strings.Builder
		b.WriteString("<\n")
		writeBody(&b, "< ", body, size, resp.Header)
		d.write(text + mask(b.String(), secrets))
	}}
}

type loggedBody struct {
	io.ReadCloser
	copy bytes.Buffer
	size int64
	once sync.Once
	done func([]byte, int64)
}

func (l *loggedBody) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	l.size += int64(n)
	if room := bodyLimit + 1 - l.copy.Len(); room > 0 {
		l.copy.Write(p[:min(n, room)])
	}
	if err != nil {
		l.finish()
	}
	return n, err
}

func (l *loggedBody) Close() error {
	l.finish()
	return l.ReadCloser.Close()
}

func (l *loggedBody) finish() { l.once.Do(func() { l.done(l.copy.Bytes(), l.size) }) }

func writeHeader(b *strings.Builder, mark string, h http.Header) {
	names := make([]string, 0, len(h))
	for n := range h {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		for _, v := range h[n] {
			fmt.Fprintf(b, "%s%s: %s\n", mark, n, oneLine(redactHeader(n, v)))
		}
	}
}

// writeBody shows text indented and redacted, and of anything else its size.
func writeBody(b *strings.Builder, mark string, body []byte, size int64, h http.Header) {
	switch {
	case size == 0 || (len(body) == 0 && size < 0):
		return
	case len(body) == 0:
		fmt.Fprintf(b, "%s(%d bytes, not shown)\n", mark, size)
		return
	case len(body) > bodyLimit:
		fmt.Fprintf(b, "%s(%d bytes %s, too long to show)\n", mark, size, h.Get("Content-Type"))
		return
	}
	if body = unpacked(body, h.Get("Content-Encoding")); len(body) > bodyLimit {
		fmt.Fprintf(b, "%s(%d bytes packed, too long to show)\n", mark, size)
		return
	}
	text, ok := readable(body, h.Get("Content-Type"))
	if !ok {
		fmt.Fprintf(b, "%s(%d bytes %s)\n", mark, len(body), h.Get("Content-Type"))
		return
	}
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		b.WriteString(mark + printable(line) + "\n")
	}
}

// printable keeps control characters of a body from reaching the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || (r >= ' ' && r != 0x7f && !(r >= 0x80 && r < 0xa0)) {
			return r
		}
		return '\ufffd'
	}, s)
}

func oneLine(s string) string {
	return printable(strings.Join(strings.Fields(s), " "))
}

// secretsOf gives what must not be in the log of a request: the keys that signed
// it, and what signing put into its head.
func secretsOf(ctx context.Context, signer aws.CredentialsProvider, req *smithyhttp.Request) (secrets []string) {
	_, signature, _ := strings.Cut(req.Header.Get("Authorization"), "Signature=")
	found := []string{signature, req.Header.Get("X-Amz-Security-Token")}
	if signer != nil {
		// The request is signed, so these are at hand and nothing is asked for.
		if c, err := signer.Retrieve(ctx); err == nil {
			found = append(found, c.SecretAccessKey, c.SessionToken)
		}
	}
	for _, s := range found {
		if len(s) >= 8 && !slices.Contains(secrets, s) {
			secrets = append(secrets, s)
		}
	}
	return secrets
}

func isText(b []byte) bool { return utf8.Valid(b) && !bytes.ContainsRune(b, 0) }

package session

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
)

const (
	// defaultSocketTimeout is boto's.
	defaultSocketTimeout = 70 * time.Second
	// defaultConnectTimeout holds when nobody set http_socket_timeout: a host
	// that does not answer in this time does not answer at all.
	defaultConnectTimeout = 10 * time.Second
	// rebufferLimit is the largest request body that is copied to be replayed.
	rebufferLimit = 1 << 20
)

func (e *Env) resolveSocketTimeout() valued[time.Duration] {
	v, ok := e.boto.lookup("Boto", "http_socket_timeout")
	if !ok {
		return valued[time.Duration]{defaultSocketTimeout, "default"}
	}
	seconds, err := strconv.ParseFloat(v.value, 64)
	if err != nil || seconds <= 0 || seconds > 1e6 {
		e.warn("%s: http_socket_timeout %q is not a number of seconds above 0; %s is used", v.source(), v.value, defaultSocketTimeout)
		return valued[time.Duration]{defaultSocketTimeout, "default"}
	}
	return valued[time.Duration]{time.Duration(seconds * float64(time.Second)), v.source()}
}

// SocketTimeout bounds connecting, the wait for an answer, and each wait for
// more of it.
func (e *Env) SocketTimeout() time.Duration { return e.socketTimeout.value }

// TimeoutError says that a server was silent for longer than http_socket_timeout.
type TimeoutError struct {
	Host  string
	What  string
	After time.Duration
	Err   error
}

// Error says what was waited for and how long.
func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%s: %s for %s (http_socket_timeout)", e.Host, e.What, e.After)
}

// Unwrap gives the transport's error.
func (e *TimeoutError) Unwrap() error { return e.Err }

// Timeout makes the error a timeout as package net knows it.
func (*TimeoutError) Timeout() bool { return true }

// Temporary is part of net.Error.
func (*TimeoutError) Temporary() bool { return false }

// httpClient sends the SDK's requests. It embeds the SDK's own client, which
// the SDK's configuration needs where a CA bundle is set (WithTransportOptions).
type httpClient struct {
	*awshttp.BuildableClient
	timeout time.Duration
}

func (e *Env) newClient(c connect) (*httpClient, error) {
	timeout := e.socketTimeout.value
	connectTimeout := timeout
	if e.socketTimeout.source == "default" {
		connectTimeout = min(timeout, defaultConnectTimeout)
	}
	proxy, err := e.proxy(c)
	if err != nil {
		return nil, err
	}
	tlsConfig := e.tlsConfig(c)
	dialer := &net.Dialer{Timeout: connectTimeout, KeepAlive: 30 * time.Second}
	client := awshttp.NewBuildableClient().WithReadTimeout(0).WithTransportOptions(func(tr *http.Transport) {
		tr.Proxy = proxy
		tr.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return &boundedConn{Conn: conn, timeout: timeout}, nil
		}
		tr.TLSHandshakeTimeout = connectTimeout
		tr.ResponseHeaderTimeout = timeout
		if tlsConfig != nil {
			tr.TLSClientConfig = tlsConfig
		}
	})
	return &httpClient{BuildableClient: client, timeout: timeout}, nil
}

// Do sends one request. Small bodies are copied, so that net/http can replay
// the request when the server closed a kept connection; without that, calls to
// a fast loopback server now and then fail with "use of closed network
// connection" (TestKeptConnectionClosedByServer).
func (c *httpClient) Do(req *http.Request) (*http.Response, error) {
	if err := rebuffer(req); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	resp, err := c.send(ctx, req)
	if err != nil {
		cancel(nil)
		return nil, c.explainTimeout(req, err)
	}
	resp.Body = &watchedBody{
		ReadCloser: resp.Body, timeout: c.timeout, cancel: cancel,
		expired: &TimeoutError{Host: req.URL.Host, What: "no more of the answer came", After: c.timeout},
	}
	return resp, nil
}

// send tries once more, at once, when a kept connection turns out to be dead:
// the SDK would too, but only after a pause of up to seconds.
func (c *httpClient) send(ctx context.Context, req *http.Request) (*http.Response, error) {
	reused := false
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused },
	})
	resp, err := c.BuildableClient.Do(req.WithContext(traced))
	if err == nil || !reused || ctx.Err() != nil || !connectionLost(err) || (req.Body != nil && req.GetBody == nil) {
		return resp, err
	}
	again := req.WithContext(ctx)
	if req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		again.Body = body
	}
	return c.BuildableClient.Do(again)
}

func connectionLost(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || closedIdle(err)
}

// closedIdle recognises net/http's error for a connection that the server
// closed before the request went out: it has a text but no exported name
// (TestClosedIdle fails when the text changes).
func closedIdle(err error) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if err.Error() == "http: server closed idle connection" {
			return true
		}
	}
	return false
}

func (c *httpClient) explainTimeout(req *http.Request, err error) error {
	var op *net.OpError
	var timeout net.Error
	switch {
	case req.Context().Err() != nil || !errors.As(err, &timeout) || !timeout.Timeout():
		return err
	case errors.As(err, &op) && op.Op == "dial":
		return &TimeoutError{req.URL.Host, "no connection", c.timeout, err}
	}
	return &TimeoutError{req.URL.Host, "no answer", c.timeout, err}
}

func rebuffer(req *http.Request) error {
	if req.Body == nil || req.Body == http.NoBody || req.GetBody != nil || req.ContentLength < 0 || req.ContentLength > rebufferLimit {
		return nil
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return fmt.Errorf("read request body: %w", err)
	}
	req.Body.Close()
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
	return nil
}

// boundedConn bounds each write. Reads are bounded elsewhere: a read deadline
// would also run on idle connections and hit the next request.
type boundedConn struct {
	net.Conn
	timeout time.Duration
}

func (c *boundedConn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// watchedBody ends a read that waits longer than timeout for the next byte.
type watchedBody struct {
	io.ReadCloser
	timeout time.Duration
	cancel  context.CancelCauseFunc
	expired *TimeoutError

	mu    sync.Mutex
	fired bool
}

func (b *watchedBody) Read(p []byte) (int, error) {
	timer := time.AfterFunc(b.timeout, func() {
		b.mu.Lock()
		b.fired = true
		b.mu.Unlock()
		b.cancel(b.expired)
	})
	n, err := b.ReadCloser.Read(p)
	timer.Stop()
	if err != nil && err != io.EOF {
		b.mu.Lock()
		fired := b.fired
		b.mu.Unlock()
		if fired {
			err = b.expired
		}
	}
	return n, err
}

func (b *watchedBody) Close() error {
	err := b.ReadCloser.Close()
	b.cancel(nil)
	return err
}

// proxy is the one of the arguments, else of boto's file, else of the
// environment. Loopback is never proxied.
func (e *Env) proxy(c connect) (func(*http.Request) (*url.URL, error), error) {
	host, port := c.proxy, c.proxyPort
	user, pass := c.proxyUser, c.proxyPass
	source := argumentSource
	if host == "" {
		v, ok := e.boto.lookup("Boto", "proxy")
		if !ok || v.value == "" {
			return http.ProxyFromEnvironment, nil
		}
		host, source = v.value, v.source()
		port = e.boto.GetInt("Boto", "proxy_port", port)
		user = e.boto.Get("Boto", "proxy_user", user)
		pass = e.boto.Get("Boto", "proxy_pass", pass)
	}
	u, err := hostURL(host, port, "", false)
	if err != nil {
		if source == argumentSource {
			return nil, fmt.Errorf("proxy: %w", err)
		}
		e.warn("%s: proxy: %v; no proxy is used", source, err)
		return http.ProxyFromEnvironment, nil
	}
	if user != "" {
		u.User = url.UserPassword(user, pass)
	}
	return func(req *http.Request) (*url.URL, error) {
		if isLoopback(req.URL.Hostname()) {
			return nil, nil
		}
		return u, nil
	}, nil
}

// tlsConfig is nil where the defaults serve.
func (e *Env) tlsConfig(c connect) *tls.Config {
	bundle, source := e.opts.Getenv("AWS_CA_BUNDLE"), "AWS_CA_BUNDLE"
	if bundle == "" {
		if v, ok := e.boto.lookup("Boto", "ca_certificates_file"); ok && v.value != "system" {
			bundle, source = expandHome(v.value, e.opts.Home), v.source()
		}
	}
	validate := e.boto.GetBool("Boto", "https_validate_certificates", true)
	if c.validateCerts != nil {
		validate = *c.validateCerts
	}
	if bundle == "" && validate {
		return nil
	}
	t := &tls.Config{MinVersion: tls.VersionTLS12}
	if !validate {
		e.warn("the certificates of servers are not checked (https_validate_certificates): anyone on the way can read and change what is sent")
		t.InsecureSkipVerify = true
	}
	if bundle != "" {
		pem, err := os.ReadFile(bundle)
		pool := x509.NewCertPool()
		switch {
		case err != nil:
			e.warn("%s: %v; the system's certificates are used", source, err)
		case !pool.AppendCertsFromPEM(pem):
			e.warn("%s: %s holds no certificate; the system's are used", source, bundle)
		default:
			t.RootCAs = pool
		}
	}
	return t
}

package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// cmdCloud is `cloud KIND VAR`: it starts a server on loopback, puts its
// host:port into VAR, and writes what it was asked into the file VAR.log.
//
//	silent   accepts and never answers
//	reset    accepts and resets
//	refuse   nothing listens there
//	euca     answers as Eucalyptus' EC2
//	walrus   answers as Walrus
//	gs       answers as Google Cloud Storage
func cmdCloud(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: cloud KIND VAR")
	}
	kind, name := args[0], args[1]
	var handler http.Handler
	switch kind {
	case "silent", "reset", "refuse":
		ts.Setenv(name, rawServer(ts, kind))
		return
	case "euca":
		handler = xml(`<DescribeAvailabilityZonesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><availabilityZoneInfo><item><zoneName>cluster01</zoneName><zoneState>available</zoneState><regionName>eucalyptus</regionName></item></availabilityZoneInfo></DescribeAvailabilityZonesResponse>`)
	case "walrus", "gs":
		handler = xml(`<?xml version="1.0"?><ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>o</ID></Owner><Buckets><Bucket><Name>paws</Name><CreationDate>2012-07-01T00:00:00.000Z</CreationDate></Bucket></Buckets></ListAllMyBucketsResult>`)
	default:
		ts.Fatalf("cloud: unknown kind %s", kind)
	}
	log := &requestLog{path: ts.MkAbs(name + ".log")}
	srv := httptest.NewServer(log.wrap(handler))
	ts.Defer(srv.Close)
	ts.Setenv(name, strings.TrimPrefix(srv.URL, "http://"))
	host, port, _ := net.SplitHostPort(strings.TrimPrefix(srv.URL, "http://"))
	ts.Setenv(name+"_HOST", host)
	ts.Setenv(name+"_PORT", port)
}

// boundPort is the address of a socket that is bound and does not listen: nobody
// else gets it, and who connects is refused.
func boundPort(ts *testscript.TestScript) string {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	ts.Check(err)
	ts.Defer(func() { syscall.Close(fd) })
	ts.Check(syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	a, err := syscall.Getsockname(fd)
	ts.Check(err)
	return fmt.Sprintf("127.0.0.1:%d", a.(*syscall.SockaddrInet4).Port)
}

func rawServer(ts *testscript.TestScript, kind string) string {
	if kind == "refuse" {
		return boundPort(ts)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	addr := l.Addr().String()
	var mu sync.Mutex
	var open []net.Conn
	ts.Defer(func() {
		l.Close()
		mu.Lock()
		defer mu.Unlock()
		for _, c := range open {
			c.Close()
		}
	})
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if kind == "reset" {
				_ = c.(*net.TCPConn).SetLinger(0) // closing sends a reset
				c.Close()
				continue
			}
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
		}
	}()
	return addr
}

func xml(body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		io.WriteString(w, body)
	})
}

// requestLog writes each request into a file that scripts look at.
type requestLog struct {
	path string
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *requestLog) wrap(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		l.mu.Lock()
		fmt.Fprintf(&l.text, "%s %s host=%s\n", r.Method, r.URL.RequestURI(), r.Host)
		for _, k := range []string{"Authorization", "X-Amz-Date", "X-Amz-Content-Sha256", "Accept-Encoding", "X-Amz-Trailer", "X-Amz-Checksum-Crc32"} {
			if v := r.Header.Get(k); v != "" {
				fmt.Fprintf(&l.text, "%s: %s\n", k, v)
			}
		}
		fmt.Fprintf(&l.text, "%s\n\n", body)
		_ = os.WriteFile(l.path, l.text.Bytes(), 0o600)
		l.mu.Unlock()
		h.ServeHTTP(w, r)
	})
}

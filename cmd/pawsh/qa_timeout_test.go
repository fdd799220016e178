package main

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// server accepts connections on loopback and gives each to serve until the test
// ends.
func server(t *testing.T, serve func(net.Conn)) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	open := []io.Closer{l}
	t.Cleanup(func() {
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
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			go serve(c)
		}
	}()
	return l.Addr().String()
}

// silentServer accepts and never answers.
func silentServer(t *testing.T) string { return server(t, func(net.Conn) {}) }

// TestSocketTimeout: http_socket_timeout bounds each wait for a server, whatever
// way it is slow; the shell goes on, with the same connection.
func TestSocketTimeout(t *testing.T) {
	t.Parallel()
	const head = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 100000\r\n\r\n"
	read := func(c net.Conn) { _, _ = c.Read(make([]byte, 64<<10)) }
	for _, tt := range []struct {
		name  string
		serve func(net.Conn)
		want  string // of the message
	}{
		{"never answers", func(net.Conn) {}, "no answer for 1s (http_socket_timeout)"},
		{"stops in the head", func(c net.Conn) { read(c); io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Ty") }, "no answer for 1s (http_socket_timeout)"},
		{"stops in the body", func(c net.Conn) { read(c); io.WriteString(c, head+"<Desc") }, "no more of the answer came for 1s (http_socket_timeout)"},
		{"closes in the body", func(c net.Conn) { read(c); io.WriteString(c, head+"<Desc"); c.Close() }, "ended by the server"},
		{"closes at once", func(c net.Conn) { c.Close() }, "ended by the server"},
		{"reads and closes", func(c net.Conn) { read(c); c.Close() }, "ended by the server"},
		{"speaks no HTTP", func(c net.Conn) { read(c); io.WriteString(c, "SSH-2.0-OpenSSH\r\n"); c.Close() }, "malformed HTTP"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.write(".boto", "[Boto]\nhttp_socket_timeout = 1\nnum_retries = 0\n")
			d := w.door("--endpoint", "http://"+server(t, tt.serve))
			for _, cell := range []string{"ec2.GetAllZones()", "s3.GetAllBuckets()", "ec2.GetAllZones()"} {
				start := time.Now()
				r := d.ask(cell)
				if r.Status != "error" || r.Error.Kind != "aws" || !strings.Contains(r.Error.Message, tt.want) {
					t.Errorf("%s: %s\nwant %q", cell, r.raw, tt.want)
				}
				if took := time.Since(start); took > 10*time.Second {
					t.Errorf("%s took %s", cell, took)
				}
			}
			if got := d.value("1+1"); got != "2" {
				t.Errorf("1+1 is %s", got)
			}
		})
	}
}

// TestTimeoutOfSlowAnswers: an answer that trickles is no silence, so the socket
// timeout lets it be; --timeout and Ctrl-C end it.
func TestTimeoutOfSlowAnswers(t *testing.T) {
	t.Parallel()
	slow := server(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 64<<10))
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 100000\r\n\r\n")
		for {
			if _, err := io.WriteString(c, " "); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	w := newWorld(t)
	w.write(".boto", "[Boto]\nhttp_socket_timeout = 1\n")
	d := w.door("--endpoint", "http://"+slow)
	for _, cell := range []string{"ec2.GetAllZones()", "s3.GetAllBuckets()"} {
		d.send(`{"id":1,"code":"` + cell + `","timeout_ms":1500}`)
		if r := d.receive(); r.Status != "interrupted" {
			t.Errorf("%s: %s", cell, r.raw)
		}
	}
	if got := d.value("1+1"); got != "2" {
		t.Errorf("1+1 is %s", got)
	}
	w.run("", "--endpoint", "http://"+slow, "--timeout", "300ms", "-c", "ec2.GetAllZones()").want(t, exitInterrupted, "", "out of time")
}

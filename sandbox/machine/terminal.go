package machine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
	"mvdan.cc/sh/v3/syntax"

	"pawsh/sandbox/machine/shell"
)

// terminal is the keyboard and screen of a session. What is typed is read all
// the time, so that Ctrl-C reaches a command at work.
type terminal struct {
	*term.Terminal
	keys *keys

	mu     sync.Mutex
	cancel context.CancelFunc // of the command at work
	asking bool               // it waits for a line
}

// keys hands typed bytes on; at most maxKeysAhead wait.
type keys struct {
	w    io.Writer
	mu   sync.Mutex
	come sync.Cond
	buf  []byte
	end  bool
}

const maxKeysAhead = 64 << 10

func (k *keys) Read(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for len(k.buf) == 0 && !k.end {
		k.come.Wait()
	}
	if len(k.buf) == 0 {
		return 0, io.EOF
	}
	n := copy(p, k.buf)
	k.buf = k.buf[n:]
	return n, nil
}

func (k *keys) Write(p []byte) (int, error) { return k.w.Write(p) }

func newTerminal(ch io.ReadWriter) *terminal {
	k := &keys{w: ch}
	k.come.L = &k.mu
	t := &terminal{Terminal: term.NewTerminal(k, ""), keys: k}
	go t.pump(ch)
	return t
}

// pump reads keys until the channel closes.
func (t *terminal) pump(r io.Reader) {
	buf := make([]byte, 1024)
	for {
		n, err := r.Read(buf)
		t.keys.mu.Lock()
		for _, c := range buf[:n] {
			if c == 3 && t.interrupt() { // Ctrl-C, while a command is at work
				t.keys.buf = t.keys.buf[:0]
				if !t.isAsking() {
					continue
				}
			}
			if len(t.keys.buf) < maxKeysAhead {
				t.keys.buf = append(t.keys.buf, c)
			}
		}
		t.keys.end = t.keys.end || err != nil
		t.keys.come.Broadcast()
		t.keys.mu.Unlock()
		if err != nil {
			t.interrupt()
			return
		}
	}
}

// interrupt ends the command at work and tells whether there was one.
func (t *terminal) interrupt() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cancel == nil {
		return false
	}
	t.cancel()
	return true
}

func (t *terminal) isAsking() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.asking
}

func (t *terminal) ask() (string, error) {
	t.mu.Lock()
	t.asking = true
	t.mu.Unlock()
	defer func() {
		t.mu.Lock()
		t.asking = false
		t.mu.Unlock()
	}()
	t.SetPrompt("")
	return t.ReadLine()
}

// work runs f with a context that Ctrl-C ends.
func (t *terminal) work(ctx context.Context, f func(context.Context)) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t.mu.Lock()
	t.cancel = cancel
	t.mu.Unlock()
	f(ctx)
	t.mu.Lock()
	t.cancel = nil
	t.mu.Unlock()
}

// typed is the standard input of a command: the lines typed while it runs.
type typed struct {
	t    *terminal
	line string
}

func (i *typed) Read(p []byte) (int, error) {
	if i.line == "" {
		line, err := i.t.ask()
		if err != nil {
			return 0, io.EOF
		}
		i.line = line + "\n"
	}
	n := copy(p, i.line)
	i.line = i.line[n:]
	return n, nil
}

// interact is a login shell with a prompt.
func (s *session) interact(sys *shell.System) int {
	t := s.term
	fmt.Fprintf(t, "Last login: %s from 127.0.0.1\n%s\n", s.m.now().UTC().Format(time.ANSIC), s.m.cfg.Release)
	if motd, err := sys.FS.ReadFile("/etc/motd", 16<<10); err == nil {
		t.Write(motd)
	}
	sh := shell.New(sys, s.env)
	for _, rc := range []string{".bashrc"} {
		if text, err := sys.FS.ReadFile(sys.Home+"/"+rc, 64<<10); err == nil {
			t.work(s.ctx, func(ctx context.Context) {
				sh.Run(ctx, string(text), shell.Streams{Out: t, Err: t}, s.m.sessionLimits(), false)
			})
		}
	}
	code, text := 0, ""
	for {
		if text == "" {
			t.SetPrompt(sh.Prompt())
		} else {
			t.SetPrompt("> ")
		}
		line, err := t.ReadLine()
		if err != nil {
			if errors.Is(err, term.ErrPasteIndicator) {
				err = nil
			} else {
				fmt.Fprintln(t, "logout")
				return code
			}
		}
		text += line + "\n"
		if strings.TrimSpace(text) == "" {
			text = ""
			continue
		}
		if len(text) < 64<<10 && unfinished(text) {
			continue
		}
		s.m.settle()
		t.work(s.ctx, func(ctx context.Context) {
			code = sh.Run(ctx, text, shell.Streams{In: &typed{t: t}, Out: t, Err: t}, s.m.sessionLimits(), false)
		})
		text = ""
		if s.ctx.Err() != nil || sh.Exited() {
			return code
		}
	}
}

// unfinished tells that more lines belong to a command.
func unfinished(text string) bool {
	_, err := syntax.NewParser().Parse(strings.NewReader(text), "")
	return err != nil && syntax.IsIncomplete(err) || strings.HasSuffix(text, "\\\n")
}

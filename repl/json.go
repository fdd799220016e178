package repl

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"time"

	"pawsh/repl/diag"
	"pawsh/repl/display"
	"pawsh/repl/input"
)

// request is one line of the JSON door.
type request struct {
	ID        json.RawMessage `json:"id"`
	Code      *string         `json:"code"`
	TimeoutMS int64           `json:"timeout_ms"`
}

// answer is what the door says to one request.
type answer struct {
	ID        json.RawMessage `json:"id"`
	Status    string          `json:"status"` // ok, error, interrupted, incomplete or invalid
	Value     *string         `json:"value"`  // the last value by %v; null when there is none
	Display   string          `json:"display"`
	Stdout    string          `json:"stdout"`
	Error     *answerError    `json:"error,omitempty"`
	ElapsedMS float64         `json:"elapsed_ms"`
}

type answerError struct {
	Kind    string `json:"kind"` // compile, runtime, aws or internal
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Hint    string `json:"hint,omitempty"`
}

// maxRequest bounds a request line.
const maxRequest = 64 << 20

// ServeJSON answers requests, one JSON object a line, until r ends. SIGINT ends
// the running request; between two requests it does nothing, because the one it
// was meant for may have ended just before. out must be the Out that the shell
// was made with, and say what was written since the last answer.
func (sh *Shell) ServeJSON(ctx context.Context, r io.Reader, w io.Writer, out *Capture) error {
	late := make(chan os.Signal, 1)
	signal.Notify(late, os.Interrupt)
	defer signal.Stop(late)
	br := bufio.NewReaderSize(r, 64<<10)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for !sh.quit {
		line, err := readRequest(br)
		if len(strings.TrimSpace(line)) > 0 {
			if err := enc.Encode(sh.serve(ctx, line, out)); err != nil {
				return fmt.Errorf("write answer: %w", err)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read request: %w", err)
		}
	}
	return nil
}

func readRequest(br *bufio.Reader) (string, error) {
	var b strings.Builder
	for {
		part, err := br.ReadSlice('\n')
		if b.Len() <= maxRequest {
			b.Write(part)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return b.String(), err
	}
}

func (sh *Shell) serve(ctx context.Context, line string, out *Capture) answer {
	req, err := parseRequest(line)
	if err != nil {
		return answer{ID: req.ID, Status: "invalid", Error: &answerError{Kind: "compile", Message: err.Error()}}
	}
	code := *req.Code
	a := answer{ID: req.ID, Status: "ok"}
	if !whole(input.Transform(code)) && !isCommand(code) {
		a.Status = "incomplete"
	}
	cellCtx, stop := Interruptible(ctx)
	defer stop()
	if req.TimeoutMS > 0 {
		var cancel context.CancelFunc
		cellCtx, cancel = context.WithTimeout(cellCtx, time.Duration(req.TimeoutMS)*time.Millisecond)
		defer cancel()
	}
	start := time.Now()
	var r Reply
	if a.Status == "incomplete" {
		_, err := sh.kernel.scope.Check(input.Transform(code), sh.kernel.n+1)
		if err == nil {
			err = diag.Malformed(0, 0, "the cell is incomplete: more lines are expected")
		}
		r.Err = err
	} else {
		r = sh.Do(cellCtx, code)
	}
	a.ElapsedMS = float64(time.Since(start).Microseconds()) / 1000
	a.Stdout = out.Take()
	a.Display = strings.TrimSuffix(r.Text, "\n")
	if r.Shown && len(r.Values) > 0 {
		v := plain(r.Values)
		a.Value = &v
		a.Display = sh.Display(r.Result)
	}
	if r.Err != nil {
		a.fail(r)
	}
	return a
}

// parseRequest reads a request; with an error it still gives the id where there
// is one, so that the answer finds its way.
func parseRequest(line string) (request, error) {
	const what = "the request is not a JSON object with id and code"
	req := request{ID: json.RawMessage("null")}
	if len(line) > maxRequest {
		return req, fmt.Errorf("the request has more than %d bytes", maxRequest)
	}
	var parsed request
	err := json.Unmarshal([]byte(line), &parsed)
	if parsed.ID != nil {
		req.ID = parsed.ID
	}
	switch {
	case err != nil:
		return req, fmt.Errorf("%s: %w", what, err)
	case parsed.Code == nil:
		return req, fmt.Errorf("%s: there is no code", what)
	}
	parsed.ID = req.ID
	return parsed, nil
}

func isCommand(code string) bool {
	_, ok := input.Command(input.Transform(code))
	return ok
}

func plain(vs []display.Value) string {
	parts := make([]string, len(vs))
	for i, v := range vs {
		parts[i] = v.Plain()
	}
	return strings.Join(parts, " ")
}

func (a *answer) fail(r Reply) {
	if errors.Is(r.Err, diag.ErrInterrupted) {
		a.Status = "interrupted"
		a.Error = &answerError{Kind: "runtime", Message: r.Err.Error()}
		return
	}
	if a.Status == "ok" {
		a.Status = "error"
		if r.Invalid {
			a.Status = "invalid"
		}
	}
	a.Error = &answerError{Kind: string(diag.Internal), Message: r.Err.Error()}
	var d *diag.Error
	if errors.As(r.Err, &d) {
		a.Error = &answerError{Kind: string(d.Kind), Code: d.Code, Message: d.Message, Line: d.Line, Column: d.Column, Hint: d.Hint}
	}
}

// Capture takes what cells print, through a pipe: cells that write to
// os.Stdout want a file.
type Capture struct {
	File *os.File // the end that cells write to
	r    *os.File
	text string // of the mark
	mu   sync.Mutex
	buf  []byte
	mark chan struct{}
	n    int
}

// NewCapture starts to collect what is written to File.
func NewCapture() (*Capture, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("capture output: %w", err)
	}
	// The mark ends what was written before Take was called. It is random: a
	// cell that prints another one's would shift all that is printed after it.
	c := &Capture{File: w, r: r, text: "\x00" + rand.Text() + "\x00", mark: make(chan struct{}, 1)}
	go c.collect()
	return c, nil
}

func (c *Capture) collect() {
	b := make([]byte, 32<<10)
	for {
		n, err := c.r.Read(b)
		c.mu.Lock()
		c.buf = append(c.buf, b[:n]...)
		if i := strings.Index(string(c.buf[max(0, len(c.buf)-n-len(c.text)):]), c.text); i >= 0 {
			i += max(0, len(c.buf)-n-len(c.text))
			c.buf = append(c.buf[:i], c.buf[i+len(c.text):]...)
			c.n = i
			c.mark <- struct{}{}
		}
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// Take gives what was written since the last Take.
func (c *Capture) Take() string {
	if _, err := c.File.WriteString(c.text); err != nil {
		return ""
	}
	<-c.mark
	c.mu.Lock()
	defer c.mu.Unlock()
	s := string(c.buf[:c.n])
	c.buf = append([]byte(nil), c.buf[c.n:]...)
	return s
}

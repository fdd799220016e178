package repl

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"pawsh/repl/diag"
	"pawsh/repl/display"
	"pawsh/repl/input"
	"pawsh/repl/python"
)

// maxLine bounds a line of a script.
const maxLine = 8 << 20

// Script runs a text cell by cell, as if it were typed, and stops at the first
// that fails: the error has been printed. A Go file, which begins with a
// package clause, is one cell.
// name is the file's, for errors; it may be "".
func (sh *Shell) Script(ctx context.Context, name string, r io.Reader) error {
	saved := sh.origin
	defer func() { sh.origin = saved }()
	br := bufio.NewReaderSize(patient{ctx, r}, 64<<10)
	var cell strings.Builder
	line, start, open, depth := 0, 0, false, 0
	isFile := false
	pasted := noPaste
	flush := func() error {
		text := cell.String()
		cell.Reset()
		open = false
		if strings.TrimSpace(text) == "" {
			return nil
		}
		sh.origin = display.Origin{File: name, Line: start - 1}
		return sh.Run(ctx, text)
	}
	for !sh.quit {
		s, err := readLine(br)
		if ctx.Err() != nil {
			fmt.Fprint(sh.err, sh.Explain(diag.ErrInterrupted, ""))
			return diag.ErrInterrupted
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return sh.fail(fmt.Errorf("read line %d: %w", line+1, err))
		}
		end := errors.Is(err, io.EOF)
		if s != "" {
			if pasted == pythonBlock && open && !python.Continues(s) {
				if err := flush(); err != nil {
					return err
				}
			}
			line++
			if !open {
				pasted = pasteOf(s, sh.pythonOff)
				start, open, depth = line, true, 0
			}
			cell.WriteString(s)
			if strings.HasPrefix(strings.TrimSpace(s), "package ") && start == line {
				isFile = true
			}
			if !isFile && pasted == noPaste {
				// Brackets are counted line by line; the whole cell is looked
				// at only when they are balanced.
				depth += input.Depth(s)
				if depth <= 0 {
					if whole(cell.String()) {
						if err := flush(); err != nil {
							return err
						}
					}
				}
			}
		}
		if end {
			return flush()
		}
	}
	return nil
}

// paste tells texts of which the lines alone don't say where a cell ends.
type paste int

const (
	noPaste     paste = iota
	transcript        // begins with >>>, and is all that follows
	pythonBlock       // goes on as long as lines are indented
)

// startsPython matches the line in front of a session of Python.
var startsPython = regexp.MustCompile(`^\s*[%$] python[0-9.]*\s*$`)

func pasteOf(line string, off bool) paste {
	switch {
	case off:
	case python.Prompted(line), startsPython.MatchString(line):
		return transcript
	case python.IsHead(line):
		return pythonBlock
	}
	return noPaste
}

// patient is a reader whose reads Ctrl-C ends: the one who writes a pipe may take
// his time. What such a read would have given is lost.
type patient struct {
	ctx context.Context
	r   io.Reader
}

func (p patient) Read(b []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	own := make([]byte, len(b)) // b is the caller's again when this returns
	done := make(chan result, 1)
	go func() {
		n, err := p.r.Read(own)
		done <- result{n, err}
	}()
	select {
	case r := <-done:
		return copy(b, own[:r.n]), r.err
	case <-p.ctx.Done():
		return 0, p.ctx.Err()
	}
}

// readLine reads a line with its end; it refuses one that is too long.
func readLine(br *bufio.Reader) (string, error) {
	var b strings.Builder
	for {
		part, err := br.ReadSlice('\n')
		b.Write(part)
		if b.Len() > maxLine {
			return "", fmt.Errorf("the line has more than %d bytes: put large data into a file and read it with os.ReadFile", maxLine)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return b.String(), err
	}
}

func (sh *Shell) fail(err error) error {
	d := &diag.Error{Kind: diag.Compile, Message: err.Error(), Err: err}
	fmt.Fprint(sh.err, sh.Explain(d, ""))
	return d
}

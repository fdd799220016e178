package repl

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"pawsh/repl/diag"
	"pawsh/repl/display"
	"pawsh/repl/input"
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
	br := bufio.NewReaderSize(r, 64<<10)
	var cell strings.Builder
	line, start, open, depth := 0, 0, false, 0
	isFile := false
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
		if err != nil && !errors.Is(err, io.EOF) {
			return sh.fail(fmt.Errorf("read line %d: %w", line+1, err))
		}
		end := errors.Is(err, io.EOF)
		if s != "" {
			line++
			if !open {
				start, open, depth = line, true, 0
			}
			cell.WriteString(s)
			if strings.HasPrefix(strings.TrimSpace(s), "package ") && start == line {
				isFile = true
			}
			if !isFile {
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

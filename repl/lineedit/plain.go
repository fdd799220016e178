package lineedit

import (
	"context"
	"errors"
	"io"
	"strings"
)

// plainReader reads lines on a terminal that knows no escapes (TERM=dumb). The
// terminal stays as it is; its driver does the editing, and bounds a line to
// 4095 bytes.
type plainReader struct {
	held string // input after the line that was returned
	eof  bool
}

// readPlain is ReadLine without a screen. Text left by SetText is dropped.
func (e *Editor) readPlain(context.Context) (string, error) {
	defer e.watchSignals(e.lineNo)()
	e.model.begin("", 0)
	var text strings.Builder
	e.writePlain(e.cfg.Prompt())
	for {
		line, err := e.plainLine()
		if err != nil {
			e.writePlain("\n")
			return "", err
		}
		text.WriteString(line)
		complete, _ := e.model.enter(text.String())
		if complete || e.plain.eof {
			return text.String(), nil
		}
		text.WriteByte('\n')
		e.writePlain(e.cfg.Continuation)
	}
}

// plainLine is the next line without its end.
func (e *Editor) plainLine() (string, error) {
	for {
		e.runMail()
		switch {
		case e.stopErr != nil:
			return "", e.stopErr
		case e.model.state == interrupted:
			e.plain.held = ""
			return "", ErrInterrupt
		}
		if line, rest, ok := strings.Cut(e.plain.held, "\n"); ok {
			e.plain.held = rest
			return normalise(strings.TrimSuffix(line, "\r")), nil
		}
		if e.plain.eof {
			line := e.plain.held
			e.plain.held = ""
			if line == "" {
				return "", io.EOF
			}
			return normalise(line), nil
		}
		n, err := e.tty.read(e.input, true)
		if errors.Is(err, io.EOF) {
			e.plain.eof = true
		} else if err != nil {
			return "", err
		}
		e.plain.held += string(e.input[:n])
	}
}

// writePlain writes s without its escapes.
func (e *Editor) writePlain(s string) {
	var b strings.Builder
	for len(s) > 0 {
		if _, n, _ := cutEscape(s); n > 0 {
			s = s[n:]
			continue
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	e.write(b.String())
}

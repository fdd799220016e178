package repl

import (
	"go/scanner"
	"go/token"
	"go/types"
	"sync/atomic"

	"pawsh/repl/lineedit"
)

// Colours of names, beside those of the language's tokens.
const (
	styleBound   lineedit.Style = "1;34" // what the shell binds
	styleName    lineedit.Style = "34"   // what cells declared
	stylePre     lineedit.Style = "36"   // what Go predeclares
	styleCommand lineedit.Style = "1"
)

// names are the names that are coloured, as they were when the line began: a
// line is coloured with every key and must not wait for the session.
type names struct {
	at atomic.Pointer[map[string]lineedit.Style]
}

// look takes the names of the session. It is called between two cells.
func (n *names) look(sh *Shell) {
	m := map[string]lineedit.Style{"_": styleName, "__": styleName, "___": styleName, "Out": styleName}
	for _, s := range types.Universe.Names() {
		m[s] = stylePre
	}
	for _, s := range sh.kernel.scope.Names() {
		m[s] = styleName
		if _, declared := sh.kernel.scope.Declared(s); !declared {
			m[s] = styleBound
		}
	}
	n.at.Store(&m)
}

// maxColoured bounds the texts that are coloured.
const maxColoured = 256 << 10

// highlight colours a text by Go's tokens. A name that nothing is known of
// stays as it is: it may be on its way.
func (a *assistant) highlight(text string) []lineedit.Span {
	if len(text) > maxColoured {
		return nil
	}
	start := 0
	var spans []lineedit.Span
	if c, ok := commandLine(text, len(text)); ok {
		start = c.args
		if start < 0 {
			start = len(text)
		}
		spans = append(spans, lineedit.Span{Start: c.begin, End: start, Style: styleCommand})
		if c.kind != ArgExpr {
			return spans
		}
	}
	bound := map[string]lineedit.Style{}
	if m := a.bound.at.Load(); m != nil {
		bound = *m
	}
	file := token.NewFileSet().AddFile("", -1, len(text)-start)
	var s scanner.Scanner
	s.Init(file, []byte(text[start:]), func(token.Position, string) {}, scanner.ScanComments)
	prev := token.ILLEGAL
	for {
		p, tok, lit := s.Scan()
		if tok == token.EOF {
			return spans
		}
		var style lineedit.Style
		switch {
		case tok == token.COMMENT:
			style = lineedit.StyleComment
		case tok == token.STRING, tok == token.CHAR:
			style = lineedit.StyleString
		case tok.IsLiteral() && tok != token.IDENT:
			style = lineedit.StyleNumber
		case tok.IsKeyword():
			style = lineedit.StyleKeyword
		case tok == token.IDENT && prev != token.PERIOD:
			style = bound[lit]
		}
		prev = tok
		if style != "" {
			at := start + file.Offset(p)
			spans = append(spans, lineedit.Span{Start: at, End: min(at+len(lit), len(text)), Style: style})
		}
	}
}

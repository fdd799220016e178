// Package check gives cells their types: it keeps the scope of a session on
// go/types, resolves the names that the shell binds or imports by itself, and
// turns the checker's findings into errors a person can act on. It must not
// run anything.
//
//	text --Split--> segments --parse, resolve, go/types, Unwrap--> []*rewrite.Unit
package check

import (
	"go/scanner"
	"go/token"

	"pawsh/repl/diag"
)

// segment is a run of declarations or of statements in a cell.
type segment struct {
	decl       bool
	start, end int // byte offsets in the cell
	first      token.Token
}

// split cuts a cell into segments; pkg is the name in its package clause, ""
// when it has none.
func split(src string) (segs []segment, pkg string, err *diag.Error) {
	file := token.NewFileSet().AddFile("cell", -1, len(src))
	var s scanner.Scanner
	s.Init(file, []byte(src), func(p token.Position, msg string) {
		if err == nil {
			err = diag.Malformed(p.Line, p.Column, "%s", msg)
		}
	}, 0)
	c := cutter{file: file, start: -1}
	depth := 0
	for {
		pos, tok, lit := s.Scan()
		off := file.Offset(pos)
		if tok == token.EOF {
			c.flush(len(src))
			break
		}
		if tok == token.SEMICOLON && depth == 0 {
			c.flush(off)
			continue
		}
		switch tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
			if depth < 0 && err == nil {
				p := file.Position(pos)
				err = diag.Malformed(p.Line, p.Column, "unexpected %s: nothing is open here", tok)
			}
		}
		if c.start < 0 {
			c.start = off
		}
		c.toks = append(c.toks, token1{tok, lit})
	}
	if err != nil {
		return nil, c.pkg, err
	}
	return join(c.segs), c.pkg, nil
}

type token1 struct {
	tok token.Token
	lit string
}

// cutter collects the tokens of one top level chunk.
type cutter struct {
	file  *token.File
	toks  []token1
	start int
	pkg   string
	segs  []segment
}

func (c *cutter) flush(end int) {
	if len(c.toks) == 0 {
		return
	}
	first := c.toks[0].tok
	if first == token.PACKAGE {
		if len(c.toks) > 1 {
			c.pkg = c.toks[1].lit
		}
	} else {
		c.segs = append(c.segs, segment{decl: c.isDecl(), start: c.start, end: end, first: first})
	}
	c.toks, c.start = c.toks[:0], -1
}

func (c *cutter) isDecl() bool {
	switch c.toks[0].tok {
	case token.IMPORT, token.TYPE, token.CONST:
		return true
	case token.VAR:
		return c.pkg != "" // at the prompt a var statement runs where it stands
	case token.FUNC:
		return isFuncDecl(c.toks)
	}
	return false
}

// isFuncDecl tells `func f(` and `func (r T) m(` from function literals.
func isFuncDecl(toks []token1) bool {
	if len(toks) < 2 {
		return false
	}
	if toks[1].tok == token.IDENT {
		return true
	}
	if toks[1].tok != token.LPAREN {
		return false
	}
	depth := 0
	for i := 1; i < len(toks); i++ {
		switch toks[i].tok {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			depth--
			if depth == 0 {
				return i+2 < len(toks) && toks[i+1].tok == token.IDENT && toks[i+2].tok == token.LPAREN
			}
		}
	}
	return false
}

// join merges neighbours of one kind; imports stay apart, as what follows may
// need them to be found.
func join(segs []segment) []segment {
	var out []segment
	for _, g := range segs {
		if n := len(out); n > 0 && out[n-1].decl == g.decl && (g.first == token.IMPORT) == (out[n-1].first == token.IMPORT) {
			out[n-1].end = g.end
			continue
		}
		out = append(out, g)
	}
	return out
}

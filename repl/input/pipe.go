package input

import (
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
)

// Pipe is a way to read a text as VALUE | PROGRAM.
type Pipe struct {
	Left    string // a Go expression
	Line    string // a line of the system's shell
	Program string // its first word
}

// Bounds of what is looked at for a pipe: each way to read a text parses it.
const (
	maxPipes    = 32
	maxPipeText = 64 << 10
)

// Pipes gives the ways to read a text as an expression whose value goes to a
// program, the shortest expression first. Whether a text means that, or Go's
// own binary or, only types can tell.
func Pipes(src string) []Pipe {
	if len(src) > maxPipeText || !strings.Contains(src, "|") {
		return nil
	}
	var out []Pipe
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	s.Init(file, []byte(src), func(token.Position, string) {}, 0)
	depth, bars := 0, 0
	for {
		pos, tok, _ := s.Scan()
		switch tok {
		case token.EOF:
			return out
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.OR:
			if bars++; bars > maxPipes {
				return out
			}
			if depth != 0 {
				continue
			}
			at := file.Offset(pos)
			left, line := strings.TrimSpace(src[:at]), strings.TrimSpace(src[at+1:])
			if line == "" || strings.Contains(line, "\n") {
				continue
			}
			if _, err := parser.ParseExpr(left); err == nil {
				out = append(out, Pipe{left, line, strings.Fields(line)[0]})
			}
		}
	}
}

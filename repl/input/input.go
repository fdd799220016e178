// Package input has the pure transformers between the text that a person gave
// and the cell that is checked: bad bytes refused, prompts stripped, commands
// routed, and the question whether more lines are wanted. It must not know
// types nor run anything.
package input

import (
	"go/scanner"
	"go/token"
	"strings"
	"unicode/utf8"

	"pawsh/repl/diag"
)

// MaxCell bounds the text of one cell.
const MaxCell = 4 << 20

// Valid refuses what can't be a cell.
func Valid(src string) error {
	if len(src) > MaxCell {
		d := diag.Malformed(0, 0, "this cell has %d bytes, the limit is %d", len(src), MaxCell)
		d.Hint = "put large data into a file and read it with os.ReadFile"
		return d
	}
	line, start := 1, 0
	for i := 0; i < len(src); {
		c := src[i]
		if c == '\n' {
			line, start = line+1, i+1
		}
		if c == 0 {
			return diag.Malformed(line, i-start+1, "a NUL byte can't stand in a cell")
		}
		if c < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(src[i:])
		if r == utf8.RuneError && n == 1 {
			d := diag.Malformed(line, i-start+1, "byte %#02x is not valid UTF-8", c)
			d.Hint = "save the text as UTF-8 and try again"
			return d
		}
		i += n
	}
	return nil
}

// State tells what a text is as a cell.
type State int

// The states of a text.
const (
	Complete   State = iota // can be run
	Incomplete              // more lines are wanted
	Invalid                 // no more lines can make it right
)

// Status tells whether a text is a whole cell; for an incomplete one depth is
// the number of brackets that are open.
func Status(src string) (state State, depth int) {
	depth, open := brackets(src)
	if open {
		return Incomplete, depth
	}
	if depth > 0 {
		return Incomplete, depth
	}
	if depth < 0 {
		return Invalid, 0
	}
	if strings.TrimSpace(src) == "" {
		return Complete, 0
	}
	if wantsOperand(src) {
		return Incomplete, 0
	}
	return Complete, 0
}

// wantsOperand tells whether the text ends in a token that something must follow.
func wantsOperand(src string) bool {
	toks := scan(src)
	if len(toks) == 0 {
		return false
	}
	switch t := toks[len(toks)-1]; t {
	case token.INC, token.DEC, token.RPAREN, token.RBRACK, token.RBRACE, token.SEMICOLON, token.BREAK, token.CONTINUE, token.FALLTHROUGH, token.RETURN:
		return false
	default:
		return t.IsOperator() || t.IsKeyword()
	}
}

func scan(src string) []token.Token {
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(src)), []byte(src), func(token.Position, string) {}, 0)
	var out []token.Token
	for {
		_, tok, lit := s.Scan()
		if tok == token.EOF {
			return out
		}
		if tok == token.SEMICOLON && lit == "\n" {
			continue
		}
		out = append(out, tok)
	}
}

// brackets counts the brackets that stay open; open tells that a raw string or
// a comment does.
func brackets(src string) (depth int, open bool) {
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(src)), []byte(src), func(_ token.Position, msg string) {
		if msg == "raw string literal not terminated" || msg == "comment not terminated" {
			open = true
		}
	}, scanner.ScanComments)
	for {
		_, tok, _ := s.Scan()
		switch tok {
		case token.EOF:
			return depth, open
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
			if depth < 0 {
				return depth, false
			}
		}
	}
}

// Depth is the number of brackets that a line opens and does not close, as far
// as the line alone can tell; Status has the last word.
func Depth(line string) int {
	n := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '(', '[', '{':
			n++
		case ')', ']', '}':
			n--
		case '"', '`', '\'', '/':
			return -1 << 20 // text or comment: let Status look
		}
	}
	return n
}

package repl

import (
	"context"
	"fmt"
	"go/scanner"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"pawsh/bindings/symbols"
)

// exprAt is the name, with what is selected from, that the cursor is in or
// behind; where there is none, what is called there.
func exprAt(text string, pos int) string {
	if c, ok := commandLine(text, pos); ok {
		if c.args < 0 {
			return ""
		}
		text, pos = text[c.args:], pos-c.args
	}
	type piece struct {
		tok        token.Token
		start, end int
	}
	var toks []piece
	file := token.NewFileSet().AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, []byte(text), func(token.Position, string) {}, 0)
	for {
		p, tok, lit := s.Scan()
		at := file.Offset(p)
		if tok == token.EOF || at >= pos {
			break
		}
		if !tok.IsLiteral() {
			lit = tok.String()
		}
		toks = append(toks, piece{tok, at, at + len(lit)})
	}
	// Out of the brackets that are open in front of the cursor.
	depth, i := 0, len(toks)-1
	if i >= 0 && (toks[i].tok != token.IDENT || toks[i].end < pos) {
		for ; i >= 0; i-- {
			switch toks[i].tok {
			case token.RPAREN, token.RBRACK, token.RBRACE:
				depth++
			case token.LPAREN, token.LBRACK, token.LBRACE:
				depth--
			}
			if depth < 0 && toks[i].tok == token.LPAREN && i > 0 && toks[i-1].tok == token.IDENT {
				i--
				break
			}
		}
	}
	if i < 0 {
		return ""
	}
	end := toks[i].end
	for i > 1 && toks[i].tok == token.IDENT && toks[i-1].tok == token.PERIOD {
		i -= 2
		for toks[i].tok == token.RPAREN || toks[i].tok == token.RBRACK { // what was called or indexed
			depth := 0
			for ; i > 0; i-- {
				switch toks[i].tok {
				case token.RPAREN, token.RBRACK:
					depth++
				case token.LPAREN, token.LBRACK:
					depth--
				}
				if depth == 0 {
					break
				}
			}
			if i == 0 {
				return ""
			}
			i--
		}
	}
	if toks[i].tok != token.IDENT {
		return ""
	}
	return text[toks[i].start:end]
}

var operationRE = regexp.MustCompile(`\b[A-Z]\w+`)

// operations are the AWS operations that a function of the bindings calls:
// those that its documentation names in front of boto's name, as in
// "...: DescribeInstances, all pages (boto: get_all_instances)".
func operations(path, name string) []string {
	service, ok := strings.CutPrefix(path, "pawsh/bindings/")
	if !ok {
		return nil
	}
	doc, _, named := strings.Cut(strings.Join(strings.Fields(symbols.Doc(path, name)), " "), "(boto:")
	from := strings.LastIndex(doc, ": ")
	if !named {
		// What boto never had says no name of boto's there.
		doc, _, _ = strings.Cut(doc, "Options: ")
		from = strings.Index(doc, ": ")
	}
	if from < 0 && !named {
		return nil
	}
	var ops []string
	for _, op := range operationRE.FindAllString(doc[max(from, 0):], -1) {
		if symbols.Doc(sdkServices+service, "Client."+op) != "" && !slices.Contains(ops, op) {
			ops = append(ops, op)
		}
	}
	return ops
}

// cmdSource tells what is behind a name: the AWS operations that a method of
// the bindings calls, or else where the name comes from.
func (sh *Shell) cmdSource(_ context.Context, args string) (string, error) {
	if args == "" {
		return "", usage(":source wants a name, such as ec2.RunInstances")
	}
	if d := sh.kernel.scope.Declaration(args); d != "" {
		for _, c := range slices.Backward(sh.session.cells) {
			if c.ok && declares(c.text, args) {
				return fmt.Sprintf("cell %d:\n%s", c.n, strings.TrimSpace(c.text)), nil
			}
		}
		return "declared by a cell of this session: " + d, nil
	}
	return sh.kernel.Source(args)
}

// declares tells whether the text of a cell declares a name.
func declares(text, name string) bool {
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(text)), []byte(text), func(token.Position, string) {}, 0)
	last := token.ILLEGAL
	named := false // the name has been read, in a list of them or alone
	for {
		_, tok, lit := s.Scan()
		switch {
		case tok == token.EOF:
			return false
		case tok == token.IDENT && lit == name:
			switch last {
			case token.FUNC, token.TYPE, token.VAR, token.CONST, token.IMPORT:
				return true
			}
			named = true
		case tok == token.DEFINE && named:
			return true
		case tok != token.COMMA && tok != token.IDENT:
			named = false
		}
		last = tok
	}
}

// Source tells what is behind a name.
func (k *Kernel) Source(expr string) (string, error) {
	sym, err := k.scope.Symbol(expr)
	if err != nil {
		return "", err
	}
	if sym.Path == "" {
		return "a value of type " + sym.Type, nil
	}
	full := strings.TrimSuffix(sym.Path+"."+sym.Name, ".")
	service := strings.TrimPrefix(sym.Path, "pawsh/bindings/")
	ops := operations(sym.Path, sym.Name)
	if len(ops) == 0 {
		if name, ok := strings.CutPrefix(sym.Name, "Client."); ok && strings.HasPrefix(sym.Path, sdkServices) {
			return full + "\nis the AWS operation " + name + " itself; :doc " + expr + " tells what it does", nil
		}
		return full + "\nis compiled into the shell; :doc " + expr + " tells what it does", nil
	}
	var b strings.Builder
	b.WriteString(full)
	for _, op := range ops {
		fmt.Fprintf(&b, "\n\ncalls %s, in the SDK's words %s.Client.%s:\n", op, service, op)
		if text := strings.TrimSpace(symbols.Doc(sdkServices+service, "Client."+op)); text != "" {
			b.WriteString(text)
		} else {
			b.WriteString("(no documentation)")
		}
	}
	return b.String(), nil
}

package python

import (
	"strings"

	"go.starlark.net/syntax"
)

// simple reads the simple statements of a line.
func (p *parser) simple(toks []token) ([]stmt, error) {
	var out []stmt
	for _, part := range split(toks, ";") {
		if len(part) == 0 {
			continue
		}
		s, err := p.small(part)
		if err != nil {
			return nil, err
		}
		if s != nil {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		out = append(out, &wordStmt{toks[0].pos, "pass"})
	}
	return out, nil
}

func (p *parser) small(toks []token) (stmt, error) {
	t := toks[0]
	rest := toks[1:]
	if t.kind == tName && !(len(rest) > 0 && (rest[0].is("=") || rest[0].is(".") || rest[0].is(","))) {
		switch t.text {
		case "pass", "break", "continue":
			if len(rest) > 0 {
				return nil, malformed(rest[0].pos, "nothing can follow %s", t.text)
			}
			return &wordStmt{t.pos, t.text}, nil
		case "global":
			return &wordStmt{t.pos, "global " + names(rest)}, nil
		case "import", "from":
			return p.imports(toks)
		case "print":
			if len(rest) == 0 || !isCall(rest) {
				return p.print(t, rest)
			}
		case "return":
			s := &returnStmt{pos: t.pos}
			var err error
			if len(rest) > 0 {
				s.x, err = p.expr(rest, t.pos)
			}
			return s, err
		case "raise":
			return p.raise(t, rest)
		case "assert":
			parts := split(rest, ",")
			s := &assertStmt{pos: t.pos}
			var err error
			if s.cond, err = p.expr(parts[0], t.pos); err != nil {
				return nil, err
			}
			if len(parts) > 1 {
				s.msg, err = p.expr(parts[1], t.pos)
			}
			return s, err
		case "del":
			s := &delStmt{pos: t.pos}
			for _, part := range split(rest, ",") {
				x, err := p.expr(part, t.pos)
				if err != nil {
					return nil, err
				}
				s.targets = append(s.targets, x)
			}
			return s, nil
		}
		if t.oneOf("if for while def try with class") {
			return nil, malformed(t.pos, "%s can't stand here: write it on a line of its own", t.text)
		}
	}
	return p.assignment(toks)
}

func names(toks []token) string {
	var out []string
	for _, t := range toks {
		if t.kind == tName {
			out = append(out, t.text)
		}
	}
	return strings.Join(out, " ")
}

// isCall tells print(...) from the print statement with a tuple or more.
func isCall(rest []token) bool {
	if !rest[0].is("(") {
		return false
	}
	depth := 0
	for i, t := range rest {
		switch {
		case t.is("("), t.is("["), t.is("{"):
			depth++
		case t.is(")"), t.is("]"), t.is("}"):
			depth--
			if depth == 0 {
				return i == len(rest)-1
			}
		}
	}
	return false
}

func (p *parser) print(t token, rest []token) (stmt, error) {
	s := &printStmt{pos: t.pos}
	parts := split(rest, ",")
	if len(rest) == 0 {
		return s, nil
	}
	if rest[0].is(">>") {
		x, err := p.expr(parts[0][1:], t.pos)
		if err != nil {
			return nil, err
		}
		s.to, parts = x, parts[1:]
	}
	for i, part := range parts {
		if len(part) == 0 && i == len(parts)-1 {
			s.stay = true
			break
		}
		x, err := p.expr(part, t.pos)
		if err != nil {
			return nil, err
		}
		s.args = append(s.args, x)
	}
	return s, nil
}

// raise reads `raise E("text")` and Python 2's `raise E, "text"`.
func (p *parser) raise(t token, rest []token) (stmt, error) {
	s := &raiseStmt{pos: t.pos}
	if len(rest) == 0 {
		return s, nil
	}
	if i := topLevel(rest, func(t token) bool { return t.word("from") }); i > 0 {
		rest = rest[:i]
	}
	parts := split(rest, ",")
	if len(parts) > 2 {
		return nil, refuse(t.pos, "raise with a traceback is not translated")
	}
	toks := parts[0]
	if len(parts) == 2 {
		at := parts[1][0].pos
		toks = append(append(append([]token{}, parts[0]...), token{kind: tOp, text: "(", pos: at}), parts[1]...)
		toks = append(toks, token{kind: tOp, text: ")", pos: at})
	}
	var err error
	s.x, err = p.expr(toks, t.pos)
	return s, err
}

func (p *parser) imports(toks []token) (stmt, error) {
	s := &importStmt{pos: toks[0].pos}
	dotted := func(ts []token) (string, []token, error) {
		if len(ts) == 0 || ts[0].kind != tName {
			return "", nil, malformed(toks[0].pos, "import needs a module")
		}
		name := ts[0].text
		ts = ts[1:]
		for len(ts) > 1 && ts[0].is(".") && ts[1].kind == tName {
			name += "." + ts[1].text
			ts = ts[2:]
		}
		return name, ts, nil
	}
	if toks[0].text == "import" {
		for _, part := range split(toks[1:], ",") {
			name, rest, err := dotted(part)
			if err != nil {
				return nil, err
			}
			n := importName{module: name, pos: part[0].pos}
			switch {
			case len(rest) == 2 && rest[0].word("as") && rest[1].kind == tName:
				n.as = rest[1].text
			case len(rest) > 0:
				return nil, malformed(rest[0].pos, "unexpected %s in an import", rest[0].text)
			}
			s.names = append(s.names, n)
		}
		return s, nil
	}
	if len(toks) > 1 && toks[1].is(".") {
		return nil, refuse(toks[1].pos, "relative imports are not translated")
	}
	module, rest, err := dotted(toks[1:])
	if err != nil {
		return nil, err
	}
	if len(rest) < 2 || !rest[0].word("import") {
		return nil, malformed(toks[0].pos, "from needs import")
	}
	rest = rest[1:]
	if rest[0].is("(") && rest[len(rest)-1].is(")") {
		rest = rest[1 : len(rest)-1]
	}
	for _, part := range split(rest, ",") {
		if len(part) == 0 {
			continue
		}
		if part[0].is("*") {
			return nil, refuse(part[0].pos, "from %s import * is not translated: name what is used", module)
		}
		n := importName{module: module, member: part[0].text, as: part[0].text, pos: part[0].pos}
		switch {
		case part[0].kind != tName:
			return nil, malformed(part[0].pos, "import takes names")
		case len(part) == 3 && part[1].word("as") && part[2].kind == tName:
			n.as = part[2].text
		case len(part) > 1:
			return nil, malformed(part[1].pos, "unexpected %s in an import", part[1].text)
		}
		if module == "__future__" {
			p.future = p.future || n.member == "division"
			continue
		}
		s.names = append(s.names, n)
	}
	return s, nil
}

const augmented = " += -= *= /= //= %= **= &= |= ^= <<= >>= "

func (p *parser) assignment(toks []token) (stmt, error) {
	if i := topLevel(toks, func(t token) bool { return t.kind == tOp && strings.Contains(augmented, " "+t.text+" ") }); i > 0 {
		s := &assignStmt{pos: toks[0].pos, op: toks[i].text}
		target, err := p.expr(toks[:i], toks[0].pos)
		if err != nil {
			return nil, err
		}
		s.targets = []syntax.Expr{target}
		s.value, err = p.expr(toks[i+1:], toks[i].pos)
		return s, err
	}
	if i := topLevel(toks, func(t token) bool { return t.is(":") }); i == 1 {
		return nil, refuse(toks[i].pos, "annotations are not translated")
	}
	parts := [][]token{toks}
	if topLevel(toks, func(t token) bool { return t.word("lambda") }) < 0 {
		parts = split(toks, "=")
	} else if i := topLevel(toks, func(t token) bool { return t.is("=") }); i > 0 && i < topLevel(toks, func(t token) bool { return t.word("lambda") }) {
		parts = [][]token{toks[:i], toks[i+1:]}
	}
	var xs []syntax.Expr
	for _, part := range parts {
		x, err := p.expr(part, toks[0].pos)
		if err != nil {
			return nil, err
		}
		xs = append(xs, x)
	}
	if len(xs) == 1 {
		return &exprStmt{toks[0].pos, xs[0]}, nil
	}
	return &assignStmt{pos: toks[0].pos, op: "=", targets: xs[:len(xs)-1], value: xs[len(xs)-1]}, nil
}

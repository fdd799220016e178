package python

import (
	"strconv"
	"strings"

	"go.starlark.net/syntax"

	"pawsh/repl/diag"
)

// module is a parsed text.
type module struct {
	body     []stmt
	future   bool // `from __future__ import division`
	prompted bool
}

// parser makes statements of logical lines.
type parser struct {
	lines  []logical
	i      int
	depth  int
	segs   [][]pos // of each expression text: column -> place
	strs   []token // what the strings stand for
	future bool
}

// parse reads a whole text.
func parse(src string) (*module, *parser, error) {
	lines, err := scan(src)
	if err != nil {
		return nil, nil, err
	}
	p := &parser{lines: lines}
	base := 0
	if len(lines) > 0 {
		base = lines[0].indent
	}
	body, err := p.block(base)
	if err != nil {
		return nil, nil, err
	}
	if p.i < len(p.lines) {
		return nil, nil, malformed(p.lines[p.i].pos, "this line is indented less than the first one")
	}
	return &module{body: body, future: p.future, prompted: Prompted(src)}, p, nil
}

// block reads the statements of one indentation.
func (p *parser) block(indent int) ([]stmt, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, malformed(p.lines[p.i].pos, "the blocks are nested too deep")
	}
	defer func() { p.depth-- }()
	var out []stmt
	for p.i < len(p.lines) && p.lines[p.i].indent >= indent {
		l := p.lines[p.i]
		if l.indent > indent {
			return nil, malformed(l.pos, "unexpected indent")
		}
		list, err := p.statement(l)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// suite reads what follows a colon: the rest of the line, or a block.
func (p *parser) suite(l logical, rest []token) ([]stmt, error) {
	p.i++
	if len(rest) > 0 {
		return p.simple(rest)
	}
	if p.i >= len(p.lines) {
		return nil, errOpen{malformed(l.pos, "an indented block must follow")}
	}
	if p.lines[p.i].indent <= l.indent {
		return nil, malformed(p.lines[p.i].pos, "an indented block must follow line %d", l.pos.line)
	}
	return p.block(p.lines[p.i].indent)
}

// headed splits the tokens of a compound statement at the colon that ends its
// head.
func headed(l logical, skip int) (head, rest []token, err error) {
	depth, lambdas := 0, 0
	for i := skip; i < len(l.toks); i++ {
		t := l.toks[i]
		switch {
		case t.word("lambda"):
			if depth == 0 {
				lambdas++
			}
		case t.is("("), t.is("["), t.is("{"):
			depth++
		case t.is(")"), t.is("]"), t.is("}"):
			depth--
		case t.is(":") && depth == 0:
			if lambdas > 0 {
				lambdas--
				continue
			}
			return l.toks[skip:i], l.toks[i+1:], nil
		}
	}
	end := l.toks[len(l.toks)-1]
	return nil, nil, malformed(end.pos, "%s needs a colon at its end", l.toks[0].text)
}

// notTranslated names statements that exist and are not translated.
var notTranslated = map[string]string{
	"class": "a class", "yield": "yield", "exec": "exec", "nonlocal": "nonlocal", "async": "async", "await": "await", "@": "a decorator",
}

func (p *parser) statement(l logical) ([]stmt, error) {
	t := l.toks[0]
	if t.kind == tName || t.is("@") {
		second := token{}
		if len(l.toks) > 1 {
			second = l.toks[1]
		}
		// exec = 3 is an assignment, class = 3 nothing.
		if what, ok := notTranslated[t.text]; ok && !second.is("=") && !second.is(".") && !second.is(",") {
			return nil, refuse(t.pos, "%s is not translated", what)
		}
	}
	if t.kind == tName {
		if s, err := p.compound(l); s != nil || err != nil {
			return []stmt{s}, err
		}
		if t.oneOf("elif else except finally") {
			return nil, malformed(t.pos, "%s belongs to no statement here", t.text)
		}
	}
	p.i++
	return p.simple(l.toks)
}

// compound reads a statement that has a block; nil for another.
func (p *parser) compound(l logical) (stmt, error) {
	switch l.toks[0].text {
	case "if":
		return p.ifStmt(l)
	case "for":
		return p.forStmt(l)
	case "while":
		return p.whileStmt(l)
	case "def":
		return p.defStmt(l)
	case "try":
		return p.tryStmt(l)
	case "with":
		return p.withStmt(l)
	}
	return nil, nil
}

// next tells whether the next line of the same block begins with a word.
func (p *parser) next(indent int, word string) (logical, bool) {
	if p.i < len(p.lines) && p.lines[p.i].indent == indent && p.lines[p.i].toks[0].word(word) {
		return p.lines[p.i], true
	}
	return logical{}, false
}

func (p *parser) ifStmt(l logical) (stmt, error) {
	head, rest, err := headed(l, 1)
	if err != nil {
		return nil, err
	}
	s := &ifStmt{pos: l.pos}
	if s.cond, err = p.expr(head, l.pos); err != nil {
		return nil, err
	}
	if s.then, err = p.suite(l, rest); err != nil {
		return nil, err
	}
	if e, ok := p.next(l.indent, "elif"); ok {
		if p.depth++; p.depth > maxDepth {
			return nil, malformed(e.pos, "too many branches")
		}
		inner, err := p.ifStmt(e)
		p.depth--
		if err != nil {
			return nil, err
		}
		s.els = []stmt{inner}
	} else if e, ok := p.next(l.indent, "else"); ok {
		if s.els, err = p.elseOf(e); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// elseOf reads a line whose head is one word, with its block.
func (p *parser) elseOf(l logical) ([]stmt, error) {
	head, rest, err := headed(l, 1)
	if err != nil {
		return nil, err
	}
	if len(head) > 0 {
		return nil, malformed(head[0].pos, "nothing stands between %s and its colon", l.toks[0].text)
	}
	return p.suite(l, rest)
}

func (p *parser) noElse(indent int, of string) error {
	if e, ok := p.next(indent, "else"); ok {
		return refuse(e.pos, "else of a %s loop is not translated", of)
	}
	return nil
}

func (p *parser) forStmt(l logical) (stmt, error) {
	head, rest, err := headed(l, 1)
	if err != nil {
		return nil, err
	}
	in := topLevel(head, func(t token) bool { return t.word("in") })
	if in < 0 {
		return nil, malformed(l.pos, "for needs `in`")
	}
	s := &forStmt{pos: l.pos}
	if s.vars, err = p.expr(head[:in], l.pos); err != nil {
		return nil, err
	}
	if s.x, err = p.expr(head[in+1:], l.pos); err != nil {
		return nil, err
	}
	if s.body, err = p.suite(l, rest); err != nil {
		return nil, err
	}
	return s, p.noElse(l.indent, "for")
}

func (p *parser) whileStmt(l logical) (stmt, error) {
	head, rest, err := headed(l, 1)
	if err != nil {
		return nil, err
	}
	s := &whileStmt{pos: l.pos}
	if s.cond, err = p.expr(head, l.pos); err != nil {
		return nil, err
	}
	if s.body, err = p.suite(l, rest); err != nil {
		return nil, err
	}
	return s, p.noElse(l.indent, "while")
}

func (p *parser) defStmt(l logical) (stmt, error) {
	start := p.i
	head, rest, err := headed(l, 1)
	if err != nil {
		return nil, err
	}
	if len(head) < 3 || head[0].kind != tName || !head[1].is("(") {
		return nil, malformed(l.pos, "def needs a name and parameters in brackets")
	}
	closing := 0
	for i, d := 1, 0; i < len(head); i++ {
		switch {
		case head[i].is("("), head[i].is("["), head[i].is("{"):
			d++
		case head[i].is(")"), head[i].is("]"), head[i].is("}"):
			d--
			if d == 0 && closing == 0 {
				closing = i
			}
		}
	}
	if closing != len(head)-1 {
		return nil, refuse(l.pos, "annotations are not translated")
	}
	s := &defStmt{pos: l.pos, name: head[0].text}
	for _, part := range split(head[2:closing], ",") {
		if len(part) == 0 {
			continue
		}
		if part[0].is("*") || part[0].is("**") {
			return nil, refuse(part[0].pos, "%s parameters of a def are not translated", part[0].text)
		}
		q := param{name: part[0].text, pos: part[0].pos}
		switch {
		case part[0].kind != tName:
			return nil, malformed(part[0].pos, "a parameter is a name")
		case len(part) > 2 && part[1].is("="):
			if q.def, err = p.expr(part[2:], l.pos); err != nil {
				return nil, err
			}
		case len(part) > 1:
			return nil, refuse(part[1].pos, "annotations are not translated")
		}
		s.params = append(s.params, q)
	}
	if s.body, err = p.suite(l, rest); err != nil {
		return nil, err
	}
	if d, ok := s.body[0].(*exprStmt); ok {
		if lit, ok := d.x.(*syntax.Literal); ok && lit.Token == syntax.STRING {
			s.doc = p.text(lit).text
			s.body = s.body[1:]
		}
	}
	var src []string
	for _, ll := range p.lines[start:p.i] {
		src = append(src, ll.src)
	}
	s.src = strings.Join(src, "\n")
	return s, nil
}

func (p *parser) tryStmt(l logical) (stmt, error) {
	s := &tryStmt{pos: l.pos}
	var err error
	if s.body, err = p.elseOf(l); err != nil {
		return nil, err
	}
	for {
		e, ok := p.next(l.indent, "except")
		if !ok {
			break
		}
		head, rest, err := headed(e, 1)
		if err != nil {
			return nil, err
		}
		h := handler{pos: e.pos}
		as := topLevel(head, func(t token) bool { return t.word("as") || t.is(",") })
		if as >= 0 {
			if as != len(head)-2 || head[as+1].kind != tName {
				return nil, malformed(e.pos, "except takes a class, or a tuple of them, and a name")
			}
			h.name = head[as+1].text
			head = head[:as]
		}
		if len(head) > 0 {
			x, err := p.expr(head, e.pos)
			if err != nil {
				return nil, err
			}
			h.types = []syntax.Expr{x}
			if tup, ok := unparen(x).(*syntax.TupleExpr); ok {
				h.types = tup.List
			}
		}
		if h.body, err = p.suite(e, rest); err != nil {
			return nil, err
		}
		s.handlers = append(s.handlers, h)
	}
	if e, ok := p.next(l.indent, "else"); ok {
		if s.els, err = p.elseOf(e); err != nil {
			return nil, err
		}
	}
	if e, ok := p.next(l.indent, "finally"); ok {
		if s.finally, err = p.elseOf(e); err != nil {
			return nil, err
		}
	}
	if len(s.handlers) == 0 && s.finally == nil {
		if p.i >= len(p.lines) {
			return nil, errOpen{malformed(l.pos, "try needs except or finally")}
		}
		return nil, malformed(l.pos, "try needs except or finally")
	}
	return s, nil
}

func (p *parser) withStmt(l logical) (stmt, error) {
	head, rest, err := headed(l, 1)
	if err != nil {
		return nil, err
	}
	as := topLevel(head, func(t token) bool { return t.word("as") })
	if as < 0 || as != len(head)-2 || head[as+1].kind != tName {
		return nil, refuse(l.pos, "with is translated for one file only: with open(...) as f")
	}
	s := &withStmt{pos: l.pos, name: head[as+1].text}
	if s.x, err = p.expr(head[:as], l.pos); err != nil {
		return nil, err
	}
	s.body, err = p.suite(l, rest)
	return s, err
}

// split cuts tokens at an operator outside of brackets.
func split(toks []token, op string) [][]token {
	var out [][]token
	depth, start := 0, 0
	for i, t := range toks {
		switch {
		case t.is("("), t.is("["), t.is("{"):
			depth++
		case t.is(")"), t.is("]"), t.is("}"):
			depth--
		case depth == 0 && t.is(op):
			out = append(out, toks[start:i])
			start = i + 1
		}
	}
	return append(out, toks[start:])
}

// topLevel finds the first token outside of brackets that f accepts, or -1.
func topLevel(toks []token, f func(token) bool) int {
	depth := 0
	for i, t := range toks {
		switch {
		case t.is("("), t.is("["), t.is("{"):
			depth++
		case t.is(")"), t.is("]"), t.is("}"):
			depth--
		case depth == 0 && f(t):
			return i
		}
	}
	return -1
}

// refuse makes the error of a text that is right Python and not translated.
func refuse(p pos, format string, args ...any) *diag.Error {
	return diag.At(p.line, p.col, format, args...)
}

func unparen(x syntax.Expr) syntax.Expr {
	for {
		p, ok := x.(*syntax.ParenExpr)
		if !ok {
			return x
		}
		x = p.X
	}
}

// text gives the string that a literal stands for.
func (p *parser) text(lit *syntax.Literal) token {
	s, _ := lit.Value.(string)
	i, err := strconv.Atoi(s)
	if err != nil || i >= len(p.strs) {
		return token{kind: tString}
	}
	return p.strs[i]
}

package check

import (
	"context"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"strings"
	"unicode"
	"unicode/utf8"

	"pawsh/repl/rewrite"
)

// placeholder stands for the word at the cursor while the text is checked.
const placeholder = "cursor" + rewrite.Mark

// site is a cursor in an unfinished cell.
//
//	ec2.RunInstances("ami-1", KeyN|       the text up to the cursor
//	ec2.RunInstances("ami-1", cursorǃ)    what is checked: placeholder, brackets closed
type site struct {
	text  string // the whole text
	pos   int
	start int // where the word at the cursor begins
	word  string

	quote     byte // of the string that the cursor is in
	closed    bool
	importing bool // in an import declaration

	closers string // brackets that are open in front of the word
	glue    string // makes the placeholder part of the operand in front of it
	unit    *rewrite.Unit
	ident   *ast.Ident
	path    []ast.Node // from the file to the placeholder
}

// locate finds the word at pos; ok is false where nothing can follow: in
// comments and characters, in what is no text.
func locate(text string, pos int) (*site, bool) {
	if pos < 0 || pos > len(text) || len(text) > maxText || !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\uFEFF"+rewrite.Mark) {
		return nil, false
	}
	st := &site{text: text, pos: pos, start: pos}
	if pos < len(text) && !utf8.RuneStart(text[pos]) {
		return nil, false
	}
	toks := tokens(text[:pos])
	if n := len(toks); n > 0 && toks[n-1].end == pos {
		switch last := toks[n-1]; last.tok {
		case token.COMMENT:
			if !strings.HasSuffix(last.lit, "*/") || len(last.lit) < 4 {
				return nil, false
			}
		case token.CHAR:
			return nil, false
		case token.INT, token.FLOAT, token.IMAG:
			return nil, false
		case token.STRING:
			if last.open {
				st.quote = last.lit[0]
				st.start = last.start + 1
				st.closed = pos < len(text) && strings.IndexByte(firstLine(text[pos:]), st.quote) >= 0
				toks = toks[:n-1]
			}
		}
	}
	if st.quote == 0 {
		st.start = wordStart(text, pos)
		if st.start < pos && len(toks) > 0 {
			toks = toks[:len(toks)-1]
		}
	}
	st.word = text[st.start:pos]
	st.closers = closers(toks)
	if n := len(toks); st.start == pos && st.quote == 0 && n > 0 && endsOperand(toks[n-1]) && !strings.Contains(text[toks[n-1].end:pos], "\n") {
		st.glue = " + "
	}
	st.importing = inImport(toks)
	return st, true
}

func firstLine(s string) string {
	l, _, _ := strings.Cut(s, "\n")
	return l
}

func wordStart(s string, pos int) int {
	for pos > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:pos])
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		pos -= n
	}
	return pos
}

// word1 is a token with its place; open tells that its end is missing.
type word1 struct {
	tok        token.Token
	lit        string
	start, end int
	open       bool
}

// tokens scans what is there of a cell.
func tokens(src string) []word1 {
	var out []word1
	open := false
	file := token.NewFileSet().AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, []byte(src), func(_ token.Position, msg string) {
		if strings.HasSuffix(msg, "not terminated") {
			open = true
		}
	}, scanner.ScanComments)
	for {
		open = false
		p, tok, lit := s.Scan()
		if tok == token.EOF {
			return out
		}
		if tok == token.SEMICOLON && lit == "\n" {
			continue
		}
		if !tok.IsLiteral() && tok != token.COMMENT {
			lit = tok.String()
		}
		at := file.Offset(p)
		out = append(out, word1{tok, lit, at, at + len(lit), open})
	}
}

// endsOperand tells whether a value ends with the token: no name follows it.
func endsOperand(t word1) bool {
	switch t.tok {
	case token.RPAREN, token.RBRACK, token.STRING, token.CHAR, token.INT, token.FLOAT, token.IMAG:
		return true
	}
	return false
}

// closers are the brackets that close what the tokens leave open.
func closers(toks []word1) string {
	var stack []byte
	for _, t := range toks {
		switch t.tok {
		case token.LPAREN:
			stack = append(stack, ')')
		case token.LBRACK:
			stack = append(stack, ']')
		case token.LBRACE:
			stack = append(stack, '}')
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(stack) > 0 {
				stack = stack[:len(stack)-1]
			}
		}
	}
	for i, j := 0, len(stack)-1; i < j; i, j = i+1, j-1 {
		stack[i], stack[j] = stack[j], stack[i]
	}
	return string(stack)
}

// inImport tells whether the next token belongs to an import declaration.
func inImport(toks []word1) bool {
	n := len(toks)
	for n > 0 && (toks[n-1].tok == token.STRING || toks[n-1].tok == token.SEMICOLON) {
		n--
	}
	if n > 0 && n < len(toks) && toks[n-1].tok != token.LPAREN {
		return false // `import "a"` has ended
	}
	if n > 1 && (toks[n-1].tok == token.IDENT || toks[n-1].tok == token.PERIOD) {
		n--
	}
	if n > 1 && toks[n-1].tok == token.LPAREN {
		n--
	}
	return n > 0 && toks[n-1].tok == token.IMPORT
}

// infixes are what may be missing between the cursor and the brackets: the body
// of a statement whose head is being typed, a case's colon, a call's brackets.
var infixes = []string{"", " {}", "; true {}", ":", "()"}

// check gives the text around the cursor its types, as far as it has any. It
// tells whether it found the cursor's place.
func (st *site) check(ctx context.Context, s *Scope) bool {
	from := st.start
	if st.quote != 0 {
		from--
	}
	head := st.text[:from] + st.glue + placeholder
	segs, pkg, err := split(head + st.closers)
	if err != nil || len(segs) == 0 {
		return false
	}
	if pkg != "" {
		s.packages[pkg] = true
	}
	for _, g := range segs[:len(segs)-1] {
		if u := s.loose(ctx, head[g.start:g.end], g.decl, pkg != ""); u != nil {
			s.collect(u)
			s.declare(u)
		}
		if ctx.Err() != nil {
			return false
		}
	}
	g := segs[len(segs)-1]
	if g.start > from+len(st.glue) {
		return false
	}
	st.unit = s.looseBest(ctx, head[g.start:], st.closers, g.decl, pkg != "")
	return st.unit != nil && st.find()
}

// find sets the path to the placeholder.
func (st *site) find() bool {
	var path []ast.Node
	ast.Inspect(st.unit.File, func(n ast.Node) bool {
		if st.ident != nil {
			return false
		}
		if n == nil {
			path = path[:len(path)-1]
			return false
		}
		path = append(path, n)
		if id, ok := n.(*ast.Ident); ok && id.Name == placeholder {
			st.ident, st.path = id, append([]ast.Node(nil), path...)
		}
		return true
	})
	return st.ident != nil
}

// parent is the node n levels above the placeholder, nil above the file.
func (st *site) parent(n int) ast.Node {
	if i := len(st.path) - 1 - n; i >= 0 {
		return st.path[i]
	}
	return nil
}

// looseBest checks the segment of the cursor with the first infix that makes it
// Go, or with none where no one does.
func (s *Scope) looseBest(ctx context.Context, head, tail string, decl, asFile bool) *rewrite.Unit {
	for _, x := range infixes {
		u, whole := s.looseParse(head+x+tail, decl, asFile)
		if whole && u != nil {
			s.looseTypes(ctx, u)
			return u
		}
	}
	u, _ := s.looseParse(head+tail, decl, asFile)
	if u != nil {
		s.looseTypes(ctx, u)
	}
	return u
}

// loose checks a segment and ignores what is wrong with it.
func (s *Scope) loose(ctx context.Context, text string, decl, asFile bool) *rewrite.Unit {
	u, _ := s.looseParse(text, decl, asFile)
	if u != nil {
		s.looseTypes(ctx, u)
	}
	return u
}

// looseParse parses what it can and tells whether that is all.
func (s *Scope) looseParse(text string, decl, asFile bool) (u *rewrite.Unit, whole bool) {
	head, tail := "package main\n", "\n"
	if !decl {
		head, tail = head+"func "+rewrite.FuncName+"() {\n", "\n}\n"
	}
	f, err := parser.ParseFile(s.fset, looseName, head+text+tail, parser.AllErrors)
	if f == nil {
		return nil, false
	}
	u = &rewrite.Unit{Decl: decl, AsFile: asFile, Fset: s.fset, File: f}
	if decl {
		return u, err == nil
	}
	for _, d := range f.Decls {
		if fd, ok := d.(*ast.FuncDecl); ok && fd.Name.Name == rewrite.FuncName && fd.Body != nil {
			u.Func = fd
		}
	}
	if u.Func == nil {
		return nil, false
	}
	return u, err == nil
}

// looseTypes gives a unit types and unwraps its calls.
func (s *Scope) looseTypes(ctx context.Context, u *rewrite.Unit) {
	_ = s.resolve(u) // what has no meaning yet has no type
	s.looseMethods(u)
	for range maxRounds {
		hard := s.typecheck(u)
		if len(hard) == 0 || ctx.Err() != nil {
			return
		}
		if !keyLiterals(u, hard) && !rewrite.Unwrap(u) {
			return
		}
	}
}

// looseMethods makes functions of methods on types of earlier cells, as
// lateMethods does, but does not add them to the types.
func (s *Scope) looseMethods(u *rewrite.Unit) {
	for _, d := range u.File.Decls {
		fd, ok := d.(*ast.FuncDecl)
		if !ok || fd.Recv == nil {
			continue
		}
		id, ptr, generic := receiver(fd)
		if id == nil || generic {
			continue
		}
		if tn, ok := s.objs[id.Name].(*types.TypeName); ok && rewrite.IsSession(tn) {
			late(fd, id.Name, tn, ptr)
		}
	}
}

// keysOf gives the session's variable in front of an index that is the cursor.
func (st *site) keysOf(s *Scope) string {
	ix, ok := st.parent(1).(*ast.IndexExpr)
	if !ok || ix.Index != ast.Expr(st.ident) {
		return ""
	}
	id, ok := ix.X.(*ast.Ident)
	if !ok {
		return ""
	}
	t := st.unit.Info.TypeOf(id)
	if t == nil {
		return ""
	}
	if _, ok := t.Underlying().(*types.Map); !ok {
		return ""
	}
	if o := st.unit.Info.Uses[id]; o == nil || o != s.objs[id.Name] {
		return ""
	}
	return id.Name
}

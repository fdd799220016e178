package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strings"

	"pawsh/repl/rewrite"
)

// names offers what a lone name may be: of the cell, the session, the shell,
// the language, and packages. Without a word only the nearer of them.
func (c *Completer) names(st *site, want types.Type, l *list) {
	typesOnly := typePosition(st.parent(1), st.ident)
	offer := func(o types.Object, class int) {
		if _, ok := o.(*types.TypeName); typesOnly && !ok {
			if _, ok := o.(*types.PkgName); !ok {
				return
			}
		}
		if _, ok := l.fits(o.Name()); !ok || o.Name() == placeholder || o.Name() == "_" {
			return
		}
		if want != nil && suits(o, want) {
			class = classWanted
		}
		l.add(candidate(o, nil), o, class)
	}
	scope := st.unit.Pkg.Scope()
	for sc := scope.Innermost(st.ident.Pos()); sc != nil && sc != scope && sc != types.Universe; sc = sc.Parent() {
		for _, n := range sc.Names() {
			if o := sc.Lookup(n); o.Parent() == sc {
				if _, found := sc.LookupParent(n, st.ident.Pos()); found == o {
					offer(o, classNear)
				}
			}
		}
	}
	if st.unit.Decl { // what the cell itself declares
		for _, n := range scope.Names() {
			offer(scope.Lookup(n), classNear)
		}
	}
	for _, n := range c.scope.Names() {
		if o := c.scope.objs[n]; o != nil {
			offer(o, classNear)
		} else if b := c.scope.bindings[n]; b.Type == "" {
			l.add(Candidate{Text: n, Kind: "package", Detail: b.Path, Path: b.Path}, nil, classNear)
		} else if o := c.scope.binding(n); o != nil {
			offer(o, classNear)
		}
	}
	if st.word == "" {
		return
	}
	for _, n := range types.Universe.Names() {
		if Fit(n, st.word) <= fitFold { // short words: by their letters they fit everything
			offer(types.Universe.Lookup(n), classNear)
		}
	}
	if !typesOnly && c.scope.objs["xray"] == nil && Fit("xray", st.word) <= fitFold {
		l.add(Candidate{Text: "xray", Kind: "func", Detail: "(expr T) T: its requests, as they go over the wire"}, nil, classNear)
	}
	if !typesOnly {
		c.keywords(st, l)
		c.unqualified(l)
	}
	c.packages(l)
}

// suits tells whether an object can stand where a type is wanted.
func suits(o types.Object, want types.Type) bool {
	switch o := o.(type) {
	case *types.Var:
		t := o.Type()
		if t == nil || t == types.Typ[types.Invalid] || isAny(want) {
			return false
		}
		return types.AssignableTo(t, want)
	case *types.Const:
		return types.AssignableTo(o.Type(), want)
	}
	return false
}

func isAny(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty()
}

// keywords offers the words of the language that can stand here.
func (c *Completer) keywords(st *site, l *list) {
	_, statement := st.parent(1).(*ast.ExprStmt)
	for t := token.BREAK; t <= token.VAR; t++ {
		switch t {
		case token.FUNC, token.MAP, token.STRUCT, token.INTERFACE, token.CHAN, token.RANGE:
		default:
			if !statement {
				continue
			}
		}
		if Fit(t.String(), st.word) <= fitFold {
			l.add(Candidate{Text: t.String(), Kind: "keyword"}, nil, classOther)
		}
	}
}

// unqualified offers the functions that cells use without their package.
func (c *Completer) unqualified(l *list) {
	for _, p := range c.browser.Bindings() {
		for _, n := range p.Scope().Names() {
			f, ok := p.Scope().Lookup(n).(*types.Func)
			if !ok || !f.Exported() {
				continue
			}
			if _, ok := l.fits(n); ok && c.scope.world.Unqualified(n) == f {
				l.add(candidate(f, p), f, classFar)
			}
		}
	}
}

// packages offers packages that import themselves when they are named.
func (c *Completer) packages(l *list) {
	for _, p := range c.browser.Paths() {
		n := c.browser.PackageName(p)
		if f, ok := l.fits(n); !ok || f > fitFold {
			continue
		}
		if byName := c.scope.world.ByName(n); len(byName) > 0 {
			l.add(Candidate{Text: n, Kind: "package", Detail: byName[0], Path: byName[0]}, nil, classOther)
		}
	}
}

// importPaths offers what may stand in the string of an import.
func (c *Completer) importPaths(word string) []Candidate {
	l := &list{word: word, used: &c.used, seen: map[string]bool{}}
	for _, p := range c.browser.Paths() {
		class := 0
		if Fit(p, word) > fitFold && Fit(path.Base(p), word) > fitFold {
			class = 1
		}
		l.add(Candidate{Text: p, Kind: "package", Path: p}, nil, class)
	}
	return l.sorted()
}

// options offers the functions that give an argument of an optional parameter:
// KeyName("paws") where RunInstances wants a RunInstancesOption.
func (c *Completer) options(st *site, want types.Type, l *list) {
	call := c.call(st)
	if call == nil || want == nil || !call.Bare {
		return
	}
	n, ok := types.Unalias(want).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || isAny(want) || !c.isBinding(n.Obj().Pkg()) {
		return
	}
	for _, p := range c.browser.Bindings() {
		for _, name := range p.Scope().Names() {
			f, ok := p.Scope().Lookup(name).(*types.Func)
			if !ok || !f.Exported() || f.Signature().Results().Len() != 1 {
				continue
			}
			if !types.AssignableTo(f.Signature().Results().At(0).Type(), want) {
				continue
			}
			o := candidate(f, p)
			o.Text, o.Label, o.Kind = name+"(", name, "option"
			l.add(o, f, 0)
		}
	}
}

func (c *Completer) isBinding(p *types.Package) bool {
	for _, b := range c.browser.Bindings() {
		if b == p {
			return true
		}
	}
	return false
}

// enum offers the constants of a type where it is wanted.
func (c *Completer) enum(want types.Type, l *list) {
	if want == nil {
		return
	}
	if p, ok := want.(*types.Pointer); ok {
		want = p.Elem()
	}
	n, ok := types.Unalias(want).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return
	}
	if _, ok := n.Underlying().(*types.Basic); !ok {
		return
	}
	p, prefix := n.Obj().Pkg(), ""
	if !rewrite.IsSession(n.Obj()) {
		name := c.packageName(p)
		if name == "" {
			return
		}
		prefix = name + "."
		// A package that was only referred to has not all its names.
		if _, err := c.scope.world.Import(p.Path()); err != nil {
			return
		}
	}
	for _, name := range p.Scope().Names() {
		k, ok := p.Scope().Lookup(name).(*types.Const)
		if !ok || !k.Exported() || !types.Identical(k.Type(), n) {
			continue
		}
		fit := min(Fit(name, l.word), Fit(prefix+name, l.word), Fit(strings.TrimPrefix(name, n.Obj().Name()), l.word))
		if fit == fitNone {
			continue
		}
		o := candidate(k, p)
		o.Text = prefix + name
		l.put(o, k, 0, o.Text, fit)
	}
}

// packageName is what cells call a package by, "" when they need an import.
func (c *Completer) packageName(p *types.Package) string {
	for n, o := range c.scope.objs {
		if pn, ok := o.(*types.PkgName); ok && pn.Imported() == p {
			return n
		}
	}
	for n, b := range c.scope.bindings {
		if b.Type == "" && b.Path == p.Path() && c.scope.objs[n] == nil {
			return n
		}
		if b.SDK == p.Path() {
			return n
		}
	}
	if byName := c.scope.world.ByName(p.Name()); len(byName) > 0 && byName[0] == p.Path() && c.scope.objs[p.Name()] == nil {
		return p.Name()
	}
	return ""
}

// literalKeys gives the fields of the struct literal whose element the cursor
// is, without those that have a value already.
func (st *site) literalKeys() (lit bool, fields []*types.Var) {
	cl, ok := st.parent(1).(*ast.CompositeLit)
	if !ok || cl.Type == ast.Expr(st.ident) {
		return false, nil
	}
	t := st.unit.Info.TypeOf(cl)
	if t == nil {
		return false, nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false, nil
	}
	used := st.keysBehind()
	for _, e := range cl.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			if e != ast.Expr(st.ident) {
				return false, nil // values without keys
			}
			continue
		}
		if id, ok := kv.Key.(*ast.Ident); ok {
			used[id.Name] = true
		}
	}
	for i := range s.NumFields() {
		if f := s.Field(i); (f.Exported() || rewrite.IsSession(f)) && !used[f.Name()] {
			fields = append(fields, f)
		}
	}
	return true, fields
}

// keysBehind finds the keys of the literal that stand behind the cursor.
func (st *site) keysBehind() map[string]bool {
	used := map[string]bool{}
	depth, prev := 0, ""
	for _, t := range tokens(st.text[st.pos:]) {
		switch t.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.COLON:
			if depth == 0 && prev != "" {
				used[prev] = true
			}
		}
		if depth < 0 {
			break
		}
		prev = ""
		if t.tok == token.IDENT {
			prev = t.lit
		}
	}
	return used
}

func (c *Completer) keys(st *site, fields []*types.Var, l *list) {
	cl := st.parent(1).(*ast.CompositeLit)
	owner := named(st.unit.Info.TypeOf(cl))
	for _, f := range fields {
		o := candidate(f, f.Pkg())
		o.Text, o.Label, o.Kind = f.Name()+": ", f.Name(), "key"
		if owner != nil {
			o.Path, o.Name = pathOf(owner.Obj()), owner.Obj().Name()+"."+f.Name()
		}
		l.add(o, nil, 0)
	}
}

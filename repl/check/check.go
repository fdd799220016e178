package check

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"strings"

	"pawsh/repl/diag"
	"pawsh/repl/rewrite"
)

// Cell is a checked cell.
type Cell struct {
	N       int
	Package string // name of the package clause of a pasted file, or ""
	Units   []*rewrite.Unit
}

// Shows tells whether the cell ends in an expression whose value is displayed.
func (c *Cell) Shows() bool {
	return len(c.Units) > 0 && c.Units[len(c.Units)-1].Result != nil
}

// RunsMain tells whether the cell is a pasted program, whose main is run.
func (c *Cell) RunsMain() bool {
	if c.Package != "main" {
		return false
	}
	for _, u := range c.Units {
		for _, o := range u.New {
			if f, ok := o.(*types.Func); ok && f.Name() == "main" {
				return true
			}
		}
	}
	return false
}

// Check parses and checks the whole cell number n; nothing of it is visible
// before Commit. A *diag.Error tells what is wrong and where.
func (s *Scope) Check(src string, n int) (*Cell, error) {
	segs, pkg, serr := split(src)
	if serr != nil {
		return nil, serr
	}
	c := &Cell{N: n, Package: pkg}
	saved := s.save()
	defer s.restore(saved)
	if pkg != "" {
		s.packages[pkg] = true
	}
	for i, g := range segs {
		u, err := s.unit(src, g, pkg != "", n, i == len(segs)-1)
		if err != nil {
			return nil, err
		}
		c.Units = append(c.Units, u)
		s.declare(u)
	}
	if c.RunsMain() {
		u, err := s.unit("main()", segment{end: 6}, true, n, true)
		if err != nil {
			return nil, err
		}
		c.Units = append(c.Units, u)
	}
	return c, nil
}

// maxRounds bounds the rounds of checking and unwrapping: each unwraps one
// level of a chain of calls.
const maxRounds = 200

// unit checks one segment.
func (s *Scope) unit(src string, g segment, asFile bool, cell int, last bool) (*rewrite.Unit, *diag.Error) {
	s.units++
	u := &rewrite.Unit{ID: s.units, Decl: g.decl, AsFile: asFile, Fset: s.fset}
	if err := s.parse(u, src, g); err != nil {
		return nil, err
	}
	if err := s.resolve(u); err != nil {
		return nil, err
	}
	if u.Decl {
		if err := s.lateMethods(u); err != nil {
			return nil, err
		}
	} else if list := u.Func.Body.List; last && len(list) > 0 {
		if es, ok := list[len(list)-1].(*ast.ExprStmt); ok {
			u.Result = es.X
		}
	}
	var first error
	for range maxRounds {
		hard := s.typecheck(u)
		if len(hard) == 0 {
			if s.wrapResult(u) {
				continue
			}
			s.collect(u)
			s.result(u, cell)
			return u, nil
		}
		if first == nil {
			first = hard[0]
		}
		if keyLiterals(u, hard) || rewrite.Unwrap(u) {
			s.syncResult(u)
			continue
		}
		return nil, s.explain(u, hard[0])
	}
	return nil, s.explain(u, first)
}

func (s *Scope) parse(u *rewrite.Unit, src string, g segment) *diag.Error {
	line := 1 + strings.Count(src[:g.start], "\n")
	column := g.start - (strings.LastIndexByte(src[:g.start], '\n') + 1)
	head := "package main\n"
	u.LineOffset = 1 - (line - 1)
	tail := "\n"
	if !u.Decl {
		head += "func " + rewrite.FuncName + "() {\n"
		u.LineOffset++
		tail = "\n}\n"
	}
	text := head + strings.Repeat(" ", column) + src[g.start:g.end] + tail
	f, err := parser.ParseFile(s.fset, cellName, text, parser.ParseComments)
	if err != nil {
		var el scanner.ErrorList
		if errors.As(err, &el) && len(el) > 0 {
			// The columns of the first line follow from the blanks put before it.
			return syntaxError(el[0], u.LineOffset, src)
		}
		return diag.Malformed(line, column+1, "%s", err)
	}
	u.File = f
	if u.Decl {
		return nil
	}
	for _, d := range f.Decls {
		if fd, ok := d.(*ast.FuncDecl); ok && fd.Name.Name == rewrite.FuncName {
			u.Func = fd
		}
	}
	if u.Func == nil || len(f.Decls) != 1 {
		return diag.Malformed(line, column+1, "unbalanced braces")
	}
	return nil
}

// syntaxError places an error of the parser in the cell. What it says of the
// text around the cell, which is ours, it says of the cell's end.
func syntaxError(e *scanner.Error, offset int, src string) *diag.Error {
	line := e.Pos.Line - offset
	text := strings.TrimRight(src, "\n")
	n := strings.Count(text, "\n") + 1
	last := text[strings.LastIndexByte(text, '\n')+1:]
	if line < n || line == n && e.Pos.Column <= len(last) {
		return diag.Malformed(line, e.Pos.Column, "%s", e.Msg)
	}
	msg, _, found := strings.Cut(e.Msg, ", found ")
	if found {
		msg += ", found the end of the cell"
	}
	return diag.Malformed(n, len(last)+1, "%s", msg)
}

// typecheck checks the unit as a package of its own in which earlier objects
// that it names are inserted, and gives the errors that matter.
func (s *Scope) typecheck(u *rewrite.Unit) (hard []error) {
	pkg := types.NewPackage(rewrite.SessionPath, "main")
	s.insert(u, pkg)
	u.Pkg, u.Info = pkg, &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
	}
	conf := types.Config{
		Importer: s.world, GoVersion: "go1.26",
		Error: func(err error) {
			if te, ok := err.(types.Error); ok && tolerated(u, te) {
				return
			}
			hard = append(hard, err)
		},
	}
	chk := types.NewChecker(&conf, s.fset, pkg, u.Info)
	defer func() {
		if r := recover(); r != nil {
			hard = append(hard, fmt.Errorf("the type checker failed on this cell: %v", r))
		}
	}()
	// Problems are reported through conf.Error.
	_ = chk.Files([]*ast.File{u.File})
	return hard
}

// tolerated tells whether a finding of the compiler is none at a prompt:
// variables of the session are used later, expressions are shown.
func tolerated(u *rewrite.Unit, te types.Error) bool {
	switch {
	case strings.HasPrefix(te.Msg, "declared and not used"):
		if u.Func == nil {
			return false
		}
		name := strings.TrimPrefix(te.Msg, "declared and not used: ")
		if sc := u.Info.Scopes[u.Func.Type]; sc != nil {
			if v := sc.Lookup(name); v != nil && v.Pos() == te.Pos {
				return true
			}
		}
		return false
	case strings.Contains(te.Msg, "imported and not used"), strings.Contains(te.Msg, "imported as") && strings.Contains(te.Msg, "not used"):
		return true
	case strings.HasSuffix(te.Msg, "is not used"):
		return u.Func != nil && !u.AsFile && topExpression(u, te.Pos)
	}
	return false
}

func topExpression(u *rewrite.Unit, p token.Pos) bool {
	for _, st := range u.Func.Body.List {
		if es, ok := st.(*ast.ExprStmt); ok && es.Pos() <= p && p < es.End() {
			return true
		}
	}
	return false
}

// insert puts the objects that the unit names, and does not declare, into its
// package's scope. Only these: the scope stays small and keeps little alive.
func (s *Scope) insert(u *rewrite.Unit, pkg *types.Package) {
	declared := map[string]bool{}
	if u.Decl {
		s.declaredNames(u.File, declared)
	}
	seen := map[string]bool{}
	bases := map[string]bool{} // names in front of a dot
	ast.Inspect(u.File, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			seen[n.Name] = true
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				bases[id.Name] = true
			}
		}
		return true
	})
	for n := range seen {
		if declared[n] {
			continue
		}
		o := s.find(n, bases[n])
		if o == nil {
			continue
		}
		if pn, ok := o.(*types.PkgName); ok {
			// go/types wants package names to belong to the checked package.
			o = types.NewPkgName(token.NoPos, pkg, n, pn.Imported())
		}
		pkg.Scope().Insert(o)
	}
	for _, d := range u.File.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
			bracketEarlier(g, pkg)
		}
	}
}

// bracketEarlier puts names of earlier types that are declared to be others in
// parentheses: go/types looks for the declaration of a bare name, which is not
// in this package (TestTypeOfAnEarlierType).
func bracketEarlier(g *ast.GenDecl, pkg *types.Package) {
	for _, sp := range g.Specs {
		ts, ok := sp.(*ast.TypeSpec)
		if !ok {
			continue
		}
		if id, ok := ts.Type.(*ast.Ident); ok && pkg.Scope().Lookup(id.Name) != nil {
			ts.Type = &ast.ParenExpr{Lparen: id.Pos(), X: id, Rparen: id.End()}
		}
	}
}

// find gives the object of a name that a unit does not declare itself.
func (s *Scope) find(name string, base bool) types.Object {
	if o := s.objs[name]; o != nil {
		return o
	}
	if v := s.out(name); v != nil {
		return v
	}
	if n, ok := strings.CutSuffix(name, sdkSuffix); ok {
		return s.pkgName(name, s.bindings[n].SDK)
	}
	if n, ok := strings.CutSuffix(name, ownSuffix); ok {
		return s.pkgName(name, s.bindings[n].Path)
	}
	if n, ok := strings.CutSuffix(name, connSuffix); ok {
		return s.renamed(name, n)
	}
	if b, ok := s.bindings[name]; ok {
		if b.Type == "" {
			return s.pkgName(name, b.Path)
		}
		if v := s.binding(name); v != nil {
			return v
		}
	}
	if types.Universe.Lookup(name) != nil {
		return nil
	}
	if base {
		for _, path := range s.world.ByName(name) {
			if pn := s.pkgName(name, path); pn != nil {
				return pn
			}
		}
	}
	if ast.IsExported(name) {
		return s.world.Unqualified(name)
	}
	return nil
}

func (s *Scope) pkgName(name, path string) types.Object {
	p, err := s.world.Import(path)
	if err != nil {
		return nil
	}
	return types.NewPkgName(token.NoPos, nil, name, p)
}

// renamed gives a bound connection under another name.
func (s *Scope) renamed(name, bound string) types.Object {
	if v := s.bound[name]; v != nil {
		return v
	}
	o := s.binding(bound)
	if o == nil {
		return nil
	}
	v := types.NewVar(token.NoPos, o.Pkg(), name, o.Type())
	s.bound[name] = v
	if s.onBind != nil {
		s.onBind(v, s.bindings[bound].Expr)
	}
	return v
}

func (s *Scope) declaredNames(f *ast.File, declared map[string]bool) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				declared[d.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, sp := range d.Specs {
				switch sp := sp.(type) {
				case *ast.TypeSpec:
					declared[sp.Name.Name] = true
				case *ast.ValueSpec:
					for _, n := range sp.Names {
						declared[n.Name] = true
					}
				case *ast.ImportSpec:
					s.importedNames(sp, declared)
				}
			}
		}
	}
}

func (s *Scope) importedNames(sp *ast.ImportSpec, declared map[string]bool) {
	if sp.Name != nil && sp.Name.Name != "." {
		declared[sp.Name.Name] = true
		return
	}
	p, err := s.world.Import(importPath(sp))
	if err != nil {
		return
	}
	if sp.Name == nil {
		declared[p.Name()] = true
		return
	}
	for _, n := range p.Scope().Names() {
		declared[n] = true
	}
}

func importPath(sp *ast.ImportSpec) string { return strings.Trim(sp.Path.Value, "`\"") }

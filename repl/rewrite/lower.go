package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"

	"pawsh/repl/diag"
)

// Host is the package of the evaluator's own functions that lowered code calls.
const Host = "host" + Mark

// Program is a unit as the interpreter gets it. Every text is complete Go for
// a package level declaration, but for Body, which goes inside a function.
type Program struct {
	Imports []Import
	Decls   []string
	Body    string
	// Shared tells that the program hands functions of its own to compiled code
	// that may call them on any goroutine.
	Shared bool
}

// Import is a package under the private name that lowered code uses for it.
type Import struct{ Alias, Path string }

// Empty tells whether there is nothing to run.
func (p *Program) Empty() bool { return strings.TrimSpace(p.Body) == "" }

// Symbols tells what compiled packages offer to interpreted code.
type Symbols interface {
	// Has tells whether the member of a package can be named.
	Has(path, name string) bool
	// Generic gives the declaration of a generic library function with its
	// own type information, to be instantiated from source.
	Generic(o types.Object) (*ast.FuncDecl, *types.Info, bool)
}

// Lowerer turns checked units into programs. It remembers which name each
// object of the session has in the interpreter. It is not safe for concurrent
// use.
type Lowerer struct {
	syms  Symbols
	base  *layer
	top   *layer // the cell being lowered; merged by Commit
	bound map[types.Object]bool
	ids   int
	last  map[string]int          // the last number that a name got
	pool  map[types.BasicKind]int // named types of compiled code in use, by kind
}

// id gives a number for a dispatcher or converter.
func (k *Lowerer) id() int { k.ids++; return k.ids }

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// layer is the part of a Lowerer that a refused cell must not change.
type layer struct {
	names   map[types.Object]string // object -> name in the interpreter
	used    map[string]bool         // names that are taken
	slot    map[string]types.Object // person's name -> object whose variable can be used again
	decls   map[types.Object]declared
	methods map[*types.TypeName][]declared // of generic types
	insts   map[string]string              // instance key -> name
	slots   map[string]bool                // trampolines of methods
	imports map[string]string

	dispatchers map[string]*dispatcher
	converters  map[string]*converter
	concretes   []types.Type // session types that values can have
	registered  map[string]bool
	shapes      map[string]int
	dirty       bool // something was added that tables lack
}

// declared is a generic declaration and the type information it was checked with.
type declared struct {
	fd   *ast.FuncDecl
	info *types.Info
	unit *Unit
}

func newLayer() *layer {
	return &layer{
		names: map[types.Object]string{}, used: map[string]bool{}, slot: map[string]types.Object{},
		decls: map[types.Object]declared{}, methods: map[*types.TypeName][]declared{},
		insts: map[string]string{}, slots: map[string]bool{}, imports: map[string]string{},
		dispatchers: map[string]*dispatcher{}, converters: map[string]*converter{}, registered: map[string]bool{}, shapes: map[string]int{},
	}
}

// New gives a Lowerer.
func New(syms Symbols) *Lowerer {
	return &Lowerer{syms: syms, last: map[string]int{}, base: newLayer(), top: newLayer(), bound: map[types.Object]bool{}, pool: map[types.BasicKind]int{}}
}

// Bind makes expr, in the interpreter's words, the value of a pre-bound object.
func (k *Lowerer) Bind(o types.Object, expr string) {
	k.base.names[o] = expr
	k.bound[o] = true
}

// Begin starts a cell; what an earlier cell left uncommitted is forgotten.
func (k *Lowerer) Begin() { k.top = newLayer() }

// Commit keeps the names of the cell.
func (k *Lowerer) Commit() {
	merge(k.base.names, k.top.names)
	merge(k.base.used, k.top.used)
	merge(k.base.slot, k.top.slot)
	merge(k.base.decls, k.top.decls)
	merge(k.base.insts, k.top.insts)
	merge(k.base.slots, k.top.slots)
	merge(k.base.imports, k.top.imports)
	merge(k.base.dispatchers, k.top.dispatchers)
	merge(k.base.converters, k.top.converters)
	merge(k.base.registered, k.top.registered)
	merge(k.base.shapes, k.top.shapes)
	k.base.concretes = append(k.base.concretes, k.top.concretes...)
	for t, ms := range k.top.methods {
		k.base.methods[t] = append(k.base.methods[t], ms...)
	}
	k.top = newLayer()
}

func merge[K comparable, V any](dst, src map[K]V) {
	for key, v := range src {
		dst[key] = v
	}
}

func get[K comparable, V any](top, base map[K]V, key K) (V, bool) {
	if v, ok := top[key]; ok {
		return v, true
	}
	v, ok := base[key]
	return v, ok
}

func (k *Lowerer) name(o types.Object) (string, bool) {
	return get(k.top.names, k.base.names, o)
}

// fresh gives a name that no other object of the session has.
func (k *Lowerer) fresh(name string) string {
	n := name
	i := k.last[name]
	for {
		_, taken := get(k.top.used, k.base.used, n)
		if i == 0 && !taken && types.Universe.Lookup(n) == nil && n != "main" && n != "init" && n != "_" {
			break
		}
		if i > 0 && !taken {
			break
		}
		i = max(i+1, 2)
		n = fmt.Sprintf("%s%s%d", name, Mark, i)
	}
	k.last[name] = i
	k.top.used[n] = true
	return n
}

// em lowers one unit.
type em struct {
	k       *Lowerer
	u       *Unit
	info    *types.Info
	env     map[*types.TypeParam]types.Type
	fn      []*fnctx
	tmp     *int
	out     *Program
	inits   *strings.Builder // assignments of instances, before the unit's own
	imports map[string]bool
	err     **diag.Error
	locals  map[types.Object]string  // types of the instance's own
	lines   bool                     // write line directives
	spreads map[*ast.CallExpr]string // arguments that stand for the values of a call
	pre     *[]string                // what is evaluated before the statement; nil where nothing can be
}

// fail records the first reason why the unit is refused.
func (e *em) fail(n ast.Node, format string, args ...any) string {
	if *e.err == nil {
		*e.err = e.u.Errorf(n, format, args...)
	}
	return "_refused_"
}

func (e *em) temp(p string) string { *e.tmp++; return fmt.Sprintf("%s%s%d", p, Mark, *e.tmp) }

// with gives an em for a generic declaration's body.
func (e *em) with(d declared, env map[*types.TypeParam]types.Type) *em {
	n := *e
	n.info, n.env, n.fn, n.lines, n.pre = d.info, env, nil, false, nil
	n.locals, n.spreads = map[types.Object]string{}, nil
	if d.unit != nil {
		n.u, n.lines = d.unit, true
	}
	return &n
}

// use gives the private name of a package and sees to its import.
func (e *em) use(path string) string {
	alias, ok := get(e.k.top.imports, e.k.base.imports, path)
	if !ok {
		alias = "p" + Mark + strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(path)
		e.k.top.imports[path] = alias
	}
	if !e.imports[path] {
		e.imports[path] = true
		e.out.Imports = append(e.out.Imports, Import{alias, path})
	}
	return alias
}

// Lower gives the program of a unit, or the reason why it is refused.
func (k *Lowerer) Lower(u *Unit) (*Program, *diag.Error) {
	var refused *diag.Error
	tmp := u.ID * 100000
	e := &em{k: k, u: u, info: u.Info, tmp: &tmp, out: &Program{}, inits: &strings.Builder{}, imports: map[string]bool{}, err: &refused, lines: true}
	var body strings.Builder
	if u.Decl {
		e.declUnit(&body)
	} else {
		e.stmtUnit(&body)
	}
	e.register()
	if refused != nil {
		return nil, refused
	}
	e.out.Body = e.inits.String() + body.String()
	return e.out, nil
}

// hoist gives a variable of the session its place in the interpreter. The
// place of an earlier variable of that name and type is used again, so that
// functions made before see the new value.
func (e *em) hoist(v *types.Var) string {
	if o, ok := get(e.k.top.slot, e.k.base.slot, v.Name()); ok {
		if old, ok := o.(*types.Var); ok && types.Identical(old.Type(), v.Type()) {
			n, _ := e.k.name(old)
			e.k.top.names[v] = n
			e.k.top.slot[v.Name()] = v
			return n
		}
	}
	n := e.k.fresh(v.Name())
	e.k.top.names[v] = n
	e.k.top.slot[v.Name()] = v
	e.out.Decls = append(e.out.Decls, "var "+n+" "+e.typ(v.Type()))
	return n
}

func (e *em) stmtUnit(body *strings.Builder) {
	u := e.u
	for _, o := range u.New {
		if v, ok := o.(*types.Var); ok && v != u.Out {
			e.hoist(v)
		} else if tn, ok := o.(*types.TypeName); ok && IsSession(tn) {
			e.fail(nil, "declare type %s in a line of its own", tn.Name())
		}
	}
	e.fn = append(e.fn, &fnctx{sig: types.NewSignatureType(nil, nil, nil, nil, nil, false)})
	list := u.Func.Body.List
	body.WriteString(fmt.Sprintf("/*line func@%d@0@0/_.go:1:1*/", u.ID))
	body.WriteString(e.guarded(list, func() string {
		var text strings.Builder
		for i, st := range list {
			if es, ok := st.(*ast.ExprStmt); ok && i == len(list)-1 && u.Result == es.X {
				text.WriteString(e.mark(st) + e.show(es.X))
				continue
			}
			text.WriteString(e.stmt(st) + "\n")
		}
		return text.String()
	}))
}

// show gives the statement that hands the cell's value to the display.
func (e *em) show(x ast.Expr) string {
	tv := e.info.Types[x]
	switch {
	case tv.IsVoid():
		return e.exprStmt(x) + "\n"
	case tv.IsNil():
		return Host + ".Show(nil)\n"
	case tv.IsType():
		e.fail(x, "%s is a type, not an expression", types.TypeString(tv.Type, qualifier))
		return ""
	}
	if tp, ok := tv.Type.(*types.Tuple); ok {
		vs := make([]string, tp.Len())
		for i := range vs {
			vs[i] = e.temp("v")
		}
		list := strings.Join(vs, ", ")
		return list + " := " + e.expr(x) + "\n" + Host + ".Show(" + list + ")\n"
	}
	v := ""
	if e.u.Out != nil {
		v = e.k.fresh(e.u.Out.Name())
		e.k.top.names[e.u.Out] = v
		e.out.Decls = append(e.out.Decls, "var "+v+" "+e.typ(e.u.Out.Type()))
		v += " = " + e.value(x, e.u.Out.Type()) + "\n"
		n, _ := e.k.name(e.u.Out)
		if !e.isInterface(e.u.Out.Type()) {
			n = e.tagged(n, e.u.Out.Type())
		}
		return v + Host + ".Show(" + n + ")\n"
	}
	return Host + ".Show(" + e.coerce(x, emptyInterface) + ")\n"
}

func qualifier(p *types.Package) string {
	if p.Path() == SessionPath {
		return ""
	}
	return p.Name()
}

// extent gives a directive for the start of a function: where it stands is in
// the name of a folder, as the interpreter finds imports by the base name.
func (e *em) extent(from, to token.Pos) string {
	if !e.lines {
		return "/*line lib/_.go:1:1*/"
	}
	a, _ := e.u.Position(from)
	b, _ := e.u.Position(to)
	return fmt.Sprintf("/*line func@%d@%d@%d/_.go:1:1*/", e.u.ID, a, b)
}

func (e *em) typeDecl(ts *ast.TypeSpec, name string) string {
	eq := " "
	if ts.Assign.IsValid() {
		eq = " = "
	}
	if !ts.Assign.IsValid() {
		switch u := e.rhsType(ts).Underlying().(type) {
		case *types.Struct:
			return "type " + name + " " + e.structType(u, name)
		case *types.Basic:
			return "type " + name + " " + e.basicType(u, name)
		}
	}
	return "type " + name + eq + e.typ(e.rhsType(ts))
}

// rhsType is the type on the right of a type declaration.
func (e *em) rhsType(ts *ast.TypeSpec) types.Type {
	if tv, ok := e.info.Types[ts.Type]; ok {
		return tv.Type
	}
	return e.info.Defs[ts.Name].Type().Underlying()
}

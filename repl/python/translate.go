package python

import (
	"errors"
	"go/format"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.starlark.net/syntax"

	"pawsh/repl/diag"
)

// Session is what the translator knows of the cells that ran before.
type Session interface {
	// Lookup gives the object of a name that a cell declared or the shell binds.
	Lookup(name string) types.Object
	// Import gives a package's types.
	Import(path string) (*types.Package, error)
	// Unqualified finds an option that cells use without its package.
	Unqualified(name string) types.Object
	// Last is the type of the last value, nil when there is none.
	Last() types.Type
	// Doc is the documentation of a package's name.
	Doc(path, name string) string
}

// Translator translates the Python of one session: it remembers what was
// imported and which functions Python declared. It is for one goroutine.
type Translator struct {
	imports map[string]val
	defs    map[string]*function
	pending []pending
	aliases map[*types.TypeName]string
	options map[string]*types.Func
}

// pending is a statement that waits for one that tells its types: an empty
// list, a function that nobody called yet.
type pending struct{ name, src string }

// New gives a translator for a new session.
func New() *Translator {
	return &Translator{imports: map[string]val{}, defs: map[string]*function{}, options: map[string]*types.Func{}}
}

// Cell is the Go of one statement of Python.
type Cell struct {
	Go     string
	Python string
	Line   int // of the statement, in the text that was given
}

// Result is a translated text.
type Result struct {
	Cells []Cell
	// Foreign tells that something of it means nothing in Go: a name of boto's
	// or a builtin of Python's. A text without any could as well be Go.
	Foreign bool
	// Notes say what was left for later.
	Notes []string

	commit func()
}

// Commit makes the translator remember what the text imported and declared.
// It is called when its cells are about to run.
func (r *Result) Commit() {
	if r.commit != nil {
		r.commit()
		r.commit = nil
	}
}

// maxRounds bounds the rounds in which types are found.
const maxRounds = 12

// mode is what the Go is for.
type mode int

const (
	cells   mode = iota // errors are raised by the shell
	program             // a program of its own, errors are returned
)

// Translate makes Go of a text, all of it or none. Errors are *diag.Error, with
// the place in the text.
func (tr *Translator) Translate(src string, s Session) (*Result, error) {
	return tr.translate(src, s, false)
}

// Load makes Go of a script: its functions and constants, and its main guard
// where it has one; what else stands at its top level is left out.
func (tr *Translator) Load(src string, s Session) (*Result, error) {
	return tr.translate(src, s, true)
}

func (tr *Translator) translate(src string, s Session, script bool) (res *Result, err error) {
	defer func() {
		if r := recover(); r != nil {
			f, ok := r.(failure)
			if !ok {
				panic(r)
			}
			res, err = nil, f.err
		}
	}()
	full, lines, took := tr.withPending(src)
	defer func() {
		var d *diag.Error
		if errors.As(err, &d) && lines > 0 {
			moved := *d
			moved.Line = max(0, d.Line-lines)
			err = &moved
		}
	}()
	m, p, err := parse(full)
	if err != nil {
		return nil, plainError(err)
	}
	u := newUnit(tr, s, p, cells)
	u.future, u.script, u.shift = m.future, script, lines
	if err := u.rounds(m.body); err != nil {
		return nil, err
	}
	return u.result(took), nil
}

// withPending puts what waits for its types in front of a text that names it;
// lines is how many lines that makes.
func (tr *Translator) withPending(src string) (full string, lines int, took []string) {
	prompted := Prompted(src)
	var b strings.Builder
	for _, w := range tr.pending {
		if !regexp.MustCompile(`\b` + regexp.QuoteMeta(w.name) + `\b`).MatchString(src) {
			continue
		}
		took = append(took, w.name)
		lead := ">>> "
		for l := range strings.Lines(w.src + "\n") {
			if prompted {
				b.WriteString(lead)
				lead = "... "
			}
			b.WriteString(l)
			lines++
		}
	}
	return b.String() + src, lines, took
}

// plainError takes the mark of an unfinished text off an error.
func plainError(err error) error {
	var d *diag.Error
	if errors.As(err, &d) {
		return d
	}
	return err
}

// failure is what a translation ends with: it is thrown, so that expressions
// read as what they are.
type failure struct{ err *diag.Error }

// unit is a translation at work.
type unit struct {
	tr   *Translator
	s    Session
	p    *parser
	mode mode

	bound   map[string]types.Type // of holes
	holes   map[string]types.Type
	facts   map[string]bool // what earlier rounds found
	changed bool
	settled bool // no type changed in the last round
	unknown bool // a hole was written

	foreign bool
	future  bool
	script  bool
	shift   int // lines that were put in front
	waiting []pending
	notes   []string
	imports map[string]val // of this text
	defs    map[string]*function
	order   []string // names of defs in their order
	cells   []Cell
	used    map[string]bool // packages, by path

	functions, globals, mainBody []string // of a program

	scope    *scope
	out      []string
	policy   policy
	inner    int // open constructs in which no statement can be put in front
	last     types.Type
	temps    int
	wanted   string // the name for the one call of a try that can fail
	reads    map[string]bool
	near     pos    // of the expression at hand
	handling string // the variable of the error that is being handled
}

func newUnit(tr *Translator, s Session, p *parser, m mode) *unit {
	u := &unit{tr: tr, s: s, p: p, mode: m, bound: map[string]types.Type{}, holes: map[string]types.Type{}, facts: map[string]bool{}}
	for _, f := range tr.defs {
		maps.Copy(u.bound, f.types)
	}
	return u
}

// rounds translates until no round finds anything new.
func (u *unit) rounds(body []stmt) error {
	for range maxRounds {
		u.changed, u.unknown, u.foreign = false, false, false
		u.notes, u.cells, u.order, u.waiting = nil, nil, nil, nil
		u.imports, u.used = map[string]val{}, map[string]bool{}
		old := u.defs
		u.defs = map[string]*function{}
		for n, f := range old {
			f.declared = false
			u.defs[n] = f
		}
		u.scope = newScope(nil, nil)
		u.last = u.s.Last()
		u.temps = 0
		u.module(body)
		if !u.changed {
			if u.settled {
				return nil
			}
			u.settled = true // once more, where what stays unknown is refused
		}
	}
	return refuse(pos{}, "the types of this text can't be found: they change with every look")
}

// result makes the cells of the last round.
func (u *unit) result(took []string) *Result {
	r := &Result{Foreign: u.foreign, Notes: u.notes}
	for _, c := range u.cells {
		if strings.TrimSpace(c.Go) != "" {
			r.Cells = append(r.Cells, c)
		}
	}
	r.commit = func() {
		maps.Copy(u.tr.imports, u.imports)
		for n, f := range u.defs {
			f.types = map[string]types.Type{}
			for key := range u.bound {
				if strings.HasPrefix(key, f.key+".") {
					f.types[key] = u.res(u.hole(key))
				}
			}
			u.tr.defs[n] = f
		}
		u.tr.pending = slices.DeleteFunc(u.tr.pending, func(w pending) bool { return slices.Contains(took, w.name) })
		for _, w := range u.waiting {
			delete(u.tr.defs, w.name)
			u.tr.pending = append(u.tr.pending, w)
		}
	}
	for _, w := range u.waiting {
		r.Notes = append(r.Notes, w.name+" waits for a line that uses it: nothing tells its types yet")
		r.Foreign = true
	}
	return r
}

// module translates the statements of the top level, a cell each.
func (u *unit) module(body []stmt) {
	u.scope.plan(body, true)
	u.reads = readNames(body)
	u.declareDefs(body)
	if u.mode == program {
		u.programModule(body)
		return
	}
	for i, s := range body {
		if u.script && !u.loads(s) {
			continue
		}
		u.out = nil
		unknown := u.unknown
		u.unknown = false
		u.statement(s)
		if name, src, ok := u.waits(s); u.unknown && ok {
			u.waiting = append(u.waiting, pending{name, src})
			u.unknown = unknown
			continue
		}
		u.unknown = unknown
		u.cells = append(u.cells, Cell{Go: u.formatted(s.at()), Python: u.source(body, i), Line: max(1, s.at().line-u.shift)})
	}
}

// source is a statement of the top level as it was written.
func (u *unit) source(body []stmt, i int) string {
	from, to := body[i].at().line, 1<<30
	if i+1 < len(body) {
		to = body[i+1].at().line
	}
	var out []string
	for _, l := range u.p.lines {
		if l.pos.line >= from && l.pos.line < to {
			out = append(out, l.src)
		}
	}
	return strings.Join(out, "\n")
}

// waits gives the name of a statement that can wait for its types.
func (u *unit) waits(s stmt) (name, src string, ok bool) {
	switch s := s.(type) {
	case *defStmt:
		return s.name, s.src, true
	case *assignStmt:
		id, isName := s.targets[0].(*syntax.Ident)
		if !isName || len(s.targets) != 1 || s.op != "=" {
			return "", "", false
		}
		switch v := unparen(s.value).(type) {
		case *syntax.ListExpr:
			if len(v.List) == 0 {
				return id.Name, id.Name + " = []", true
			}
		case *syntax.DictExpr:
			if len(v.List) == 0 {
				return id.Name, id.Name + " = {}", true
			}
		case *syntax.CallExpr:
			if f, ok := v.Fn.(*syntax.Ident); ok && len(v.Args) == 0 && (f.Name == "list" || f.Name == "dict" || f.Name == "set") {
				return id.Name, id.Name + " = " + f.Name + "()", true
			}
		}
	}
	return "", "", false
}

// formatted gives the statements written so far as gofmt has them.
func (u *unit) formatted(at pos) string {
	text := strings.Join(u.out, "\n")
	b, err := format.Source([]byte(text))
	if err != nil {
		u.fail(at, "this came out as bad Go (%v)", err)
	}
	return strings.TrimSpace(string(b))
}

// loads tells whether a statement belongs to what loading a script runs.
func (u *unit) loads(s stmt) bool {
	switch s := s.(type) {
	case *importStmt, *defStmt:
		return true
	case *assignStmt:
		return isConstant(s.value)
	case *ifStmt:
		if isMainGuard(s) {
			return true
		}
	case *exprStmt:
		if lit, ok := s.x.(*syntax.Literal); ok && lit.Token == syntax.STRING {
			return false // the script's own words
		}
	}
	u.notes = append(u.notes, "line "+itoa(s.at().line)+" was not run: it stands outside of functions")
	return false
}

// isConstant tells whether a value needs nothing to run.
func isConstant(x syntax.Expr) bool {
	constant := true
	syntax.Walk(x, func(n syntax.Node) bool {
		switch n.(type) {
		case *syntax.CallExpr, *syntax.Comprehension, *syntax.DotExpr:
			constant = false
		}
		return constant
	})
	return constant
}

func (u *unit) fail(p pos, format string, args ...any) {
	if p.line == 0 {
		p = u.near
	}
	panic(failure{refuse(p, format, args...)})
}

func (u *unit) failHint(p pos, hint, format string, args ...any) {
	d := refuse(p, format, args...)
	d.Hint = hint
	panic(failure{d})
}

func (u *unit) emit(lines ...string) { u.out = append(u.out, lines...) }

// capture runs f and gives the statements that it wrote.
func (u *unit) capture(f func()) []string {
	saved := u.out
	u.out = nil
	f()
	got := u.out
	u.out = saved
	return got
}

// pkgName writes the package of a name, with its dot.
func (u *unit) pkgName(path, name string) string {
	u.used[path] = true
	return name + "."
}

// fact remembers something for the next round and tells whether it was known.
func (u *unit) fact(key string) bool {
	if u.facts[key] {
		return true
	}
	u.facts[key] = true
	u.changed = true
	return false
}

// readNames lists the names that a text reads anywhere.
func readNames(body []stmt) map[string]bool {
	out := map[string]bool{"\x00item": true, "\x00v": true, "\x00i": true}
	targets := map[syntax.Expr]bool{}
	visit(body, func(s stmt) {
		switch s := s.(type) {
		case *assignStmt:
			if s.op != "=" {
				return
			}
			for _, t := range s.targets {
				targets[t] = true
			}
		case *forStmt:
			targets[s.vars] = true
		}
	}, func(syntax.Expr) {})
	visit(body, func(stmt) {}, func(x syntax.Expr) {
		if targets[x] {
			if targetNames(x) != nil {
				return
			}
		}
		for _, n := range readsIn(x) {
			out[n] = true
		}
	})
	return out
}

// readsIn is namesIn without what the loops of comprehensions set.
func readsIn(x syntax.Expr) []string {
	count := map[string]int{}
	for _, n := range namesIn(x) {
		count[n]++
	}
	syntax.Walk(x, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.ForClause); ok {
			for _, t := range targetNames(c.Vars) {
				count[t]--
			}
		}
		return true
	})
	var out []string
	for n, k := range count {
		if k > 0 {
			out = append(out, n)
		}
	}
	return out
}

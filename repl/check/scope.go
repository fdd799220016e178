package check

import (
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"strconv"
	"strings"

	"pawsh/repl/rewrite"
)

// World is what a scope knows of packages: where their types come from and how
// names that nobody imported are found.
type World interface {
	types.Importer
	// FileSet is the one that imported packages have their positions in.
	FileSet() *token.FileSet
	// ByName gives the import paths of the packages of a name, the likeliest first.
	ByName(name string) []string
	// Unqualified finds an exported function, such as an option, that cells
	// may use without its package.
	Unqualified(name string) types.Object
	// Similar gives package names and unqualified names, for suggestions.
	Similar() []string
}

// Binding is a name that the shell binds before the first cell.
type Binding struct {
	Name string
	// Path and Type name the variable's type; Pointer tells that it is *Type.
	Path, Type string
	Pointer    bool
	// SDK is the import path of the package that has the same name, or "".
	SDK string
	// Expr is the value in the interpreter's words.
	Expr string
}

// Scope holds the names that earlier cells declared. It is not safe for
// concurrent use.
type Scope struct {
	world    World
	fset     *token.FileSet
	objs     map[string]types.Object
	bindings map[string]Binding
	bound    map[string]*types.Var // opened bindings
	onBind   func(types.Object, string)
	packages map[string]bool // names of package clauses that were pasted
	outs     map[int]*types.Var
	last     [3]*types.Var // _, __ and ___
	units    int
	fallback string // why there is no last value
}

// NewScope gives an empty scope. onBind is called with each pre-bound object
// before a unit that uses it is lowered.
func NewScope(w World, bindings []Binding, onBind func(types.Object, string)) (*Scope, error) {
	s := &Scope{
		world: w, fset: w.FileSet(), objs: map[string]types.Object{}, bindings: map[string]Binding{},
		bound: map[string]*types.Var{}, onBind: onBind, packages: map[string]bool{}, outs: map[int]*types.Var{},
	}
	cell, err := s.Check(rewrite.Prelude, 0)
	if err != nil {
		return nil, fmt.Errorf("check prelude: %w", err)
	}
	s.Commit(cell)
	for _, b := range bindings {
		s.bindings[b.Name] = b
	}
	return s, nil
}

// Lookup gives the object of a name that a cell declared or the shell binds.
func (s *Scope) Lookup(name string) types.Object {
	if o := s.objs[name]; o != nil {
		return o
	}
	if v := s.binding(name); v != nil {
		return v
	}
	return nil
}

// Names gives all names that cells declared or the shell binds.
func (s *Scope) Names() []string {
	var out []string
	for n := range s.objs {
		if !strings.Contains(n, rewrite.Mark) {
			out = append(out, n)
		}
	}
	for n := range s.bindings {
		if s.objs[n] == nil {
			out = append(out, n)
		}
	}
	return out
}

// binding opens a pre-bound name: its types are loaded at first use only.
func (s *Scope) binding(name string) *types.Var {
	if v := s.bound[name]; v != nil {
		return v
	}
	b, ok := s.bindings[name]
	if !ok || b.Type == "" {
		return nil
	}
	p, err := s.world.Import(b.Path)
	if err != nil {
		return nil
	}
	o, ok := p.Scope().Lookup(b.Type).(*types.TypeName)
	if !ok {
		return nil
	}
	t := o.Type()
	if b.Pointer {
		t = types.NewPointer(t)
	}
	v := types.NewVar(token.NoPos, types.NewPackage(rewrite.SessionPath, "main"), name, t)
	s.bound[name] = v
	if s.onBind != nil {
		s.onBind(v, b.Expr)
	}
	return v
}

// snapshot is a scope's state, to go back to.
type snapshot struct {
	objs     map[string]types.Object
	packages map[string]bool
	outs     map[int]*types.Var
	last     [3]*types.Var
}

func (s *Scope) save() snapshot {
	return snapshot{maps.Clone(s.objs), maps.Clone(s.packages), s.outs, s.last}
}

func (s *Scope) restore(b snapshot) {
	s.objs, s.packages, s.outs, s.last = b.objs, b.packages, b.outs, b.last
}

// Commit makes visible what a cell declared, after it ran.
func (s *Scope) Commit(c *Cell) {
	if c.Package != "" && c.Package != "main" {
		s.packages[c.Package] = true
	}
	for _, u := range c.Units {
		s.declare(u)
	}
	if c.Shows() {
		u := c.Units[len(c.Units)-1]
		if u.Out != nil {
			s.outs[c.N] = u.Out
			s.last = [3]*types.Var{u.Out, s.last[0], s.last[1]}
		} else {
			s.last = [3]*types.Var{nil, s.last[0], s.last[1]}
			s.fallback = "the last value has no type that the shell can keep"
		}
	}
}

func (s *Scope) declare(u *rewrite.Unit) {
	for _, o := range u.New {
		s.objs[o.Name()] = o
	}
}

// Reset forgets all that cells declared.
func (s *Scope) Reset() {
	for n := range s.objs {
		if !strings.Contains(n, rewrite.Mark) {
			delete(s.objs, n)
		}
	}
	clear(s.packages)
	clear(s.outs)
	s.last = [3]*types.Var{}
}

// outName is the checker's name of the value of cell n.
func outName(n int) string { return "Out" + rewrite.Mark + strconv.Itoa(n) }

// out finds the variable that an invented name stands for.
func (s *Scope) out(name string) *types.Var {
	rest, ok := strings.CutPrefix(name, "Out"+rewrite.Mark)
	if !ok {
		return nil
	}
	n, err := strconv.Atoi(rest)
	if err != nil {
		return nil
	}
	return s.outs[n]
}

package main

import (
	"fmt"
	"go/types"
	"maps"
	gopath "path"
	"slices"
	"strconv"
	"strings"
)

// fileImports gives the packages that a generated file names their local names.
type fileImports struct {
	byPath map[string]string
	taken  map[string]bool
}

func newFileImports(reserved ...string) *fileImports {
	im := &fileImports{byPath: map[string]string{}, taken: map[string]bool{}}
	for _, r := range reserved {
		im.taken[r] = true
	}
	return im
}

func (im *fileImports) name(p *types.Package) string {
	return im.add(p.Path(), p.Name())
}

func (im *fileImports) add(path, want string) string {
	if n, ok := im.byPath[path]; ok {
		return n
	}
	n := want
	for i := 2; im.taken[n]; i++ {
		n = want + strconv.Itoa(i)
	}
	im.taken[n] = true
	im.byPath[path] = n
	return n
}

// decl is the import declaration.
func (im *fileImports) decl() string {
	var b strings.Builder
	b.WriteString("import (\n")
	for _, path := range slices.Sorted(maps.Keys(im.byPath)) {
		name := ""
		if n := im.byPath[path]; n != gopath.Base(path) {
			name = n + " "
		}
		fmt.Fprintf(&b, "\t%s%q\n", name, path)
	}
	b.WriteString(")\n")
	return b.String()
}

// typeWriter writes types as Go syntax for a package outside theirs.
type typeWriter struct {
	imports *fileImports
	// aliases maps a type that cannot be named, such as one of an internal
	// package, to an exported alias of it.
	aliases map[*types.TypeName]*types.TypeName
}

// findAliases looks in pkgs for exported aliases of types that others cannot name.
func findAliases(pkgs []*types.Package) map[*types.TypeName]*types.TypeName {
	found := map[*types.TypeName]*types.TypeName{}
	for _, p := range pkgs {
		for _, name := range p.Scope().Names() {
			tn, ok := p.Scope().Lookup(name).(*types.TypeName)
			if !ok || !tn.Exported() || !tn.IsAlias() {
				continue
			}
			named, ok := types.Unalias(tn.Type()).(*types.Named)
			if !ok || named.TypeParams().Len() > 0 || nameable(named.Obj()) {
				continue
			}
			if found[named.Obj()] == nil {
				found[named.Obj()] = tn
			}
		}
	}
	return found
}

// nameable reports whether a package elsewhere can write the name of tn.
func nameable(tn *types.TypeName) bool {
	if tn.Pkg() == nil {
		return true
	}
	return tn.Exported() && !internal(tn.Pkg().Path()) && !strings.HasPrefix(tn.Pkg().Path(), "vendor/")
}

// errNoName is why a type cannot be written.
type errNoName struct{ t types.Type }

func (e errNoName) Error() string { return fmt.Sprintf("type %s cannot be named", e.t) }

func (w *typeWriter) write(t types.Type) (string, error) {
	switch t := t.(type) {
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			return w.imports.name(types.Unsafe) + ".Pointer", nil
		}
		return t.Name(), nil
	case *types.Alias:
		if t.TypeArgs().Len() == 0 && nameable(t.Obj()) {
			return w.object(t.Obj()), nil
		}
		return w.write(types.Unalias(t))
	case *types.Named:
		return w.named(t)
	case *types.Pointer:
		return w.prefixed("*", t.Elem())
	case *types.Slice:
		return w.prefixed("[]", t.Elem())
	case *types.Array:
		return w.prefixed(fmt.Sprintf("[%d]", t.Len()), t.Elem())
	case *types.Map:
		k, err := w.write(t.Key())
		if err != nil {
			return "", err
		}
		return w.prefixed("map["+k+"]", t.Elem())
	case *types.Chan:
		return w.prefixed(map[types.ChanDir]string{types.SendRecv: "chan ", types.SendOnly: "chan<- ", types.RecvOnly: "<-chan "}[t.Dir()], t.Elem())
	case *types.Signature:
		s, err := w.signature(t)
		return "func" + s, err
	case *types.Interface:
		if t.NumMethods() == 0 && t.NumEmbeddeds() == 0 {
			return "any", nil
		}
	case *types.Struct:
		if t.NumFields() == 0 {
			return "struct{}", nil
		}
	}
	return "", errNoName{t}
}

func (w *typeWriter) object(tn *types.TypeName) string {
	if tn.Pkg() == nil {
		return tn.Name()
	}
	return w.imports.name(tn.Pkg()) + "." + tn.Name()
}

func (w *typeWriter) named(t *types.Named) (string, error) {
	if !nameable(t.Obj()) {
		if alias := w.aliases[t.Obj()]; alias != nil {
			return w.object(alias), nil
		}
		return "", errNoName{t}
	}
	s := w.object(t.Obj())
	if t.TypeArgs().Len() == 0 {
		return s, nil
	}
	var args []string
	for a := range t.TypeArgs().Types() {
		arg, err := w.write(a)
		if err != nil {
			return "", err
		}
		args = append(args, arg)
	}
	return s + "[" + strings.Join(args, ", ") + "]", nil
}

func (w *typeWriter) prefixed(prefix string, t types.Type) (string, error) {
	s, err := w.write(t)
	return prefix + s, err
}

// signature writes parameters, named a0, a1 and so on, and results.
func (w *typeWriter) signature(s *types.Signature) (string, error) {
	var params, results []string
	for i := range s.Params().Len() {
		t := s.Params().At(i).Type()
		dots := ""
		if s.Variadic() && i == s.Params().Len()-1 {
			slice, ok := t.(*types.Slice)
			if !ok {
				return "", errNoName{t}
			}
			dots, t = "...", slice.Elem()
		}
		p, err := w.write(t)
		if err != nil {
			return "", err
		}
		params = append(params, fmt.Sprintf("a%d %s%s", i, dots, p))
	}
	for v := range s.Results().Variables() {
		r, err := w.write(v.Type())
		if err != nil {
			return "", err
		}
		results = append(results, r)
	}
	out := "(" + strings.Join(params, ", ") + ")"
	switch len(results) {
	case 0:
		return out, nil
	case 1:
		return out + " " + results[0], nil
	}
	return out + " (" + strings.Join(results, ", ") + ")", nil
}

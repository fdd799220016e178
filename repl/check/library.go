package check

import (
	"embed"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"sort"
	"strings"
)

// Library gives the declarations of generic library functions, which compiled
// code can't offer to the interpreter: they are instantiated from source.
type Library struct {
	fset     *token.FileSet
	imp      types.Importer
	source   func(path string) (map[string][]byte, bool)
	packages map[string]*libraryPackage
}

type libraryPackage struct {
	info  *types.Info
	funcs map[string]*ast.FuncDecl
}

// NewLibrary gives a library over the sources of packages.
func NewLibrary(fset *token.FileSet, imp types.Importer, source func(string) (map[string][]byte, bool)) *Library {
	return &Library{fset: fset, imp: imp, source: source, packages: map[string]*libraryPackage{}}
}

// Func finds the declaration of a package's function and the type information
// that belongs to it.
func (l *Library) Func(path, name string) (*ast.FuncDecl, *types.Info, bool) {
	path = strings.TrimPrefix(path, ownPrefix)
	for _, p := range []*libraryPackage{l.load(ownPrefix + path), l.load(path)} {
		if p != nil && p.funcs[name] != nil {
			return p.funcs[name], p.info, true
		}
	}
	return nil, nil, false
}

// ownPrefix marks the packages of our own versions of functions that are much
// faster by way of compiled code, such as sorting.
const ownPrefix = "own/"

//go:embed library
var ownFS embed.FS

func (l *Library) texts(path string) (map[string][]byte, bool) {
	name, ok := strings.CutPrefix(path, ownPrefix)
	if !ok {
		return l.source(path)
	}
	b, err := ownFS.ReadFile("library/" + name + ".go.txt")
	if err != nil {
		return nil, false
	}
	return map[string][]byte{name + ".go": b}, true
}

func (l *Library) load(path string) *libraryPackage {
	if p, ok := l.packages[path]; ok {
		return p
	}
	l.packages[path] = nil
	texts, ok := l.texts(path)
	if !ok {
		return nil
	}
	names := make([]string, 0, len(texts))
	for n := range texts {
		names = append(names, n)
	}
	sort.Strings(names)
	var files []*ast.File
	for _, n := range names {
		f, err := parser.ParseFile(l.fset, n, texts[n], parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		files = append(files, f)
	}
	p := &libraryPackage{
		info: &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{}, Scopes: map[ast.Node]*types.Scope{},
			Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
		},
		funcs: map[string]*ast.FuncDecl{},
	}
	// Members that other builds declare are missed: functions that use them
	// are refused when they are lowered.
	conf := types.Config{Importer: l.imp, Error: func(error) {}, GoVersion: "go1.26"}
	_, _ = conf.Check(path, l.fset, files, p.info)
	for _, f := range files {
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Recv == nil && fd.Body != nil {
				p.funcs[fd.Name.Name] = fd
			}
		}
	}
	l.packages[path] = p
	return p
}

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// A system is what code is type-checked for.
type system struct{ os, arch string }

// home is the system whose export data is written, whatever system the
// generator runs on, so that its output is the same everywhere.
var home = system{"linux", "amd64"}

// others are the further systems the symbol tables must compile on.
var others = []system{{"darwin", "arm64"}, {"windows", "amd64"}}

// A pkg is a package, parsed and type-checked without function bodies.
type pkg struct {
	ImportPath string
	Name       string
	Dir        string
	GoFiles    []string
	ImportMap  map[string]string
	Error      *struct{ Err string }

	types *types.Package
	files []*ast.File // in the order of GoFiles
}

// A program is a set of packages and all that they import.
type program struct {
	fset *token.FileSet
	pkgs map[string]*pkg
}

// load type-checks paths and their dependencies for sys. It reads source only:
// nothing is compiled.
func load(sys system, paths []string) (*program, error) {
	list, err := goList(sys, append([]string{"-deps", "-json=ImportPath,Name,Dir,GoFiles,ImportMap,Error"}, paths...))
	if err != nil {
		return nil, err
	}
	prog := &program{fset: token.NewFileSet(), pkgs: map[string]*pkg{}}
	var order []*pkg // dependencies come first
	for dec := json.NewDecoder(bytes.NewReader(list)); ; {
		p := new(pkg)
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if p.Error != nil {
			return nil, fmt.Errorf("%s: %s", p.ImportPath, p.Error.Err)
		}
		order = append(order, p)
		prog.pkgs[p.ImportPath] = p
	}
	if err := prog.parse(order); err != nil {
		return nil, err
	}
	for _, p := range order {
		if err := prog.check(p, sys); err != nil {
			return nil, err
		}
	}
	return prog, nil
}

func goList(sys system, args []string) ([]byte, error) {
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Env = append(os.Environ(), "GOOS="+sys.os, "GOARCH="+sys.arch, "CGO_ENABLED=0", "GOEXPERIMENT=")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	return out, nil
}

func (prog *program) parse(pkgs []*pkg) error {
	var wg sync.WaitGroup
	slots := make(chan struct{}, 4)
	errs := make([]error, len(pkgs))
	for i, p := range pkgs {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			for _, name := range p.GoFiles {
				f, err := parser.ParseFile(prog.fset, filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
				if err != nil {
					errs[i] = err
					return
				}
				p.files = append(p.files, f)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (prog *program) check(p *pkg, sys system) error {
	if p.ImportPath == "unsafe" {
		p.types = types.Unsafe
		return nil
	}
	conf := types.Config{
		IgnoreFuncBodies: true,
		FakeImportC:      true,
		Sizes:            types.SizesFor("gc", sys.arch),
		Importer: importerFunc(func(path string) (*types.Package, error) {
			if real, ok := p.ImportMap[path]; ok {
				path = real
			}
			dep := prog.pkgs[path]
			if dep == nil || dep.types == nil {
				return nil, fmt.Errorf("%s was not loaded", path)
			}
			return dep.types, nil
		}),
	}
	var err error
	p.types, err = conf.Check(p.ImportPath, prog.fset, p.files, nil)
	if err != nil {
		return fmt.Errorf("type-check %s for %s: %w", p.ImportPath, sys.os, err)
	}
	return nil
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

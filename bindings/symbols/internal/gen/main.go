// Command gen writes all that package symbols holds: the interpreter's symbol
// tables, export data for the type checker, docs, and generic sources, for the
// packages listed in packages.go. The same toolchain and the same module
// versions give the same bytes. It reads source only and compiles nothing.
//
// Run it by `go generate ./bindings/symbols`. With -only pawsh, or another
// comma-separated list of groups, it writes just these.
package main

import (
	"flag"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	only := flag.String("only", "", "comma-separated `groups` to write; all if empty")
	out := flag.String("out", "", "`folder` to write to; that of package symbols if empty")
	flag.Parse()
	if err := run(*only, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run writes the groups named in only, or all, into the folder out, or into
// that of package symbols.
func run(only, out string) error {
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	if out == "" {
		out = filepath.Join(root, "bindings", "symbols")
	}
	std, err := goList(home, []string{"std"})
	if err != nil {
		return err
	}
	all := groups(strings.Fields(string(std)), root)
	wanted := all
	if only != "" {
		if wanted, err = choose(all, strings.Split(only, ",")); err != nil {
			return err
		}
	}
	var paths []string
	for _, g := range wanted {
		paths = append(paths, g.paths...)
	}
	if len(paths) == 0 {
		paths = []string{"unsafe"}
	}
	prog, err := load(home, paths)
	if err != nil {
		return err
	}
	port, err := loadPortability(prog, wanted)
	if err != nil {
		return err
	}
	o := output{dir: out}
	for _, g := range wanted {
		if err := o.group(prog, g, port); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(wanted, func(g *group) bool { return g.name == "stdbase" }) {
		return o.generic(prog)
	}
	return nil
}

func choose(all []*group, names []string) ([]*group, error) {
	var chosen []*group
	for _, n := range names {
		i := slices.IndexFunc(all, func(g *group) bool { return g.name == n })
		if i < 0 {
			return nil, fmt.Errorf("no group %q", n)
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// output writes files below dir, the folder of package symbols.
type output struct{ dir string }

// group writes tables, export data and docs of g, and removes tables of
// packages that it no longer has.
func (o output) group(prog *program, g *group, port portability) error {
	dir := filepath.Join(o.dir, g.name)
	old, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	for _, f := range old {
		if err := os.Remove(f); err != nil {
			return err
		}
	}
	list, err := groupFile(g)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(dir, g.name+".go"), list); err != nil {
		return err
	}
	var pkgs []*types.Package
	for _, path := range g.paths {
		pkgs = append(pkgs, prog.pkgs[path].types)
	}
	aliases := findAliases(pkgs)
	for _, p := range pkgs {
		imports := newFileImports(varName(p.Path()))
		w := &tableWriter{
			pkg:      p,
			imports:  imports,
			types:    &typeWriter{imports, aliases},
			portable: func(name string) bool { return port.declared(p.Path(), name) },
			constant: func(name string) bool { return port.constant(p.Path(), name) },
		}
		src, err := w.file(g.name)
		if err != nil {
			return err
		}
		name := identifier(p.Path()) + "_symbols.go"
		if err := write(filepath.Join(dir, name), src); err != nil {
			return err
		}
	}
	export, err := exportBlob(prog, g)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(o.dir, "data", "types-"+g.name+".zst"), export); err != nil {
		return err
	}
	text, err := docBlob(prog, g)
	if err != nil {
		return err
	}
	return write(filepath.Join(o.dir, "data", "docs-"+g.name+".zst"), text)
}

func (o output) generic(prog *program) error {
	data, err := genericBlob(prog)
	if err != nil {
		return err
	}
	return write(filepath.Join(o.dir, "data", "generic.zst"), data)
}

func write(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o644)
}

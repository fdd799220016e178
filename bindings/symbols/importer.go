package symbols

import (
	"bytes"
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/gcexportdata"
)

// Importer is a types.Importer for the packages of Paths and for unsafe. It
// reads a package's types when the package is first imported. Its objects have
// no positions.
//
// An Importer is for one goroutine at a time, and so are the packages it has
// given out while it imports another: their scopes are completed then.
type Importer struct {
	Fset *token.FileSet

	packages map[string]*types.Package // by path; also incomplete ones that others refer to
	data     map[string][]byte         // export data by path, of the groups opened
	opened   map[string]bool           // by group
}

// NewImporter makes an importer that has read nothing yet.
func NewImporter() *Importer {
	return &Importer{
		Fset:     token.NewFileSet(),
		packages: map[string]*types.Package{"unsafe": types.Unsafe},
		data:     map[string][]byte{},
		opened:   map[string]bool{},
	}
}

// Import gives the package at the import path. The same path gives the same
// package each time.
func (im *Importer) Import(path string) (*types.Package, error) {
	if p := im.packages[path]; p != nil && p.Complete() {
		return p, nil
	}
	g, _ := findGroup(path)
	if g == nil {
		return nil, fmt.Errorf("package %s is not built into this shell", path)
	}
	if err := im.open(g.name); err != nil {
		return nil, err
	}
	raw, ok := im.data[path]
	if !ok {
		return nil, fmt.Errorf("import %s: no export data", path)
	}
	p, err := gcexportdata.Read(bytes.NewReader(raw), im.Fset, im.packages, path)
	if err != nil {
		return nil, fmt.Errorf("import %s: %w", path, err)
	}
	delete(im.data, path)
	return p, nil
}

// Set makes later imports of the path give p, which the caller has checked
// from source. Packages imported before keep what they refer to.
func (im *Importer) Set(path string, p *types.Package) { im.packages[path] = p }

func (im *Importer) open(group string) error {
	if im.opened[group] {
		return nil
	}
	r, err := open("types-" + group)
	if err != nil {
		return err
	}
	for r.more() {
		path := string(r.bytes())
		im.data[path] = r.bytes()
	}
	im.opened[group] = true
	return nil
}

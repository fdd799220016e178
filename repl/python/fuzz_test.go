package python

import (
	"errors"
	goparser "go/parser"
	gotoken "go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pawsh/bindings/symbols"
	"pawsh/repl/diag"
)

// emptySession is one in which nothing was declared.
type emptySession struct{ imp *symbols.Importer }

func (emptySession) Lookup(string) types.Object                   { return nil }
func (s emptySession) Import(path string) (*types.Package, error) { return s.imp.Import(path) }
func (emptySession) Unqualified(string) types.Object              { return nil }
func (emptySession) Last() types.Type                             { return nil }
func (emptySession) Doc(path, name string) string                 { return symbols.Doc(path, name) }

func newEmptySession() Session { return emptySession{symbols.NewImporter()} }

// FuzzTranslate wants no crash of any text: what comes out parses as Go, what is
// refused has a place in the text.
func FuzzTranslate(f *testing.F) {
	for _, pattern := range []string{"../testdata/python/*.py", "../../cmd/pawsh/testdata/python/*.py"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			for part := range strings.SplitSeq(string(b), "# ---\n") {
				f.Add(part)
			}
			for l := range strings.Lines(string(b)) {
				f.Add(l)
			}
		}
	}
	for _, s := range []string{"", ">>>", "a <", "x = [", "f(a=1, *b)", "lambda: 0", "'''", "if x:\n", "{1, 2", "a < b < c < d", "x ** -y ** z", "(x for x in y", "[]", "not", "print >>", "del", "0777777777777777777777", "é = 'ü'", "\x00"} {
		f.Add(s)
	}
	session := newEmptySession()
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 4096 {
			return
		}
		res, err := New().Translate(src, session)
		var d *diag.Error
		if err != nil {
			if !errors.As(err, &d) {
				t.Fatalf("%q: %v is no diag.Error", src, err)
			}
			return
		}
		for _, c := range res.Cells {
			if _, err := goparser.ParseFile(gotoken.NewFileSet(), "", "package p\nfunc _() {\n"+c.Go+"\n}", 0); err == nil {
				continue
			}
			if _, err := goparser.ParseFile(gotoken.NewFileSet(), "", "package p\n"+c.Go, 0); err != nil {
				t.Errorf("%q became %q: %v", src, c.Go, err)
			}
		}
		Block(src)
	})
}

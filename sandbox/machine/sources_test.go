package machine

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestSourcesReachNothing reads what a machine is built of: of the packages
// that could touch the host, only constants, types and errors may be named.
// sshd's listener is the one door, and it opens inwards.
func TestSourcesReachNothing(t *testing.T) {
	t.Parallel()
	allowed := map[string]string{
		"os":      "O_RDONLY O_WRONLY O_RDWR O_CREATE O_TRUNC O_APPEND O_EXCL FileMode",
		"syscall": "ENOENT EACCES EISDIR ENOTDIR EEXIST ENOSPC EINVAL EPERM EXDEV EBUSY ENOTEMPTY ELOOP ENAMETOOLONG EIO EBADF EFBIG",
	}
	doors := map[string]string{"net": "Listener Conn ErrClosed JoinHostPort SplitHostPort ParseIP Listen", "net/http": "Header StatusOK StatusText StatusForbidden StatusMethodNotAllowed StatusUnauthorized StatusBadRequest StatusInternalServerError StatusNotFound"}
	files := 0
	for _, dir := range []string{".", "disk", "shell", "tools", "cloudinit"} {
		list, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range list {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			files++
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			limited := map[string]string{}
			for _, im := range f.Imports {
				p, _ := strconv.Unquote(im.Path.Value)
				list, ok := allowed[p]
				if l, door := doors[p]; door && (file == "sshd.go" || p != "net" || file == "machine.go") {
					list, ok = l, true
				}
				switch {
				case ok:
					limited[filepath.Base(p)] = list
				case p == "os/exec", p == "os/user", p == "os/signal", p == "net", p == "plugin", p == "unsafe", strings.HasSuffix(p, "sh/v3/interp"), strings.HasPrefix(p, "golang.org/x/sys"):
					t.Errorf("%s imports %s", file, p)
				}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				s, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if x, ok := s.X.(*ast.Ident); ok && x.Obj == nil {
					if list, ok := limited[x.Name]; ok && !strings.Contains(" "+list+" ", " "+s.Sel.Name+" ") {
						t.Errorf("%s uses %s.%s", file, x.Name, s.Sel.Name)
					}
				}
				return true
			})
		}
	}
	if files < 30 {
		t.Fatalf("looked at %d files only", files)
	}
}

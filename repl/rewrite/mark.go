package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A statement that can panic first notes where it stands. A panic reads the
// note, and the interpreter's own trace, which knows functions but not
// statements, says whether it can be believed.
//
// While one goroutine runs, the note is a variable of the interpreter, which
// costs next to nothing. Where others may run beside it the note goes through
// the host, which writes it atomically.
const (
	// PosVar is the variable with the note, see Position.
	PosVar = "pos" + Mark
	// SoloVar tells whether one goroutine at most runs code of cells.
	SoloVar = "solo" + Mark
)

// Prologue is what the interpreter must be given before the first program.
const Prologue = "var " + PosVar + " int\nvar " + SoloVar + " bool"

// Position packs a unit, a line and a column into one number.
func Position(unit, line, column int) int {
	return unit<<36 | min(line, 1<<22-1)<<14 | min(column, 1<<14-1)
}

// Unpack takes a Position apart.
func Unpack(p int) (unit, line, column int) {
	return p >> 36, p >> 14 & (1<<22 - 1), p & (1<<14 - 1)
}

// mark gives the statement that notes where the cell is, nothing where n can't
// panic.
func (e *em) mark(n ast.Node) string {
	if !e.lines || n == nil || !e.mayPanic(n) {
		return ""
	}
	l, c := e.u.Position(n.Pos())
	if l == 0 {
		return ""
	}
	p := Position(e.u.ID, l, c)
	return fmt.Sprintf("if %s { %s = %d } else { %s.At(%d) }; ", SoloVar, PosVar, p, Host, p)
}

// mayPanic tells whether a statement or expression holds anything that can
// panic, the bodies of function literals apart.
func (e *em) mayPanic(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.Ident, *ast.BasicLit, *ast.ParenExpr, *ast.KeyValueExpr, *ast.Ellipsis, *ast.AssignStmt, *ast.ExprStmt,
			*ast.BranchStmt, *ast.ReturnStmt, *ast.EmptyStmt, *ast.LabeledStmt, *ast.IncDecStmt, nil:
		case *ast.UnaryExpr:
			found = found || x.Op == token.ARROW
		case *ast.BinaryExpr:
			found = found || e.binaryPanics(x)
		case *ast.SelectorExpr:
			if id, ok := x.X.(*ast.Ident); ok {
				if _, pkg := e.info.Uses[id].(*types.PkgName); pkg {
					return false
				}
			}
			found = true
		default:
			found = true
		}
		return !found
	})
	if s, ok := n.(*ast.AssignStmt); ok {
		switch s.Tok {
		case token.QUO_ASSIGN, token.REM_ASSIGN, token.SHL_ASSIGN, token.SHR_ASSIGN:
			return true
		}
	}
	return found
}

func (e *em) binaryPanics(x *ast.BinaryExpr) bool {
	switch x.Op {
	case token.QUO, token.REM, token.SHL, token.SHR:
		return true
	case token.EQL, token.NEQ:
		t := e.info.Types[x.X].Type
		if t == nil {
			return true
		}
		_, basic := t.Underlying().(*types.Basic)
		return !basic
	}
	return false
}

// hands notes that the call gives functions of the session to compiled code
// that may call them on another goroutine.
func (e *em) hands(x *ast.CallExpr, sig *types.Signature) {
	if sig == nil || e.out.Shared {
		return
	}
	callee := e.callee(x)
	if callee == nil || callee.Pkg() == nil || IsSession(callee) || callsInPlace(callee) {
		return
	}
	for _, a := range x.Args {
		t := e.info.Types[a]
		if t.IsNil() || t.Type == nil {
			continue
		}
		switch u := t.Type.Underlying().(type) {
		case *types.Signature:
			e.out.Shared = e.out.Shared || !isOption(u)
		case *types.Pointer, *types.Struct:
			n, _ := types.Unalias(t.Type).(*types.Named)
			if p, ok := u.(*types.Pointer); ok {
				n, _ = types.Unalias(p.Elem()).(*types.Named)
			}
			if n != nil && IsSession(n.Obj()) && n.NumMethods() > 0 {
				e.out.Shared = true
			}
		}
	}
}

// callee is the function or method that a call names, nil where it is a value.
func (e *em) callee(x *ast.CallExpr) *types.Func {
	switch f := ast.Unparen(x.Fun).(type) {
	case *ast.Ident:
		o, _ := e.info.Uses[f].(*types.Func)
		return o
	case *ast.SelectorExpr:
		o, _ := e.info.Uses[f.Sel].(*types.Func)
		return o
	}
	return nil
}

// isOption tells whether a function is one that sets options in a struct,
// func(*Options), which is called before the call returns.
func isOption(sig *types.Signature) bool {
	if sig.Params().Len() != 1 || sig.Variadic() {
		return false
	}
	p, ok := sig.Params().At(0).Type().Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	_, ok = p.Elem().Underlying().(*types.Struct)
	return ok
}

// inPlacePackages call what they are given on the goroutine of the caller.
var inPlacePackages = map[string]bool{
	"bufio": true, "bytes": true, "cmp": true, "container/heap": true, "container/list": true, "container/ring": true,
	"encoding/json": true, "encoding/xml": true, "encoding/csv": true, "errors": true, "flag": true, "fmt": true, "hash": true,
	"io": true, "io/fs": true, "iter": true, "log": true, "log/slog": true, "maps": true, "math/rand": true, "math/rand/v2": true,
	"path/filepath": true, "reflect": true, "regexp": true, "slices": true, "sort": true, "strings": true, "text/tabwriter": true,
	"text/template": true, "html/template": true, "unicode": true, "unicode/utf8": true, "os": true, "testing": true,
}

// callsInPlace tells whether a compiled function calls what it is given before
// it returns, on the caller's goroutine.
func callsInPlace(f *types.Func) bool {
	path := f.Pkg().Path()
	switch {
	case inPlacePackages[path]:
		return true
	case path == "sync":
		return f.Name() != "Go"
	case strings.HasPrefix(path, "github.com/aws/"):
		return !strings.Contains(path, "/feature/s3/")
	}
	return false
}

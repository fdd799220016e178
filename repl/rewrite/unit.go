// Package rewrite turns checked Go of today into the plainer Go that the
// interpreter runs right: it unwraps errors, hoists cells into functions and
// lowers what the interpreter does not know or gets wrong. What it cannot lower
// it refuses, before anything runs. It works on syntax and types alone: it must
// not evaluate anything nor know the interpreter.
//
//	checked unit --Unwrap--> (checked again) --Lower--> Program{Imports, Decls, Body}
package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"

	"pawsh/repl/diag"
)

// Mark is part of every name that the rewriter invents. It is a letter that
// nobody types, so that invented names never meet a person's.
const Mark = "ǃ"

// SessionPath is the import path of everything that cells declare.
const SessionPath = "main"

// FuncName is the function that holds a run of statements while it is checked.
const FuncName = "cell" + Mark

// Unit is one run of declarations or of statements of a cell, with its types.
type Unit struct {
	ID   int
	Decl bool // declarations; otherwise the statements of Func
	// AsFile is set for pasted files: their statements drop errors as Go does.
	AsFile bool
	File   *ast.File
	Func   *ast.FuncDecl
	Pkg    *types.Package
	Info   *types.Info
	Fset   *token.FileSet
	// LineOffset is subtracted from a line of File to get a line of the cell.
	LineOffset int
	New        []types.Object // what becomes visible to later cells
	Result     ast.Expr       // the trailing expression, nil when there is none
	// Out is the variable that keeps the result for later cells; nil when
	// there is nothing to keep.
	Out  *types.Var
	Late []*LateMethod
}

// LateMethod is a method of a type that an earlier cell declared. Decl has
// become a function with the receiver as its first parameter.
type LateMethod struct {
	Type *types.TypeName
	Name string
	Ptr  bool
	Decl *ast.FuncDecl
	Func *types.Func
}

// Position gives line and column in the person's text.
func (u *Unit) Position(p token.Pos) (line, column int) {
	if !p.IsValid() {
		return 0, 0
	}
	pp := u.Fset.PositionFor(p, false)
	line = pp.Line - u.LineOffset
	if line < 1 {
		return 0, 0
	}
	return line, pp.Column
}

// Errorf makes a compile error at a node of the unit.
func (u *Unit) Errorf(n ast.Node, format string, args ...any) *diag.Error {
	var line, col int
	if n != nil {
		line, col = u.Position(n.Pos())
	}
	return diag.At(line, col, format, args...)
}

var errorType = types.Universe.Lookup("error").Type()

// IsError tells whether t is the predeclared error type.
func IsError(t types.Type) bool { return t != nil && types.Identical(t, errorType) }

// ErrorTuple gives the results of a call that end in error and are at least two.
func ErrorTuple(t types.Type) (*types.Tuple, bool) {
	tp, ok := t.(*types.Tuple)
	if !ok || tp.Len() < 2 || !IsError(tp.At(tp.Len()-1).Type()) {
		return nil, false
	}
	return tp, true
}

// IsSession tells whether an object was declared by a cell.
func IsSession(o types.Object) bool {
	return o != nil && o.Pkg() != nil && o.Pkg().Path() == SessionPath
}

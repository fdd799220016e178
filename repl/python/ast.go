package python

import "go.starlark.net/syntax"

// The statements of Python that are understood. Expressions are Starlark's,
// whose grammar is Python's; what it lacks is written as calls of names that
// nobody types (see expr.go).
type (
	stmt interface{ at() pos }

	exprStmt struct {
		pos
		x syntax.Expr
	}
	assignStmt struct {
		pos
		op      string // "=" or "+=" and its like
		targets []syntax.Expr
		value   syntax.Expr
	}
	ifStmt struct {
		pos
		cond      syntax.Expr
		then, els []stmt
	}
	forStmt struct {
		pos
		vars syntax.Expr
		x    syntax.Expr
		body []stmt
	}
	whileStmt struct {
		pos
		cond syntax.Expr
		body []stmt
	}
	defStmt struct {
		pos
		name   string
		params []param
		body   []stmt
		doc    string
		src    string // as it was written
	}
	returnStmt struct {
		pos
		x syntax.Expr // may be nil
	}
	importStmt struct {
		pos
		names []importName
	}
	printStmt struct {
		pos
		to   syntax.Expr // may be nil
		args []syntax.Expr
		stay bool // no line end
	}
	tryStmt struct {
		pos
		body     []stmt
		handlers []handler
		els      []stmt
		finally  []stmt
	}
	withStmt struct {
		pos
		x    syntax.Expr
		name string
		body []stmt
	}
	raiseStmt struct {
		pos
		x syntax.Expr // nil: what is being handled
	}
	assertStmt struct {
		pos
		cond, msg syntax.Expr
	}
	delStmt struct {
		pos
		targets []syntax.Expr
	}
	wordStmt struct { // pass, break, continue, global
		pos
		word string
	}
)

type param struct {
	name string
	def  syntax.Expr // nil when it must be given
	pos  pos
}

type importName struct {
	module string // "boto.ec2"
	member string // of `from module import member`
	as     string // the name that is bound
	pos    pos
}

type handler struct {
	pos   pos
	types []syntax.Expr // none: all
	name  string
	body  []stmt
}

func (p pos) at() pos { return p }

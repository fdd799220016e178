package python

import (
	"go/types"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.starlark.net/syntax"
)

func itoa(n int) string { return strconv.Itoa(n) }

// scope holds the variables of the top level, of a function or of a lambda.
type scope struct {
	parent *scope
	fn     *function // nil at the top level
	vars   map[string]*variable
	homes  map[string][]string // name -> blocks that declare it, as paths
	nested map[string]bool     // names that are assigned
	block  string              // the path of the block at hand
	global map[string]bool
	alias  map[string]bool // lists that have two names
}

// variable is one of Python's.
type variable struct {
	py, name string
	key      string // of the hole that is its type
	declared bool
	list     bool // a parameter: what changes its length is lost
	version  int
	nilish   bool       // it may be None
	assigned bool       // a value that is not None
	handled  bool       // the name of an error in except
	home     string     // the block that declares it
	fixed    types.Type // of loops, lambdas
}

func newScope(parent *scope, fn *function) *scope {
	return &scope{parent: parent, fn: fn, vars: map[string]*variable{}, homes: map[string][]string{}, nested: map[string]bool{}, global: map[string]bool{}, alias: map[string]bool{}}
}

// plan finds for each name that is assigned the block that declares it: the
// innermost one that all its uses stand in. Python's variables belong to the
// whole function, Go's to their block.
func (s *scope) plan(body []stmt, top bool) {
	paths := map[string][]occurrence{}
	assigned := map[string]bool{}
	use := func(path string, x syntax.Expr) {
		for _, n := range readsIn(x) {
			paths[n] = append(paths[n], occurrence{path, false})
		}
	}
	set := func(path, n string) {
		assigned[n] = true
		paths[n] = append(paths[n], occurrence{path, true})
	}
	assign := func(path string, x syntax.Expr) {
		for _, n := range targetNames(x) {
			set(path, n)
		}
	}
	var walk func(list []stmt, path string)
	walk = func(list []stmt, path string) {
		for _, st := range list {
			sub := func(b []stmt, loop bool) {
				if len(b) == 0 {
					return
				}
				if top && !loop && !strings.Contains(path, "L") {
					// What the branches of the top level assign is seen by later cells.
					walk(b, path)
					return
				}
				walk(b, childPath(path, b, loop))
			}
			switch st := st.(type) {
			case *exprStmt:
				use(path, st.x)
			case *assignStmt:
				use(path, st.value)
				for _, t := range st.targets {
					if targetNames(t) == nil || st.op != "=" {
						use(path, t)
					}
					assign(path, t)
				}
				if len(st.targets) == 1 && st.op == "=" {
					if a, ok := st.targets[0].(*syntax.Ident); ok {
						if b, ok := unparen(st.value).(*syntax.Ident); ok {
							s.alias[a.Name], s.alias[b.Name] = true, true
						}
					}
				}
			case *ifStmt:
				use(path, st.cond)
				sub(st.then, false)
				sub(st.els, false)
			case *forStmt:
				use(path, st.x)
				inner := childPath(path, st.body, true)
				assign(inner, st.vars)
				sub(st.body, true)
			case *whileStmt:
				use(path, st.cond)
				sub(st.body, true)
			case *defStmt:
				for _, q := range st.params {
					if q.def != nil {
						use(path, q.def)
					}
				}
				// What a function reads of this scope is used here.
				for _, n := range namesInBody(st.body) {
					paths[n] = append(paths[n], occurrence{path, false})
				}
				for _, g := range globalsIn(st.body) {
					assigned[g] = true
				}
			case *returnStmt:
				if st.x != nil {
					use(path, st.x)
				}
			case *printStmt:
				for _, a := range st.args {
					use(path, a)
				}
				if st.to != nil {
					use(path, st.to)
				}
			case *tryStmt:
				sub(st.body, false)
				for _, h := range st.handlers {
					sub(h.body, false)
				}
				sub(st.els, false)
				sub(st.finally, false)
			case *withStmt:
				use(path, st.x)
				if len(st.body) > 0 {
					set(childPath(path, st.body, false)+"W", st.name)
				}
				walk(st.body, path)
			case *raiseStmt:
				if st.x != nil {
					use(path, st.x)
				}
			case *assertStmt:
				use(path, st.cond)
			case *delStmt:
				for _, t := range st.targets {
					use(path, t)
				}
			case *wordStmt:
				if rest, ok := strings.CutPrefix(st.word, "global "); ok {
					for _, n := range strings.Fields(rest) {
						s.global[n] = true
					}
				}
			}
		}
	}
	walk(body, "")
	for n := range assigned {
		s.nested[n] = true
		s.homes[n] = homesOf(paths[n])
	}
}

// occurrence is a use of a name in a block.
type occurrence struct {
	path  string
	write bool
}

// homesOf finds the blocks that declare a name: the innermost one around all
// uses, or the blocks below it where each sets the name before it reads it.
func homesOf(os []occurrence) []string {
	var paths []string
	for _, o := range os {
		paths = append(paths, o.path)
	}
	common := commonPath(paths)
	var heads []string
	first := map[string]occurrence{}
	for _, o := range os {
		if o.path == common {
			return []string{common}
		}
		rest := strings.TrimPrefix(o.path[len(common):], "/")
		head, _, _ := strings.Cut(rest, "/")
		head = strings.TrimPrefix(common+"/"+head, "//")
		f, seen := first[head]
		if !seen {
			if !o.write {
				return []string{common}
			}
			first[head] = o
			heads = append(heads, head)
			continue
		}
		if o.path != f.path && !strings.HasPrefix(o.path, f.path+"/") {
			return []string{common}
		}
	}
	return heads
}

// isHome tells whether a block declares a name.
func (s *scope) isHome(name, block string) bool { return slices.Contains(s.homes[name], block) }

// homeOf gives the block that declares a name where it is used in a block.
func (s *scope) homeOf(name, block string) (string, bool) {
	for _, h := range s.homes[name] {
		if h == block || h == "" || strings.HasPrefix(block, h+"/") {
			return h, true
		}
	}
	return "", false
}

// childPath names a block below another; L marks that of a loop.
func childPath(path string, b []stmt, loop bool) string {
	mark := "B"
	if loop {
		mark = "L"
	}
	at := pos{}
	if len(b) > 0 {
		at = b[0].at()
	}
	return path + "/" + mark + itoa(at.line) + ":" + itoa(at.col)
}

func commonPath(paths []string) string {
	if len(paths) == 0 {
		return ""
	}
	common := strings.Split(paths[0], "/")
	for _, p := range paths[1:] {
		parts := strings.Split(p, "/")
		n := 0
		for n < len(common) && n < len(parts) && common[n] == parts[n] {
			n++
		}
		common = common[:n]
	}
	return strings.Join(common, "/")
}

// namesIn lists the names that an expression uses.
func namesIn(x syntax.Node) []string {
	var out []string
	var visit func(n syntax.Node) bool
	visit = func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Ident:
			out = append(out, n.Name)
		case *syntax.DotExpr:
			syntax.Walk(n.X, visit)
			return false
		case *syntax.CallExpr:
			syntax.Walk(n.Fn, visit)
			for _, a := range n.Args {
				if b, ok := a.(*syntax.BinaryExpr); ok && b.Op == syntax.EQ {
					a = b.Y
				}
				syntax.Walk(a, visit)
			}
			return false
		}
		return true
	}
	syntax.Walk(x, visit)
	return out
}

// namesInBody lists the names that statements use, functions in them included.
func namesInBody(body []stmt) []string {
	var out []string
	visit(body, func(s stmt) {
		switch s := s.(type) {
		case *withStmt:
			out = append(out, s.name)
		case *defStmt:
			out = append(out, s.name)
		}
	}, func(x syntax.Expr) { out = append(out, namesIn(x)...) })
	return out
}

// globalsIn lists the names that functions declare as global.
func globalsIn(body []stmt) []string {
	var out []string
	visit(body, func(s stmt) {
		if w, ok := s.(*wordStmt); ok {
			if rest, ok := strings.CutPrefix(w.word, "global "); ok {
				out = append(out, strings.Fields(rest)...)
			}
		}
	}, func(syntax.Expr) {})
	return out
}

// visit calls onStmt for each statement and onExpr for each expression in it.
func visit(body []stmt, onStmt func(stmt), onExpr func(syntax.Expr)) {
	ex := func(xs ...syntax.Expr) {
		for _, x := range xs {
			if x != nil {
				onExpr(x)
			}
		}
	}
	for _, st := range body {
		onStmt(st)
		switch st := st.(type) {
		case *exprStmt:
			ex(st.x)
		case *assignStmt:
			ex(st.value)
			ex(st.targets...)
		case *ifStmt:
			ex(st.cond)
			visit(st.then, onStmt, onExpr)
			visit(st.els, onStmt, onExpr)
		case *forStmt:
			ex(st.x, st.vars)
			visit(st.body, onStmt, onExpr)
		case *whileStmt:
			ex(st.cond)
			visit(st.body, onStmt, onExpr)
		case *defStmt:
			for _, q := range st.params {
				ex(q.def)
			}
			visit(st.body, onStmt, onExpr)
		case *returnStmt:
			ex(st.x)
		case *printStmt:
			ex(st.args...)
			ex(st.to)
		case *tryStmt:
			visit(st.body, onStmt, onExpr)
			for _, h := range st.handlers {
				visit(h.body, onStmt, onExpr)
			}
			visit(st.els, onStmt, onExpr)
			visit(st.finally, onStmt, onExpr)
		case *withStmt:
			ex(st.x)
			visit(st.body, onStmt, onExpr)
		case *raiseStmt:
			ex(st.x)
		case *assertStmt:
			ex(st.cond, st.msg)
		case *delStmt:
			ex(st.targets...)
		}
	}
}

// targetNames lists the plain names that an assignment sets.
func targetNames(x syntax.Expr) []string {
	switch x := unparen(x).(type) {
	case *syntax.Ident:
		return []string{x.Name}
	case *syntax.TupleExpr:
		var out []string
		for _, e := range x.List {
			out = append(out, targetNames(e)...)
		}
		return out
	case *syntax.ListExpr:
		var out []string
		for _, e := range x.List {
			out = append(out, targetNames(e)...)
		}
		return out
	}
	return nil
}

// find looks a name up in this scope and those around it.
func (s *scope) find(name string) *variable {
	for ; s != nil; s = s.parent {
		if v := s.vars[name]; v != nil {
			return v
		}
	}
	return nil
}

// root is the top level's scope.
func (s *scope) root() *scope {
	for s.parent != nil {
		s = s.parent
	}
	return s
}

// function is a def.
type function struct {
	stmt     *defStmt
	name     string // in Go
	key      string // of its holes
	declared bool
	fails    bool // it returns an error beside its result
	results  int  // values that it returns, -1 when it is not known
	defaults map[string]val
	types    map[string]types.Type // of its holes, once its cell ran
}

// goWords are names that Go or the translation needs for itself.
var goWords = wordSet(`break case chan const continue default defer else fallthrough for func go goto if import
	interface map package range return select struct switch type var
	any append bool byte cap clear close comparable complex copy delete error false float64 imag int int64 iota len make max min new nil
	panic print println real recover rune string true uint uint8
	fmt strings os time math json base64 slices maps strconv filepath errors io boto py cmp unicode bytes exec rand md5 sha1 sha256 hex
	main init err`)

func wordSet(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

// goName is a Python name in Go case: key_name is keyName, MAX_SIZE maxSize.
func goName(py string) string {
	if own, ok := strings.CutPrefix(py, "\x00"); ok {
		return own // one of our own
	}
	if strings.Trim(py, "_") == "" {
		return py
	}
	var b strings.Builder
	upper := strings.ToUpper(py) == py && len(py) > 1
	for i, w := range strings.Split(strings.Trim(py, "_"), "_") {
		if w == "" {
			continue
		}
		if upper {
			w = strings.ToLower(w)
		}
		if i == 0 && b.Len() == 0 {
			r := []rune(w)
			r[0] = unicode.ToLower(r[0])
			b.WriteString(string(r))
			continue
		}
		if up, ok := initialisms[strings.ToLower(w)]; ok {
			b.WriteString(up)
			continue
		}
		r := []rune(w)
		r[0] = unicode.ToUpper(r[0])
		b.WriteString(string(r))
	}
	name := b.String()
	if name == "" || !unicode.IsLetter([]rune(name)[0]) {
		name = "v" + name
	}
	if goWords[name] {
		name += "_"
	}
	return name
}

var initialisms = map[string]string{
	"id": "ID", "ids": "IDs", "url": "URL", "ip": "IP", "acl": "ACL", "dns": "DNS", "arn": "ARN", "md5": "MD5", "etag": "ETag", "json": "JSON",
	"aws": "AWS", "ebs": "EBS", "ami": "AMI", "http": "HTTP", "ssh": "SSH", "cpu": "CPU", "iam": "IAM", "api": "API", "uri": "URI",
}

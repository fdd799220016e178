package python

import (
	"go/types"
	"strconv"
	"strings"

	"go.starlark.net/syntax"
)

// shown writes a value as print and %s show it: what Go prints otherwise than
// Python goes through py.Str.
func (u *unit) shown(v val, p pos) string {
	if v.kind == kNone {
		u.foreign = true
		return `"None"`
	}
	v = u.keep(v, p)
	t := u.res(v.t)
	u.noMaybe(v, p)
	switch {
	case isDuration(t):
		u.foreign = true
		return u.py("Str") + "(" + v.src + ")"
	case isHole(t), isString(t), isInteger(t), types.Identical(t, tError):
		return v.src
	case isBool(t), isFloat(t), isTime(t), isAny(t), isTuple(t), isDuration(t):
		u.foreign = true
		return u.py("Str") + "(" + v.src + ")"
	}
	if v.nilish {
		u.foreign = true
		return u.py("Str") + "(" + v.src + ")"
	}
	if n := named(t); n != nil {
		if o, _, _ := types.LookupFieldOrMethod(t, true, n.Obj().Pkg(), "String"); o != nil {
			return v.src
		}
	}
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map:
		u.foreign = true
		return u.py("Str") + "(" + v.src + ")"
	}
	return v.src
}

// alone puts a call that gives an error, too, into a variable, where Go would
// take both values.
func (u *unit) alone(v val) val {
	if !v.pair {
		return v
	}
	if u.inner > 0 {
		u.fail(u.near, "this call is not translated in this place: put its value into a variable first")
	}
	n := u.temp(u.nameFor(v))
	u.emit(n + " := " + v.src)
	return primary(n, v.t)
}

// noMaybe refuses to show what get gives for a key that is not there: None has
// no place in such a Go value.
func (u *unit) noMaybe(v val, p pos) {
	if v.maybe != nil && !nilable(u.res(v.t)) {
		u.fail(p, "get gives None here when the key is not there, which %s can't be: give it a default", u.typeName(v.t))
	}
}

// text writes str(v).
func (u *unit) text(v val, p pos) string {
	if v.kind == kNone {
		return `"None"`
	}
	v = u.keep(v, p)
	t := u.res(v.t)
	switch {
	case isHole(t):
		return v.src
	case isString(t):
		return v.src
	case types.Identical(t, tInt):
		return u.pkgName("strconv", "strconv") + "Itoa(" + v.src + ")"
	case isInteger(t):
		return u.pkgName("fmt", "fmt") + "Sprint(" + u.alone(v).src + ")"
	case types.Identical(t, tError):
		return v.at(precPrimary) + ".Error()"
	case types.Identical(t, tBytes):
		return "string(" + v.src + ")"
	}
	if n := named(t); n != nil && !isTime(t) && !isDuration(t) {
		if o, _, _ := types.LookupFieldOrMethod(t, true, n.Obj().Pkg(), "String"); o != nil {
			return v.at(precPrimary) + ".String()"
		}
	}
	return u.py("Str") + "(" + v.src + ")"
}

// printCall translates print(...).
func (u *unit) printCall(c *syntax.CallExpr) {
	var args []syntax.Expr
	sep, end := val{kind: kString, text: " "}, val{kind: kString, text: "\n"}
	var to syntax.Expr
	for _, a := range c.Args {
		b, ok := a.(*syntax.BinaryExpr)
		if !ok || b.Op != syntax.EQ {
			args = append(args, a)
			continue
		}
		switch b.X.(*syntax.Ident).Name {
		case "end":
			end = u.value(b.Y)
		case "sep":
			sep = u.value(b.Y)
		case "file":
			to = b.Y
		case "flush":
		default:
			u.fail(u.place(a), "print takes no %s", b.X.(*syntax.Ident).Name)
		}
	}
	p := u.place(c)
	if sep.kind == kString && sep.text == " " && end.kind == kString && (end.text == "\n" || end.text == " ") {
		u.printValues(p, args, end.text == " ", to)
		return
	}
	u.foreign = true
	if end.kind != kString || sep.kind != kString {
		u.fail(p, "sep and end of print are texts here")
	}
	var out []string
	var format []string
	for _, a := range args {
		v := u.value(a)
		out = append(out, u.shown(v, u.place(a)))
		format = append(format, "%v")
	}
	text := strings.Join(format, strings.ReplaceAll(sep.text, "%", "%%")) + strings.ReplaceAll(end.text, "%", "%%")
	u.emit(u.printer("f", to) + strings.Join(append([]string{strconv.Quote(text)}, out...), ", ") + ")")
}

// printer writes the call of fmt that prints: kind is ln, f or nothing.
func (u *unit) printer(kind string, to syntax.Expr) string {
	fmtName := u.pkgName("fmt", "fmt")
	if to == nil {
		return fmtName + "Print" + kind + "("
	}
	dest := ""
	switch u.show(to) {
	case "sys.stderr":
		dest = u.pkgName("os", "os") + "Stderr"
	case "sys.stdout":
		return fmtName + "Print" + kind + "("
	default:
		v := u.value(to)
		if !isFile(v.t) {
			u.fail(u.place(to), "print goes to a file")
		}
		dest = v.src
	}
	return fmtName + "Fprint" + kind + "(" + dest + ", "
}

// printValues translates the print statement; stay leaves out the line end.
func (u *unit) printValues(p pos, args []syntax.Expr, stay bool, to syntax.Expr) {
	u.foreign = true
	var out []string
	for _, a := range args {
		v := u.value(a)
		if len(args) == 1 && v.made {
			end := "\\n"
			if stay {
				end = " "
			}
			format := strconv.Quote(v.format)
			format = format[:len(format)-1] + end + `"`
			u.emit(u.printer("f", to) + strings.Join(append([]string{format}, v.args...), ", ") + ")")
			return
		}
		if len(args) == 1 && v.kind == kString && strings.HasSuffix(v.text, "\n") && !stay {
			u.emit(u.printer("", to) + quote(v.text+"\n") + ")")
			return
		}
		if v.pair && len(args) == 1 && !stay {
			v = u.alone(v) // Println would print the error as well
		}
		out = append(out, u.shown(v, u.place(a)))
	}
	if stay {
		if len(out) == 1 && strings.HasPrefix(out[0], `"`) {
			text, _ := strconv.Unquote(out[0])
			u.emit(u.printer("", to) + quote(text+" ") + ")")
			return
		}
		u.emit(u.printer("f", to) + strings.Join(append([]string{strconv.Quote(strings.Repeat("%v ", len(out)))}, out...), ", ") + ")")
		return
	}
	call := u.printer("ln", to)
	if len(out) == 0 {
		u.emit(strings.TrimSuffix(call, ", ") + ")")
		return
	}
	u.emit(call + strings.Join(out, ", ") + ")")
}

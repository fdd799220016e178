package python

import (
	"go/types"
	"strconv"
	"strings"

	"go.starlark.net/syntax"
)

// sprintf makes the value of a text with others put in.
func (u *unit) sprintf(format string, args []string) val {
	if len(args) == 0 {
		text := strings.ReplaceAll(format, "%%", "%")
		return val{src: quote(text), prec: precPrimary, t: tStr, kind: kString, text: text}
	}
	src := u.pkgName("fmt", "fmt") + "Sprintf(" + strings.Join(append([]string{quote(format)}, args...), ", ") + ")"
	return val{src: src, prec: precPrimary, t: tStr, made: true, format: format, args: args}
}

// percent translates "..." % values.
func (u *unit) percent(left val, right syntax.Expr, p pos) val {
	u.foreign = true
	if left.kind != kString {
		u.fail(p, "%% needs a text that stands here as its left side, so that its verbs are known")
	}
	var values []val
	r := u.value(right)
	byName := strings.Contains(left.text, "%(")
	if r.kind == kTuple {
		values = r.elems
	} else if tup, ok := u.res(r.t).(*types.Struct); ok && isTuple(tup) && isPlain(r.src) {
		for i := range tup.NumFields() {
			values = append(values, primary(r.src+"."+tup.Field(i).Name(), tup.Field(i).Type()))
		}
	} else {
		values = []val{r}
	}
	named := func(name string) val {
		if r.kind == kDict {
			for i := 0; i+1 < len(r.elems); i += 2 {
				if r.elems[i].text == name {
					return r.elems[i+1]
				}
			}
			u.fail(p, "the dict has no %q", name)
		}
		if k, e, ok := mapOf(u.res(r.t)); ok && isString(k) {
			return primary(r.at(precPrimary)+"["+strconv.Quote(name)+"]", e)
		}
		u.fail(p, "%%(%s) needs a dict", name)
		return val{}
	}
	var b strings.Builder
	var args []string
	next := 0
	s := left.text
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		i++
		if i >= len(s) {
			u.fail(p, "the format ends in %%")
		}
		if s[i] == '%' {
			b.WriteString("%%")
			continue
		}
		var v val
		if s[i] == '(' {
			end := strings.IndexByte(s[i:], ')')
			if end < 0 {
				u.fail(p, "%%( is not closed in the format")
			}
			v = named(s[i+1 : i+end])
			i += end + 1
		} else if byName {
			u.fail(p, "the format mixes names and places")
		}
		start := i
		for i < len(s) && strings.IndexByte("-+ #0123456789.hlL", s[i]) >= 0 {
			i++
		}
		if i >= len(s) {
			u.fail(p, "the format ends within a verb")
		}
		if s[i] == '*' {
			u.fail(p, "%%* is not translated")
		}
		flags := strings.Trim(s[start:i], "hlL")
		if v.src == "" && v.kind == kValue {
			if next >= len(values) {
				u.fail(p, "the format wants more than %d values", len(values))
			}
			v = values[next]
			next++
		}
		verb, arg := u.verb(flags, s[i], v, p)
		b.WriteString(verb)
		args = append(args, arg)
	}
	if !byName && next < len(values) {
		u.fail(p, "the format wants %d values, %d are given", next, len(values))
	}
	return u.sprintf(b.String(), args)
}

// verb writes one of Python's verbs as Go's, with its value.
func (u *unit) verb(flags string, verb byte, v val, p pos) (format, arg string) {
	if v.kind != kNone {
		v = u.keep(v, p)
	}
	t := u.res(v.t)
	switch verb {
	case 's':
		if v.kind != kNone && isInteger(t) {
			return "%" + flags + "d", v.src
		}
		arg := u.shown(v, p)
		if v.kind == kNone || isString(t) || strings.HasPrefix(arg, "py.Str(") {
			return "%" + flags + "s", arg
		}
		return "%" + flags + "v", arg
	case 'r', 'a':
		return "%" + flags + "s", u.repr(v, p)
	case 'd', 'i', 'u':
		switch {
		case isHole(t), isInteger(t):
			return "%" + flags + "d", v.src
		case isFloat(t):
			return "%" + flags + "d", "int(" + v.src + ")"
		}
	case 'x', 'X', 'o', 'c':
		if isInteger(t) || isHole(t) {
			return "%" + flags + string(verb), v.src
		}
		if verb == 'c' && isString(t) {
			return "%" + flags + "s", v.src
		}
	case 'f', 'F', 'e', 'E', 'g', 'G':
		if isNumber(t) || isHole(t) {
			if (verb == 'g' || verb == 'G') && !strings.Contains(flags, ".") {
				flags += ".6"
			}
			if isHole(t) {
				return "%" + flags + string(verb), v.src
			}
			f := u.toFloat(v)
			if f.kind == kNumber && !strings.ContainsAny(f.src, ".eE") {
				f.src += ".0"
			}
			return "%" + flags + strings.Replace(string(verb), "F", "f", 1), f.src
		}
	default:
		u.fail(p, "%%%c is not translated", verb)
	}
	u.fail(p, "%%%c does not fit %s", verb, u.typeName(t))
	return "", ""
}

func (u *unit) repr(v val, p pos) string {
	u.foreign = true
	if v.kind == kNone {
		return `"None"`
	}
	return u.py("Repr") + "(" + u.keep(v, p).src + ")"
}

// formatMethod translates "...".format(...).
func (u *unit) formatMethod(left val, args []argument, p pos) val {
	u.foreign = true
	if left.kind != kString {
		u.fail(p, "format needs a text that stands here, so that its fields are known")
	}
	var b strings.Builder
	var out []string
	auto := 0
	s := left.text
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '%':
			b.WriteString("%%")
			continue
		case strings.HasPrefix(s[i:], "{{"), strings.HasPrefix(s[i:], "}}"):
			b.WriteByte(s[i])
			i++
			continue
		case s[i] != '{':
			b.WriteByte(s[i])
			continue
		}
		end := strings.IndexByte(s[i:], '}')
		if end < 0 {
			u.fail(p, "{ is not closed in the format")
		}
		field := s[i+1 : i+end]
		i += end
		name, spec, _ := strings.Cut(field, ":")
		name, conv, _ := strings.Cut(name, "!")
		v := u.field(name, args, &auto, p)
		verb, arg := u.spec(spec, conv, v, p)
		b.WriteString(verb)
		out = append(out, arg)
	}
	return u.sprintf(b.String(), out)
}

// field finds what a field of a format names: 0, name, 0.attribute, 0[key].
func (u *unit) field(name string, args []argument, auto *int, p pos) val {
	head := name
	if i := strings.IndexAny(name, ".["); i >= 0 {
		head = name[:i]
	}
	rest := name[len(head):]
	var v val
	if head == "" {
		head = itoa(*auto)
		*auto++
	}
	found := false
	for i, a := range args {
		if a.name == head || a.name == "" && itoa(i) == head {
			v, found = a.v, true
		}
	}
	if !found {
		u.fail(p, "format has no argument %s", head)
	}
	for rest != "" {
		if rest[0] == '.' {
			n := len(rest)
			if i := strings.IndexAny(rest[1:], ".["); i >= 0 {
				n = i + 1
			}
			m, ok := u.member(v, rest[1:n])
			if !ok || m.kind == kMethod {
				u.noMember(v, rest[1:n], p)
			}
			v, rest = m, rest[n:]
			continue
		}
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			u.fail(p, "[ is not closed in the format")
		}
		key := rest[1:end]
		rest = rest[end+1:]
		if k, e, ok := mapOf(u.res(v.t)); ok && isString(k) {
			v = primary(v.at(precPrimary)+"["+strconv.Quote(key)+"]", e)
		} else if e, ok := sliceOf(u.res(v.t)); ok {
			v = primary(v.at(precPrimary)+"["+key+"]", e)
		} else {
			u.fail(p, "%s has no elements", u.typeName(v.t))
		}
	}
	return v
}

// spec writes a format specification as a verb.
func (u *unit) spec(spec, conv string, v val, p pos) (format, arg string) {
	if conv == "r" {
		v = primary(u.repr(v, p), tStr)
	}
	flags, rest := "", spec
	align := byte(0)
	if len(rest) > 1 && strings.IndexByte("<>^=", rest[1]) >= 0 {
		if rest[0] != ' ' && rest[0] != '0' {
			u.fail(p, "filling with %q is not translated", rest[0])
		}
		if rest[0] == '0' {
			flags += "0"
		}
		align, rest = rest[1], rest[2:]
	} else if len(rest) > 0 && strings.IndexByte("<>^=", rest[0]) >= 0 {
		align, rest = rest[0], rest[1:]
	}
	if align == '^' {
		u.fail(p, "centring in a format is not translated")
	}
	for len(rest) > 0 && strings.IndexByte("+ #0", rest[0]) >= 0 {
		flags, rest = flags+rest[:1], rest[1:]
	}
	if strings.Contains(rest, ",") {
		u.fail(p, "thousands separators are not translated")
	}
	verb := byte('s')
	if n := len(rest); n > 0 && (rest[n-1] < '0' || rest[n-1] > '9') {
		verb, rest = rest[n-1], rest[:n-1]
	}
	t := types.Type(tStr)
	if v.kind != kNone {
		t = u.res(u.keep(v, p).t)
	}
	number := isNumber(t)
	if verb == 's' && isFloat(t) && strings.Contains(rest, ".") {
		verb = 'g'
	}
	if rest != "" && (align == '<' || align == 0 && !number) && !strings.HasPrefix(rest, ".") {
		flags = "-" + flags
	}
	return u.verb(flags+rest, verb, v, p)
}

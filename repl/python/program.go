package python

import (
	"go/format"
	"slices"
	"strings"
)

// Program makes a Go program of a script: its functions, and a main that does
// what else it does. Functions return the errors of what they call.
func Program(src string, s Session) (text string, err error) {
	defer func() {
		if r := recover(); r != nil {
			f, ok := r.(failure)
			if !ok {
				panic(r)
			}
			text, err = "", f.err
		}
	}()
	m, p, err := parse(src)
	if err != nil {
		return "", plainError(err)
	}
	u := newUnit(New(), s, p, program)
	u.future = m.future
	if err := u.rounds(m.body); err != nil {
		return "", err
	}
	if u.unknown {
		return "", u.unknownTypes()
	}
	return u.assemble()
}

// programModule translates the top level as main, with functions beside it.
func (u *unit) programModule(body []stmt) {
	u.functions, u.globals, u.mainBody = nil, nil, nil
	shared := map[string]bool{}
	for _, s := range body {
		d, ok := s.(*defStmt)
		if !ok {
			continue
		}
		own := newScope(nil, nil)
		own.plan(d.body, false)
		params := map[string]bool{}
		for _, q := range d.params {
			params[q.name] = true
		}
		for _, n := range append(namesInBody(d.body), globalsIn(d.body)...) {
			if u.scope.nested[n] && !params[n] && (!own.nested[n] || own.global[n]) {
				shared[n] = true
			}
		}
	}
	for _, n := range sortedNames(shared) {
		v := u.variable(n)
		v.declared = true
		u.globals = append(u.globals, "var "+v.name+" "+u.typeName(u.hole(v.key)))
	}
	u.policy = policy{kind: fatal}
	for _, s := range body {
		if d, ok := s.(*defStmt); ok {
			u.functions = append(u.functions, strings.Join(u.capture(func() { u.def(d) }), "\n"))
			continue
		}
		u.mainBody = append(u.mainBody, u.capture(func() { u.statement(s) })...)
	}
	u.policy = policy{}
}

func sortedNames(m map[string]bool) []string {
	var out []string
	for n := range m {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// assemble writes the program's file.
func (u *unit) assemble() (string, error) {
	var std, own []string
	for p := range u.used {
		if strings.Contains(strings.Split(p, "/")[0], ".") || strings.HasPrefix(p, "pawsh/") {
			own = append(own, p)
		} else {
			std = append(std, p)
		}
	}
	slices.Sort(std)
	slices.Sort(own)
	var b strings.Builder
	b.WriteString("package main\n\n")
	if len(std)+len(own) > 0 {
		b.WriteString("import (\n")
		for _, p := range std {
			b.WriteString("\t\"" + p + "\"\n")
		}
		if len(std) > 0 && len(own) > 0 {
			b.WriteString("\n")
		}
		for _, p := range own {
			b.WriteString("\t\"" + p + "\"\n")
		}
		b.WriteString(")\n\n")
	}
	b.WriteString(strings.Join(u.globals, "\n") + "\n\n")
	for _, f := range u.functions {
		b.WriteString(f + "\n\n")
	}
	b.WriteString("func main() {\n" + strings.Join(u.mainBody, "\n") + "\n}\n")
	text, err := format.Source([]byte(b.String()))
	if err != nil {
		return "", refuse(pos{}, "this came out as bad Go: %v", err)
	}
	return string(text), nil
}

// unknownTypes names a parameter whose type nothing tells.
func (u *unit) unknownTypes() error {
	for _, n := range sortedFuncs(u.defs) {
		f := u.defs[n]
		for _, q := range f.stmt.params {
			if u.open(u.hole(f.key + "." + q.name)) {
				d := refuse(q.pos, "the type of %s of %s is not known", q.name, n)
				d.Hint = "call " + n + " somewhere in the text, or give " + q.name + " a default"
				return d
			}
		}
	}
	return refuse(pos{}, "the types of this text are not known: nothing is put into an empty list or dict")
}

func sortedFuncs(m map[string]*function) []string {
	var out []string
	for n := range m {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

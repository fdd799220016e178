package shell

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// scope holds the variables of a function call, or of the whole shell.
type scope struct {
	vars  map[string]expand.Variable
	outer *scope
}

func (s *scope) get(name string) expand.Variable {
	for ; s != nil; s = s.outer {
		if v, ok := s.vars[name]; ok {
			return v
		}
	}
	return expand.Variable{}
}

// flat gives all that is visible as one scope of its own.
func (s *scope) flat() *scope {
	all := map[string]expand.Variable{}
	var list []*scope
	for ; s != nil; s = s.outer {
		list = append(list, s)
	}
	for _, s := range slices.Backward(list) {
		maps.Copy(all, s.vars)
	}
	for k, v := range all {
		v.Local = false
		all[k] = v
	}
	return &scope{vars: all}
}

// home is where a variable lives that is set: where it is, else outermost.
func (s *scope) home(name string) *scope {
	for ; s.outer != nil; s = s.outer {
		if _, ok := s.vars[name]; ok {
			break
		}
	}
	return s
}

func cost(v expand.Variable) int64 {
	n := int64(64 + len(v.Str) + 8*len(v.Indexes))
	for _, e := range v.List {
		n += int64(len(e)) + 16
	}
	for k, e := range v.Map {
		n += int64(len(k)+len(e)) + 64
	}
	return n
}

func (sh *Shell) put(s *scope, name string, v expand.Variable) {
	before, had := s.vars[name]
	n := cost(v) + int64(len(name))
	if had {
		n -= cost(before) + int64(len(name))
	}
	sh.hold(n)
	s.vars[name] = v
}

func (sh *Shell) drop(s *scope, name string) {
	if v, had := s.vars[name]; had {
		sh.mem -= cost(v) + int64(len(name))
		delete(s.vars, name)
	}
}

// restore puts a variable back that was set for one command.
func (sh *Shell) restore(name string, v expand.Variable) {
	if v.Declared() {
		sh.put(sh.vars.home(name), name, v)
	} else {
		sh.drop(sh.vars.home(name), name)
	}
}

// set gives a variable a string.
func (sh *Shell) set(name, value string) bool {
	v := sh.vars.get(name)
	v.Set, v.Kind, v.Str, v.List, v.Map, v.Indexes = true, expand.String, value, nil, nil, nil
	if err := (environ{sh}).Set(name, v); err != nil {
		sh.errorf("%v", err)
		sh.last = 1
		return false
	}
	return true
}

func (sh *Shell) get(name string) string { return environ{sh}.Get(name).String() }

// environ is the shell's variables as the expansion of words sees them.
type environ struct{ sh *Shell }

var _ expand.WriteEnviron = environ{}

// Get gives a variable or a special parameter. What it says of "HOME user" is
// final: the host's users are never asked.
func (e environ) Get(name string) expand.Variable {
	str := func(s string) expand.Variable { return expand.Variable{Set: true, Kind: expand.String, Str: s} }
	sh := e.sh
	if user, ok := strings.CutPrefix(name, "HOME "); ok {
		home := ""
		if sh.sys.HomeOf != nil {
			home = sh.sys.HomeOf(user)
		}
		if home == "" {
			home = "~" + user
		}
		return str(home)
	}
	switch name {
	case "#":
		return str(strconv.Itoa(len(sh.params)))
	case "@", "*":
		return expand.Variable{Set: true, Kind: expand.Indexed, List: append([]string{}, sh.params...)}
	case "?":
		return str(strconv.Itoa(sh.last))
	case "$":
		return str(strconv.Itoa(sh.main))
	case "BASHPID":
		return str(strconv.Itoa(sh.pid))
	case "PPID":
		return str("1")
	case "!":
		if len(sh.jobs) == 0 {
			return expand.Variable{}
		}
		return str(strconv.Itoa(sh.jobs[len(sh.jobs)-1].pid))
	case "-":
		return str(sh.flags())
	case "0":
		return str(sh.name)
	case "RANDOM":
		return str(strconv.Itoa(rand.IntN(32768)))
	case "SRANDOM":
		return str(strconv.FormatUint(uint64(rand.Uint32()), 10))
	case "SECONDS":
		return str(strconv.Itoa(int(sh.now().Sub(sh.began).Seconds())))
	case "EPOCHSECONDS":
		return str(strconv.FormatInt(sh.now().Unix(), 10))
	}
	if n, err := strconv.Atoi(name); err == nil {
		if n < 1 || n > len(sh.params) {
			return expand.Variable{}
		}
		return str(sh.params[n-1])
	}
	return sh.vars.get(name)
}

// Set sets or unsets a variable where it lives.
func (e environ) Set(name string, v expand.Variable) error {
	sh := e.sh
	before := sh.vars.get(name)
	if name, _ := before.Resolve(environ{sh}); name != "" && before.Kind == expand.NameRef && v.Kind != expand.NameRef {
		return e.Set(name, v)
	}
	if before.ReadOnly && (v.Kind != expand.KeepValue || !v.ReadOnly) {
		return fmt.Errorf("%s: readonly variable", name)
	}
	if !syntax.ValidName(name) {
		return fmt.Errorf("`%s': not a valid identifier", name)
	}
	if int64(len(v.Str)) > sh.run.lim.Value {
		sh.run.exceed("cannot allocate memory")
	}
	s := sh.vars.home(name)
	if v.Local {
		s = sh.vars
	}
	if v.Kind == expand.KeepValue {
		v.Kind, v.Str, v.List, v.Map, v.Indexes, v.Set = before.Kind, before.Str, before.List, before.Map, before.Indexes, before.Set
	} else if !v.IsSet() && !v.Declared() {
		sh.drop(s, name)
		return nil
	}
	v.Exported = v.Exported || sh.opts.allexport
	sh.put(s, name, v)
	return nil
}

// Each visits what is set.
func (e environ) Each(f func(string, expand.Variable) bool) {
	all := e.sh.vars.flat().vars
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !f(name, all[name]) {
			return
		}
	}
}

func (sh *Shell) flags() string {
	var b strings.Builder
	for _, o := range []struct {
		on   bool
		flag string
	}{{sh.opts.allexport, "a"}, {sh.opts.errexit, "e"}, {sh.opts.noglob, "f"}, {true, "h"}, {sh.opts.nounset, "u"}, {sh.opts.xtrace, "x"}, {true, "B"}} {
		if o.on {
			b.WriteString(o.flag)
		}
	}
	return b.String()
}

// exported gives the variables a program gets.
func (sh *Shell) exported() map[string]string {
	out := map[string]string{}
	for name, v := range sh.vars.flat().vars {
		if v.Exported && v.Set && v.Kind == expand.String {
			out[name] = v.Str
		}
	}
	return out
}

// declaration is what an assignment shall be beside its value.
type declaration struct {
	local, export, unexport, readonly, array, assoc, ref, integer bool
}

// assign carries out one assignment.
func (sh *Shell) assign(as *syntax.Assign, d declaration) bool {
	name := as.Name.Value
	v := sh.vars.get(name)
	if v.Kind == expand.NameRef && !d.ref {
		if to, target := v.Resolve(environ{sh}); to != "" {
			name, v = to, target
		}
	}
	if d.local {
		if _, ok := sh.vars.vars[name]; !ok {
			v = expand.Variable{Exported: v.Exported && !as.Naked}
		}
		v.Local = true
	}
	v.Exported = (v.Exported || d.export) && !d.unexport
	ok := true
	switch {
	case as.Naked:
		switch {
		case d.assoc && v.Kind != expand.Associative:
			v.Kind, v.Map = expand.Associative, map[string]string{}
		case d.array && v.Kind != expand.Indexed:
			v.Kind = expand.Indexed
		case d.readonly || d.export || d.unexport:
			keep := v
			keep.Kind, keep.ReadOnly = expand.KeepValue, v.ReadOnly || d.readonly
			return sh.report(environ{sh}.Set(name, keep))
		}
	case as.Array != nil:
		ok = sh.assignArray(as, d, &v)
	case as.Index != nil:
		ok = sh.assignElement(as, &v)
	default:
		var s string
		if s, ok = sh.literal(as.Value); !ok {
			break
		}
		if d.integer {
			s = sh.integer(s)
		}
		if as.Append {
			s = v.String() + s
		}
		switch {
		case d.ref:
			v.Kind, v.Str = expand.NameRef, s
		case v.Kind == expand.Indexed:
			v.List, v.Indexes = setElement(v.List, v.Indexes, 0, s)
		case v.Kind == expand.Associative:
			v.Map = maps.Clone(v.Map)
			v.Map["0"] = s
		default:
			v.Kind, v.Str = expand.String, s
		}
		v.Set = true
	}
	if !ok {
		sh.last = 1
		return false
	}
	if !sh.report(environ{sh}.Set(name, v)) {
		return false
	}
	if d.readonly {
		v.ReadOnly, v.Kind = true, expand.KeepValue
		return sh.report(environ{sh}.Set(name, v))
	}
	return true
}

func (sh *Shell) report(err error) bool {
	if err != nil {
		sh.errorf("%v", err)
		sh.last = 1
	}
	return err == nil
}

// integer evaluates what is assigned to a variable of declare -i.
func (sh *Shell) integer(s string) string {
	expr, err := syntax.NewParser().Arithmetic(strings.NewReader(s))
	if err != nil || expr == nil {
		return "0"
	}
	n, _ := sh.arithm(expr)
	return strconv.Itoa(n)
}

func (sh *Shell) assignArray(as *syntax.Assign, d declaration, v *expand.Variable) bool {
	if d.assoc || v.Kind == expand.Associative {
		m := map[string]string{}
		if as.Append {
			maps.Copy(m, v.Map)
		}
		for _, e := range as.Array.Elems {
			w, ok := e.Index.(*syntax.Word)
			if !ok {
				sh.errorf("%s: must use subscript when assigning associative array", as.Name.Value)
				return false
			}
			k, ok1 := sh.literal(w)
			s, ok2 := sh.literal(e.Value)
			if !ok1 || !ok2 {
				return false
			}
			m[k] = s
		}
		v.Set, v.Kind, v.Map, v.Str, v.List, v.Indexes = true, expand.Associative, m, "", nil, nil
		return true
	}
	list, indexes := []string{}, []int(nil)
	if as.Append {
		if v.Kind == expand.String && v.Set {
			list = []string{v.Str}
		}
		list, indexes = append(list, v.List...), slices.Clone(v.Indexes)
	}
	next := top(list, indexes)
	for _, e := range as.Array.Elems {
		values, ok := []string(nil), true
		if e.Index != nil {
			var s string
			if next, ok = sh.arithm(e.Index); ok {
				s, ok = sh.literal(e.Value)
			}
			values = []string{s}
		} else {
			values, ok = sh.fields([]*syntax.Word{e.Value})
		}
		if !ok || next < 0 {
			return false
		}
		for _, s := range values {
			if next < len(list) || indexes != nil || next > len(list) {
				list, indexes = setElement(list, indexes, next, s)
			} else {
				list = append(list, s)
			}
			next++
		}
	}
	v.Set, v.Kind, v.List, v.Indexes, v.Str, v.Map = true, expand.Indexed, list, indexes, "", nil
	return true
}

func (sh *Shell) assignElement(as *syntax.Assign, v *expand.Variable) bool {
	s, ok := sh.literal(as.Value)
	if !ok {
		return false
	}
	if v.Kind == expand.Associative {
		w, ok := as.Index.(*syntax.Word)
		if !ok {
			return false
		}
		k, ok := sh.literal(w)
		if !ok {
			return false
		}
		v.Map = maps.Clone(v.Map)
		if v.Map == nil {
			v.Map = map[string]string{}
		}
		if as.Append {
			s = v.Map[k] + s
		}
		v.Map[k], v.Set = s, true
		return true
	}
	i, ok := sh.arithm(as.Index)
	if !ok {
		return false
	}
	list, indexes := slices.Clone(v.List), slices.Clone(v.Indexes)
	if v.Kind == expand.String && v.Set {
		list = []string{v.Str}
	}
	if i < 0 {
		i += top(list, indexes)
	}
	if i < 0 {
		sh.errorf("%s: bad array subscript", as.Name.Value)
		return false
	}
	if as.Append {
		s = element(list, indexes, i) + s
	}
	v.List, v.Indexes = setElement(list, indexes, i, s)
	v.Set, v.Kind, v.Str = true, expand.Indexed, ""
	return true
}

// top is one past the highest index of an array.
func top(list []string, indexes []int) int {
	if len(indexes) > 0 {
		return indexes[len(indexes)-1] + 1
	}
	return len(list)
}

func element(list []string, indexes []int, i int) string {
	at, ok := position(list, indexes, i)
	if !ok {
		return ""
	}
	return list[at]
}

func position(list []string, indexes []int, i int) (int, bool) {
	if indexes == nil {
		return min(i, len(list)), i < len(list)
	}
	return slices.BinarySearch(indexes, i)
}

// setElement gives a copy with one element set; it becomes sparse when need be.
func setElement(list []string, indexes []int, i int, s string) ([]string, []int) {
	at, ok := position(list, indexes, i)
	list = slices.Clone(list)
	switch {
	case ok:
		list[at] = s
		return list, indexes
	case indexes == nil && i == len(list):
		return append(list, s), nil
	case indexes == nil:
		for n := range list {
			indexes = append(indexes, n)
		}
	}
	return slices.Insert(list, at, s), slices.Insert(slices.Clone(indexes), at, i)
}

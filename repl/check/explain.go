package check

import (
	"cmp"
	"go/types"
	"regexp"
	"sort"
	"strings"

	"pawsh/repl/diag"
	"pawsh/repl/rewrite"
)

// explain turns a finding of the type checker into the error a person reads.
func (s *Scope) explain(u *rewrite.Unit, err error) *diag.Error {
	te, ok := err.(types.Error)
	if !ok {
		return &diag.Error{Kind: diag.Internal, Message: err.Error()}
	}
	line, col := u.Position(te.Pos)
	d := diag.At(line, col, "%s", plain(te.Msg))
	d.Hint = s.hint(u, te)
	return d
}

var mustRE = regexp.MustCompile(`must` + rewrite.Mark + `\d\(`)

// plain takes the rewriter's own names out of a message.
func plain(msg string) string {
	for {
		loc := mustRE.FindStringIndex(msg)
		if loc == nil {
			break
		}
		depth, end := 1, -1
		for i := loc[1]; i < len(msg); i++ {
			switch msg[i] {
			case '(':
				depth++
			case ')':
				depth--
			}
			if depth == 0 {
				end = i
				break
			}
		}
		if end < 0 {
			break
		}
		msg = msg[:loc[0]] + msg[loc[1]:end] + msg[end+1:]
	}
	msg = strings.ReplaceAll(msg, rewrite.XRay, "xray")
	for _, suffix := range []string{sdkSuffix, ownSuffix, connSuffix} {
		msg = strings.ReplaceAll(msg, suffix, "")
	}
	msg = outRE.ReplaceAllString(msg, "Out[$1]")
	msg = methodRE.ReplaceAllString(msg, "$1.$2")
	// Types of earlier cells are of another package only for the checker.
	msg = sessionRE.ReplaceAllString(msg, "$1$2")
	return msg
}

var (
	outRE       = regexp.MustCompile(`Out` + rewrite.Mark + `(\d+)`)
	methodRE    = regexp.MustCompile(`m` + rewrite.Mark + `(\w+)` + rewrite.Mark + `(\w+)`)
	sessionRE   = regexp.MustCompile(`(^|[^\w."])` + rewrite.SessionPath + `\.([\pL_])`)
	undefinedRE = regexp.MustCompile(`^undefined: ([\pL_][\pL\pN_]*)$`)
	memberRE    = regexp.MustCompile(`^undefined: ([\pL_][\pL\pN_]*)\.([\pL_][\pL\pN_]*)`)
	missingRE   = regexp.MustCompile(`^(.*)\.([\pL_][\pL\pN_]*) undefined \(`)
)

// hint gives the nearest name for one that is not found, or "".
func (s *Scope) hint(u *rewrite.Unit, te types.Error) string {
	msg := plain(te.Msg)
	if m := memberRE.FindStringSubmatch(msg); m != nil {
		if pn, ok := s.find(m[1], true).(*types.PkgName); ok {
			return didYouMean(m[1]+".", m[2], exported(pn.Imported()))
		}
		return ""
	}
	if m := undefinedRE.FindStringSubmatch(msg); m != nil {
		if m[1] == "Out" {
			return "Out takes the number of a cell: Out[3]"
		}
		names := append(s.Names(), types.Universe.Names()...)
		names = append(names, s.world.Similar()...)
		return didYouMean("", m[1], names)
	}
	if m := missingRE.FindStringSubmatch(msg); m != nil {
		if t := operandType(u, te); t != nil {
			return didYouMean("", m[2], members(t))
		}
	}
	return ""
}

// operandType gives the type of what stands in front of the dot of a selector.
func operandType(u *rewrite.Unit, te types.Error) types.Type {
	var found types.Type
	for x, tv := range u.Info.Types {
		// go/types puts the error at the selected name, right behind the operand and its dot
		if d := te.Pos - x.End(); d >= 0 && d <= 1 && tv.Type != nil && !tv.IsVoid() {
			if tp, ok := tv.Type.(*types.Tuple); ok && tp.Len() > 0 {
				found = tp.At(0).Type()
			} else {
				found = tv.Type
			}
		}
	}
	return found
}

func exported(p *types.Package) []string {
	var out []string
	for _, n := range p.Scope().Names() {
		if p.Scope().Lookup(n).Exported() {
			out = append(out, n)
		}
	}
	return out
}

// members gives the fields and methods of a type, those of embedded fields included.
func members(t types.Type) []string {
	seen := map[string]bool{}
	var walk func(t types.Type, depth int)
	walk = func(t types.Type, depth int) {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if n, ok := types.Unalias(t).(*types.Named); ok {
			for i := range n.NumMethods() {
				if m := n.Method(i); m.Exported() || rewrite.IsSession(m) {
					seen[m.Name()] = true
				}
			}
		}
		switch u := t.Underlying().(type) {
		case *types.Struct:
			for i := range u.NumFields() {
				f := u.Field(i)
				if f.Exported() || rewrite.IsSession(f) {
					seen[f.Name()] = true
				}
				if f.Embedded() && depth < 4 {
					walk(f.Type(), depth+1)
				}
			}
		case *types.Interface:
			for i := range u.NumMethods() {
				seen[u.Method(i).Name()] = true
			}
		}
	}
	walk(t, 0)
	out := make([]string, 0, len(seen))
	for n := range seen {
		out = append(out, n)
	}
	return out
}

func didYouMean(prefix, name string, candidates []string) string {
	if near := Nearest(name, candidates); near != "" {
		return "did you mean " + prefix + near + "?"
	}
	return ""
}

// Nearest gives the candidate that a mistyped name most likely stands for, or
// "" when none is near. Case and underscores weigh little, so that boto's
// get_all_zones finds GetAllZones. Where none is near, the shortest that begins
// with what was typed is the one.
func Nearest(name string, candidates []string) string {
	fold := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }
	want := fold(name)
	sort.Strings(candidates)
	best, dist := "", min(max(len(want)/3, 1), 3)
	longer := ""
	for _, c := range candidates {
		if c == name || strings.Contains(c, rewrite.Mark) {
			continue
		}
		got := fold(c)
		if len(want) > 2 && strings.HasPrefix(got, want) && (longer == "" || len(c) < len(longer)) {
			longer = c
		}
		if abs(len(got)-len(want)) > dist {
			continue
		}
		if d := distance(want, got); d < dist || d == dist && best == "" {
			best, dist = c, d
		}
	}
	return cmp.Or(best, longer)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// distance is the number of edits, a swap of neighbours being one.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	prev2, prev, cur := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		cur[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(y)]
}

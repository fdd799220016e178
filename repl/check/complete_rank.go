package check

import (
	"cmp"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pawsh/repl/rewrite"
)

// How well a name answers a word, the best first.
const (
	fitExact = iota
	fitPrefix
	fitFold        // a prefix but for case
	fitHump        // the beginnings of its parts: gaz, allzones for GetAllZones
	fitSubsequence // its letters in order
	fitNone
)

// The classes of candidates.
const (
	classWanted = iota // fits the place
	classNear          // names of the cell, the session, the shell
	classOther         // keywords, packages
	classFar           // functions that stand for a parameter of another call
)

// rank orders candidates: by what is wanted here, by the fit of the name, by
// how lately it was used, and by name.
type rank struct {
	class  int
	fit    int
	recent int
}

// recent numbers the names of cells by their last use.
type recent struct {
	at map[string]int
	n  int
}

func (r *recent) note(name string) {
	r.n++
	r.at[name] = r.n
}

// list collects candidates for a word.
type list struct {
	word  string
	used  *recent
	seen  map[string]bool
	items []Candidate
}

// fits tells whether a name that was not yet offered answers the word.
func (l *list) fits(name string) (int, bool) {
	if l.seen[name] {
		return fitNone, false
	}
	f := Fit(name, l.word)
	return f, f < fitNone
}

// add offers a candidate of a class; o is what it stands for, if anything.
func (l *list) add(c Candidate, o types.Object, class int) {
	name := strings.TrimRight(c.Text, "(: ")
	if f, ok := l.fits(name); ok {
		l.put(c, o, class, name, f)
	}
}

// put is add for a name whose fit is known.
func (l *list) put(c Candidate, o types.Object, class int, name string, f int) {
	if strings.Contains(name, rewrite.Mark) {
		return
	}
	l.seen[name] = true
	c.Fits = class == classWanted
	c.rank = rank{class, f, l.used.at[name]}
	if o != nil && c.Path == "" && c.Name == "" {
		c.Path, c.Name = pathOf(o), o.Name()
	}
	l.items = append(l.items, c)
}

// sorted gives the candidates in order. Names that begin with the word drive out
// those that only resemble it, and humps those that only have its letters, so
// that Tab seldom meets a choice where the person sees none. What is wanted
// here stays beside better names of what is not.
func (l *list) sorted() []Candidate {
	best := map[int]int{}
	all := fitNone
	for _, c := range l.items {
		b, ok := best[c.rank.class]
		if !ok {
			b = fitNone
		}
		best[c.rank.class] = min(b, level(c.rank.fit))
		all = min(all, level(c.rank.fit))
	}
	// Who typed a capital meant it.
	cased := strings.ToLower(l.word) != l.word && slices.ContainsFunc(l.items, func(c Candidate) bool { return c.rank.fit <= fitPrefix })
	items := slices.DeleteFunc(l.items, func(c Candidate) bool {
		if cased && c.rank.fit == fitFold {
			return true
		}
		f := level(c.rank.fit)
		switch wanted, ok := best[0]; {
		case c.rank.class == 0 && f < fitSubsequence:
			return f > best[0]
		case c.rank.class == classFar && ok && wanted == fitFold:
			return true
		}
		return f > all
	})
	slices.SortFunc(items, func(a, b Candidate) int {
		return cmp.Or(
			cmp.Compare(a.rank.class, b.rank.class),
			cmp.Compare(a.rank.fit, b.rank.fit),
			cmp.Compare(b.rank.recent, a.rank.recent),
			strings.Compare(a.Text, b.Text))
	})
	return items
}

// level makes one of the fits that a beginning of a name has.
func level(fit int) int {
	if fit < fitFold {
		return fitFold
	}
	return fit
}

// Fit tells how well a name answers a word: 0 is best. It is past
// Unfit where it does not.
func Fit(name, word string) int {
	switch {
	case name == word:
		return fitExact
	case strings.HasPrefix(name, word):
		return fitPrefix
	case len(name) < len(word):
		return fitNone
	case strings.EqualFold(name[:min(len(word), len(name))], word):
		return fitFold
	case humps(name, word, true):
		return fitHump
	case subsequence(name, word):
		return fitSubsequence
	}
	return fitNone
}

// Unfit is the first value of Fit that says no.
const Unfit = fitNone

// humps tells whether word is made of beginnings of parts of name: letters go
// on in a part or begin a later one.
func humps(name, word string, begin bool) bool {
	if word == "" {
		return true
	}
	w, wn := utf8.DecodeRuneInString(word)
	prev := '_'
	for i, r := range name {
		start := isHump(prev, r)
		prev = r
		if unicode.ToLower(r) != unicode.ToLower(w) || !start && (begin || i > 0) {
			continue
		}
		if humps(name[i+utf8.RuneLen(r):], word[wn:], false) {
			return true
		}
	}
	return false
}

// isHump tells whether r begins a part behind prev.
func isHump(prev, r rune) bool {
	return prev == '_' || prev == '-' || prev == '/' || prev == '.' ||
		unicode.IsUpper(r) && !unicode.IsUpper(prev) || unicode.IsDigit(r) && !unicode.IsDigit(prev)
}

func subsequence(name, word string) bool {
	for _, w := range word {
		i := strings.IndexFunc(name, func(r rune) bool { return unicode.ToLower(r) == unicode.ToLower(w) })
		if i < 0 {
			return false
		}
		_, n := utf8.DecodeRuneInString(name[i:])
		name = name[i+n:]
	}
	return true
}

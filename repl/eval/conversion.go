package eval

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"pawsh/repl/rewrite"
)

// conversion gives the text of a failed type assertion with the names that the
// session knows in the place of the interpreter's types.
func (d *dynamics) conversion(text string) string {
	if rest, ok := strings.CutPrefix(text, "interface conversion: "); ok {
		if have, not, ok := strings.Cut(rest, " is not "); ok { // of a value without the interpreter's wrapper
			text = "interface conversion: interface {} is " + have + ", not " + not
		}
	}
	is, not, ok := strings.Cut(text, ", not ")
	head, have, found := strings.Cut(is, " is ")
	if !ok || !found || !strings.HasPrefix(text, "interface conversion: ") {
		return text
	}
	have, not = d.typeText(have), d.typeText(not)
	if have == not {
		not += " (types from different scopes)"
	}
	return head + " is " + have + ", not " + not
}

var poolRE = regexp.MustCompile(`\beval\.[A-Z][a-z0-9]*_\d+\b`)

// typeText writes a type, as package reflect spells it, with the names of the
// session's types.
func (d *dynamics) typeText(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(s, structHead)
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		first, end := structText(s[i:])
		tag := reflect.StructTag(first).Get(rewrite.TypeTag)
		if tag == "" {
			b.WriteString(structHead)
			s = s[i+len(structHead):]
			continue
		}
		tag, _, _ = strings.Cut(tag, rewrite.Mark)
		b.WriteString("main." + tag)
		s = s[i+end:]
	}
	b.WriteString(s)
	return poolRE.ReplaceAllStringFunc(b.String(), d.poolName)
}

const structHead = "struct {"

// structText gives the tag of the first field of a struct type that a text
// begins with, and where the type ends.
func structText(s string) (tag string, end int) {
	depth, first := 0, true
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{', '(', '[':
			depth++
		case '}', ')', ']':
			if depth--; depth == 0 {
				return tag, i + 1
			}
		case ';':
			first = first && depth > 1
		case '"':
			q, err := strconv.QuotedPrefix(s[i:])
			if err != nil {
				return tag, len(s)
			}
			if t, err := strconv.Unquote(q); err == nil && first && depth == 1 {
				tag = t
			}
			i += len(q) - 1
		}
	}
	return tag, len(s)
}

// nameAlone is reflect.Type.Name.
func (d *dynamics) nameAlone(t reflect.Type) string {
	if n := d.sessionName(t); n != "" {
		return n
	}
	return t.Name()
}

// pkgPath is reflect.Type.PkgPath.
func (d *dynamics) pkgPath(t reflect.Type) string {
	if d.sessionName(t) != "" {
		return rewrite.SessionPath
	}
	return t.PkgPath()
}

// sessionName is the name of a type that a cell declared, without the package.
func (d *dynamics) sessionName(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		return ""
	}
	n, ok := strings.CutPrefix(d.name(t), rewrite.SessionPath+".")
	if !ok {
		return ""
	}
	return n
}

// poolName is what the session calls a type that compiled code lends it.
func (d *dynamics) poolName(s string) string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for t, n := range d.typeName {
		if t.String() == s {
			return n
		}
	}
	return s
}

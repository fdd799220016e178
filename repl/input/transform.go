package input

import (
	"regexp"
	"strings"
)

// promptRE matches the prompts that come along when a session is pasted:
// Python's, IPython's and this shell's own, such as "sandbox us-east-1 > ".
var promptRE = regexp.MustCompile(`^(>>>|\.\.\.:?|pawsh>|In \[\d+\]:|\S+ [a-z]{2,4}(-[a-z]+)+-\d+ >)( |$)`)

// Transform makes a cell of a text: line ends are normalised, and where the
// text begins with a prompt only the lines with one are kept, without it. What
// has no prompt is not changed but for the line ends.
func Transform(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	first := strings.TrimLeft(text, " \t\n")
	if !promptRE.MatchString(firstLine(first)) || strings.HasPrefix(first, "...") {
		return text
	}
	var out []string
	for _, l := range strings.Split(text, "\n") {
		if s, ok := stripPrompts(l); ok {
			out = append(out, s)
		}
	}
	return strings.Join(out, "\n")
}

// stripPrompts takes the prompt off a line, and those that were pasted with it;
// ok tells that there was one.
func stripPrompts(l string) (_ string, ok bool) {
	for {
		t := strings.TrimLeft(l, " \t")
		m := promptRE.FindString(t)
		if m == "" {
			return l, ok
		}
		l, ok = t[len(m):], true
	}
}

func firstLine(s string) string {
	l, _, _ := strings.Cut(s, "\n")
	return l
}

// Line is a command with its argument text.
type Line struct {
	Name string // without the colon; "!" for a shell command, "?" and "??" for documentation
	Args string
}

// questionRE matches an expression with one or two question marks behind it,
// which ask for its documentation.
var questionRE = regexp.MustCompile(`^([\pL_][\pL\pN_.\[\]()"]*)\s*(\?{1,2})$`)

// Command tells whether a text is a command of the shell and not Go.
func Command(text string) (Line, bool) {
	t := strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(t, ":") && !strings.Contains(t, "\n"):
		name, args := t[1:], ""
		if i := strings.IndexAny(name, " \t"); i >= 0 {
			name, args = name[:i], strings.TrimSpace(name[i:])
		}
		return Line{name, args}, true
	case strings.HasPrefix(t, "!") && len(t) > 1 && !strings.Contains(t, "\n") && !strings.HasPrefix(t, "!="):
		// !ok and !(a && b) are Go; a shell command has a space, a slash or is no name.
		if isNegation(t[1:]) {
			return Line{}, false
		}
		return Line{"!", strings.TrimSpace(t[1:])}, true
	}
	if m := questionRE.FindStringSubmatch(t); m != nil {
		return Line{m[2], m[1]}, true
	}
	if t == "?" || t == "help" || t == "quit" || t == "exit" {
		return Line{map[string]string{"?": "help", "help": "help", "quit": "quit", "exit": "quit"}[t], ""}, true
	}
	return Line{}, false
}

var negationRE = regexp.MustCompile(`^([\pL_][\pL\pN_]*(\.[\pL_][\pL\pN_]*)*(\(.*\)|\[.*\])?|\(.*\))(\s*(&&|\|\||==|!=).*)?$`)

var wordRE = regexp.MustCompile(`^[\pL_][\pL\pN_]*$`)

// isNegation tells whether what follows a ! is an operand and no command line.
// A lone word such as `!ls` is a command line here; the shell, which knows the
// names of the session, takes !ok for Go where ok is one.
func isNegation(rest string) bool {
	if wordRE.MatchString(rest) {
		return false
	}
	return negationRE.MatchString(rest)
}

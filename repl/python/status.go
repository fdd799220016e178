package python

import (
	"errors"
	"regexp"
	"strings"
)

var (
	headRE   = regexp.MustCompile(`^[ \t]*(for|if|while|def|try|with|class|elif|else|except|finally)\b.*:[ \t]*(#.*)?$`)
	branchRE = regexp.MustCompile(`^(elif|else|except|finally)\b`)
)

// IsHead tells whether a line begins a block of Python: `for k in bucket:`.
func IsHead(line string) bool {
	ls, _ := cutLines(strings.TrimRight(line, "\r\n"))
	return headRE.MatchString(ls[0].text)
}

// Continues tells whether a line goes on with a block of Python that is open.
func Continues(line string) bool {
	line = strings.TrimRight(line, "\r\n")
	return strings.TrimSpace(line) == "" || line[0] == ' ' || line[0] == '\t' || branchRE.MatchString(line)
}

// Block tells whether a text is Python that has a block, and whether it is
// whole: as in Python, an empty line ends a block that is typed.
func Block(src string) (block, whole bool) {
	lines, prompted := cutLines(src)
	last := ""
	blank := false
	for _, l := range lines {
		if headRE.MatchString(l.text) {
			block = true
		}
		if blank = strings.TrimSpace(l.text) == ""; !blank {
			last = l.text
		}
	}
	if !block && !prompted {
		return false, false
	}
	var open errOpen
	if _, err := scan(src); errors.As(err, &open) {
		return true, false
	}
	if !block {
		return prompted, true
	}
	inside := headRE.MatchString(last) || strings.HasPrefix(last, " ") || strings.HasPrefix(last, "\t")
	if headRE.MatchString(last) {
		return true, false
	}
	return true, !inside || blank
}

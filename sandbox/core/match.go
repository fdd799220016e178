package core

// Match reports whether s matches an AWS filter pattern: * is any run of
// characters, ? any one, and a backslash takes the next character as it is.
// It runs in time proportional to len(pattern)*len(s) at worst, whatever the
// pattern.
func Match(pattern, s string) bool {
	p, t := []rune(pattern), []rune(s)
	i, j := 0, 0
	star, mark := -1, 0
	for j < len(t) {
		switch {
		case i < len(p) && p[i] == '*':
			star, mark = i, j
			i++
			continue
		case i < len(p) && p[i] == '?':
			i, j = i+1, j+1
			continue
		case i+1 < len(p) && p[i] == '\\' && p[i+1] == t[j]:
			i, j = i+2, j+1
			continue
		case i < len(p) && p[i] != '\\' && p[i] == t[j]:
			i, j = i+1, j+1
			continue
		case i == len(p)-1 && p[i] == '\\' && t[j] == '\\':
			i, j = i+1, j+1
			continue
		}
		if star < 0 {
			return false
		}
		mark++
		i, j = star+1, mark
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

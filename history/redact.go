package history

import (
	"regexp"
	"strings"
)

// The kinds of secrets, as their markers name them.
const (
	kindSecretKey = "secret-access-key"
	kindToken     = "session-token"
	kindPassword  = "password"
	kindPEM       = "private-key"
	kindAuth      = "authorization"
	kindSignature = "signature"
)

// marker stands in the place of a secret. It has no blanks and no quotes, so a
// redacted line still parses where the secret stood in a string.
func marker(kind string) string { return "<redacted:" + kind + ">" }

// Redact replaces the secrets in text, a cell or a program, by markers of their
// kind: secret access keys, session tokens and passwords that are given as
// arguments or assigned, PEM private keys, Authorization headers, and the
// signatures of presigned URLs. Access key ids stay: they tell which account a
// line was about. A secret in a variable is not known to be one; its name stays.
func Redact(text string) string {
	low := strings.ToLower(text)
	for _, r := range rules {
		for _, word := range r.words {
			if strings.Contains(low, word) {
				text = r.apply(text)
				break
			}
		}
	}
	return redactShapes(text)
}

// rule is tried on texts that contain one of its words.
type rule struct {
	words []string
	apply func(string) string
}

var rules = []rule{
	{[]string{"private key"}, redactPEM},
	{[]string{"authorization"}, redactAuthorization},
	{[]string{"signature="}, func(s string) string { return signature.ReplaceAllString(s, "${1}"+marker(kindSignature)) }},
	{[]string{"aws "}, func(s string) string {
		return signatureV2.ReplaceAllString(s, "${1}"+marker(kindSignature))
	}},
	{[]string{"://"}, func(s string) string { return userInfo.ReplaceAllString(s, "${1}"+marker(kindPassword)+"@") }},
	{[]string{"akia", "asia"}, redactAfterKeyID},
	{[]string{"secret", "token", "passw", "passphrase"}, redactNamed},
	{[]string{"fwog", "iqoj", "aqod", "fqo"}, func(s string) string { return tokenShape.ReplaceAllString(s, marker(kindToken)) }},
}

const keyID = `\b(?:AKIA|ASIA)[A-Z0-9]{12,124}`

var (
	pem = regexp.MustCompile(`(?s)(-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)(.*?)(-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)`)

	authorization = regexp.MustCompile("(?i)(authorization[\"'`]?\\s*[:=,(]\\s*[\"'`]?\\s*)([^\"'`\r\n]+)")
	signature     = regexp.MustCompile(`(?i)(signature=)[0-9a-z%/+=_-]{16,}`)
	signatureV2   = regexp.MustCompile(`(\bAWS [A-Za-z0-9]+:)[A-Za-z0-9+/=]{16,}`)
	userInfo      = regexp.MustCompile("(://[^/\\s:@\"'`]+:)[^/\\s@\"'`]+@")

	afterKeyID = regexp.MustCompile("(" + keyID + "[\"'`]?\\s*,\\s*)([\"'`])([^\"'`\\s]{20,})([\"'`])(?:(\\s*,\\s*[\"'`])([^\"'`\n]{30,})([\"'`]))?(\\s*:)?")
	besideID   = regexp.MustCompile("(" + keyID + `[\s,:/]+)([A-Za-z0-9/+]{40})\b`)

	tokenShape = regexp.MustCompile(`\b(?:FwoG|IQoJ|AQoD|FQoG|FQoD)[A-Za-z0-9/+=_%-]{40,}`)

	named = regexp.MustCompile(`(?i)(secret[_-]?(?:access[_-]?)?key|client[_-]?secret)|((?:session|security)[_-]?token)|(password|passwd|passphrase)`)

	// valueAfterName matches, right behind a name: the quote that closes it,
	// what separates it from its value, a call around the value, the value.
	valueAfterName = regexp.MustCompile("(?s)^([\"'`]?)(\\s*(?:string\\s*)?(?::=|=>|={1,2}|!=|[:,(])\\s*|\\s+)((?:&?[A-Za-z_][\\w.]*\\(\\s*)?)" +
		"(\"(?:[^\"\\\\]|\\\\.)*\"?|'(?:[^'\\\\]|\\\\.)*'?|`[^`]*`?|[^\\s\"'`,;&(){}\\[\\]]+)")
)

func redactPEM(s string) string {
	return pem.ReplaceAllString(s, "${1}"+marker(kindPEM)+"${3}")
}

// redactAuthorization leaves AWS's own schemes to the rules for signatures, so
// that the key id and the scope stay.
func redactAuthorization(s string) string {
	return replaceSubmatches(authorization, s, func(g []string) string {
		if strings.HasPrefix(g[2], "AWS4-") || strings.HasPrefix(g[2], "AWS ") || strings.HasPrefix(g[2], "<redacted:") {
			return g[0]
		}
		return g[1] + marker(kindAuth)
	})
}

// redactAfterKeyID finds secrets by the key id before them.
func redactAfterKeyID(s string) string {
	s = replaceSubmatches(afterKeyID, s, func(g []string) string {
		if g[8] != "" { // the next key of a dictionary
			return g[0]
		}
		out := g[1] + g[2] + marker(kindSecretKey) + g[4]
		if g[6] != "" {
			out += g[5] + marker(kindToken) + g[7]
		}
		return out
	})
	return besideID.ReplaceAllString(s, "${1}"+marker(kindSecretKey))
}

// redactNamed finds secrets by the name they are given to.
func redactNamed(s string) string {
	var b strings.Builder
	for {
		m := named.FindStringSubmatchIndex(s)
		if m == nil {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:m[1]])
		name, rest := s[m[0]:m[1]], s[m[1]:]
		kind := kindPassword
		switch {
		case m[2] >= 0:
			kind = kindSecretKey
		case m[4] >= 0:
			kind = kindToken
		}
		flag := strings.HasSuffix(s[:m[0]], "--")
		v := valueAfterName.FindStringSubmatchIndex(rest)
		if v == nil || !isSecretValue(kind, name, flag, rest[v[2]:v[3]], rest[v[4]:v[5]], rest[v[8]:v[9]]) {
			s = rest
			continue
		}
		value := rest[v[8]:v[9]]
		b.WriteString(rest[:v[8]])
		b.WriteString(redactValue(value, kind))
		s = rest[v[9]:]
	}
}

// isSecretValue decides whether what follows a name is a secret or Go text
// about one. quote closed the name, sep separates the two.
func isSecretValue(kind, name string, flag bool, quote, sep, value string) bool {
	if strings.TrimSpace(sep) == "," && quote == "" {
		return false // the next argument, after a variable
	}
	if strings.Contains("\"'`", value[:1]) {
		return strings.Trim(value, "\"'`") != ""
	}
	if strings.HasPrefix(value, "<redacted:") {
		return false
	}
	if kind == kindPassword { // a bare word is a variable, but for a shell
		return flag || strings.TrimSpace(sep) == "=" && !strings.ContainsAny(sep, " \t") && name == strings.ToUpper(name)
	}
	return len(value) >= 16 && strings.ContainsAny(value, "0123456789")
}

func redactValue(value, kind string) string {
	q := value[:1]
	if !strings.Contains("\"'`", q) {
		return marker(kind)
	}
	if len(value) > 1 && strings.HasSuffix(value, q) {
		return q + marker(kind) + q
	}
	return q + marker(kind)
}

// redactShapes finds strings that look like a secret access key whatever they
// are given to: 40 characters of base64, of every class. Digests, which are
// hexadecimal, do not.
func redactShapes(s string) string {
	var b strings.Builder
	last := 0
	for i := 0; i+41 < len(s); i++ {
		q := s[i]
		if q != '"' && q != '\'' && q != '`' || s[i+41] != q || !looksSecret(s[i+1:i+41]) {
			continue
		}
		b.WriteString(s[last : i+1])
		b.WriteString(marker(kindSecretKey))
		last = i + 41
		i = last
	}
	b.WriteString(s[last:])
	return b.String()
}

func looksSecret(s string) bool {
	var upper, lower, digit bool
	for _, c := range []byte(s) {
		switch {
		case 'A' <= c && c <= 'Z':
			upper = true
		case 'a' <= c && c <= 'z':
			lower = true
		case '0' <= c && c <= '9':
			digit = true
		case c != '/' && c != '+':
			return false
		}
	}
	return upper && lower && digit
}

// replaceSubmatches is ReplaceAllStringFunc with the groups of each match.
func replaceSubmatches(re *regexp.Regexp, s string, f func(groups []string) string) string {
	var b strings.Builder
	last := 0
	for _, m := range re.FindAllStringSubmatchIndex(s, -1) {
		groups := make([]string, len(m)/2)
		for i := range groups {
			if m[2*i] >= 0 {
				groups[i] = s[m[2*i]:m[2*i+1]]
			}
		}
		b.WriteString(s[last:m[0]])
		b.WriteString(f(groups))
		last = m[1]
	}
	b.WriteString(s[last:])
	return b.String()
}

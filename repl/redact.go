package repl

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"pawsh/history"
	"pawsh/repl/diag"
)

// Errors quote the cell they are about. What the history would not keep of it
// is not quoted: errors end in logs.

var markerRE = regexp.MustCompile(`<redacted:[a-z-]+>`)

// secretsIn finds the secrets in a cell as byte ranges: what stands where the
// redacted cell has a marker.
func secretsIn(src string) [][2]int {
	safe := history.Redact(src)
	if safe == src {
		return nil
	}
	var out [][2]int
	at := 0
	pieces := markerRE.Split(safe, -1)
	for i, p := range pieces {
		next := strings.Index(src[at:], p)
		switch {
		case i == len(pieces)-1:
			next = len(src) - at - len(p)
			if !strings.HasSuffix(src[at:], p) {
				next = len(src) - at
			}
		case next < 0:
			return append(out, [2]int{at, len(src)}) // can't tell where it ends
		}
		if i > 0 {
			out = append(out, [2]int{at, at + next})
		}
		at = min(len(src), at+next+len(p))
	}
	return out
}

// veiled is a cell with stars for its secrets; lines and columns stay.
func veiled(src string) string {
	ranges := secretsIn(src)
	if ranges == nil {
		return src
	}
	b := []byte(src)
	for _, r := range ranges {
		for i := r[0]; i < r[1]; i++ {
			if b[i] != '\n' {
				b[i] = '*'
			}
		}
	}
	return string(b)
}

// quoted is how much of a long constant the type checker quotes at least.
const quoted = 40

// discreet takes the secrets of a cell out of the error it ended with.
func discreet(err error, src string) error {
	var d *diag.Error
	if !errors.As(err, &d) {
		return err
	}
	for _, r := range secretsIn(src) {
		secret := src[r[0]:r[1]]
		inner := strconv.Quote(secret)
		inner = inner[1 : len(inner)-1]
		for _, s := range []string{secret, inner} {
			if len(s) < 4 {
				continue
			}
			d.Message = strings.ReplaceAll(d.Message, s, "***")
			if len(s) > quoted {
				if i := strings.Index(d.Message, s[:quoted]); i >= 0 {
					n := quoted
					for n < len(s) && i+n < len(d.Message) && d.Message[i+n] == s[n] {
						n++
					}
					d.Message = d.Message[:i] + "***" + d.Message[i+n:]
				}
			}
		}
	}
	return err
}

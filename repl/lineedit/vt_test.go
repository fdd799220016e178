package lineedit

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// vt is a small terminal: it understands what the editor writes, wraps as real
// terminals do (only when a character follows a full row) and scrolls.
type vt struct {
	w, h     int
	cells    [][]string // "" is the right half of a wide character
	x, y     int
	pending  bool // the row is full, the cursor still on its last cell
	scrolled []string
	modes    map[string]bool
	set      map[string]int // how often each mode was switched on, and off
	held     []byte
	bad      string // the first sequence it did not know
}

func newVT(w, h int) *vt {
	v := &vt{w: w, h: h, modes: map[string]bool{}, set: map[string]int{}}
	for range h {
		v.cells = append(v.cells, v.blank())
	}
	return v
}

func (v *vt) blank() []string {
	r := make([]string, v.w)
	for i := range r {
		r[i] = " "
	}
	return r
}

// resize cuts or fills rows, as terminals without reflow do.
func (v *vt) resize(w, h int) {
	v.w = w
	for i, r := range v.cells {
		n := v.blank()
		copy(n, r)
		v.cells[i] = n
	}
	for len(v.cells) > h && v.y < len(v.cells)-1 {
		v.cells = v.cells[:len(v.cells)-1]
	}
	for len(v.cells) > h {
		v.cells = v.cells[1:]
		v.y--
	}
	for len(v.cells) < h {
		v.cells = append(v.cells, v.blank())
	}
	v.h = h
	v.x = min(v.x, w-1)
	v.pending = false
}

func (v *vt) lineFeed() {
	if v.y < v.h-1 {
		v.y++
		return
	}
	v.scrolled = append(v.scrolled, strings.TrimRight(strings.Join(v.cells[0], ""), " "))
	v.cells = append(v.cells[1:], v.blank())
}

func (v *vt) Write(p []byte) (int, error) {
	b := append(v.held, p...)
	v.held = nil
	for len(b) > 0 {
		n := v.one(b)
		if n == 0 {
			v.held = append([]byte(nil), b...)
			break
		}
		b = b[n:]
	}
	return len(p), nil
}

func (v *vt) one(b []byte) int {
	switch c := b[0]; {
	case c == '\r':
		v.x, v.pending = 0, false
		return 1
	case c == '\n':
		v.pending = false
		v.lineFeed()
		return 1
	case c == 0x1b:
		if len(b) < 2 {
			return 0
		}
		if b[1] != '[' {
			v.bad = string(b[:2])
			return 2
		}
		for i := 2; i < len(b); i++ {
			if b[i] >= 0x40 && b[i] <= 0x7e {
				v.csi(string(b[2:i]), b[i])
				return i + 1
			}
		}
		return 0
	case c < 0x20 || c == 0x7f:
		v.bad = strconv.Itoa(int(c))
		return 1
	}
	if !utf8.FullRune(b) {
		return 0
	}
	cl, _, w, _ := uniseg.FirstGraphemeClusterInString(string(b), -1)
	if v.pending || v.x+w > v.w {
		v.x, v.pending = 0, false
		v.lineFeed()
	}
	v.cells[v.y][v.x] = cl
	for i := 1; i < w && v.x+i < v.w; i++ {
		v.cells[v.y][v.x+i] = ""
	}
	v.x += w
	if v.x >= v.w {
		v.x, v.pending = v.w-1, true
	}
	return len(cl)
}

func (v *vt) csi(params string, final byte) {
	n, err := strconv.Atoi(params)
	if err != nil {
		n = 1
	}
	if final != 'm' && final != 'h' && final != 'l' {
		defer func() { v.pending = false }()
	}
	switch final {
	case 'm':
	case 'h', 'l':
		v.modes[params] = final == 'h'
		v.set[params+string(final)]++
	case 'A':
		v.y = max(0, v.y-n)
	case 'B':
		v.y = min(v.h-1, v.y+n)
	case 'C':
		v.x = min(v.w-1, v.x+n)
	case 'H':
		v.x, v.y = 0, 0
	case 'K':
		copy(v.cells[v.y][v.x:], v.blank())
	case 'J':
		from := v.y + 1
		if params == "2" {
			from = 0
		} else {
			copy(v.cells[v.y][v.x:], v.blank())
		}
		for i := from; i < v.h; i++ {
			v.cells[i] = v.blank()
		}
	default:
		v.bad = params + string(final)
	}
}

// lines are the rows down to the last one that is not blank.
func (v *vt) lines() []string {
	var out []string
	last := 0
	for i, r := range v.cells {
		s := strings.TrimRight(strings.Join(r, ""), " ")
		if out = append(out, s); s != "" {
			last = i + 1
		}
	}
	return out[:last]
}

func (v *vt) String() string { return strings.Join(v.lines(), "\n") }

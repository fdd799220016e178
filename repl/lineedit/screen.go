package lineedit

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"sync"
)

// Escape sequences. Synchronised output (mode 2026) is ignored by terminals
// that do not know it.
const (
	beginSync   = "\x1b[?2026h"
	endSync     = "\x1b[?2026l"
	hideCursor  = "\x1b[?25l"
	showCursor  = "\x1b[?25h"
	clearBelow  = "\x1b[J"
	clearRight  = "\x1b[K"
	clearScreen = "\x1b[H\x1b[2J"
	resetStyle  = "\x1b[0m"
)

// maxAbove bounds the unfinished output line kept above the frame.
const maxAbove = 4096

// screen is what the terminal shows of the current line. It paints only what
// differs from the picture before. It is safe for concurrent use, because
// output of background work meets the painting of the loop here.
type screen struct {
	mu     sync.Mutex
	out    io.Writer
	size   func() (w, h int)
	colour bool

	live          bool // a picture is on the terminal, the cursor in it
	ended         bool // nothing is painted any more
	frame         frame
	pic           picture
	width, height int    // of the terminal when pic was painted
	above         string // the unfinished last line printed
	buf           bytes.Buffer
	row           int    // cursor while painting
	shape         string // of the cursor as it is
}

// begin goes to the beginning of a line for the first frame. Where the output
// before ended in the middle of one, that is marked: the marker and a row of
// blanks wrap to the next line there, and stay on an empty line otherwise.
func (s *screen) begin(w int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live, s.pic, s.above = false, picture{}, ""
	s.cells(append(plainCells("⏎", styleHint), plainCells(strings.Repeat(" ", max(0, w-1)), "")...))
	s.buf.WriteString("\r" + clearBelow)
	s.flush()
}

// draw shows f.
func (s *screen) draw(f frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frame = f
	s.paint()
	s.flush()
}

// restore gives the cursor back.
func (s *screen) restore() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plainCursor()
	s.buf.WriteString(showCursor)
	s.flush()
}

// end commits what is on the terminal and paints no more.
func (s *screen) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live {
		s.finish(s.frame, "")
	}
	s.ended = true
}

// redraw shows the frame from scratch: after a stop, the terminal no longer
// shows it.
func (s *screen) redraw() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = false
	s.paint()
	s.flush()
}

// clear empties the screen and shows the frame at its top.
func (s *screen) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buf.WriteString(clearScreen)
	s.live = false
	s.paint()
	s.flush()
}

// commit replaces the frame by its final form, with suffix behind the text, and
// leaves the cursor on the line after it. A text of several screens is shortened.
func (s *screen) commit(f frame, suffix string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finish(f, suffix)
}

// plainCursor gives the cursor the shape that the terminal's user chose.
func (s *screen) plainCursor() {
	if s.shape != "" {
		s.buf.WriteString("\x1b[0 q")
		s.shape = ""
	}
}

func (s *screen) finish(f frame, suffix string) {
	if s.ended {
		return
	}
	f.final, f.search, f.hint, f.notice, f.ghost, f.menu = true, nil, "", "", "", menu{}
	f.text += suffix
	f.cursor = len(f.text)
	w, h := s.size()
	s.buf.WriteString(beginSync)
	s.plainCursor()
	s.home(w)
	s.buf.WriteString(clearBelow)
	s.finishAbove()
	rows := f.layout(w, h, 0).rows
	if most := 3 * h; len(rows) > most {
		head, tail := rows[:most-h/2-1], rows[len(rows)-h/2:]
		sign := plainCells("... +"+plural(len(rows)-len(head)-len(tail), "line")+" ...", styleHint)
		sign = fit(sign, w-1)
		rows = append(append(head[:len(head):len(head)], sign), tail...)
	}
	for _, r := range rows {
		s.cells(r)
		s.buf.WriteString("\r\n") // no clearRight: behind a full row it would erase a cell
	}
	s.buf.WriteString(showCursor + endSync)
	s.live, s.pic = false, picture{}
	s.flush()
}

// leave takes the frame off the terminal, with the cursor where it began.
func (s *screen) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.live {
		return
	}
	w, _ := s.size()
	s.plainCursor()
	s.home(w)
	s.buf.WriteString(clearBelow)
	s.finishAbove()
	s.live = false
	s.flush()
}

// print writes p above the frame. Without a frame it goes out as it is; above
// one, only colours are kept of its escapes, an unfinished line waits where it
// can be continued, and \r begins it anew.
func (s *screen) print(p []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.live {
		_, _ = s.out.Write(p) // a lost terminal shows up as the end of input
		return
	}
	text := s.above + strings.ReplaceAll(string(p), "\r\n", "\n")
	done, rest := "", text
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		done, rest = text[:i+1], text[i+1:]
	}
	if i := strings.LastIndexByte(rest, '\r'); i >= 0 {
		rest = rest[i+1:]
	}
	if len(rest) > maxAbove {
		done, rest = done+rest+"\n", ""
	}
	s.above = rest
	if done != "" {
		w, _ := s.size()
		s.home(w)
		s.buf.WriteString(clearBelow)
		for line := range strings.Lines(done) {
			line = strings.TrimSuffix(line, "\n")
			if i := strings.LastIndexByte(line, '\r'); i >= 0 {
				line = line[i+1:]
			}
			s.cells(ansiCells(line))
			s.buf.WriteString("\r\n")
		}
		s.live = false
	}
	s.paint()
	s.flush()
}

// finishAbove ends an output line that was not finished.
func (s *screen) finishAbove() {
	if s.above != "" {
		s.cells(ansiCells(s.above))
		s.buf.WriteString("\r\n")
		s.above = ""
	}
}

// paint brings the terminal from the picture before to the frame.
func (s *screen) paint() {
	if s.ended {
		return
	}
	w, h := s.size()
	s.frame.above = s.above
	pic := s.frame.layout(w, h, s.pic.anchor)
	pic.shape = s.frame.shape
	if s.live && w == s.width && h == s.height && pic.equal(&s.pic) {
		s.pic.anchor = pic.anchor
		return
	}
	s.buf.WriteString(beginSync + hideCursor)
	if !s.live || w != s.width || h != s.height {
		s.home(w)
		s.buf.WriteString(clearBelow)
		s.pic = picture{}
		s.row = 0
	} else {
		s.row = s.pic.row
	}
	old := s.pic.rows
	for i, r := range pic.rows {
		if i < len(old) {
			s.update(i, old[i], r)
			continue
		}
		if i > 0 {
			s.moveTo(i - 1)
			s.buf.WriteString("\r\n") // scrolls at the bottom, as CUD does not
			s.row = i
		}
		s.cells(r)
	}
	if len(old) > len(pic.rows) {
		s.moveTo(len(pic.rows))
		s.buf.WriteString("\r" + clearBelow)
	}
	s.moveTo(pic.row)
	s.column(pic.col)
	if pic.shape != s.shape {
		s.buf.WriteString("\x1b[" + pic.shape + " q")
		s.shape = pic.shape
	}
	s.buf.WriteString(showCursor + endSync)
	s.pic, s.width, s.height, s.live = pic, w, h, true
}

// update rewrites row i from the first cell that differs.
func (s *screen) update(i int, old, r row) {
	n, x := 0, 0
	for n < len(old) && n < len(r) && old[n] == r[n] {
		x += r[n].w
		n++
	}
	if n == len(old) && n == len(r) {
		return
	}
	s.moveTo(i)
	s.column(x)
	s.cells(r[n:])
	if r.width() < old.width() {
		s.buf.WriteString(clearRight)
	}
}

// cells writes cells with their styles, ending unstyled.
func (s *screen) cells(r row) {
	style := Style("")
	for _, c := range r {
		want := c.style
		if !s.colour {
			want = colourless(want)
		}
		if want != style {
			if style != "" {
				s.buf.WriteString(resetStyle)
			}
			if want != "" {
				s.buf.WriteString("\x1b[" + string(want) + "m")
			}
			style = want
		}
		s.buf.WriteString(c.s)
	}
	if style != "" {
		s.buf.WriteString(resetStyle)
	}
}

// home moves the cursor to the first cell of the picture on the terminal. After
// a change of width the terminal has wrapped rows that became too long.
func (s *screen) home(w int) {
	if !s.live {
		s.buf.WriteByte('\r')
		return
	}
	up := s.pic.row
	if w != s.width && w > 0 {
		up = s.pic.col / w
		for _, r := range s.pic.rows[:s.pic.row] {
			up += max(1, (r.width()+w-1)/w)
		}
	}
	s.buf.WriteByte('\r')
	s.up(up)
}

func (s *screen) moveTo(row int) {
	if row < s.row {
		s.up(s.row - row)
	} else if row > s.row {
		s.buf.WriteString("\x1b[" + strconv.Itoa(row-s.row) + "B")
	}
	s.row = row
}

func (s *screen) up(n int) {
	if n > 0 {
		s.buf.WriteString("\x1b[" + strconv.Itoa(n) + "A")
	}
}

func (s *screen) column(x int) {
	s.buf.WriteByte('\r')
	if x > 0 {
		s.buf.WriteString("\x1b[" + strconv.Itoa(x) + "C")
	}
}

func (s *screen) flush() {
	if s.buf.Len() == 0 {
		return
	}
	_, _ = s.out.Write(s.buf.Bytes()) // a lost terminal shows up as the end of input
	s.buf.Reset()
}

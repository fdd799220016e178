package history

import (
	"bytes"
	"fmt"
	"io"
)

// blockSize is how much is read at once. A line longer than a block is read in
// ever larger ones.
const blockSize = 256 << 10

// backward reads the lines of a file from its end to its beginning.
type backward struct {
	r    io.ReaderAt
	off  int64  // bytes before off have not been read
	tail []byte // the bytes from off that belong to a line begun before off
	size int
}

// line is a line of the file without its end.
type line struct {
	off  int64
	text []byte // valid until the next call of block
}

// newBackward reads the lines of r that end before offset end, where a line
// begins.
func newBackward(r io.ReaderAt, end int64) *backward {
	return &backward{r: r, off: end, size: blockSize}
}

// block returns the next lines, newest first; none at the beginning of the file.
func (b *backward) block() ([]line, error) {
	for b.off > 0 {
		n := min(int64(b.size), b.off)
		buf := make([]byte, n+int64(len(b.tail)))
		if _, err := b.r.ReadAt(buf[:n], b.off-n); err != nil {
			return nil, fmt.Errorf("history: read: %w", err)
		}
		copy(buf[n:], b.tail)
		b.off -= n
		first := 0
		if b.off > 0 {
			first = bytes.IndexByte(buf[:n], '\n') + 1
			if first == 0 { // all of it belongs to one line
				b.tail = buf
				b.size *= 2
				continue
			}
		}
		b.size = blockSize
		lines := splitBackward(buf[first:], b.off+int64(first))
		b.tail = bytes.Clone(buf[:first])
		if len(lines) > 0 {
			return lines, nil
		}
	}
	return nil, nil
}

// splitBackward returns the lines of buf, which stands at off, last one first.
func splitBackward(buf []byte, off int64) []line {
	var lines []line
	for len(buf) > 0 {
		body := bytes.TrimSuffix(buf, []byte("\n"))
		start := bytes.LastIndexByte(body, '\n') + 1
		if text := body[start:]; len(text) > 0 {
			lines = append(lines, line{off: off + int64(start), text: text})
		}
		buf = buf[:start]
	}
	return lines
}

// endOfLines is the offset behind the last line break of the first size bytes.
func endOfLines(r io.ReaderAt, size int64) (int64, error) {
	buf := make([]byte, 4096)
	for size > 0 {
		n := min(int64(len(buf)), size)
		if _, err := r.ReadAt(buf[:n], size-n); err != nil {
			return 0, fmt.Errorf("history: read: %w", err)
		}
		if i := bytes.LastIndexByte(buf[:n], '\n'); i >= 0 {
			return size - n + int64(i) + 1, nil
		}
		size -= n
	}
	return 0, nil
}

package s3

import (
	"io"
	"slices"
	"sort"
)

// blob is the immutable content of an object, in chunks that other blobs may
// share: a copy costs nothing, and joining the parts of an upload no bytes.
type blob struct {
	chunks [][]byte
	ends   []int64 // offset behind each chunk
}

// Chunks grow with the body up to maxChunk, so that a small object takes
// little room and a large one few chunks.
const (
	minChunk = 512
	maxChunk = 1 << 20
)

func (b *blob) size() int64 {
	if b == nil || len(b.ends) == 0 {
		return 0
	}
	return b.ends[len(b.ends)-1]
}

func (b *blob) add(chunk []byte) {
	if len(chunk) > 0 {
		b.chunks = append(b.chunks, chunk)
		b.ends = append(b.ends, b.size()+int64(len(chunk)))
	}
}

// readBlob takes in a body. hint is its length where that is known, 0 or less
// where not; the body may be of any length all the same.
func readBlob(r io.Reader, hint int64) (*blob, error) {
	b := &blob{}
	next := int64(minChunk)
	if hint > 0 {
		next = hint
	}
	for {
		chunk := make([]byte, min(next, maxChunk))
		n, err := io.ReadFull(r, chunk)
		switch {
		case n == len(chunk):
		case n*2 < len(chunk): // do not keep the room that was not needed
			chunk = slices.Clone(chunk[:n])
		default:
			chunk = chunk[:n]
		}
		b.add(chunk)
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return b, nil
		}
		if err != nil {
			return nil, err
		}
		if next = hint - b.size(); next <= 0 {
			next = max(b.size(), minChunk)
		}
	}
}

// blobOf makes the content of a text of our own.
func blobOf(p []byte) *blob {
	b := &blob{}
	b.add(p)
	return b
}

// join makes one blob of several without copying them.
func join(parts []*blob) *blob {
	out := &blob{}
	for _, p := range parts {
		for _, c := range p.chunks {
			out.add(c)
		}
	}
	return out
}

// slice is the blob of n bytes from offset on, sharing the chunks.
func (b *blob) slice(offset, n int64) *blob {
	out := &blob{}
	i := sort.Search(len(b.ends), func(i int) bool { return b.ends[i] > offset })
	for ; n > 0 && i < len(b.chunks); i++ {
		c := b.chunks[i]
		c = c[offset-(b.ends[i]-int64(len(c))):]
		if int64(len(c)) > n {
			c = c[:n]
		}
		out.add(c)
		offset, n = offset+int64(len(c)), n-int64(len(c))
	}
	return out
}

// reader reads the blob from its beginning. It needs no closing.
func (b *blob) reader() io.ReadCloser { return &blobReader{chunks: b.chunks} }

type blobReader struct {
	chunks [][]byte
	at     int
}

func (r *blobReader) Read(p []byte) (int, error) {
	for len(r.chunks) > 0 && r.at == len(r.chunks[0]) {
		r.chunks, r.at = r.chunks[1:], 0
	}
	if len(r.chunks) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.chunks[0][r.at:])
	r.at += n
	return n, nil
}

// WriteTo hands over whole chunks, saving a copy.
func (r *blobReader) WriteTo(w io.Writer) (int64, error) {
	var total int64
	for ; len(r.chunks) > 0; r.chunks, r.at = r.chunks[1:], 0 {
		n, err := w.Write(r.chunks[0][r.at:])
		total += int64(n)
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

func (r *blobReader) Close() error { return nil }

package s3

import (
	"io"

	"pawsh/sandbox/store"
)

// blob is the immutable content of an object: extents of bodies, which other
// blobs may share. A copy costs nothing, and joining the parts of an upload no
// bytes.
type blob struct {
	extents []extent
	length  int64
}

// extent is n bytes of a body from offset on.
type extent struct {
	body      *store.Body
	offset, n int64
}

func (b *blob) size() int64 {
	if b == nil {
		return 0
	}
	return b.length
}

func (b *blob) add(p extent) {
	if p.n > 0 {
		b.extents = append(b.extents, p)
		b.length += p.n
	}
}

// blobOf makes the content of a body.
func blobOf(body *store.Body) *blob {
	if body.Size() == 0 {
		return &blob{}
	}
	return &blob{extents: []extent{{body, 0, body.Size()}}, length: body.Size()}
}

// join makes one blob of several without copying them.
func join(parts []*blob) *blob {
	out := &blob{}
	for _, p := range parts {
		for _, c := range p.extents {
			out.add(c)
		}
	}
	return out
}

// slice is the blob of n bytes from offset on, sharing the bodies.
func (b *blob) slice(offset, n int64) *blob {
	out := &blob{}
	for _, p := range b.extents {
		if offset >= p.n {
			offset -= p.n
			continue
		}
		if n <= 0 {
			break
		}
		p.offset, p.n = p.offset+offset, min(p.n-offset, n)
		out.add(p)
		offset, n = 0, n-p.n
	}
	return out
}

// reader reads the blob from its beginning. It needs no closing.
func (b *blob) reader() io.ReadCloser { return &blobReader{extents: b.extents} }

type blobReader struct {
	extents []extent
	at      int64 // in the first one
}

// Read reads on.
func (r *blobReader) Read(p []byte) (int, error) {
	if len(r.extents) == 0 {
		return 0, io.EOF
	}
	first := r.extents[0]
	n, err := first.body.ReadAt(p[:min(int64(len(p)), first.n-r.at)], first.offset+r.at)
	if r.at += int64(n); r.at == first.n {
		r.extents, r.at = r.extents[1:], 0
		return n, nil
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// WriteTo hands over whole extents, saving a copy.
func (r *blobReader) WriteTo(w io.Writer) (int64, error) {
	var total int64
	for ; len(r.extents) > 0; r.extents, r.at = r.extents[1:], 0 {
		p := r.extents[0]
		n, err := p.body.WriteRange(w, p.offset+r.at, p.n-r.at)
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// Close does nothing.
func (r *blobReader) Close() error { return nil }

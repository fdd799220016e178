package symbols

import (
	"embed"
	"encoding/binary"
	"fmt"

	"github.com/klauspost/compress/zstd"
)

//go:embed data/*.zst
var data embed.FS

// open decompresses a file of the folder data.
func open(name string) (*reader, error) {
	packed, err := data.ReadFile("data/" + name + ".zst")
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	raw, err := dec.DecodeAll(packed, nil)
	if err != nil {
		return nil, fmt.Errorf("decompress %s: %w", name, err)
	}
	return &reader{name: name, rest: raw}, nil
}

// A reader takes apart what internal/gen put into a blob. Its methods panic on
// a blob that is cut short: the blobs are part of the binary.
type reader struct {
	name string
	rest []byte
}

func (r *reader) more() bool { return len(r.rest) > 0 }

func (r *reader) number() int {
	n, k := binary.Uvarint(r.rest)
	if k <= 0 || n > 1<<30 {
		panic(fmt.Sprintf("symbols: blob %s is damaged", r.name))
	}
	r.rest = r.rest[k:]
	return int(n)
}

// bytes shares the memory of the decompressed blob.
func (r *reader) bytes() []byte {
	n := r.number()
	if n > len(r.rest) {
		panic(fmt.Sprintf("symbols: blob %s is damaged", r.name))
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

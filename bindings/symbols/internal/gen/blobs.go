package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"go/token"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/tools/go/gcexportdata"
)

// A blob is a sequence of numbers, and of strings, each preceded by its length.
type blob struct{ raw []byte }

func (b *blob) add(s string) {
	b.number(len(s))
	b.raw = append(b.raw, s...)
}

func (b *blob) number(n int) { b.raw = binary.AppendUvarint(b.raw, uint64(n)) }

// compress always gives the same bytes for the same content.
func (b *blob) compress() ([]byte, error) {
	enc, err := zstd.NewWriter(nil,
		zstd.WithEncoderLevel(zstd.SpeedBestCompression),
		zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(8<<20))
	if err != nil {
		return nil, err
	}
	defer enc.Close()
	return enc.EncodeAll(b.raw, nil), nil
}

// exportBlob holds path and export data of each package of g, in turn.
func exportBlob(prog *program, g *group) ([]byte, error) {
	var b blob
	for _, path := range g.paths {
		var data bytes.Buffer
		// An empty file set: positions would hold this machine's file names.
		if err := gcexportdata.Write(&data, token.NewFileSet(), prog.pkgs[path].types); err != nil {
			return nil, fmt.Errorf("export data of %s: %w", path, err)
		}
		b.add(path)
		b.add(data.String())
	}
	return b.compress()
}

// docBlob holds, for each package of g that has docs, its path, the number of
// its entries, then name and text of each.
func docBlob(prog *program, g *group) ([]byte, error) {
	var b blob
	for _, path := range g.paths {
		entries := docs(prog.pkgs[path].files)
		b.add(path)
		b.number(len(entries))
		for _, e := range entries {
			b.add(e.name)
			b.add(e.text)
		}
	}
	return b.compress()
}

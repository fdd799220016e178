package store

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// The files of a directory:
//
//	base-000007      all records as they were when journal 7 began
//	journal-000007   frames since, the last one is being written to
//	bodies/          large bodies, a file each
//	lock             held by the process that uses the directory
//
// A file is a line that says what it is, then frames: length, checksum,
// operations. A frame counts as a whole or not at all.
const (
	magic     = "pawsh sandbox state 1\n"
	frameHead = 8
	maxFrame  = 1 << 31
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Operations in a frame.
const (
	opPut    = 1 // id, page, type (of the main record), length, bytes
	opDelete = 2 // id, page
	opSchema = 3
	opRoot   = 4 // name, id
	opBody   = 5 // name, length, bytes: the next piece of a body, in exports
)

// key names a record.
type key struct{ id, page uint64 }

// stored is a record as it was read.
type stored struct {
	schema uint64
	data   []byte
}

// contents are the records of a directory or an export.
type contents struct {
	records map[key]stored
	roots   map[string]uint64
	schemas *schemas
	body    func(name string, piece []byte) error // of exports
}

func newContents() *contents {
	return &contents{records: map[key]stored{}, roots: map[string]uint64{}, schemas: newSchemas()}
}

// apply carries out the operations of one frame.
func (c *contents) apply(frame []byte) (err error) {
	defer caught(&err)
	r := &reader{buf: frame}
	for r.off < len(frame) {
		switch op := r.byte(); op {
		case opPut:
			k := key{r.uint(), r.uint()}
			s := stored{schema: r.uint()}
			s.data = r.bytes()
			c.records[k] = s
		case opDelete:
			delete(c.records, key{r.uint(), r.uint()})
		case opSchema:
			c.schemas.read(r)
		case opRoot:
			name := string(r.bytes())
			c.roots[name] = r.uint()
		case opBody:
			name, piece := string(r.bytes()), r.bytes()
			if c.body == nil {
				return corrupt("a body in a journal")
			}
			if err := c.body(name, piece); err != nil {
				return err
			}
		default:
			return corrupt(fmt.Sprintf("operation %d", op))
		}
	}
	return nil
}

// errTorn is a frame that is not whole: what a process leaves that was killed
// while it wrote.
var errTorn = errors.New("a frame is not whole")

// readFrames gives the frames of a file to f. good is how far the file is whole.
func readFrames(in io.Reader, f func([]byte) error) (good int64, err error) {
	b := bufio.NewReaderSize(in, 1<<20)
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(b, head); err != nil {
		return 0, errTorn
	}
	if string(head) != magic {
		return 0, errors.New("not a file of a sandbox's state")
	}
	good = int64(len(magic))
	for {
		var h [frameHead]byte
		if _, err := io.ReadFull(b, h[:]); err == io.EOF {
			return good, nil
		} else if err != nil {
			return good, errTorn
		}
		n, sum := binary.LittleEndian.Uint32(h[:4]), binary.LittleEndian.Uint32(h[4:])
		if n == 0 || n > maxFrame {
			return good, errTorn
		}
		frame, err := readExactly(b, int(n))
		if err != nil || crc32.Checksum(frame, castagnoli) != sum {
			return good, errTorn
		}
		if err := f(frame); err != nil {
			return good, err
		}
		good += frameHead + int64(n)
	}
}

// readExactly reads n bytes, taking memory as they come: n may be damaged.
func readExactly(r io.Reader, n int) ([]byte, error) {
	b := make([]byte, 0, min(n, 1<<20))
	for len(b) < n {
		from := len(b)
		more := min(n-from, max(from, 1<<20))
		b = slices.Grow(b, more)[:from+more]
		if _, err := io.ReadFull(r, b[from:]); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// seal makes a frame of what lies behind the room for its head.
func seal(b []byte) []byte {
	binary.LittleEndian.PutUint32(b[:4], uint32(len(b)-frameHead))
	binary.LittleEndian.PutUint32(b[4:8], crc32.Checksum(b[frameHead:], castagnoli))
	return b
}

// journal is the file that is written to.
type journal struct {
	dir  string
	no   uint64
	f    *os.File
	size int64
}

func journalPath(dir string, no uint64) string {
	return filepath.Join(dir, fmt.Sprintf("journal-%06d", no))
}
func basePath(dir string, no uint64) string { return filepath.Join(dir, fmt.Sprintf("base-%06d", no)) }

// begin makes an empty journal.
func begin(dir string, no uint64) (*journal, error) {
	f, err := os.OpenFile(journalPath(dir, no), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	if _, err := f.WriteString(magic); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &journal{dir: dir, no: no, f: f, size: int64(len(magic))}, nil
}

// append writes one frame. After an error the journal is as it was.
func (j *journal) append(frame []byte) error {
	if _, err := j.f.WriteAt(frame, j.size); err != nil {
		return errors.Join(err, j.f.Truncate(j.size))
	}
	j.size += int64(len(frame))
	return nil
}

// numbered lists the numbers of the files in dir that are called so, in order.
func numbered(dir, name string) ([]uint64, error) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []uint64
	for _, e := range list {
		if rest, ok := strings.CutPrefix(e.Name(), name+"-"); ok {
			if n, err := strconv.ParseUint(rest, 10, 64); err == nil {
				out = append(out, n)
			}
		}
	}
	slices.Sort(out)
	return out, nil
}

// load reads a directory: the last base and the journals from then on. The
// tail of the last journal may be torn, and is cut off; a process that is
// killed leaves no other damage.
func load(dir string) (*contents, *journal, error) {
	bases, err := numbered(dir, "base")
	if err != nil {
		return nil, nil, err
	}
	journals, err := numbered(dir, "journal")
	if err != nil {
		return nil, nil, err
	}
	c := newContents()
	from := uint64(0)
	if len(bases) > 0 {
		from = bases[len(bases)-1]
		if _, err := readFile(basePath(dir, from), c.apply); err != nil {
			return nil, nil, fmt.Errorf("read %s: %w", basePath(dir, from), err)
		}
	}
	journals = slices.DeleteFunc(journals, func(n uint64) bool { return n < from })
	for i, n := range journals {
		path := journalPath(dir, n)
		good, err := readFile(path, c.apply)
		last := i == len(journals)-1
		if err != nil && !(last && errors.Is(err, errTorn)) {
			return nil, nil, fmt.Errorf("read %s: %w", path, err)
		}
		if !last {
			continue
		}
		if good == 0 { // killed before its first line was there
			j, err := begin(dir, n)
			return c, j, err
		}
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			return nil, nil, err
		}
		if err := f.Truncate(good); err != nil {
			return nil, nil, errors.Join(err, f.Close())
		}
		return c, &journal{dir: dir, no: n, f: f, size: good}, nil
	}
	j, err := begin(dir, max(from, 1))
	return c, j, err
}

func readFile(path string, f func([]byte) error) (int64, error) {
	in, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	return readFrames(in, f)
}

package store

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"unsafe"
)

// Export writes the state of units to a file, whole or not at all. The units
// go on serving; each is as it was at one instant.
func Export(path string, units ...*Unit) error {
	_, err := writeWhole(path, func(out *frames) error {
		k := newWalker(newSchemas())
		named := map[*Body]string{}
		var bodies []*Body
		k.bodies = func(b *Body) string {
			if named[b] == "" {
				named[b] = strconv.Itoa(len(named) + 1)
				bodies = append(bodies, b)
			}
			return named[b]
		}
		for _, u := range units {
			x, err := k.open(u)
			if err != nil {
				return err
			}
			x.Guard.Lock()
			err = k.exportUnit(x, out)
			x.Guard.Unlock()
			if err != nil {
				return fmt.Errorf("state of %s: %w", u.Name, err)
			}
		}
		for _, b := range bodies {
			if err := exportBody(out, named[b], b); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("save %s: %w", path, err)
	}
	return nil
}

// exportUnit writes a unit as if nothing of it were known.
func (k *walker) exportUnit(x *unit, out *frames) (err error) {
	touched := x.Touched
	alone := *x.Unit // what has been touched is the business of the store
	alone.Touched = nil
	x.Unit = &alone
	if err := k.walk(x); err != nil {
		return err
	}
	if touched != nil && x.Members != nil {
		defer caught(&err)
		k.w.refer = func(p unsafe.Pointer, pl *plan) uint64 {
			if e := x.entities[p]; e != nil {
				return e.id
			}
			panic(unkept(fmt.Sprintf("a %s that only a large set refers to", pl.typ)))
		}
		x.Members(func(m Member) {
			k.w.emit = nil
			k.w.entity(x.member, pointerOf(m))
			k.put(k.newID(), 0, x.member.schema.no, k.w.buf)
			k.drain(out, frameSize)
		})
	}
	k.drain(out, 0)
	return out.err
}

// drain moves the batch to a file when it is larger than least.
func (k *walker) drain(out *frames, least int) {
	if len(k.batch)-frameHead > least {
		out.add(k.batch[frameHead:])
		k.batch = k.batch[:frameHead]
	}
}

func exportBody(out *frames, name string, b *Body) error {
	piece := func(p []byte) {
		w := writer{}
		w.buf = append(w.buf, opBody)
		w.text(name)
		w.uint(uint64(len(p)))
		w.buf = append(w.buf, p...)
		out.add(w.buf)
	}
	buf := make([]byte, frameSize)
	for at := int64(0); at < b.size; {
		n, err := b.ReadAt(buf[:min(int64(len(buf)), b.size-at)], at)
		if err != nil && err != io.EOF {
			return err
		}
		piece(buf[:n])
		at += int64(n)
	}
	return out.err
}

// Import fills empty units from an export. Their bodies go to bodies.
func Import(path string, bodies *Bodies, units ...*Unit) error {
	c := newContents()
	got := map[string]*Body{}
	at, t := "", (*taking)(nil) // the body that comes in, one after the other
	end := func() (err error) {
		if t != nil {
			got[at], err = t.end()
			t = nil
		}
		return err
	}
	c.body = func(name string, piece []byte) error {
		if t == nil || name != at {
			if err := end(); err != nil {
				return err
			}
			at, t = name, newTaking(bodies)
		}
		_, err := t.pipe.Write(piece)
		return err
	}
	good, err := readFile(path, c.apply)
	if errors.Is(err, errTorn) {
		err = fmt.Errorf("it is damaged behind byte %d", good)
	}
	if err = errors.Join(err, end()); err != nil {
		return fmt.Errorf("load %s: %w", path, err)
	}
	k := newWalker(c.schemas)
	var list []*unit
	for _, u := range units {
		x, err := k.open(u)
		if err != nil {
			return fmt.Errorf("load %s: %w", path, err)
		}
		list = append(list, x)
	}
	err = k.restore(c, list, func(name string, size int64) (*Body, error) {
		b := got[name]
		if b == nil && size == 0 {
			return Bytes(nil), nil
		}
		if b == nil || b.size != size {
			return nil, fmt.Errorf("body %s is not whole", name)
		}
		return b, nil
	})
	if err != nil {
		return fmt.Errorf("load %s: %w", path, err)
	}
	for _, u := range list { // they are records of the export, not of a directory
		if u.Members != nil {
			u.Members(func(m Member) { *m.Handle() = Handle{} })
		}
	}
	return nil
}

// taking is a body that comes in pieces.
type taking struct {
	pipe *io.PipeWriter
	done chan struct{}
	body *Body
	err  error
}

func newTaking(bodies *Bodies) *taking {
	r, w := io.Pipe()
	t := &taking{pipe: w, done: make(chan struct{})}
	go func() {
		defer close(t.done)
		t.body, t.err = bodies.Take(r, -1)
		r.CloseWithError(errors.Join(t.err, io.ErrClosedPipe))
	}()
	return t
}

func (t *taking) end() (*Body, error) {
	t.pipe.Close()
	<-t.done
	return t.body, t.err
}

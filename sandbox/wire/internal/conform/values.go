package conform

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"time"

	"pawsh/sandbox/wire"
)

var (
	timeType   = reflect.TypeFor[time.Time]()
	readerType = reflect.TypeFor[io.Reader]()
	closerType = reflect.TypeFor[io.ReadCloser]()
)

// maxFill bounds the depth to which types that contain themselves are filled.
const maxFill = 6

// stream is a body that can be read again, and compared.
type stream struct {
	*bytes.Reader
	data []byte
}

func newStream(b []byte) *stream { return &stream{bytes.NewReader(b), b} }

func (*stream) Close() error { return nil }

// fill gives every member of v a value.
func fill(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.Pointer:
		if depth <= maxFill {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), depth)
		}
	case reflect.String:
		v.SetString(`a<b>&"c` + v.Type().Name())
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Struct:
		if v.Type() == timeType {
			v.Set(reflect.ValueOf(time.Date(2014, 1, 2, 3, 4, 5, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() && f.Name != "ResultMetadata" {
				fill(v.Field(i), depth+1)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte{0, 1, 'A', 255})
			return
		}
		if depth <= maxFill {
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			fill(v.Index(0), depth+1)
			fill(v.Index(1), depth+1)
		}
	case reflect.Map:
		if depth <= maxFill {
			v.Set(reflect.MakeMap(v.Type()))
			k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			k.SetString("key0")
			fill(e, depth+1)
			v.SetMapIndex(k, e)
		}
	case reflect.Interface:
		if v.Type() == closerType {
			v.Set(reflect.ValueOf(newStream([]byte("a body"))))
		} else if u := wire.UnionMembers(v.Type()); len(u) > 0 && depth <= maxFill {
			e := reflect.New(u[len(u)-1])
			fill(e.Elem(), depth+1)
			v.Set(e)
		}
	}
}

// keepBody replaces the stream of an input, which ends with its request.
func keepBody(in any) error {
	v := reflect.ValueOf(in).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Type() != readerType || f.IsNil() {
			continue
		}
		b, err := io.ReadAll(f.Interface().(io.Reader))
		if err != nil {
			return err
		}
		f.Set(reflect.ValueOf(newStream(b)))
	}
	return nil
}

// rewindBodies makes streams readable again.
func rewindBodies(structs ...any) {
	for _, s := range structs {
		v := reflect.ValueOf(s).Elem()
		for i := range v.NumField() {
			if f := v.Field(i); f.Kind() == reflect.Interface && !f.IsNil() {
				if b, ok := f.Interface().(*stream); ok {
					f.Set(reflect.ValueOf(newStream(b.data)))
				}
			}
		}
	}
}

// diff describes the first difference between two values, "" where there is
// none. Empty and nil lists are the same: the wire has one form for both.
func diff(path string, a, b reflect.Value) string {
	if a.Type() != b.Type() {
		return fmt.Sprintf("%s: %s != %s", path, a.Type(), b.Type())
	}
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			if a.IsNil() != b.IsNil() {
				return fmt.Sprintf("%s: %v != %v", path, a, b)
			}
			return ""
		}
		return diff(path, a.Elem(), b.Elem())
	case reflect.Interface:
		if a.IsNil() || b.IsNil() {
			if a.IsNil() != b.IsNil() {
				return fmt.Sprintf("%s: %v != %v", path, a, b)
			}
			return ""
		}
		if a.Type() == readerType || a.Type() == closerType {
			return diffStreams(path, a.Interface().(io.Reader), b.Interface().(io.Reader))
		}
		return diff(path, a.Elem(), b.Elem())
	case reflect.Struct:
		if a.Type() == timeType {
			if !a.Interface().(time.Time).Equal(b.Interface().(time.Time)) {
				return fmt.Sprintf("%s: %v != %v", path, a, b)
			}
			return ""
		}
		for i := range a.NumField() {
			if f := a.Type().Field(i); f.IsExported() && f.Name != "ResultMetadata" {
				if d := diff(path+"."+f.Name, a.Field(i), b.Field(i)); d != "" {
					return d
				}
			}
		}
		return ""
	case reflect.Slice:
		if a.Len() != b.Len() {
			return fmt.Sprintf("%s: %d elements != %d", path, a.Len(), b.Len())
		}
		for i := range a.Len() {
			if d := diff(fmt.Sprintf("%s[%d]", path, i), a.Index(i), b.Index(i)); d != "" {
				return d
			}
		}
		return ""
	case reflect.Map:
		if a.Len() != b.Len() {
			return fmt.Sprintf("%s: %v != %v", path, a, b)
		}
		for _, k := range a.MapKeys() {
			if !b.MapIndex(k).IsValid() {
				return fmt.Sprintf("%s: no key %v", path, k)
			}
			if d := diff(fmt.Sprintf("%s[%v]", path, k), a.MapIndex(k), b.MapIndex(k)); d != "" {
				return d
			}
		}
		return ""
	}
	if !reflect.DeepEqual(a.Interface(), b.Interface()) {
		return fmt.Sprintf("%s: %v != %v", path, a, b)
	}
	return ""
}

func diffStreams(path string, a, b io.Reader) string {
	read := func(r io.Reader) ([]byte, error) {
		if s, ok := r.(*stream); ok {
			return s.data, nil
		}
		return io.ReadAll(r)
	}
	x, errX := read(a)
	y, errY := read(b)
	if errX != nil || errY != nil || !bytes.Equal(x, y) {
		return fmt.Sprintf("%s: %q (%v) != %q (%v)", path, x, errX, y, errY)
	}
	return ""
}

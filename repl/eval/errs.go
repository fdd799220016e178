package eval

import (
	"errors"
	"reflect"
)

// sessionError is an error of a session type as compiled code sees it. A nil
// pointer of a session type is an error too, as in Go. Two of them are equal when
// the session's values are, in maps and structs too.
type sessionError struct {
	d *dynamics
	v any
}

// Error calls the session's method.
func (s sessionError) Error() string {
	if f := s.d.method(dynType(s.v), "Error"); f != nil {
		return f(s.v)
	}
	return s.d.dynName(s.v)
}

// Unwrap calls the session's method, if there is one.
func (s sessionError) Unwrap() []error {
	s.d.mu.RLock()
	f := s.d.chains[dynType(s.v)]
	s.d.mu.RUnlock()
	if f == nil {
		return nil
	}
	return f(s.v)
}

// Is compares the session's values, and asks the session's method.
func (s sessionError) Is(target error) bool {
	if s.d.equal(s.v, target) {
		return true
	}
	s.d.mu.RLock()
	f := s.d.matches[dynType(s.v)]
	s.d.mu.RUnlock()
	return f != nil && f(s.v, target)
}

// toError makes an error of a session value; errors of compiled types stay.
func (d *dynamics) toError(x any) error {
	v := unwrap(x)
	if v == nil {
		return nil
	}
	if err, ok := v.(error); ok {
		return err
	}
	return sessionError{d, v}
}

// errorIs is errors.Is.
func (d *dynamics) errorIs(err, target error) bool {
	if err == nil || target == nil {
		return isNil(err) && isNil(target)
	}
	return errors.Is(d.toError(err), d.toError(target))
}

// errorAs is errors.As. For a target that points to a session's interface ids
// are the dispatchers of its methods.
func (d *dynamics) errorAs(err error, target any, ids ...int) bool {
	t, id := opened(target)
	wanted := d.elemShape(id)
	if t.Kind() != reflect.Pointer || t.IsNil() {
		panic("errors: target must be a non-nil pointer")
	}
	want := t.Type().Elem()
	for _, e := range chain(d.toError(err)) {
		v := unwrap(e)
		switch {
		case len(ids) > 0:
			if x, ok := d.as(v, ids...); ok {
				t.Elem().Set(reflect.ValueOf(x))
				return true
			}
		case wanted != 0:
			if hasShape(v, wanted) {
				t.Elem().Set(reflect.ValueOf(bare(v)))
				return true
			}
		case reflect.TypeOf(v).AssignableTo(want):
			t.Elem().Set(reflect.ValueOf(v))
			return true
		case reflect.TypeOf(e).AssignableTo(want):
			t.Elem().Set(reflect.ValueOf(e))
			return true
		}
		if a, ok := e.(interface{ As(any) bool }); ok && a.As(bare(target)) {
			return true
		}
	}
	return false
}

// chain lists an error and all that it wraps, depth first.
func chain(err error) []error {
	if err == nil {
		return nil
	}
	out := []error{err}
	switch x := err.(type) {
	case interface{ Unwrap() error }:
		out = append(out, chain(x.Unwrap())...)
	case interface{ Unwrap() []error }:
		for _, e := range x.Unwrap() {
			out = append(out, chain(e)...)
		}
	}
	return out
}

// errorUnwrap is errors.Unwrap.
func (d *dynamics) errorUnwrap(err error) error {
	if s, ok := d.toError(err).(sessionError); ok {
		if u := s.Unwrap(); len(u) == 1 {
			return u[0]
		}
		return nil
	}
	return errors.Unwrap(err)
}

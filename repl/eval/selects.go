package eval

import (
	"reflect"
)

// selectCase is one communication of a select.
type selectCase struct{ c reflect.SelectCase }

func recvCase(ch any) selectCase {
	return selectCase{reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ch)}}
}

func sendCase(ch, v any) selectCase {
	c := reflect.ValueOf(ch)
	x := reflect.ValueOf(v)
	switch {
	case !x.IsValid():
		x = reflect.Zero(c.Type().Elem())
	case x.Type() != c.Type().Elem() && x.Type().ConvertibleTo(c.Type().Elem()):
		x = x.Convert(c.Type().Elem())
	}
	return selectCase{reflect.SelectCase{Dir: reflect.SelectSend, Chan: c, Send: x}}
}

// selectOne chooses one of the cases; an interrupt ends the wait. It gives the
// number of the case, -1 for the default, and what was received.
func (e *Evaluator) selectOne(hasDefault bool, cases ...selectCase) (int, any, bool) {
	rc := make([]reflect.SelectCase, len(cases), len(cases)+1)
	for i, c := range cases {
		rc[i] = c.c
	}
	if hasDefault {
		rc = append(rc, reflect.SelectCase{Dir: reflect.SelectDefault})
	} else if w := e.guard.wake.Load(); w != nil {
		rc = append(rc, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(*w)})
	}
	i, v, ok := reflect.Select(rc)
	if i == len(cases) {
		if hasDefault {
			return -1, nil, false
		}
		e.guard.check()
		// A goroutine of an earlier cell waits on.
		rc = rc[:len(cases)]
		if len(rc) == 0 {
			select {}
		}
		i, v, ok = reflect.Select(rc)
	}
	if !v.IsValid() {
		return i, nil, ok
	}
	return i, v.Interface(), ok
}

// block is `select {}`.
func (e *Evaluator) block() { e.selectOne(false) }

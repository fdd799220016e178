package main

import (
	"fmt"
	"sync"
)

// stop recovers when a deferred call of a panicking function called it.
func stop() {
	if r := recover(); r != nil {
		fmt.Print("stopped ", r, " ")
	}
}

func through(int) { stop() }

func throughLiteral() int { func() { stop() }(); return 0 }

type T int

func (*T) Stop()             { stop() }
func (t *T) Direct(s string) { fmt.Print(s, recover(), " ") }

type S struct{ *T }

var (
	byValue   = S.Stop
	byPointer = (*S).Stop
	direct    = S.Direct
)

func attempt(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

func main() {
	s := S{new(T)}
	attempt("direct", func() { defer stop(); panic(1) })
	attempt("through a function", func() { defer through(1); panic(2) })
	attempt("through a literal", func() { defer throughLiteral(); panic(3) })
	attempt("through a method", func() { defer byValue(s); panic(4) })
	attempt("through a pointer's method", func() { defer byPointer(&s); panic(5) })
	attempt("method expression", func() { defer direct(s, "d "); panic(6) })
	attempt("method value", func() { f := s.Direct; defer f("v "); panic(7) })
	attempt("method", func() { defer s.Direct("m "); panic(8) })
	attempt("compiled function", func() { var o sync.Once; defer o.Do(stop); panic(9) })
	attempt("literal", func() { defer func() { stop() }(); panic(10) })
	attempt("two", func() { defer stop(); defer through(1); panic(11) })
	attempt("deferred recover", func() { defer func() { defer recover() }(); panic(12) })
	attempt("deferred recover of a panic of its own", func() { defer func() { defer recover(); panic(14) }(); panic(13) })
	attempt("deferred recover alone", func() { defer recover(); panic(15) })
	attempt("none", func() { stop() })
}

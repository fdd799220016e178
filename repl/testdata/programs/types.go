package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"reflect"
)

type Same struct{}

// local types are others than the package's and each other's.
func first() any  { type Same struct{}; return Same{} }
func second() any { type Same struct{}; return Same{} }

type number int

func attempt(name string, f func()) {
	defer func() {
		r := recover()
		err, ok := r.(error)
		fmt.Println(name, ok, err)
	}()
	f()
}

func conversions() {
	type Same struct{ n int }
	var x any = first()
	attempt("local", func() { _ = x.(Same) })
	fmt.Println(x == first(), x == second(), x == any(Same{}))
	attempt("number", func() { _ = any(number(1)).(string) })
	attempt("to number", func() { _ = any("s").(number) })
	attempt("pointer", func() { _ = any(&Same{}).(*number) })
	attempt("nil", func() { _ = any(nil).(Same) })
}

type failure struct{ text string }

func (f failure) Error() string { return f.text }

type otherFailure struct{}

func (otherFailure) Error() string { return "other" }

func embedding() {
	func() {
		type collision struct{ otherFailure }
		fmt.Println(error(collision{}))
	}()
	type collision struct{ failure }
	err := error(collision{failure{"this"}})
	var f failure
	fmt.Println(err, errors.As(err, &f))
}

type Pair[K comparable, V any] struct {
	Key   K `xml:"key"`
	Value V `xml:"value"`
}

type Counter[T any] int

type Item struct {
	XMLName xml.Name `xml:"item"`
	Names   []string `xml:"name"`
}

type Plain struct {
	Size int `xml:"size,attr"`
}

func encoding() {
	src := &Pair[string, int]{"a", 1}
	b, err := xml.Marshal(src)
	fmt.Println(string(b), err)
	dst := &Pair[string, int]{}
	fmt.Println(xml.Unmarshal(b, dst), *src == *dst)
	b, err = xml.Marshal(Item{Names: []string{"x", "y"}})
	fmt.Println(string(b), err)
	b, err = xml.MarshalIndent([]Plain{{1}, {2}}, "", " ")
	fmt.Println(string(b), err)
}

func inGeneric[T any](v T) any {
	type wrapped struct{ v T }
	type list[E any] []E
	l := list[int]{1, 2}
	return []any{wrapped{v}, len(l)}
}

func names() {
	fmt.Printf("%T %T %T\n", Pair[string, int]{}, Counter[string](1), first())
	fmt.Println(reflect.TypeOf(Pair[Same, number]{}), reflect.TypeOf(Counter[int](2)).String(), reflect.TypeOf(number(1)).Name(), reflect.TypeFor[*Same](), reflect.TypeFor[int]().Name())
	fmt.Println(any(Counter[int](1)) == any(Counter[string](1)), inGeneric(3), inGeneric("s"))
	type T[_ any] int
	fmt.Println(any(T[int](0)) == any(Counter[int](0)))
}

// blank fields stay zero.
func blanks() {
	v := struct{ a, _, b, _ int }{1, 2, 3, 4}
	w := struct {
		_ string
		c int
	}{"x", 5}
	fmt.Println(v.a, v.b, w.c, reflect.ValueOf(v).Field(1).Int())
}

func main() {
	conversions()
	embedding()
	encoding()
	names()
	blanks()
}

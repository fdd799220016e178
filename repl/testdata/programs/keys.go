// Program keys compares and finds again errors and structs that hold interfaces.
package main

import (
	"errors"
	"fmt"
	"io"
)

type E struct{ n int }

func (e E) Error() string { return fmt.Sprint("E", e.n) }

type PE struct{ n int }

func (e *PE) Error() string { return fmt.Sprint("PE", e.n) }

type X int

func (x X) String() string { return fmt.Sprint("X", int(x)) }

func main() {
	m := map[error]string{E{1}: "a", io.EOF: "eof"}
	p := &PE{3}
	m[p] = "p"
	m[E{2}] = "b"
	fmt.Println(m[E{1}], m[E{2}], m[io.EOF], m[p], len(m))
	var e error = E{1}
	fmt.Println(m[e])
	m[e] = "z"
	delete(m, E{2})
	fmt.Println(len(m), m[E{1}])
	_, ok := m[errors.New("x")]
	fmt.Println(ok)
	for k, v := range map[error]int{E{5}: 6} {
		fmt.Println(k, v)
	}
	a := map[any]int{X(1): 1, 1: 2}
	a[E{1}] = 3
	a[e]++
	fmt.Println(a[X(1)], a[1], a[e], len(a))
	c := map[[2]any]int{{1, "a"}: 1}
	c[[2]any{1, "a"}]++
	fmt.Println(c)
	type K struct {
		e error
		a any
	}
	k := map[K]int{{E{1}, X(1)}: 1}
	k[K{e, X(1)}]++
	fmt.Println(k[K{E{1}, X(1)}], len(k))
	ae := [2]error{e, p}
	be := [2]error{E{1}, p}
	fmt.Println(ae == be, K{e, 1} == K{E{1}, 1}, K{e, 1} == K{p, 1})
	ch := make(chan error, 1)
	ch <- E{1}
	fmt.Println(<-ch == e)
}

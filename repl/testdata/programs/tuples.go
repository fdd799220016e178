// Program tuples assigns the values of one expression to places with side
// effects and to places of other types.
package main

import (
	"errors"
	"fmt"
)

type flag bool

type coded struct{ code int }

func (c coded) Error() string { return fmt.Sprint("code ", c.code) }

type getter interface{ Get() int }

type one struct{}

func (one) Get() int { return 1 }

var trace string

func note[T any](s string, v T) T {
	trace += s
	return v
}

func pair() (int, error)     { return note("p", 7), errors.New("e") }
func session() (int, *coded) { return 8, &coded{3} }
func anything() (any, error) { return "x", nil }

func (c *coded) self() *coded { return c }

func main() {
	m := map[string]int{}
	var err error
	m[note("k", "a")], *note("e", &err) = pair()
	fmt.Println(m, err, trace)

	trace = ""
	a := []int{1, 2, 3}
	ok := map[string]bool{}
	a[note("i", 1)], ok[note("j", "x")] = m[note("k", "a")]
	fmt.Println(a, ok, trace)

	var x, y any
	x, y = m["a"]
	fmt.Println(x, y)
	x, y = any(a).(string)
	fmt.Printf("%q %v\n", x, y)

	var f flag
	a[0], f = m["none"]
	fmt.Println(a[0], f)
	_, f = any(3).(int)
	fmt.Println(f)

	var e error
	a[2], e = session()
	fmt.Println(a, e, e == nil)
	var g getter
	g, ok["one"] = any(one{}).(getter)
	fmt.Println(g.Get(), ok)
	var st struct {
		n int
		e error
	}
	if st.n, st.e = pair(); st.e != nil {
		fmt.Println(st.n, st.e)
	}
	x, st.e = anything()
	fmt.Println(x, st.e)
	i := 0
	for i, a[i] = 0, 5; i < 2; i, a[i] = i+1, i {
		fmt.Println(i, a)
	}
	c := make(chan int, 4)
	c <- 1
	c <- 2
	for a[0] = <-c; a[0] < 2; a[0] = <-c {
		fmt.Println(a)
	}
	switch a[1], ok["x"] = m["a"]; {
	case ok["x"]:
		fmt.Println(a, ok)
	}
}

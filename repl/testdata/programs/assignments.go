package main

import "fmt"

type shape interface{ Area() int }

type square int

func (s square) Area() int { return int(s) * int(s) }

func newSquare(n int) (square, error) { return square(n), nil }

func noted(s string, n int) int {
	fmt.Print(s, " ")
	return n
}

type pair struct{ a, b int }

type nested struct {
	in  *pair
	arr [2]pair
}

var fromAssertion, asserted any = any(nil).(bool)

var _ = &fromAssertion == &asserted

// heads assigns several values in the heads of statements.
func heads() {
	if got, want := keys(map[string]int{"a": 1}), []string{"a"}; len(got) == len(want) {
		fmt.Println(got, want)
	}
	switch got, want := keys(map[int]bool{2: true}), []int{2}; {
	case len(got) == len(want):
		fmt.Println(got, want)
	}
	s := []int{1, 2, 3, 4}
	for i, j := noted("i", 0), len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
	var i, j int
	for i, j = noted("i", 1), noted("j", 2); i < 3; i++ {
	}
	fmt.Println(s, i, j)
	l := &link{1, &link{2, &link{3, nil}}}
	for n, e := 3, l; n > 0; n, e = n-1, e.Next() {
		fmt.Print(n, e.n, " ")
	}
	for n, e := 3, l; n > 0; n, e = n-1, e.next {
		defer func() { fmt.Print(n, e.n, " ") }()
	}
	fmt.Println()
}

type link struct {
	n    int
	next *link
}

func (l *link) Next() *link { return l.next }

func keys[K comparable, V any](m map[K]V) []K {
	r := make([]K, 0, len(m))
	for k := range m {
		r = append(r, k)
	}
	return r
}

// places evaluates the operands of the left side first.
func places() {
	n := nested{in: &pair{1, 2}}
	p := n.in
	n.in, n.in.a = &pair{5, 6}, 4
	n.arr[noted("index", 1)].b, n.arr[0].a = 7, 8
	fmt.Println(*p, *n.in, n.arr)
	one, two := map[string]int{"k": 1}, map[string]int{"k": 2}
	m := one
	m["k"] += func() int { m = two; return 10 }()
	fmt.Println(one, two)
	m[fmt.Sprint("x", noted("once", 1))]++
	fmt.Println(two)
}

// spread assigns the values of one expression to interfaces.
func spread() {
	var s shape
	var x, ok any
	s, ok = newSquare(3)
	fmt.Println(s.Area(), ok)
	m := map[string]square{"two": 2}
	s, ok = m["two"]
	fmt.Println(s.Area(), ok)
	s, ok = m["none"]
	fmt.Println(s.Area(), ok)
	c := make(chan square, 1)
	c <- 4
	s, ok = <-c
	fmt.Println(s.Area(), ok)
	s, ok = any(square(5)).(square)
	fmt.Println(s.Area(), ok)
	x, y := newSquare(6)
	fmt.Println(x, y, fromAssertion, asserted)
}

// selects evaluates channels and values to send in the order of the text.
func selects() {
	c, x := make(chan int, 1), 1
	other := func() chan int { x = 2; return nil }
	select {
	case c <- x:
	case <-other():
	}
	fmt.Println(<-c, x)
}

type inner struct{}

func (inner) Name() string { return "inner" }

type middle struct {
	inner
	depth int
}

type outer struct{ Tag }

type Tag struct{ depth int }

func (Tag) Name() string { return "tag" }

// promoted takes the shallowest member of a name.
func promoted() {
	v := struct {
		middle
		*outer
		Tag
	}{middle{depth: 1}, &outer{}, Tag{2}}
	f := v.Name
	fmt.Println(v.Name(), f(), v.middle.depth, v.Tag.depth)
}

func main() {
	heads()
	places()
	spread()
	selects()
	promoted()
}

// Program parts compares structs and arrays that hold interfaces.
package main

import "fmt"

type E struct{ n int }

func (e E) Error() string { return fmt.Sprint("E", e.n) }

type X int

type K struct {
	e error
	a any
}
type KA struct{ a any }
type KE struct{ e error }

func main() {
	var e error = E{1}
	k := map[KA]int{}
	k[KA{X(1)}] = 1
	fmt.Println(k[KA{X(1)}], len(k))
	k[KA{1}] = 1
	k[KA{1}]++
	fmt.Println(k[KA{1}], len(k))
	ke := map[KE]int{}
	ke[KE{e}] = 1
	fmt.Println(ke[KE{e}], len(ke))
	ke[KE{E{1}}] = 1
	fmt.Println(ke[KE{e}], len(ke))
	var a any = X(1)
	fmt.Println(KA{X(1)} == KA{a}, KA{1} == KA{a})
	b := a
	fmt.Println(KA{a} == KA{b}, k[KA{a}])
	var s KA
	s.a = X(1)
	fmt.Println(KA{a} == s, k[s])
	aa := []any{X(1), 1}
	fmt.Println(k[KA{aa[0]}], k[KA{aa[1]}])
	ar := [2]any{X(1), E{1}}
	br := [2]any{a, e}
	fmt.Println(ar == br)
	f := func(x any) KA { return KA{x} }
	fmt.Println(k[f(X(1))], k[f(1)], f(E{1}) == f(E{1}))
	fmt.Println(KA{E{1}} == KA{e}, KA{&a} == KA{&a})
}

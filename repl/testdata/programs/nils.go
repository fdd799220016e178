// Program nils dereferences nil pointers in every way.
package main

import "fmt"

type T struct{ a int }
type P struct{ *T }
type V struct{ T }

func (t T) M() int  { return t.a }
func (t *T) Q() int { return t.a }

type N int

func (n N) M() int { return int(n) }

type I interface{ M() int }
type E struct{ I }

func try(s string, f func()) {
	defer func() { fmt.Println(s, recover()) }()
	f()
}

func main() {
	var f func() int
	t := &T{3}
	f = t.M
	t.a = 4
	fmt.Println(f(), t.Q(), t.M())
	v := V{*t}
	f = v.M
	v.a = 5
	fmt.Println(f())
	f = v.Q
	v.a = 6
	fmt.Println(f())
	p := P{t}
	f = p.M
	t.a = 8
	fmt.Println(f())
	f = p.Q
	t.a = 9
	fmt.Println(f())
	pp := &p
	f = pp.Q
	g := pp.M
	fmt.Println(f(), g())
	var nn N = 4
	f = nn.M
	nn = 5
	fmt.Println(f())
	np := &nn
	f = np.M
	nn = 6
	fmt.Println(f())
	var i I = nn
	f = i.M
	fmt.Println(f())
	e := E{i}
	f = e.M
	e.I = t
	fmt.Println(f(), e.M())
	try("1", func() { t = nil; f = t.M })
	try("2", func() { np = nil; f = np.M })
	try("3", func() { var p P; f = p.M })
	try("4", func() { var p *P; f = p.M })
	try("5", func() { var p *P; f = p.Q })
	try("6", func() { var p P; f = p.Q; fmt.Println("ok") })
	try("7", func() { var p *V; f = p.M })
	try("8", func() { var p *V; f = p.Q; fmt.Println("ok?") })
	try("9", func() { var p E; f = p.M })
	try("10", func() { var p *E; f = p.M })
	try("11", func() { var i I; f = i.M })
	try("12", func() { var p *T; p.M() })
	try("13", func() { var p *T; p.Q() })
	try("14", func() { var p *V; p.M() })
	try("15", func() { var p *V; _ = p.a })
	try("16", func() { var p P; _ = p.a })
	try("17", func() { var p *T; x := *p; _ = x })
	try("18", func() { var p *P; p.T = nil })
	try("19", func() { var p *[3]int; p[1] = 0 })
	try("20", func() { var p *[3]int; _ = p[1] })
	try("21", func() { var p *[3]int; _ = p[:]; fmt.Println("sl") })
	try("22", func() { var p *int; *p = 3 })
	try("23", func() { var p *int; *p++ })
	try("24", func() { var p *T; p.a += 2 })
	try("25", func() { var p *T; q := &p.a; _ = q })
	try("26", func() { var m map[string]int; m["a"] = 1 })
	try("27", func() { var f func(); f() })
	try("28", func() { var p **T; _ = (*p).a })
	try("29", func() {
		var p *T
		for range 3 {
			fmt.Println(p.a)
		}
	})
	try("30", func() { var p *[]int; fmt.Println(len(*p)) })
	try("31", func() { var p *[]int; (*p)[0] = 1 })
	try("32", func() {
		var p *[]int
		for range *p {
		}
	})
	try("33", func() { var p *N; p.M() })
	try("34", func() { var i I = (*T)(nil); i.M() })
	try("35", func() { var p *struct{ f func() }; p.f() })
	try("36", func() { var p *struct{ f [3]int }; p.f[1]++ })
	try("37", func() { var p *struct{ f []int }; p.f[1]++ })
	try("38", func() { var p *struct{ f map[string]int }; _ = p.f["a"] })
	try("39", func() { var p *struct{ T }; _ = p.T })
	try("40", func() { var p *struct{ T }; x := p.T.a + 1; fmt.Println(x) })
	try("41", func() { var p *struct{ t T }; x := p.t; fmt.Println(x) })
	try("42", func() {
		var p *struct{ t string }
		if p.t == "" {
			fmt.Println(1)
		}
	})
	try("43", func() {
		var p *struct{ t bool }
		if p.t {
			fmt.Println(1)
		}
	})
	try("44", func() {
		var p *struct{ t *T }
		if p.t != nil {
			fmt.Println(1)
		}
	})
	try("45", func() {
		var p *struct{ t *T }
		if p.t == nil {
			fmt.Println(1)
		}
	})
	try("46", func() {
		var p *struct{ t error }
		if p.t == nil {
			fmt.Println(1)
		}
	})
	try("47", func() {
		var p *struct{ t any }
		if p.t == nil {
			fmt.Println(1)
		}
	})
	try("48", func() { var p *struct{ t any }; var q any = p.t; _ = q })
	try("49", func() {
		var p *struct{ t any }
		switch p.t.(type) {
		case nil:
			fmt.Println("nil")
		}
	})
	try("50", func() {
		var p *struct{ t int }
		switch p.t {
		case 0:
			fmt.Println("0")
		}
	})
	try("51", func() {
		var p *struct{ t []int }
		for range p.t {
			fmt.Println("0")
		}
	})
	try("52", func() { var p *struct{ t []int }; p.t = append(p.t, 1) })
	try("53", func() { var p *struct{ t int }; f := func(int) {}; f(p.t) })
	try("54", func() { var p *struct{ t int }; f := func() int { return p.t }; f() })
	try("55", func() { var p *struct{ t chan int }; p.t <- 1 })
	try("56", func() { var p *struct{ t int }; defer fmt.Println(p.t) })
	try("57", func() { var p *struct{ t int }; m := map[int]int{p.t: 1}; _ = m })
	try("58", func() { var p *struct{ t int }; m := []int{p.t}; _ = m })
}

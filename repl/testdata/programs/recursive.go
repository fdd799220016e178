package main

import (
	"encoding/json"
	"fmt"
)

// through each other
type Element struct {
	next, prev *Element
	list       *List
	value      int
}
type List struct {
	root Element
	n    int
}

func (l *List) push(v int) *Element {
	if l.root.next == nil {
		l.root.next, l.root.prev = &l.root, &l.root
	}
	e := &Element{value: v, list: l}
	at := l.root.prev
	e.prev, e.next = at, at.next
	e.prev.next, e.next.prev = e, e
	l.n++
	return e
}

type Dir struct {
	Name  string
	Files map[string]*File `json:",omitempty"`
	Subs  []Dir            `json:",omitempty"`
}
type File struct {
	In   *Dir `json:"-"`
	Size int
}

// not structs
type State func(n int) (State, string)
type Chan chan Chan
type Fun func(Fun) Fun
type Mixed map[string]Node
type Node struct {
	kids  Mixed
	up    *Node
	visit func(Node, Mixed) []Node
}

func even(n int) (State, string) { return odd, fmt.Sprint("even", n) }
func odd(n int) (State, string)  { return even, fmt.Sprint("odd", n) }

type Expr interface{ eval(*Env) int }
type Env struct {
	vars map[string]Expr
	up   *Env
	last *Num
}
type Num struct {
	n   int
	env *Env
}
type Add struct{ l, r Expr }

func (n *Num) eval(e *Env) int { e.last = n; return n.n }
func (a Add) eval(e *Env) int  { return a.l.eval(e) + a.r.eval(e) }

type Tn[T any] struct {
	l, r *Tn[T]
	own  *Ty[T]
	v    T
}
type Ty[T any] struct {
	root *Tn[T]
	all  []Tn[T]
}

func (t *Ty[T]) add(v T, less func(a, b T) bool) {
	p := &t.root
	for *p != nil {
		if less(v, (*p).v) {
			p = &(*p).l
		} else {
			p = &(*p).r
		}
	}
	*p = &Tn[T]{own: t, v: v}
	t.all = append(t.all, **p)
}

func main() {
	var l List
	a := l.push(1)
	b := l.push(2)
	fmt.Println(a.next == b, b.list == &l, l.root.next.value, l.n)
	d := Dir{Name: "root", Files: map[string]*File{"f": {Size: 3}}, Subs: []Dir{{Name: "sub"}}}
	d.Files["f"].In = &d
	j, err := json.Marshal(d)
	fmt.Println(string(j), err, d.Files["f"].In.Subs[0].Name)
	var s State = even
	for i := range 3 {
		var t string
		s, t = s(i)
		fmt.Print(t, " ")
	}
	fmt.Println()
	c := make(Chan, 1)
	c <- c
	fmt.Println(<-c == c)
	var f Fun = func(g Fun) Fun { return g }
	fmt.Println(f(nil) == nil, f(f) != nil)
	n := Node{kids: Mixed{}}
	n.kids["k"] = Node{up: &n, visit: func(m Node, x Mixed) []Node { return []Node{m, x["k"]} }}
	fmt.Println(len(n.kids["k"].up.kids), len(n.kids["k"].visit(n, n.kids)))
	env := &Env{vars: map[string]Expr{"x": &Num{n: 4}}}
	env.vars["y"] = Add{env.vars["x"], &Num{3, env}}
	fmt.Println(env.vars["y"].eval(env), env.last.n)
	var t Ty[string]
	for _, w := range []string{"m", "a", "z"} {
		t.add(w, func(a, b string) bool { return a < b })
	}
	fmt.Println(t.root.l.v, t.root.r.v, t.root.own == &t, len(t.all))
	var x any = t.root
	_, ok := x.(*Tn[string])
	_, no := x.(*Ty[string])
	fmt.Printf("%v %v %T\n", ok, no, l)
}

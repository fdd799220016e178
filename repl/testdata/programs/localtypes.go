// Program localtypes has types inside of functions, and structs without a name that have methods.
package main

import "fmt"

type T struct{ a, b int }

func f(x interface{}) interface{} {
	type T struct{ a, b int }
	if x == nil {
		return T{2, 3}
	}
	t, ok := x.(T)
	fmt.Println(t, ok)
	return x
}

func g() any {
	type T int
	return T(1)
}
func h() any {
	type T int
	return T(1)
}

type S1 struct{}
type emb string

func (s emb) val() string { return "val " + string(s) }

type A struct{ emb }
type B struct {
	A
	emb
}

type Val interface{ val() string }
type PA struct{ *A }
type N int

func (n N) val() string   { return "N" }
func (n *N) pval() string { return "PN" }

type PV interface{ pval() string }

func main() {
	f(f(nil))
	f(T{5, 7})
	fmt.Println(g() == h(), g() == g())
	fmt.Printf("%T %v\n", g(), f(nil))
	{
		type T string
		var x any = T("s")
		_, ok := x.(string)
		_, ok2 := x.(T)
		fmt.Println(ok, ok2)
	}
	b := &B{A: A{emb: "a"}, emb: "b"}
	fmt.Println(b.val(), b.A.val())
	var v Val = b
	fmt.Println(v.val())
	v = b.A
	fmt.Println(v.val())
	v = PA{&b.A}
	fmt.Println(v.val())
	v = struct{ emb }{"q"}
	fmt.Println(v.val())
	var u struct{ N }
	v = u
	fmt.Println(v.val())
	v = &u
	fmt.Println(v.val())
	var pv PV = &u
	fmt.Println(pv.pval(), u.pval(), u.val())
	var w struct{ *N }
	w.N = new(N)
	v, pv = w, w
	fmt.Println(v.val(), pv.pval())
	var x struct{ Val }
	x.Val = v
	v = x
	fmt.Println(v.val())
	v = &x
	fmt.Println(v.val())
	_, ok := any(x).(Val)
	_, ok2 := any(struct{ a int }{}).(Val)
	fmt.Println(ok, ok2)
	type L struct{ emb }
	v = L{"l"}
	fmt.Println(v.val())
	v = &L{"l2"}
	fmt.Println(v.val(), v.(*L).val())
	type M struct{ fmt.Stringer }
	var st fmt.Stringer = M{}
	fmt.Println(st != nil)
}

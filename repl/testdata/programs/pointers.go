// Program pointers prints pointers in every way.
package main

import (
	"fmt"
	"os"
	"strings"
)

type T1 struct{ x uint8 }

func (t *T1) M() {}

func main() {
	var b [4]T1
	p, q := fmt.Sprintf("%p", &b[0]), fmt.Sprintf("%p", &b[1])
	fmt.Println(p != q, strings.HasPrefix(p, "0x"))
	fmt.Println(fmt.Sprintf("%p", &b[0]) == p, fmt.Sprintf("%v", &b[0]), fmt.Sprintf("%x", &b[0]))
	m := map[string]T1{}
	fmt.Println(strings.HasPrefix(fmt.Sprintf("%p", m), "0x"))
	fmt.Println(strings.HasPrefix(fmt.Sprintf("%p", []T1{{1}}), "0x"))
	fmt.Println(fmt.Sprintf("%p", (*T1)(nil)), fmt.Sprintf("%v", (*T1)(nil)), fmt.Sprintf("%d", b))
	f := main
	fmt.Println(strings.HasPrefix(fmt.Sprintf("%p", f), "0x"))
	fmt.Println(len(os.Args))
	pp := &b
	fmt.Println(strings.HasPrefix(fmt.Sprint(&pp), "0x"), fmt.Sprint(pp))
	type N struct{ p *T1 }
	fmt.Println(strings.HasPrefix(fmt.Sprint(N{&b[0]}), "{0x"))
}

type PT struct {
	a *int
	b *T1
	c *PT
	d error
}

func init() {
	fmt.Printf("%v %+v %#v %d\n", PT{}, PT{}, PT{}, PT{})
	fmt.Printf("%v %+v\n", &PT{}, []*PT{nil})
	fmt.Printf("%5v|%#v|%s\n", (*T1)(nil), (*T1)(nil), []*T1{nil})
	x := 3
	t := T1{1}
	v := PT{&x, &t, nil, nil}
	fmt.Println(fmt.Sprintf("%v", v) == fmt.Sprintf("{%p %p <nil> <nil>}", &x, &t))
	fmt.Println(fmt.Sprintf("%d", v) == fmt.Sprintf("{%d %d 0 %%!d(<nil>)}", &x, &t))
	fmt.Println(fmt.Sprintf("%#v", v) == fmt.Sprintf("main.PT{a:(*int)(%p), b:(*main.T1)(%p), c:(*main.PT)(nil), d:error(nil)}", &x, &t))
	fmt.Println(fmt.Sprintf("%v", map[string]*T1{"a": &t}) == fmt.Sprintf("map[a:%p]", &t))
}

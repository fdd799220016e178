// Program elements writes literals whose elements are members of members.
package main

import (
	"fmt"
	"go/ast"
)

func list() *ast.FieldList {
	return &ast.FieldList{List: []*ast.Field{{Names: []*ast.Ident{{Name: "x"}, {Name: "y"}}}}}
}

func main() {
	f := list()
	fmt.Println([]string{f.List[0].Names[0].Name})
	fmt.Println([]any{f.List[0].Names[1].Name, 1, f.List[0].Names[0].String()})
	fmt.Println([...]string{3: "a", f.List[0].Names[0].Name, f.List[0].Names[1].Name, 1: f.List[0].Names[0].Name, "z"})
	fmt.Println([][]string{{f.List[0].Names[0].Name}, {"b", list().List[0].Names[1].Name}})
	fmt.Println(len([]*ast.Ident{f.List[0].Names[0], nil}))
	var p *int
	_ = p == nil
	_ = p != nil && *p > 0

	type output [4]any
	var a, b [4]any
	var o output
	fmt.Println(o == a, a == b, any(o) == any(a))
	a[0] = "x"
	fmt.Println(o == a)
	o[0] = "x"
	fmt.Println(o == a, output(a) == o)
}

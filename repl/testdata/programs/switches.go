// Program switches has switches of all shapes.
package main

import "fmt"

func note(s string, v int) int { fmt.Print(s, " "); return v }

func main() {
	for i := 0; i < 4; i++ {
		switch i {
		default:
			fmt.Println("default", i)
		case 1:
			fmt.Println("one")
		case 2, 3:
			fmt.Println("two")
		}
	}
	for i := 0; i < 4; i++ {
		switch {
		default:
			fmt.Println("default", i)
			fallthrough
		case i == 1:
			fmt.Println("one")
		case i == 2:
			fmt.Println("two")
		}
	}
	for i := 0; i < 7; i++ {
		switch i {
		case 5:
			fmt.Println("5")
			fallthrough
		default:
			fmt.Println("default", i)
		case 6:
			fmt.Println("6")
			if i == 6 {
				break
			}
			fmt.Println("no")
		}
	}
	for i := 0; i < 3; i++ {
		switch x := note("tag", i); x {
		case note("a", 0), note("b", 1):
			fmt.Println("ab")
			fallthrough
		case note("c", 2):
			fmt.Println("c")
			fallthrough
		case note("d", 3):
			fmt.Println("d")
		}
	}
outer:
	for i := 0; ; i++ {
		switch i {
		default:
			fmt.Println("default", i)
			fallthrough
		case 1:
			fmt.Println("one")
			if i == 1 {
				continue outer
			}
			if i == 4 {
				break outer
			}
		case 3:
			continue
		}
		fmt.Println("after", i)
	}
	switch {
	}
	switch x := 5; {
	case x > 4:
		fmt.Println("x")
	}
	switch x := 5; x {
	}
	switch note("only", 1) {
	}
	switch note("only", 1) {
	default:
	}
	switch a := [3]int{1, 2, 3}; a {
	case [3]int{1, 2, 3}:
		fmt.Println("array")
	}
	type T struct{ a int }
	switch (T{1}) {
	case T{1}:
		fmt.Println("struct")
	}
	c1, c2 := make(chan int), make(chan int)
	switch c1 {
	case nil:
		fmt.Println("nil")
	case c2:
		fmt.Println("c2")
	case c1:
		fmt.Println("c1")
	}
	var p *int
	switch p {
	case nil:
		fmt.Println("nil")
	}
	switch (*int)(nil) {
	case nil:
		fmt.Println("nil")
	}
	switch any(3.0) {
	case 3, 3.0:
		fmt.Println("3.0")
	}
	var e error
	switch e {
	case nil:
		fmt.Println("no error")
	default:
		fmt.Println("error")
	}
	switch f := func() {}; {
	case f == nil:
	default:
		f()
		fmt.Println("func")
	}
	switch x := any(1).(type) {
	case nil, error:
		fmt.Println(x)
	default:
		fmt.Println("dflt", x)
	case string:
	}
	switch true {
	case false:
		fmt.Println("false")
	case note("z", 1) == 1 && true:
		fmt.Println("true")
	}
	switch "a" + "b" {
	case "ab":
		fmt.Println("ab")
	}
l:
	switch {
	case true:
		for {
			break l
		}
		fmt.Println("no")
	}
	switch x := 7; x {
	case 1, 2:
	case 7:
		x := x + 1
		fmt.Println(x)
		{
			break
		}
	case 8:
		fallthrough
	case 9:
	}
	for i := range 3 {
		switch i {
		case 1:
			continue
		}
		defer func() { fmt.Println("deferred", i) }()
	}
	switch {
	default:
		fmt.Println("only default")
	}
	switch u := uint8(200); u {
	case 200:
		fmt.Println("u8")
	}
	var i8 int8 = -1
	switch i8 {
	case -1:
		fmt.Println("i8")
	}
	switch x := note("dup", 3); {
	case x < 3, x > 3:
	case x == 3:
		switch {
		case x == 3:
			fmt.Println("inner")
			break
		}
		fmt.Println("outer")
	}
}

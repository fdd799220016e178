// Program runes ranges over strings by bytes, and returns named results in another order.
package main

import "fmt"

type S string

func swap() (a, b int)      { a, b = 1, 2; return b, a }
func rot() (a, b, c string) { a, b, c = "a", "b", "c"; return c, a + b, a }
func mix() (n int, err error) {
	n = 3
	return n + 1, fmt.Errorf("n %d", n)
}
func def() (a, b int) {
	defer func() { a *= 10 }()
	a, b = 1, 2
	return b, a
}
func in(x int) (a, b int) {
	a, b = 5, 6
	if x > 0 {
		return b, x
	}
	for i := range 3 {
		if i == 1 {
			return i, a
		}
	}
	return
}

func main() {
	s := "é\xff漢\U0010FFFFx\xca"
	for i, r := range s {
		fmt.Print(i, " ", r, "; ")
	}
	for i := range s {
		fmt.Print(i, " ")
	}
	n := 0
	for range s {
		n++
	}
	fmt.Println(n)
	var i int
	var r rune
	for i, r = range s {
		if r == 'x' {
			break
		}
	}
	fmt.Println(i, r)
	for _, r = range S("añb") {
		fmt.Print(r, " ")
	}
	for i = range S("añb") {
		fmt.Print(i, " ")
	}
	fmt.Println()
	var fs []func()
outer:
	for i, r := range "abc漢d" {
		for j := range "ñ漢" {
			if j == 2 && i == 1 {
				continue outer
			}
			if r == 'd' {
				break outer
			}
		}
		i += 10
		fs = append(fs, func() { fmt.Print(i, " ", string(r), " ") })
	}
	for _, f := range fs {
		f()
	}
	fmt.Println()
	for i := range "" {
		fmt.Println("no", i)
	}
	t := "xy"
	for i, r := range t {
		t = "z"
		fmt.Print(i, r, t, " ")
	}
	fmt.Println()
	fmt.Println(swap())
	fmt.Println(rot())
	fmt.Println(mix())
	fmt.Println(def())
	fmt.Println(in(1))
	fmt.Println(in(0))
}

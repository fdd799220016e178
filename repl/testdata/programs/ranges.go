// Program ranges ranges over everything, into places of all kinds.
package main

import "fmt"

type S struct {
	f []int
	g [2]int
}

func idx(s string, i int) int { fmt.Print(s, " "); return i }

func main() {
	a := []int{0, 1, 2, 3}
	i := 1
	for i, a[i] = range []int{10, 20} {
		fmt.Println(i, a)
	}
	fmt.Println(i, a)
	m := map[string]int{}
	for i, m["x"] = range []int{10, 20} {
	}
	fmt.Println(i, m)
	for a[idx("k", 0)], a[idx("v", 1)] = range []int{7, 8} {
	}
	var c rune
	for i, c = range "aé\u0123x" {
		fmt.Println(i, c)
	}
	i = 9
	for i, c = range "" {
	}
	fmt.Println(i, c, a)
	var s S
	for i, s.f = range [][]int{{1}, {2, 3}} {
		s.g[i] = len(s.f)
	}
	fmt.Println(s)
	var x any
	for x = range 3 {
	}
	fmt.Println(x)
	for i, x = range []string{"p", "q"} {
	}
	fmt.Println(i, x)
	for i = range 5 {
	}
	fmt.Println(i)
	ch := make(chan int, 2)
	ch <- 4
	ch <- 5
	close(ch)
	for a[2] = range ch {
	}
	fmt.Println(a)
	for i, x = range func(yield func(int, string) bool) { _ = yield(1, "a") && yield(2, "b") } {
	}
	fmt.Println(i, x)
	for k := range m {
		delete(m, k)
	}
	arr := [3]int{1, 2, 3}
	for i, v := range arr {
		arr[2] = 10
		if i == 2 {
			fmt.Println(v)
		}
	}
	for i, v := range &arr {
		arr[2] = 20
		if i == 2 {
			fmt.Println(v)
		}
	}
	for i, v := range arr[:] {
		arr[2] = 30
		if i == 2 {
			fmt.Println(v)
		}
	}
	sl := []int{1, 2}
	for i := range sl {
		sl = append(sl, i)
	}
	fmt.Println(sl)
	for i, v := range sl {
		sl = nil
		fmt.Println(i, v)
	}
	for range 2 {
		fmt.Println("r")
	}
	for range sl {
		fmt.Println("no")
	}
	for range "abé" {
		fmt.Println("s")
	}
	for range arr {
		fmt.Println("a")
	}
	for range func(yield func() bool) { yield() } {
		fmt.Println("f")
	}
	var nilmap map[string]int
	for k, v := range nilmap {
		fmt.Println(k, v)
	}
	var u8 uint8
	for u8 = range 3 {
	}
	fmt.Println(u8)
	n := 3
	for i := range n {
		n = 10
		i *= 2
		fmt.Println(i)
	}
	type E int
	for e := range E(2) {
		fmt.Printf("%d\n", e)
	}
	pa := &arr
	for i, v := range pa {
		pa = nil
		fmt.Println(i, v)
	}
	var pn *[3]int
	for i := range pn {
		fmt.Println(i)
	}
	for i, _ := range pn {
		fmt.Println(i)
	}
}

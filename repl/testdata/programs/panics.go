package main

import "fmt"

func try(name string, f func()) {
	defer func() { fmt.Println(name, recover()) }()
	f()
}

var nilArray *[4]int

func noArray() *[4]int { fmt.Print("called "); return nil }

// discarded values are evaluated all the same.
func discarded() {
	m, k := map[any]int{}, any([]int{})
	try("key", func() { _ = m[k] })
	try("key, ok", func() { _, _ = m[k] })
	try("delete", func() { delete(m, k) })
	zero, minus := 0, -1
	try("division", func() { _ = 1 / zero })
	try("shift", func() { _ = 1 << minus })
	try("shift by", func() { zero <<= minus })
	try("comparison", func() { x, y := any([]int{}), any([]int{}); _ = x == y })
	var p *int
	try("pointer", func() { _ = *p })
	var f func()
	try("function", func() { f() })
	try("array", func() { _ = [3]int([]int{1}) })
	try("make", func() { _ = make([]int, minus) })
	try("append", func() { s := make([]struct{}, int(^uint(0)>>1)); _ = append(s, struct{}{}) })
}

// arrays whose length alone matters are not read.
func arrays() {
	try("len", func() { fmt.Print(len(nilArray), len(*nilArray), cap(nilArray), " ") })
	try("len of call", func() { fmt.Print(len(noArray()), " ") })
	try("len of value", func() { fmt.Print(len(*noArray()), " ") })
	try("range", func() {
		for i := range nilArray {
			fmt.Print(i, " ")
		}
	})
	try("range of call", func() {
		for range noArray() {
			fmt.Print(". ")
		}
	})
	try("range of value", func() {
		for range *noArray() {
			fmt.Print(". ")
		}
	})
	try("range with values", func() {
		for _, v := range nilArray {
			fmt.Print(v)
		}
	})
}

type receive <-chan int

// switches compares with nil, and with several conditions a case.
func switches[T any]() {
	switch []T(nil) {
	case nil:
		fmt.Print("nil slice ")
	}
	switch (func() T)(nil) {
	case nil:
		fmt.Print("nil func ")
	}
	c := make(chan int)
	var r <-chan int = c
	switch c {
	case r:
		fmt.Print("same channel ")
	}
	fmt.Print(r == c, r != make(receive), " ")
	for _, b := range []byte("a1Z-") {
		switch {
		case '0' <= b && b <= '9', 'A' <= b && b <= 'Z':
			fmt.Print("yes ")
		default:
			fmt.Print("no ")
		}
	}
	fmt.Println()
}

func main() {
	discarded()
	arrays()
	switches[int]()
}

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
	s, empty := []uint64{0}, ""
	try("index", func() { _ = s[1] })
	try("index of a string", func() { _ = empty[0] })
	try("assigned index", func() { s[2] = 1 })
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

type (
	octet  byte
	letter rune
	octets []octet
)

func texts[T ~string](s T) {
	o, l := octets(s), []letter(s)
	o[0], l[1] = 'H', 'E'
	fmt.Println(string(o), T(l), len(l), string([]octet(nil)) == "")
}

func main() {
	texts("h\u00e9llo")
	discarded()
	arrays()
	switches[int]()
}

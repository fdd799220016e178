package main

import "fmt"

type proto string

const tcp proto = "tcp"

type rule struct {
	proto
	from, to int
}

func parse(s string) (r rule, err error) {
	switch r.proto = proto(s); r.proto {
	case tcp:
		r.from = 1
	default:
		err = fmt.Errorf("protocol %v", r.proto)
	}
	return
}

func main() {
	fmt.Println(parse("tcp"))
	fmt.Println(parse("udp"))
	m := map[string]int{}
	switch m["a"]++; m["a"] {
	case 1:
		fmt.Println("one")
	}
}

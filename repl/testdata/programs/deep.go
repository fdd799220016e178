package main

import (
	"fmt"
	"strings"
	"sync"
)

func plain(n int) int {
	if n == 0 {
		return 0
	}
	return plain(n-1) + 1
}

type list struct{ next *list }

func (l *list) deferring() (n int) {
	defer func() { n++ }()
	if l.next == nil {
		return 0
	}
	return l.next.deferring()
}

type visitor interface{ visit(*list) int }

type counter struct{}

func (c counter) visit(l *list) int {
	if l == nil {
		return 0
	}
	var v visitor = c
	return 1 + v.visit(l.next)
}

// walks are as deep as programs go that Go runs without care.
func main() {
	var l *list
	for range 4000 {
		l = &list{l}
	}
	fmt.Println(plain(10000), l.deferring(), counter{}.visit(l))
	var wg sync.WaitGroup
	sums := make([]int, 4)
	for i := range sums {
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer strings.IndexByte("", 0)
			sums[i] = plain(3000 + i)
		}()
	}
	wg.Wait()
	fmt.Println(sums)
}

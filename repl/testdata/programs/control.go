package main

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

type point struct{ x, y int }

func divmod(a, b int) (q, r int, err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("recovered: %v", e)
		}
	}()
	q = a / b
	r = a % b
	return
}

func deferred() (s string) {
	for i := 0; i < 3; i++ {
		defer func() { s += strconv.Itoa(i) }()
	}
	for _, w := range []string{"a", "b"} {
		defer func(w string) { s += w }(w)
	}
	return "x"
}

func nested() (out string) {
	defer func() {
		out += fmt.Sprint("|", recover())
	}()
	func() {
		defer func() {
			if r := recover(); r != nil {
				out += fmt.Sprint("inner ", r)
				panic("again")
			}
		}()
		panic("first")
	}()
	return "unreached"
}

func pairs[K comparable, V any](m map[K]V, less func(a, b K) int) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for _, k := range slices.SortedFunc(maps.Keys(m), less) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}

func search(grid [][]int, want int) (p point, found bool) {
outer:
	for y, row := range grid {
		for x, v := range row {
			switch {
			case v < 0:
				continue outer
			case v == want:
				p, found = point{x, y}, true
				break outer
			}
		}
	}
	return p, found
}

func fallthroughs(n int) (s []string) {
	switch n {
	case 1:
		s = append(s, "one")
		fallthrough
	case 2:
		s = append(s, "two")
	case 3, 4:
		s = append(s, "few")
	default:
		s = append(s, "many")
	}
	return
}

func gotos() int {
	i := 0
again:
	i++
	if i < 5 {
		goto again
	}
	return i
}

func closures() []int {
	var fs []func() int
	for i := 0; i < 3; i++ {
		fs = append(fs, func() int { i *= 10; return i })
	}
	for i := range 2 {
		fs = append(fs, func() int { return i + 100 })
	}
	var out []int
	for _, f := range fs {
		out = append(out, f(), f())
	}
	return out
}

func worker(jobs <-chan int, results chan<- string, wg *sync.WaitGroup) {
	defer wg.Done()
	for j := range jobs {
		results <- fmt.Sprintf("%03d", j*j)
	}
}

func concurrent() []string {
	jobs, results := make(chan int, 10), make(chan string, 10)
	var wg sync.WaitGroup
	for range 3 {
		wg.Add(1)
		go worker(jobs, results, &wg)
	}
	for i := range 6 {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
	close(results)
	var out []string
	for r := range results {
		out = append(out, r)
	}
	slices.Sort(out)
	return out
}

func selects() string {
	a, b, done := make(chan int), make(chan string), make(chan struct{})
	go func() { a <- 1; b <- "x"; close(done) }()
	s := ""
	for {
		select {
		case v := <-a:
			s += fmt.Sprint(v)
		case v, ok := <-b:
			s += fmt.Sprint(v, ok)
		case <-done:
			select {
			case v, ok := <-done:
				s += fmt.Sprint(v, ok)
			case <-time.After(time.Minute):
				s += "late"
			}
			return s
		}
	}
}

func main() {
	fmt.Println(divmod(7, 2))
	fmt.Println(divmod(1, 0))
	fmt.Println(deferred(), nested())
	for k, v := range pairs(map[string]int{"b": 2, "a": 1, "c": 3}, strings.Compare) {
		if k == "c" {
			break
		}
		fmt.Print(k, v, " ")
	}
	fmt.Println()
	fmt.Println(search([][]int{{1, -1, 5}, {2, 5}}, 5))
	for i := 1; i < 6; i++ {
		fmt.Print(fallthroughs(i), " ")
	}
	fmt.Println(gotos(), closures())
	fmt.Println(concurrent(), selects())

	a := [3]int{1, 2, 3}
	b := a
	b[0] = 9
	pa := &a
	pa[1] = 8
	for i := range pa {
		pa[i]++
	}
	fmt.Println(a, b, a == [3]int{2, 9, 4}, len(pa))
	s := a[:]
	s = append(s[:1], 7)
	fmt.Println(a, s, cap(s))
	i, j := 0, 1
	i, s[i], j = j, 5, i
	fmt.Println(i, j, s)
	m := map[point][]string{}
	m[point{1, 2}] = append(m[point{1, 2}], "p")
	_, ok := m[point{2, 1}]
	fmt.Println(m, ok, len(m[point{}]))
	var np *point
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(np.x)
	}()
	func() {
		defer func() {
			err, _ := recover().(error)
			fmt.Println(err != nil)
		}()
		var x any = "s"
		_ = x.(int)
	}()
	var mm map[string]int
	func() {
		defer func() { fmt.Println(recover()) }()
		mm["a"]++
	}()
	x := uint8(250)
	x += 10
	var y int8 = -128
	fmt.Println(x, -y, y/-1, 7>>1, -7>>1, -7/2, -7%3, 1<<3|1, 6&^2, ^5)
	const big = 1 << 62
	fmt.Println(big>>60, 'a', "é"[0], len("é"), []rune("é"), string(rune(233)))
	for i, r := range "aé\xff" {
		fmt.Print(i, ":", r, " ")
	}
	fmt.Println()
	n := 3
	fmt.Println(1<<n, 1<<n>>1, ^uint32(0)>>n, float64(n)/2, n/2)
	type local struct {
		A int `json:"a"`
		b string
	}
	l := local{1, "z"}
	lp := &l
	lp.A++
	fmt.Printf("%v %+v %d %s\n", l, *lp, lp.A, l.b)
	fn := func(xs ...int) int { return len(xs) }
	fmt.Println(fn(), fn(1, 2), fn([]int{1, 2, 3}...))
	var e1 error
	if _, err := strconv.Atoi("x"); err != nil {
		e1 = err
	}
	var ne *strconv.NumError
	fmt.Println(errors.As(e1, &ne), ne.Func, min(3, 1, 2), max(2.5, 1))
	next, stop := iter.Pull(slices.Values([]string{"p", "q"}))
	v1, ok1 := next()
	v2, ok2 := next()
	_, ok3 := next()
	stop()
	fmt.Println(v1, ok1, v2, ok2, ok3)
	fmt.Println(strings.Repeat("=", 5), slices.Max([]int{1, 4, 2}), slices.Index([]string{"a", "b"}, "b"))
	clear(m)
	fmt.Println(len(m), sync.OnceValue(func() int { return 42 })())
}

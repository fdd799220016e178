package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
	"text/template"
)

type list []string

func (l list) String() string { return "<" + strings.Join(l, "|") + ">" }

type other []string

func (o other) String() string { return "other" }

type stack []int

func (s *stack) push(n int)        { *s = append(*s, n) }
func (s stack) Len() int           { return len(s) }
func (s stack) Less(i, j int) bool { return s[i] > s[j] }
func (s stack) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }

type bag map[string]int

func (b bag) MarshalJSON() ([]byte, error) { return json.Marshal(len(b)) }

type problems []error

func (p problems) Error() string { return fmt.Sprint(len(p), " problems") }

func (p problems) Unwrap() []error { return p }

type handler func(string) string

func (h handler) Handle(s string) string { return h(s) }

type handling interface{ Handle(string) string }

type row struct {
	Names list
	Plain []string
	Bag   bag            `json:"bag"`
	Raw   map[string]int `json:"raw"`
	More  []list
}

type sizer interface{ Len() int }

func kind(x any) string {
	switch v := x.(type) {
	case list:
		return "list " + v[0]
	case other:
		return "other " + v[0]
	case []string:
		return "strings " + v[0]
	case *stack:
		return fmt.Sprint("stack ", len(*v))
	case sizer:
		return fmt.Sprint("sizer ", v.Len())
	case []list:
		return fmt.Sprint("lists ", len(v))
	case bag, map[string]int:
		return fmt.Sprintf("%T", v)
	case handler:
		return v("h")
	}
	return fmt.Sprintf("unknown %T", x)
}

func fail(n int) error {
	if n == 0 {
		return nil
	}
	return problems{errors.New("a"), os.ErrNotExist}
}

func main() {
	fmt.Println(list{"a", "b"}, []string{"a", "b"}, other{"c"})
	fmt.Printf("%v %s %q %d %+v %T %T\n", list{"x"}, list{"x"}, list{"x"}, list{"x"}, list{"x"}, list{"x"}, []list{{"x"}})
	fmt.Printf("%#v\n", list{"x"})
	r := row{Names: list{"n"}, Plain: []string{"p"}, Bag: bag{"a": 1}, Raw: map[string]int{"a": 1}, More: []list{{"m"}}}
	fmt.Println(r)
	fmt.Printf("%+v\n", r)
	b, err := json.Marshal(r)
	fmt.Println(string(b), err)
	b, err = json.Marshal(map[string]any{"bag": bag{"x": 1, "y": 2}, "raw": map[string]int{"x": 1}, "names": list{"n"}})
	fmt.Println(string(b), err)
	for _, x := range []any{list{"1"}, other{"2"}, []string{"3"}, &stack{1, 2}, stack{1}, []list{{"x"}}, bag{}, map[string]int{}, handler(strings.ToUpper), []other{}} {
		fmt.Println(kind(x))
	}
	var x any = list{"z"}
	l, ok := x.(list)
	fmt.Println(l, ok)
	s, ok := x.([]string)
	fmt.Println(s, ok)
	_, ok = x.(fmt.Stringer)
	fmt.Println(ok)
	x = []string{"z"}
	_, ok = x.(fmt.Stringer)
	fmt.Println(ok)
	var h handling = handler(strings.ToTitle)
	fmt.Println(h.Handle("q"))
	st := stack{}
	st.push(1)
	st.push(5)
	st.push(3)
	sort.Sort(st)
	fmt.Println(st, sort.IsSorted(st))
	err = fail(1)
	var ps problems
	fmt.Println(err, errors.Is(err, os.ErrNotExist), errors.As(err, &ps), len(ps), fail(0) == nil)
	p1, p2 := &st, &stack{}
	fmt.Println(any(p1) == any(p1), any(p1) == any(p2), any(p1) == x)
	func() {
		defer func() { fmt.Println(recover()) }()
		_ = any(list{}) == any(list{})
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		panic(list{"boom"})
	}()
	m := map[any]int{p1: 1, p2: 2}
	fmt.Println(m[p1], m[p2], m[any(p2)])
	var sm sync.Map
	sm.Store("k", list{"kept"})
	v, _ := sm.Load("k")
	fmt.Println(v.(list).String(), kind(v))
	t := template.Must(template.New("").Parse("{{range .Items}}[{{.}}]{{end}} {{len .Bag}}\n"))
	var out strings.Builder
	t.Execute(&out, map[string]any{"Items": list{"i", "j"}, "Bag": bag{"q": 1}})
	fmt.Print(out.String())
	any1 := []any{list{"in"}, []any{other{"deep"}}}
	fmt.Println(any1...)
	fmt.Println(any1)
}

package main

import (
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
)

type Shape interface {
	Area() float64
	Name() string
}

type base struct{ name string }

func (b base) Name() string     { return b.name }
func (b *base) Rename(n string) { b.name = n }

type Square struct {
	base
	side float64
}

func (s Square) Area() float64 { return s.side * s.side }

type Circle struct {
	*base
	R float64
}

func (c *Circle) Area() float64 { return 3 * c.R * c.R }

type Named interface{ Name() string }

type Celsius float64

func (c Celsius) String() string { return fmt.Sprintf("%.1f°C", float64(c)) }

type Kelvin float64

type Weekday int

const (
	Sunday Weekday = iota
	Monday
)

func (d Weekday) String() string { return [...]string{"Sun", "Mon"}[d] }

func describe(v any) string {
	switch x := v.(type) {
	case nil:
		return "nil"
	case int, int64:
		return fmt.Sprintf("integer %v", x)
	case Celsius:
		return "celsius " + x.String()
	case Kelvin:
		return fmt.Sprintf("kelvin %g", float64(x))
	case float64:
		return "float"
	case Weekday:
		return "day " + x.String()
	case []string:
		return "strings " + strings.Join(x, "+")
	case error:
		return "error " + x.Error()
	case Shape:
		return "shape " + x.Name()
	case func() int:
		return fmt.Sprint("func ", x())
	case fmt.Stringer:
		return "stringer " + x.String()
	}
	return fmt.Sprintf("other %T", v)
}

type notFound struct{ key string }

func (n *notFound) Error() string        { return "not found: " + n.key }
func (n *notFound) Is(target error) bool { return target == errMissing }

var errMissing = errors.New("missing")

type wrapped struct {
	op  string
	err error
}

func (w wrapped) Error() string { return w.op + ": " + w.err.Error() }
func (w wrapped) Unwrap() error { return w.err }

func find(k string) error {
	if k == "" {
		var n *notFound
		return n
	}
	if k == "ok" {
		return nil
	}
	return wrapped{"find", fmt.Errorf("layer: %w", &notFound{k})}
}

type upper struct{ r io.Reader }

func (u upper) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	copy(p, strings.ToUpper(string(p[:n])))
	return n, err
}

type byLen []string

func (b byLen) Len() int           { return len(b) }
func (b byLen) Less(i, j int) bool { return len(b[i]) < len(b[j]) }
func (b byLen) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type Tree[T any] struct {
	Left, Right *Tree[T]
	Val         T
}

func (t *Tree[T]) Walk(f func(T) bool) bool {
	if t == nil {
		return true
	}
	return t.Left.Walk(f) && f(t.Val) && t.Right.Walk(f)
}

type Number interface {
	~int | ~int64 | ~float64
}

func Sum[T Number](xs ...T) (t T) {
	for _, x := range xs {
		t += x
	}
	return
}

type Opt func(*conf)
type conf struct {
	name string
	n    int
}

func WithName(s string) Opt { return func(c *conf) { c.name = s } }
func WithN(n int) Opt       { return func(c *conf) { c.n = n } }
func New(opts ...Opt) conf {
	c := conf{n: 1}
	for _, o := range opts {
		o(&c)
	}
	return c
}

func main() {
	shapes := []Shape{Square{base{"sq"}, 2}, &Circle{&base{"ci"}, 1}}
	total := 0.0
	for _, s := range shapes {
		total += s.Area()
	}
	fmt.Println(total, shapes[0].Name(), shapes[1].Name())
	sq := Square{base{"a"}, 3}
	sq.Rename("b")
	fmt.Println(sq.Name(), sq)
	fmt.Printf("%v %+v %T\n", sq, sq, sq)
	var n Named = sq
	if s, ok := n.(Shape); ok {
		fmt.Println("also a shape", s.Area())
	}
	_, isErr := n.(error)
	fmt.Println(isErr)

	for _, v := range []any{nil, 3, int64(4), Celsius(21.5), Kelvin(3), 2.5, Monday, []string{"a", "b"}, errMissing, shapes[0], func() int { return 7 }, struct{}{}, map[string]int{"k": 1}, &sq} {
		fmt.Println(describe(v))
	}
	fmt.Println(any(Celsius(1)) == any(Kelvin(1)), any(Celsius(1)) == any(Celsius(1)), any(1) == any(int64(1)))
	m := map[any]string{Celsius(1): "c", Kelvin(1): "k", 1: "i", "x": "s", Sunday: "d"}
	fmt.Println(m[Celsius(1)], m[Kelvin(1)], m[1], m["x"], m[Sunday], len(m))

	err := find("key")
	var nf *notFound
	fmt.Println(err, errors.As(err, &nf), nf != nil && nf.key == "key", errors.Is(err, errMissing))
	var w wrapped
	fmt.Println(errors.As(err, &w), w.op)
	fmt.Println(find("ok") == nil, find("") == nil)
	fmt.Printf("%v|%s|%q|%T\n", err, err, err, err)
	joined := errors.Join(err, io.EOF)
	fmt.Println(errors.Is(joined, io.EOF), errors.Is(joined, errMissing))

	b, _ := io.ReadAll(upper{strings.NewReader("shout")})
	fmt.Println(string(b))
	words := byLen{"ccc", "a", "bb"}
	sort.Sort(words)
	fmt.Println(words, words.Len())

	t := &Tree[string]{Val: "m", Left: &Tree[string]{Val: "a"}, Right: &Tree[string]{Val: "z"}}
	var got []string
	t.Walk(func(s string) bool { got = append(got, s); return s != "m" })
	fmt.Println(got, Sum(1, 2, 3), Sum(Celsius(1.5), 2), Sum[float64]())
	fmt.Printf("%+v %v\n", New(WithName("x"), WithN(3)), New())

	f := shapes[1].Name
	shapes[1] = nil
	fmt.Println(f(), shapes[1] == nil)
	g := (*Circle).Area
	fmt.Println(g(&Circle{R: 2}), Shape.Area(sq))
	defer func() {
		r := recover()
		fmt.Println("recovered:", r)
		_, ok := r.(error)
		fmt.Println(ok)
	}()
	fmt.Println(shapes[1].Area())
}

package main

import (
	"fmt"
	"reflect"
	"time"
)

type inner struct {
	Deep  int `json:"deep"`
	depth int
}

type Base struct{ ID string }

type record struct {
	Name string `json:"name" db:"n"`
	age  int
	Base
	*inner
	When time.Time `json:"-"`
	note string    `json:"note"`
}

type empty struct{}

func describe(t reflect.Type) {
	fmt.Print(t.Name(), " ", t.NumField(), ": ")
	for i := range t.NumField() {
		f := t.Field(i)
		fmt.Printf("%s %q %v %v %v; ", f.Name, f.Tag, f.Anonymous, f.IsExported(), f.Index)
	}
	fmt.Println()
}

var unnamed struct {
	int
	Shown, hidden bool
}

func main() {
	r := record{Name: "n", age: 3, Base: Base{"id"}, inner: &inner{7, 8}, note: "x"}
	describe(reflect.TypeOf(r))
	describe(reflect.TypeOf(empty{}))
	describe(reflect.TypeOf(unnamed))
	describe(reflect.TypeFor[inner]())
	t := reflect.TypeOf(r)
	for _, n := range []string{"Name", "age", "ID", "Deep", "depth", "Base", "None"} {
		f, ok := t.FieldByName(n)
		fmt.Println(n, f.Name, ok, f.Index, f.Tag.Get("json"))
	}
	fmt.Println(t.FieldByIndex([]int{3, 0}).Name)
	v := reflect.ValueOf(&r).Elem()
	for i := range v.NumField() {
		f := v.Field(i)
		fmt.Print(f.Kind(), f.CanSet(), f.CanInterface(), " ")
	}
	fmt.Println()
	v.Field(0).SetString("set")
	v.FieldByName("ID").SetString("other")
	fmt.Println(v.FieldByName("age").Int(), v.FieldByName("Deep"), v.FieldByIndex([]int{2, 0}), r.Name, r.ID, v.FieldByName("None").IsValid())
	u := reflect.ValueOf(&unnamed).Elem()
	fmt.Println(u.Field(0).CanSet(), u.Field(1).CanSet(), u.Field(2).CanSet(), reflect.ValueOf(time.Time{}).NumField() > 0)
	for f, w := range v.Fields() {
		fmt.Print(f.Name, w.CanSet(), " ")
	}
	for f := range t.Fields() {
		fmt.Print(f.Name, " ")
	}
	fmt.Println()
	func() {
		defer func() { fmt.Println(recover()) }()
		v.Field(1).SetInt(4)
	}()
}

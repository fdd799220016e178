// Program fields asks reflection for the fields of a struct.
package main

import (
	"fmt"
	"reflect"
)

type S struct {
	A int
	b string
	_ bool
	C []int `json:"c"`
}

func main() {
	t := reflect.TypeOf(S{})
	for i := range t.NumField() {
		f := t.Field(i)
		fmt.Println(f.Name, f.PkgPath, f.Type)
	}
	fmt.Println(t.Field(1).Name, len(t.Field(1).PkgPath))
	v := reflect.ValueOf(S{1, "x", true, nil})
	fmt.Println(v.Type().Field(0).Name, v.Field(1).String())
}

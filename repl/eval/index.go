package eval

import (
	"fmt"
	"reflect"
)

// index gives the index i of a list of n values; the panic of the interpreter
// would not tell them.
func index(i, n int) int {
	switch {
	case i < 0:
		panic(runtimeError(fmt.Sprintf("index out of range [%d]", i)))
	case i >= n:
		panic(runtimeError(fmt.Sprintf("index out of range [%d] with length %d", i, n)))
	}
	return i
}

// textOf is the conversion to string of bytes or runes whose type has a name,
// which the interpreter does not know.
func textOf(list any) string {
	v := reflect.ValueOf(unwrap(list))
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return string(v.Bytes())
	}
	runes := make([]rune, v.Len())
	for i := range runes {
		runes[i] = rune(v.Index(i).Int())
	}
	return string(runes)
}

// setText is the conversion of a string to such bytes or runes.
func setText(place any, s string) {
	v := reflect.ValueOf(place).Elem()
	if v.Type().Elem().Kind() == reflect.Uint8 {
		v.Set(reflect.MakeSlice(v.Type(), len(s), len(s)))
		for i := range len(s) {
			v.Index(i).SetUint(uint64(s[i]))
		}
		return
	}
	runes := []rune(s)
	v.Set(reflect.MakeSlice(v.Type(), len(runes), len(runes)))
	for i, r := range runes {
		v.Index(i).SetInt(int64(r))
	}
}

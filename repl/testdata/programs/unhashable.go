// Program unhashable compares and hashes what can not be compared.
package main

import "fmt"

type T struct {
	a, b int
	c    []int
}

func main() {
	defer func() { fmt.Println(recover()) }()
	var x T
	var z interface{} = x
	func() {
		defer func() { fmt.Println(recover()) }()
		fmt.Println(z == z)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		z = []int{1}
		fmt.Println(z == z)
	}()
	m := make(map[interface{}]int)
	func() {
		defer func() { fmt.Println(recover()) }()
		m[1] = 1
		fmt.Println(m[z])
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		m[[2]any{1, []int{}}] = 1
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		delete(m, z)
	}()
	z = x
	m[z] = 1
}

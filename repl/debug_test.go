package repl

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"pawsh/repl/check"
)

func TestDebug(t *testing.T) {
	src := os.Getenv("CELL")
	if src == "" {
		t.Skip()
	}
	k, out := testKernel(t)
	c, err := k.scope.Check(src, 1)
	if err != nil {
		t.Fatal(err)
	}
	dump(k, c)
	k, out = testKernel(t)
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	r := k.Eval(ctx, src)
	fmt.Println("ERR", r.Err)
	for _, v := range r.Values {
		fmt.Println("VAL", v.Plain())
	}
	fmt.Println("OUT", out.take())
}

func dump(k *Kernel, c *check.Cell) {
	for _, u := range c.Units {
		p, err := k.lower.Lower(u)
		if err != nil {
			fmt.Println("REFUSED", err)
			return
		}
		fmt.Println(p.Imports)
		for _, d := range p.Decls {
			fmt.Println(d)
		}
		fmt.Println("BODY\n" + p.Body)
	}
}

package eval

import (
	"io"
	"os"
	"reflect"
	"syscall"
)

// standardFiles gives cells os.Stdin, os.Stdout and os.Stderr of their own: one
// that closes them, or reads a script's own text from them, harms nobody else.
func (e *Evaluator) standardFiles(m map[string]reflect.Value) {
	out := func(w io.Writer, process *os.File) *os.File {
		if f, ok := w.(*os.File); ok {
			return duplicate(f)
		}
		return duplicate(process)
	}
	in, ok := e.stdin.(*os.File)
	if ok {
		in = duplicate(in)
	} else if null, err := os.Open(os.DevNull); err == nil {
		in = null
	}
	for n, f := range map[string]*os.File{"Stdin": in, "Stdout": out(e.stdout, os.Stdout), "Stderr": out(e.stderr, os.Stderr)} {
		m[n] = reflect.ValueOf(&f).Elem()
	}
}

// duplicate gives a second handle on an open file, or f itself where the system
// has none to give.
func duplicate(f *os.File) *os.File {
	c, err := f.SyscallConn()
	if err != nil {
		return f
	}
	fd, dupErr := -1, error(nil)
	err = c.Control(func(old uintptr) { fd, dupErr = syscall.Dup(int(old)) })
	if err != nil || dupErr != nil {
		return f
	}
	syscall.CloseOnExec(fd)
	if d := os.NewFile(uintptr(fd), f.Name()); d != nil {
		return d
	}
	return f
}

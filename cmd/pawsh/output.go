package main

import (
	"fmt"
	"os"
	"sync"
)

// output is the program's standard output; it remembers the first error, which
// nobody who prints looks at.
type output struct {
	file *os.File
	mu   sync.Mutex
	err  error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.file.Write(p)
	if err != nil {
		o.mu.Lock()
		if o.err == nil {
			o.err = err
		}
		o.mu.Unlock()
	}
	return n, err
}

// Standard is the file itself, for programs that write to it.
func (o *output) Standard() *os.File { return o.file }

// failed is the error of a script whose output went nowhere.
func (o *output) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		return nil
	}
	return fmt.Errorf("write output: %w", o.err)
}

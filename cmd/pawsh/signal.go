package main

import (
	"os"
	"syscall"
)

// signalNumber gives the number of a signal, from which the exit code follows.
func signalNumber(s os.Signal) int {
	if n, ok := s.(syscall.Signal); ok {
		return int(n)
	}
	return 0
}

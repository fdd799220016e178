// Command pawsh is an interactive shell for AWS in which every line is live
// Go. See the README.
package main

import (
	"os"
)

func main() {
	os.Exit(run(process{
		args: os.Args[1:], stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv,
	}))
}

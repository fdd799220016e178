// Package diag holds the one error type that every stage of a cell reports:
// what kind of failure it was, where in the person's own text it happened, and
// what to do next. It must not know any of the stages.
package diag

import (
	"errors"
	"fmt"
)

// Kind tells which part of the way of a cell failed.
type Kind string

// The kinds of errors, as the JSON door spells them.
const (
	Compile  Kind = "compile"  // the cell was refused before anything ran
	Runtime  Kind = "runtime"  // the cell panicked or raised an error
	AWS      Kind = "aws"      // a request to a cloud failed
	Internal Kind = "internal" // a fault of the shell itself
)

// Error is a failed cell, in the person's own coordinates.
type Error struct {
	Kind    Kind
	Code    string // AWS error code, if any
	Message string
	Line    int // 1-based line of the cell; 0 when unknown
	Column  int // 1-based column in bytes; 0 when unknown
	Hint    string
	Syntax  bool  // the text is not well-formed Go
	Err     error // the cause, when there is one
}

// Error gives position and message on one line.
func (e *Error) Error() string {
	switch {
	case e.Line > 0 && e.Column > 0:
		return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message)
	case e.Line > 0:
		return fmt.Sprintf("%d: %s", e.Line, e.Message)
	}
	return e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// At makes a compile error at a position.
func At(line, column int, format string, args ...any) *Error {
	return &Error{Kind: Compile, Message: fmt.Sprintf(format, args...), Line: line, Column: column}
}

// Malformed makes the error of a text that is not well-formed.
func Malformed(line, column int, format string, args ...any) *Error {
	e := At(line, column, format, args...)
	e.Syntax = true
	return e
}

// ErrInterrupted is returned when a cell was ended by Ctrl-C or by its timeout.
var ErrInterrupted = errors.New("interrupted")

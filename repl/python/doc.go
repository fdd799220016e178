// Package python turns Python that uses boto 2, as the book and its time wrote
// it, into the Go of a cell: a text is translated whole or refused whole, and
// nothing is run here. Names come from the table of boto's names in
// bindings/boto, types from the scope of the session.
//
//	text --lines--> prompts and output stripped --scan--> tokens
//	     --parse--> statements, expressions by go.starlark.net/syntax
//	     --translate--> Go, once a round until all types are known
//
// Python 2's own forms (the print statement, `except E, e`, 0700, <>) are taken
// apart before the parser of expressions sees them. Every token keeps its place
// in the text, so that errors name the line that was pasted.
package python

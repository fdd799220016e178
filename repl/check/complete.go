package check

import (
	"cmp"
	"context"
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strconv"
)

// Browser tells a Completer which packages there are around a session.
type Browser interface {
	// Bindings are the packages whose functions cells use without their names.
	Bindings() []*types.Package
	// Paths lists the import paths of all packages that cells can import.
	Paths() []string
	// PackageName is the name in the package clause of an import path.
	PackageName(path string) string
}

// Candidate is one way to go on from the cursor.
type Candidate struct {
	// Text replaces the word at the cursor, Answer.Start to Answer.End.
	Text string
	// Label is what a list shows; Text when empty.
	Label string
	// Kind is "method", "field", "func", "var", "const", "type", "package",
	// "keyword", "key" or "option".
	Kind string
	// Detail is a signature, a type or a value.
	Detail string
	// Path and Name tell where the documentation is, as in Symbol.
	Path, Name string
	// Fits tells that it is of the kind that is wanted where the cursor is.
	Fits bool

	rank rank
}

// Answer is what a Completer knows about a cursor.
type Answer struct {
	// Start and End are the bytes of the text that a candidate replaces.
	Start, End int
	// Word is what stands there, without the quote of a string.
	Word string
	// Quote is the quote of the string that the cursor is in, 0 outside.
	Quote byte
	// Closed tells that the string's closing quote stands behind the cursor.
	Closed     bool
	Candidates []Candidate
	// Call is the call that the cursor's value is an argument of, nil outside.
	Call *Call
	// Keys is the variable of the session whose keys are wanted: `m["`.
	Keys string
}

// Call is a call whose argument is being typed.
type Call struct {
	// Path and Name tell what is called, as in Symbol: "Connection.GetImage".
	Path, Name string
	// Param is the parameter's name and Type its type, of one element where it
	// is variadic.
	Param string
	Type  types.Type
	// Bare tells that the argument is still missing and not, say, part of a
	// slice that has been opened.
	Bare bool
	// Root is the variable in front of the call, as ec2 in ec2.GetImage, and
	// Direct tells that the method is the variable's own.
	Root   string
	Direct bool
	// Map tells that the argument is a map and the cursor in it: at a key, or
	// at the value of Key.
	Map bool
	Key string
	// First is the call's first argument where that is a text.
	First string
	// Outer is the call that this call is an argument of.
	Outer *Call
}

// maxText bounds the texts that are looked at: what is longer was pasted.
const maxText = 32 << 10

// Completer answers what may follow in an unfinished cell. It never changes
// what the scope's cells see nor runs anything. Like its scope it is for one
// goroutine at a time.
type Completer struct {
	scope   *Scope
	browser Browser
	used    recent
	members map[any][]member // of compiled packages and types, kept
}

// NewCompleter gives a completer for the session of a scope.
func NewCompleter(s *Scope, b Browser) *Completer {
	return &Completer{scope: s, browser: b, used: recent{at: map[string]int{}}, members: map[any][]member{}}
}

// Complete gives what may follow at byte pos of the text of a cell, the
// likeliest first. It gives up when ctx ends.
func (c *Completer) Complete(ctx context.Context, text string, pos int) Answer {
	st, ok := locate(text, pos)
	if !ok || ctx.Err() != nil {
		return Answer{Start: pos, End: pos}
	}
	a := Answer{Start: st.start, End: st.pos, Word: st.word, Quote: st.quote, Closed: st.closed}
	if st.glue != "" {
		return a
	}
	if st.importing {
		if st.quote != 0 {
			a.Candidates = c.importPaths(st.word)
		}
		return a
	}
	defer c.scope.undo()()
	if !st.check(ctx, c.scope) {
		return a
	}
	a.Call = c.call(st)
	a.Keys = st.keysOf(c.scope)
	if st.quote != 0 {
		return a
	}
	l := &list{word: st.word, used: &c.used, seen: map[string]bool{}}
	c.fill(st, l)
	a.Candidates = l.sorted()
	return a
}

// Note remembers the names in a cell that ran: they come first from now on.
func (c *Completer) Note(text string) {
	if len(text) > maxText {
		return
	}
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(text)), []byte(text), func(token.Position, string) {}, 0)
	for {
		_, tok, lit := s.Scan()
		if tok == token.EOF {
			return
		}
		if tok == token.IDENT {
			c.used.note(lit)
		}
	}
}

// looseName is the name of the files that only completion looks at.
const looseName = "cursor"

// cellName is the name of the files of cells.
const cellName = "cell"

// undo gives the function that puts back all that checking a broken cell
// changes. Its files leave the file set, which would grow with every key.
func (s *Scope) undo() func() {
	saved, units, base := s.save(), s.units, s.fset.Base()
	return func() {
		s.restore(saved)
		s.units = units
		var files []*token.File
		s.fset.Iterate(func(f *token.File) bool {
			if f.Base() >= base && (f.Name() == looseName || f.Name() == cellName) {
				files = append(files, f)
			}
			return true
		})
		for _, f := range files {
			s.fset.RemoveFile(f)
		}
	}
}

// fill collects the candidates for a cursor outside strings.
func (c *Completer) fill(st *site, l *list) {
	parent := st.parent(1)
	if sel, ok := parent.(*ast.SelectorExpr); ok && sel.Sel == st.ident {
		c.selected(st, sel, l)
		return
	}
	want := c.wanted(st)
	if lit, fields := st.literalKeys(); lit {
		c.keys(st, fields, l)
		if want == nil {
			if len(l.items) > 0 || st.word == "" {
				return
			}
		}
	}
	if ix, ok := parent.(*ast.IndexExpr); ok && ix.Index == st.ident {
		c.outs(ix, l)
	}
	c.options(st, want, l)
	c.enum(want, l)
	c.names(st, want, l)
	if st.word == "" && len(l.items) > 0 { // what does not fit need not be looked at
		slices.SortStableFunc(l.items, func(a, b Candidate) int { return cmp.Compare(a.rank.class, b.rank.class) })
		if n := slices.IndexFunc(l.items, func(c Candidate) bool { return c.rank.class > 0 }); n > 0 {
			l.items = l.items[:n]
		}
	}
}

// outs offers the numbers of cells inside Out[...].
func (c *Completer) outs(ix *ast.IndexExpr, l *list) {
	if id, ok := ix.X.(*ast.Ident); !ok || id.Name != "Out" || c.scope.objs["Out"] != nil {
		return
	}
	for n, v := range c.scope.outs {
		l.add(Candidate{Text: strconv.Itoa(n), Kind: "value", Detail: types.TypeString(v.Type(), qualifier)}, v, 0)
	}
}

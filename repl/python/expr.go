package python

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.starlark.net/syntax"
)

// Names that stand for what Starlark's grammar lacks.
const (
	same     = "__same__" // the operand before: a < b and __same__ < c
	power    = "__power__"
	setOf    = "__set__"
	reserved = "__name_" // in front of names that Starlark reserves
)

var starlarkWords = " load as class nonlocal async await finally import from raise try except with yield global del assert is while "

// expr parses an expression. What Starlark does not know is rewritten token by
// token; each column of the text that is parsed has its place in the source.
func (p *parser) expr(toks []token, near pos) (syntax.Expr, error) {
	if len(toks) == 0 {
		return nil, malformed(near, "an expression is missing")
	}
	w := &exprWriter{p: p}
	if err := w.run(toks); err != nil {
		return nil, err
	}
	var b strings.Builder
	var places []pos
	for _, t := range w.out {
		n := utf8.RuneCountInString(t.text)
		b.WriteString(t.text + " ")
		for range n + 1 {
			places = append(places, t.pos)
		}
	}
	p.segs = append(p.segs, places)
	text := syntax.FilePortion{Content: []byte(b.String()), FirstLine: int32(len(p.segs)), FirstCol: 1}
	x, err := (&syntax.FileOptions{Set: true}).ParseExpr("", text, 0)
	var serr syntax.Error
	if errors.As(err, &serr) {
		at := toks[len(toks)-1].pos
		if q := p.place(serr.Pos); q.line > 0 && int(serr.Pos.Col) <= len(places)-1 {
			at = q
		}
		return nil, malformed(at, "%s", message(serr.Msg))
	}
	if err != nil {
		return nil, malformed(near, "%v", err)
	}
	return x, nil
}

// message takes what Starlark's parser says for what a person wrote.
func message(s string) string {
	s = strings.ReplaceAll(s, "got newline", "the line ends here")
	s = strings.ReplaceAll(s, "got end of file", "the line ends here")
	return strings.TrimPrefix(s, "syntax error: ")
}

// place gives the source's position of one in a parsed expression.
func (p *parser) place(q syntax.Position) pos {
	if q.Line < 1 || int(q.Line) > len(p.segs) {
		return pos{}
	}
	seg := p.segs[q.Line-1]
	if len(seg) == 0 {
		return pos{}
	}
	return seg[min(max(int(q.Col)-1, 0), len(seg)-1)]
}

// exprWriter rewrites the tokens of one expression.
type exprWriter struct {
	p    *parser
	out  []token
	open []bracket
}

// bracket is one that is open in the output.
type bracket struct {
	at       int // of its token in the output
	text     string
	compared bool // a comparison came since the last boundary
	negated  bool
	colon    bool
	lambda   int
	comma    bool
	gen      bool // a generator: the closing bracket gets another one
}

func (w *exprWriter) emit(kind tokenKind, text string, at pos) {
	w.out = append(w.out, token{kind: kind, text: text, pos: at})
}

func (w *exprWriter) run(toks []token) error {
	w.open = []bracket{{at: -1}}
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		b := &w.open[len(w.open)-1]
		prevOperand := len(w.out) > 0 && endsOperand(w.out[len(w.out)-1])
		switch t.kind {
		case tString:
			if t.fmt {
				return refuse(t.pos, "f-strings are not translated: use %% or format")
			}
			w.p.strs = append(w.p.strs, t)
			// Its place in the table stands for the text, whose escapes Starlark
			// would read in its own way.
			w.emit(tNumber, "\""+strconv.Itoa(len(w.p.strs)-1)+"\"", t.pos)
		case tNumber:
			w.emit(tNumber, t.text, t.pos)
		case tName:
			if err := w.name(toks, &i, t, b, prevOperand); err != nil {
				return err
			}
		default:
			if err := w.op(toks, &i, t, b, prevOperand); err != nil {
				return err
			}
		}
	}
	return nil
}

func endsOperand(t token) bool {
	switch t.kind {
	case tNumber, tString:
		return true
	case tName:
		return !t.oneOf("and or not in if else for lambda")
	}
	return t.is(")") || t.is("]") || t.is("}")
}

func (w *exprWriter) name(toks []token, i *int, t token, b *bracket, prevOperand bool) error {
	next := token{}
	if *i+1 < len(toks) {
		next = toks[*i+1]
	}
	attr := len(w.out) > 0 && w.out[len(w.out)-1].is(".")
	switch {
	case attr:
	case t.text == "is" && prevOperand:
		if next.word("not") {
			*i++
			w.compare("!=", t.pos, b)
			return nil
		}
		w.compare("==", t.pos, b)
		return nil
	case t.text == "in" && prevOperand && !w.inFor(b), t.text == "not" && next.word("in"):
		w.boundaryCompare(t.pos, b)
	case t.text == "yield":
		return refuse(t.pos, "yield is not translated")
	case t.oneOf("and or not if else lambda"):
		b.compared = false
		b.negated = t.text == "not"
		if t.text == "lambda" {
			b.lambda++
		}
	case t.text == "for":
		b.compared = false
		if b.text == "(" && !b.gen {
			if b.comma {
				return refuse(t.pos, "a generator beside other arguments needs brackets of its own")
			}
			// A generator is read as the list of what it yields.
			w.out = append(w.out, token{})
			copy(w.out[b.at+2:], w.out[b.at+1:])
			w.out[b.at+1] = token{kind: tOp, text: "[", pos: w.out[b.at].pos}
			b.gen = true
		}
	}
	text := t.text
	if strings.Contains(starlarkWords, " "+text+" ") {
		text = reserved + text
	}
	w.emit(tName, text, t.pos)
	return nil
}

// inFor tells whether the `in` at hand belongs to a `for` of a comprehension.
func (w *exprWriter) inFor(b *bracket) bool {
	for j := len(w.out) - 1; j > b.at; j-- {
		t := w.out[j]
		if t.word("for") {
			return true
		}
		if t.word("in") || t.word("if") {
			return false
		}
	}
	return false
}

// compare writes an operator of comparison; where one came before it, the
// operand between them is compared twice, as Python does.
func (w *exprWriter) compare(op string, at pos, b *bracket) {
	w.boundaryCompare(at, b)
	w.emit(tOp, op, at)
}

func (w *exprWriter) boundaryCompare(at pos, b *bracket) {
	if b.compared && !b.negated {
		w.emit(tName, "and", at)
		w.emit(tName, same, at)
	}
	b.compared = true
}

func (w *exprWriter) op(toks []token, i *int, t token, b *bracket, prevOperand bool) error {
	switch t.text {
	case "<>":
		w.compare("!=", t.pos, b)
		return nil
	case "==", "!=", "<", ">", "<=", ">=":
		w.compare(t.text, t.pos, b)
		return nil
	case "`":
		return refuse(t.pos, "backquotes are not translated: use repr()")
	case ":=", "->", "@", "...":
		return malformed(t.pos, "unexpected %s", t.text)
	case "(", "[", "{":
		w.emit(tOp, t.text, t.pos)
		w.open = append(w.open, bracket{at: len(w.out) - 1, text: t.text})
		return nil
	case ")", "]", "}":
		if b.gen {
			w.emit(tOp, "]", t.pos)
		}
		if t.text == "}" && !b.colon && len(w.out)-1 > b.at {
			w.set(b, t.pos)
		} else {
			w.emit(tOp, t.text, t.pos)
		}
		w.open = w.open[:len(w.open)-1]
		return nil
	case ",":
		b.compared, b.comma = false, true
	case "=":
		b.compared = false
	case ":":
		b.compared = false
		if b.lambda > 0 {
			b.lambda--
		} else {
			b.colon = true
		}
	case "**":
		if prevOperand {
			return w.power(toks, i, t)
		}
	}
	w.emit(tOp, t.text, t.pos)
	return nil
}

// set writes {a, b} as a call with a list.
func (w *exprWriter) set(b *bracket, at pos) {
	open := w.out[b.at].pos
	body := append([]token{}, w.out[b.at+1:]...)
	w.out = w.out[:b.at]
	w.emit(tName, setOf, open)
	w.emit(tOp, "(", open)
	w.emit(tOp, "[", open)
	w.out = append(w.out, body...)
	w.emit(tOp, "]", at)
	w.emit(tOp, ")", at)
}

// power writes a ** b as a call: it binds closer than anything else.
func (w *exprWriter) power(toks []token, i *int, t token) error {
	start := operandStart(w.out)
	end := *i + 1
	for end < len(toks) && (toks[end].is("-") || toks[end].is("+")) {
		end++
	}
	if end >= len(toks) {
		return malformed(t.pos, "an operand is missing behind **")
	}
	if toks[end].is("(") || toks[end].is("[") {
		end = matching(toks, end) + 1
	} else {
		end++
	}
	for end < len(toks) && (toks[end].is(".") || toks[end].is("(") || toks[end].is("[") || toks[end].is("**")) {
		if toks[end].is("(") || toks[end].is("[") {
			end = matching(toks, end) + 1
			continue
		}
		end += 2
	}
	end = min(end, len(toks))
	left := append([]token{}, w.out[start:]...)
	w.out = w.out[:start]
	inner := &exprWriter{p: w.p}
	if err := inner.run(toks[*i+1 : end]); err != nil {
		return err
	}
	w.emit(tName, power, t.pos)
	w.emit(tOp, "(", t.pos)
	w.out = append(w.out, left...)
	w.emit(tOp, ",", t.pos)
	w.out = append(w.out, inner.out...)
	w.emit(tOp, ")", t.pos)
	*i = end - 1
	return nil
}

// matching gives the index of the bracket that closes the one at i.
func matching(toks []token, i int) int {
	depth := 0
	for ; i < len(toks); i++ {
		switch {
		case toks[i].is("("), toks[i].is("["), toks[i].is("{"):
			depth++
		case toks[i].is(")"), toks[i].is("]"), toks[i].is("}"):
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(toks) - 1
}

// operandStart gives where the operand begins that ends the tokens.
func operandStart(toks []token) int {
	i := len(toks) - 1
	for i >= 0 {
		if toks[i].is(")") || toks[i].is("]") || toks[i].is("}") {
			depth := 0
			for ; i >= 0; i-- {
				if toks[i].is(")") || toks[i].is("]") || toks[i].is("}") {
					depth++
				}
				if toks[i].is("(") || toks[i].is("[") || toks[i].is("{") {
					if depth--; depth == 0 {
						break
					}
				}
			}
			if i > 0 && (endsOperand(toks[i-1]) && !toks[i-1].is("(")) {
				i--
				continue
			}
		}
		if i > 0 && toks[i-1].is(".") {
			i -= 2
			continue
		}
		break
	}
	return max(i, 0)
}

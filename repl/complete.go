package repl

import (
	"context"
	"fmt"
	"go/types"
	"strings"
	"sync"
	"time"

	"pawsh/bindings/symbols"
	"pawsh/repl/check"
	"pawsh/repl/lineedit"
)

// assistant answers the line editor while a cell is typed.
//
//	text, cursor --> check.Completer  what the types say
//	             --> live             what there is in the cloud, in strings
//	             --> files, commands
//
// Its questions come on goroutines of the editor; mu keeps them apart from each
// other and from the cell that runs next. It never changes the session.
type assistant struct {
	sh    *Shell
	mu    sync.Mutex // of the session: held by a question and while a cell runs
	comp  *check.Completer
	live  *live
	bound names
	docs  sync.Map // sentences, by path and name
	past  sync.Once
}

// pastNames bounds the earlier inputs whose names come first.
const pastNames = 300

func newAssistant(sh *Shell) *assistant {
	w := sh.kernel.world
	return &assistant{sh: sh, comp: check.NewCompleter(sh.kernel.scope, w), live: newLive(time.Now)}
}

// assistant gives the one of the shell's prompt.
func (sh *Shell) assistant() *assistant {
	if sh.assist == nil {
		sh.assist = newAssistant(sh)
	}
	return sh.assist
}

// prompt begins a line: nothing else looks at the session now.
func (a *assistant) prompt() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.bound.look(a.sh)
	return a.sh.Prompt()
}

// run runs a cell while no question is answered.
func (a *assistant) run(text string, cell func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	defer a.live.stale()
	a.comp.Note(text)
	cell()
}

// remember takes the names of earlier sessions from the history.
func (a *assistant) remember() {
	if a.sh.history == nil {
		return
	}
	var past []string
	for e := range a.sh.history.Prefix("") {
		if past = append(past, e.Input); len(past) == pastNames {
			break
		}
	}
	for i := len(past) - 1; i >= 0; i-- {
		a.comp.Note(past[i])
	}
}

// complete gives the suggestions for the cursor, the best first.
func (a *assistant) complete(ctx context.Context, text string, pos int) []lineedit.Suggestion {
	if c, ok := commandLine(text, pos); ok {
		return a.command(ctx, text, pos, c)
	}
	return a.cell(ctx, text, pos, 0)
}

// cell completes the Go that begins at byte from of a text.
func (a *assistant) cell(ctx context.Context, text string, pos, from int) []lineedit.Suggestion {
	ans, fetch := a.ask(ctx, text[from:], pos-from)
	var out []lineedit.Suggestion
	for _, v := range fetch(ctx) {
		out = append(out, v.suggestion(ans))
	}
	if ans.Quote != 0 && wantsFile(ans.Call) {
		out = append(out, files(ans, false)...)
	}
	found := len(out) > 0
	for _, c := range ans.Candidates {
		if found && ans.Word == "" && !c.Fits {
			continue
		}
		out = append(out, a.suggestion(c, ans))
	}
	for i := range out {
		out[i].Start += from
		out[i].End += from
	}
	return out
}

// ask looks at the session under its lock. What it gives to fetch needs none:
// it waits for a cloud.
func (a *assistant) ask(ctx context.Context, text string, pos int) (check.Answer, func(context.Context) []value) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.past.Do(a.remember)
	ans := a.comp.Complete(ctx, text, pos)
	if ans.Keys != "" {
		keys := a.mapKeys(ans)
		return ans, func(context.Context) []value { return keys }
	}
	return ans, a.values(ans)
}

// hint is the signature of the call at the cursor, or what a command takes.
func (a *assistant) hint(ctx context.Context, text string, pos int) string {
	from := 0
	if c, ok := commandLine(text, pos); ok {
		switch {
		case c.run == nil:
			return ""
		case c.kind != ArgExpr || c.args < 0:
			return c.head() + " " + strings.TrimSpace(c.command.args+"   "+c.help)
		}
		from = c.args
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.comp.Signature(ctx, text[from:], pos-from)
}

// suggestion makes an entry of the editor's menu.
func (a *assistant) suggestion(c check.Candidate, ans check.Answer) lineedit.Suggestion {
	s := lineedit.Suggestion{Text: c.Text, Display: c.Label, Start: ans.Start, End: ans.End, Kind: c.Kind, Doc: c.Detail}
	if c.Path != "" {
		s.Doc = a.about(c)
	}
	if s.Doc == "" {
		s.Doc = c.Kind
	}
	if ans.Quote != 0 && !ans.Closed {
		s.Text += string(ans.Quote)
	}
	return s
}

// about is the signature of a candidate and the first sentence of its
// documentation.
func (a *assistant) about(c check.Candidate) string {
	type key struct{ path, name, detail string }
	k := key{c.Path, c.Name, c.Detail}
	if d, ok := a.docs.Load(k); ok {
		return d.(string)
	}
	// A list need not say each name twice.
	name := c.Name[strings.LastIndexByte(c.Name, '.')+1:]
	d := note(c.Detail, strings.TrimPrefix(sentence(symbols.Doc(c.Path, c.Name)), name+" "))
	a.docs.Store(k, d)
	return d
}

// sentence is the first sentence of a documentation, on one line.
func sentence(doc string) string {
	doc, _, _ = strings.Cut(doc, "\n\n")
	doc = strings.Join(strings.Fields(doc), " ")
	if s, _, ok := strings.Cut(doc, ". "); ok {
		return s + "."
	}
	return doc
}

// Bindings are the packages whose functions cells use without their names.
func (w *world) Bindings() []*types.Package {
	if w.bindings == nil {
		for _, path := range bindingPaths {
			if p, err := w.imp.Import(path); err == nil {
				w.bindings = append(w.bindings, p)
			}
		}
	}
	return w.bindings
}

// Paths lists the packages that cells can import.
func (w *world) Paths() []string {
	if w.paths == nil {
		w.paths = symbols.Paths()
	}
	return w.paths
}

// PackageName is the name in the package clause of an import path.
func (w *world) PackageName(path string) string { return symbols.PackageName(path) }

// f1 prints the documentation of the name at the cursor above the line.
func (a *assistant) f1(_ context.Context, text string, pos int) (string, int) {
	expr := exprAt(text, pos)
	if expr == "" {
		return text, pos
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	doc, err := a.sh.kernel.Doc(expr)
	if err != nil {
		doc = fmt.Sprintf("no documentation of %s", expr)
	}
	fmt.Fprintln(a.sh.out, head(strings.TrimSpace(doc), maxHelp, expr+"?"))
	return text, pos
}

// maxHelp bounds the lines that F1 puts between a person and the text being
// typed: some operations have hundreds.
const maxHelp = 20

// head is the beginning of a text, and how to see the rest.
func head(text string, n int, more string) string {
	lines := strings.Split(text, "\n")
	if len(lines) <= n+1 {
		return text
	}
	return fmt.Sprintf("%s\n... %d more lines: %s", strings.TrimSpace(strings.Join(lines[:n], "\n")), len(lines)-n, more)
}

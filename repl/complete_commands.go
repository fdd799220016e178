package repl

import (
	"cmp"
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"pawsh/bindings/session"
	"pawsh/recipes"
	"pawsh/repl/check"
	"pawsh/repl/lineedit"
	"pawsh/repl/settings"
)

// typedCommand is a command in an unfinished line.
type typedCommand struct {
	command
	begin int // of its colon
	args  int // of its arguments; -1 while the name is being typed
}

// commandLine tells whether the cursor at pos is in a command.
func commandLine(text string, pos int) (t typedCommand, ok bool) {
	t.begin = len(text) - len(strings.TrimLeft(text, " \t"))
	if t.begin >= pos || strings.Contains(text, "\n") {
		return t, false
	}
	line := text[t.begin:pos]
	switch line[0] {
	case ':':
		name, rest, more := strings.Cut(line[1:], " ")
		t.command, _ = find(name)
		t.args = -1
		if more {
			rest = strings.TrimLeft(rest, " \t")
			if first, behind, ok := strings.Cut(rest, " "); ok && t.then != ArgNone && slices.Contains(t.values, first) {
				t.kind, t.values, rest = t.then, nil, strings.TrimLeft(behind, " \t")
			}
			t.args = pos - len(rest)
		}
		return t, true
	case '!':
		// A word and a blank: in a negation there is none.
		t.command, _ = find("!")
		t.args = t.begin + 1
		return t, strings.Contains(line, " ")
	}
	return t, false
}

// command completes the name or an argument of a command.
func (a *assistant) command(ctx context.Context, text string, pos int, c typedCommand) []lineedit.Suggestion {
	if c.args < 0 {
		return commandNames(text, c.begin+1, pos)
	}
	if c.run == nil {
		return nil
	}
	line, args := text[:pos], c.args
	start := max(strings.LastIndexAny(line, " \t")+1, args)
	w := words1{word: line[start:pos], start: start, pos: pos}
	if start == args { // of the first argument
		for _, v := range c.values {
			w.offer(v, "")
		}
	}
	switch c.kind {
	case ArgValueFile:
		if start > args && slices.Contains([]string{"save", "load"}, firstWord(line[args:])) {
			return files(check.Answer{Start: start, End: pos, Word: w.word}, false)
		}
	case ArgCommand:
		for _, o := range commands() {
			w.offer(o.name, o.help)
		}
	case ArgRegion:
		for _, r := range session.Regions(a.sh.env.Region()) {
			w.offer(r, "")
		}
	case ArgProfile:
		for _, p := range a.sh.env.Profiles() {
			w.offer(p, "")
		}
	case ArgSetting:
		if key, ok := settings.Find(firstWord(line[args:])); ok && start > args {
			for _, v := range key.Values {
				w.offer(v, "")
			}
			break
		}
		for _, k := range settings.Keys() {
			w.offer(k.Name, k.Help)
		}
	case ArgEnv:
		for _, e := range os.Environ() {
			n, _, _ := strings.Cut(e, "=")
			w.offer(n, "")
		}
	case ArgCell:
		a.earlier(&w)
	case ArgRecipe:
		a.recipes(&w, start == args, c.name)
	case ArgFile, ArgDir:
		return files(check.Answer{Start: start, End: pos, Word: w.word}, c.kind == ArgDir)
	case ArgExpr:
		out := a.cell(ctx, text[:pos], pos, args)
		return append(w.sorted(), out...)
	case ArgText:
		if c.name == "!" {
			return files(check.Answer{Start: start, End: pos, Word: w.word}, false)
		}
	}
	return w.sorted()
}

func commandNames(text string, from, pos int) []lineedit.Suggestion {
	w := words1{word: text[from:pos], start: from, pos: pos}
	for _, c := range commands() {
		if c.name != "!" {
			w.offer(c.name, strings.TrimSpace(c.args+"  "+c.help))
		}
	}
	return w.sorted()
}

// earlier offers the numbers of this session's cells, the latest first.
func (a *assistant) earlier(w *words1) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range slices.Backward(a.sh.session.cells) {
		if c.n > 0 {
			w.offer(strconv.Itoa(c.n), firstOf(c.text))
		}
	}
}

// recipes offers their names, and behind a name what is done with it.
func (a *assistant) recipes(w *words1, first bool, command string) {
	what := []string{"show", "run", "check", "clean", "paste"}
	if command == "lesson" {
		what = []string{"--again", "--auto", "--big", "--show"}
	}
	if !first {
		for _, x := range what {
			w.offer(x, "")
		}
		return
	}
	all, err := recipes.All()
	if err != nil {
		return
	}
	lang := a.sh.lang()
	for _, r := range all {
		w.offer(r.ID, r.Title.In(lang))
	}
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w
}

func firstOf(text string) string {
	l, _, _ := strings.Cut(text, "\n")
	return l
}

// words1 collects plain words that answer another.
type words1 struct {
	word       string
	start, pos int
	all        []lineedit.Suggestion
}

func (w *words1) offer(text, doc string) {
	if check.Fit(text, w.word) < check.Unfit {
		w.all = append(w.all, lineedit.Suggestion{Text: text, Doc: doc, Start: w.start, End: w.pos})
	}
}

func (w *words1) sorted() []lineedit.Suggestion {
	return bestFits(w.all, w.word, func(s lineedit.Suggestion) string { return s.Text })
}

// bestFits keeps of what fits a word what fits it well, the best first and
// otherwise in order.
func bestFits[T any](all []T, word string, name func(T) string) []T {
	best := check.Unfit
	for _, x := range all {
		best = min(best, check.Fit(name(x), word))
	}
	const prefix = 2 // the last fit of a beginning
	limit := max(best, prefix)
	out := slices.DeleteFunc(slices.Clone(all), func(x T) bool {
		f := check.Fit(name(x), word)
		return f > limit || f >= check.Unfit
	})
	slices.SortStableFunc(out, func(a, b T) int {
		return cmp.Compare(check.Fit(name(a), word), check.Fit(name(b), word))
	})
	return out
}

// wantsFile tells whether the parameter of a call is the name of a file.
func wantsFile(c *check.Call) bool {
	if c == nil {
		return false
	}
	switch strings.ToLower(c.Param) {
	case "filename", "directorypath", "dirname", "filepath":
		return true
	case "name", "path", "dir", "file", "oldpath", "newpath", "pattern", "root", "src", "dst":
		return c.Path == "os" && c.Name != "Getenv" && c.Name != "Setenv" || c.Path == "path/filepath" || c.Path == "io/ioutil"
	case "file1", "file2":
		return true
	}
	return false
}

// files lists the files that a name being typed may mean.
func files(ans check.Answer, onlyDirs bool) []lineedit.Suggestion {
	dir, base := path.Split(ans.Word)
	look := dir
	if look == "" {
		look = "."
	}
	entries, err := os.ReadDir(look)
	if err != nil {
		return nil
	}
	var out []lineedit.Suggestion
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") && !strings.HasPrefix(base, ".") || strings.ContainsAny(name, "\"`\\\n") {
			continue
		}
		info, err := os.Stat(filepath.Join(look, name)) // what a link leads to
		if err != nil || onlyDirs && !info.IsDir() {
			continue
		}
		s := lineedit.Suggestion{Text: dir + name, Display: name, Start: ans.Start, End: ans.End, Kind: "file", Doc: size(info.Size())}
		switch {
		case info.IsDir():
			s.Text, s.Display, s.Doc = s.Text+"/", name+"/", "directory"
		case ans.Quote != 0 && !ans.Closed:
			s.Text += string(ans.Quote)
		}
		if check.Fit(name, base) < check.Unfit {
			out = append(out, s)
		}
	}
	return bestFits(out, base, func(s lineedit.Suggestion) string { return s.Display })
}

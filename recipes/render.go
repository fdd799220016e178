package recipes

import (
	"fmt"
	"strings"

	"github.com/rivo/uniseg"
)

// List is the table of contents, of the recipes that match a query: name,
// minutes and title of each under its chapter.
func List(all []*Recipe, query string, l Lang) string {
	var b strings.Builder
	chapter := 0
	for _, r := range all {
		if !r.Matches(query) {
			continue
		}
		if r.Chapter != chapter {
			if chapter != 0 {
				b.WriteByte('\n')
			}
			chapter = r.Chapter
			b.WriteString(ChapterTitle(chapter, l) + "\n")
		}
		fmt.Fprintf(&b, "  %-20s %s %s  %s\n", r.ID, stars(r.Level), pad(wordMinutes.in(l, r.Minutes), 10), r.Title.In(l))
	}
	if b.Len() == 0 {
		return wordNone.in(l, query) + "\n"
	}
	return b.String()
}

func stars(level int) string { return fmt.Sprintf("%-3s", strings.Repeat("*", level)) }

// pad fills a text with blanks on its left to a width on the screen.
func pad(s string, width int) string {
	return strings.Repeat(" ", max(0, width-uniseg.StringWidth(s))) + s
}

// Markdown is a recipe as a page.
func Markdown(r *Recipe, l Lang) string {
	w := &page{lang: l}
	w.line("# %s", r.Title.In(l))
	w.line("`%s` · %s · %s: %s · %s: %s · %s", r.ID, wordChapter.in(l, r.Chapter), wordServices.in(l), strings.Join(r.Services, ", "),
		wordLevel.in(l), strings.Repeat("★", r.Level), wordMinutes.in(l, r.Minutes))
	w.head(wordProblem)
	w.text(r.Problem)
	if len(r.Setup) > 0 {
		w.head(wordBefore)
		w.cells(r.Setup)
	}
	w.head(wordSolution)
	for i, s := range r.Steps {
		w.line("### %s", wordStep.in(l, i+1))
		w.text(s.Prose)
		w.cells(s.Cells)
	}
	if len(r.Call) > 0 {
		w.head(wordFunction)
		w.cells(r.Call)
		if src := Source(r.Function); src != "" {
			w.text(words[wordFunctionIs])
			w.code("go", src)
		}
	}
	w.head(wordSDK)
	w.cells(r.SDK)
	w.head(wordBoto)
	w.code("python", strings.Join(r.Boto, "\n"))
	if len(r.CLI) > 0 {
		w.head(wordCLI)
		w.code("sh", strings.Join(r.CLI, "\n"))
	}
	if len(r.Cleanup) > 0 {
		w.head(wordCleanup)
		w.cells(r.Cleanup)
	}
	w.head(wordDiscussion)
	w.text(r.Discussion)
	if len(r.Operations) > 0 {
		w.line("%s: %s", wordOperations.in(l), strings.Join(r.Operations, ", "))
	}
	if len(r.Exercises) > 0 {
		w.head(wordExercises)
	}
	for i, e := range r.Exercises {
		w.line("### %s", wordExercise.in(l, i+1))
		w.text(e.Task)
		for j, h := range e.Hints {
			w.line("<details><summary>%s</summary>\n\n%s\n\n</details>", wordHint.in(l, j+1), h.In(l))
		}
		w.line("<details><summary>%s</summary>\n\n```\n%s```\n\n</details>", wordAnswer.in(l), Transcript(e.Solution))
	}
	return strings.TrimRight(w.b.String(), "\n") + "\n"
}

// page is Markdown that is being written, its parts apart by an empty line.
type page struct {
	b    strings.Builder
	lang Lang
}

func (w *page) line(format string, args ...any) { fmt.Fprintf(&w.b, format+"\n\n", args...) }
func (w *page) head(h word)                     { w.line("## %s", h.in(w.lang)) }
func (w *page) text(t Text)                     { w.line("%s", t.In(w.lang)) }
func (w *page) cells(cells []Cell)              { w.code("", Transcript(cells)) }

func (w *page) code(lang, src string) {
	w.line("```%s\n%s\n```", lang, strings.TrimRight(src, "\n"))
}

// Transcript writes cells with their answers as the prompt would show them.
// Pasted into the shell it runs again.
func Transcript(cells []Cell) string {
	var b strings.Builder
	for _, c := range cells {
		prompt := "pawsh> "
		for l := range strings.SplitSeq(c.Source, "\n") {
			b.WriteString(strings.TrimRight(prompt+l, " ") + "\n")
			prompt = "... "
		}
		b.WriteString(c.Output)
	}
	return b.String()
}

// Index is the page that lists the recipes, with a link to each.
func Index(all []*Recipe, l Lang) string {
	w := &page{lang: l}
	w.line("<!-- %s -->\n# %s", wordRendered.in(l), wordBook.in(l))
	for i, r := range all {
		if i == 0 || all[i-1].Chapter != r.Chapter {
			w.line("## %s", ChapterTitle(r.Chapter, l))
		}
		fmt.Fprintf(&w.b, "- [%s](%s.md) `%s`, %s, %s\n", r.Title.In(l), r.ID, r.ID, strings.Repeat("★", r.Level), wordMinutes.in(l, r.Minutes))
		if i == len(all)-1 || all[i+1].Chapter != r.Chapter {
			w.b.WriteByte('\n')
		}
	}
	return strings.TrimRight(w.b.String(), "\n") + "\n"
}

// Pages renders docs/recipes: the text of each file by its name below it.
func Pages() (map[string]string, error) {
	all, err := All()
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, l := range Langs() {
		out[string(l)+"/README.md"] = Index(all, l)
		for _, r := range all {
			out[string(l)+"/"+r.ID+".md"] = "<!-- " + wordRendered.in(l) + " -->\n" + Markdown(r, l)
		}
	}
	return out, nil
}

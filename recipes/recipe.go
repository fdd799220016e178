// Package recipes has the recipes of the cookbook: each a text file that holds
// the problem, the solution step by step, a discussion and exercises, in
// English and in Japanese, and the code in all its forms. It loads them, runs
// them by a Runner, compares what came out with what the text says, and renders
// them. It knows neither the shell nor the sandbox.
//
//	data/ID.txtar -> Parse -> Recipe -> Try (by a Runner) -> Outcome
//	                                 -> Text, Markdown
package recipes

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Recipe is one recipe of the cookbook.
type Recipe struct {
	ID         string
	Chapter    int // of the book
	Number     int // within the chapter
	Services   []string
	Level      int // 1 to 3
	Minutes    int
	Operations []string // of AWS, such as ec2:RunInstances
	Function   string   // its name in package cookbook

	Title, Problem, Discussion Text
	// Setup makes what the recipe takes for granted.
	Setup []Cell
	Steps []Step
	// Call is the recipe by its function, SDK by the AWS SDK alone.
	Call, SDK []Cell
	// Boto lists the calls of boto that the steps stand for.
	Boto []string
	// CLI lists the command lines of the AWS CLI.
	CLI []string
	// Cleanup takes away all that setup and recipe made.
	Cleanup []Cell
	// Checks are expressions that are true when the recipe has been done.
	Checks    []string
	Exercises []Exercise
}

// Step is a part of the solution.
type Step struct {
	Prose Text
	Cells []Cell
	// Machine tells that the step needs a machine that boots, or its measures:
	// many imitations of AWS have none.
	Machine bool
}

// Cell is what a person types, and what the shell answers.
type Cell struct {
	Source string
	Output string // with its last line break; "..." stands for anything
	Fails  bool   // the answer is an error
}

// Exercise is something to try on one's own.
type Exercise struct {
	Task     Text
	Hints    []Text // from a nudge to the answer
	Check    string // an expression that is true when it is done
	Solution []Cell
	Cleanup  []Cell // takes away what the recipe's own does not
}

// Lang is a language of the texts.
type Lang string

// The languages that every recipe has.
const (
	English  Lang = "en"
	Japanese Lang = "ja"
)

// Langs lists the languages.
func Langs() []Lang { return []Lang{English, Japanese} }

// LangOf gives the language that the environment asks for: that of LC_ALL,
// LC_MESSAGES or LANG, English for all others.
func LangOf(getenv func(string) string) Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			if v == "ja" || strings.HasPrefix(v, "ja_") || strings.HasPrefix(v, "ja.") {
				return Japanese
			}
			return English
		}
	}
	return English
}

// ParseLang gives the language of a code such as ja.
func ParseLang(code string) (Lang, error) {
	if l := Lang(code); slices.Contains(Langs(), l) {
		return l, nil
	}
	return "", fmt.Errorf("language %q: there are en and ja", code)
}

// Text is a text in each language.
type Text map[Lang]string

// In gives the text in a language.
func (t Text) In(l Lang) string { return t[l] }

//go:embed data/*.txtar
var files embed.FS

// IDs lists the recipes' ids by name, without reading them.
func IDs() []string {
	names, err := fs.Glob(files, "data/*.txtar")
	if err != nil {
		panic("recipes: " + err.Error()) // only a malformed pattern
	}
	ids := make([]string, len(names))
	for i, n := range names {
		ids[i] = strings.TrimSuffix(path.Base(n), ".txtar")
	}
	return ids
}

// Load reads one recipe.
func Load(id string) (*Recipe, error) {
	src, err := files.ReadFile("data/" + id + ".txtar")
	if err != nil {
		return nil, &UnknownError{ID: id}
	}
	return Parse(id, src)
}

// UnknownError says that there is no recipe of a name.
type UnknownError struct{ ID string }

// Error names it.
func (e *UnknownError) Error() string { return fmt.Sprintf("there is no recipe %q", e.ID) }

// All reads the recipes in the order of the book.
func All() ([]*Recipe, error) {
	var all []*Recipe
	for _, id := range IDs() {
		r, err := Load(id)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b *Recipe) int {
		if a.Chapter != b.Chapter {
			return a.Chapter - b.Chapter
		}
		return a.Number - b.Number
	})
	return all, nil
}

// Matches tells whether a recipe answers a search: every word must occur in its
// id, services, operations, function, or in the title or problem of either
// language; "ch2" is a chapter.
func (r *Recipe) Matches(query string) bool {
	hay := strings.ToLower(strings.Join(slices.Concat(
		[]string{r.ID, r.Function, fmt.Sprintf("ch%d chapter%d", r.Chapter, r.Chapter)}, r.Services, r.Operations,
		[]string{r.Title.In(English), r.Title.In(Japanese), r.Problem.In(English), r.Problem.In(Japanese)}), " "))
	for _, w := range strings.Fields(strings.ToLower(query)) {
		if !strings.Contains(hay, w) {
			return false
		}
	}
	return true
}

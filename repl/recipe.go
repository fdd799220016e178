package repl

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"slices"
	"strings"

	"pawsh/recipes"
	"pawsh/repl/check"
	"pawsh/repl/diag"
	"pawsh/repl/input"
)

// learning is what the shell keeps of recipes and lessons.
type learning struct {
	lang   recipes.Lang // "" until it is asked for
	lesson *lesson      // the one that runs, nil without
}

func recipeCommands() []command {
	return []command{
		{
			name: "recipe", group: groupLearning, args: "[NAME [WHAT]|WORD...]", kind: ArgRecipe,
			help: "the cookbook's recipes: list, show, run",
			long: "Without arguments all are listed, with words those that have them, in English or Japanese. NAME shows a recipe; " +
				"NAME run prepares and does its steps in this session, NAME check tells whether it is done, NAME clean takes away what it made, " +
				"NAME paste puts its code into the prompt. What makes or deletes something goes to the sandbox or to an --endpoint, never to a real account.",
			example: ":recipe bucket\n:recipe create-bucket\n:recipe create-bucket run\n:recipe create-bucket clean",
			run:     (*Shell).cmdRecipe,
		}, {
			name: "lesson", aliases: []string{"l"}, group: groupLearning, args: "[NAME|hint|skip|back|stop]", kind: ArgRecipe,
			values: []string{"hint", "skip", "back", "stop"},
			help:   "learn a recipe step by step",
			long: "The text of a step is shown and its code stands at the prompt: change it or not, Enter runs it. Anything else may be typed in between. " +
				"After the steps the state of the cloud is checked, and the exercises are for you: hint gives a hint, skip does the rest of the step, " +
				"back goes back, stop leaves. Where you were is kept. Without arguments the course is listed, or the lesson's place shown.\n" +
				"Options after NAME: --again begins anew, --show calls|headers|wire shows the requests, --auto 2s types by itself, --big is for an audience.",
			example: ":lesson create-bucket\n:lesson hint\n:lesson launch-instance --auto 2s --show calls",
			run:     (*Shell).cmdLesson,
		}, {
			name: "lang", group: groupLearning, args: "[en|ja]", kind: ArgValue, values: []string{"en", "ja"},
			help: "language of recipes and lessons",
			long: "It begins as LC_ALL, LC_MESSAGES or LANG have it.",
			run:  (*Shell).cmdLang,
		},
	}
}

// lang is the language of recipes and lessons.
func (sh *Shell) lang() recipes.Lang {
	if sh.learning.lang == "" {
		sh.learning.lang = recipes.LangOf(sh.getenv)
	}
	return sh.learning.lang
}

func (sh *Shell) cmdLang(_ context.Context, args string) (string, error) {
	if args == "" {
		return string(sh.lang()), nil
	}
	l, err := recipes.ParseLang(args)
	if err != nil {
		return "", usage("%v", err)
	}
	sh.learning.lang = l
	return "", nil
}

func (sh *Shell) cmdRecipe(ctx context.Context, args string) (string, error) {
	ws, err := words(args)
	if err != nil {
		return "", err
	}
	if len(ws) == 0 || !slices.Contains(recipes.IDs(), ws[0]) {
		return sh.listRecipes(ws)
	}
	r, err := recipes.Load(ws[0])
	if err != nil {
		return "", failed(err, "")
	}
	what := "show"
	if len(ws) > 1 {
		what = ws[1]
	}
	if len(ws) > 2 {
		return "", usage(":recipe %s %s: %q is too much", r.ID, what, strings.Join(ws[2:], " "))
	}
	switch what {
	case "show":
		return sh.fold(recipes.Markdown(r, sh.lang())), nil
	case "run":
		if err := sh.mayPlay(); err != nil {
			return "", err
		}
		return sh.runRecipe(ctx, r)
	case "clean":
		if err := sh.mayPlay(); err != nil {
			return "", err
		}
		return "", sh.cleanRecipe(ctx, r)
	case "check":
		return sh.checkRecipe(ctx, r)
	case "paste":
		return sh.pasteRecipe(r)
	}
	return "", usage("%q: what is done with a recipe is show, run, check, clean or paste", what)
}

// listRecipes lists all recipes, or those that match; a single one that is
// nearly named is suggested.
func (sh *Shell) listRecipes(ws []string) (string, error) {
	all, err := recipes.All()
	if err != nil {
		return "", failed(err, "")
	}
	query := strings.Join(ws, " ")
	if !slices.ContainsFunc(all, func(r *recipes.Recipe) bool { return r.Matches(query) }) {
		d := &diag.Error{Kind: diag.Compile, Message: strings.TrimSpace(recipes.List(all, query, sh.lang())), Hint: ":recipe lists all"}
		if near := check.Nearest(query, recipes.IDs()); near != "" {
			d.Hint = "did you mean :recipe " + near + "?"
		}
		return "", d
	}
	return recipes.List(all, query, sh.lang()), nil
}

// mayPlay refuses to make and delete things on a real account.
func (sh *Shell) mayPlay() error {
	if sh.env.InSandbox() || sh.env.Endpoint() != "" {
		return nil
	}
	return &diag.Error{Kind: diag.Runtime, Message: "recipes and lessons make and delete things, and this is the account of " + sh.env.ProfileName(),
		Hint: ":sandbox goes to the sandbox; :recipe NAME paste puts the code into the prompt, for you to look at"}
}

// fold fits a page to the screen; code stays as it is.
func (sh *Shell) fold(page string) string {
	width := sh.width()
	if width <= 0 || width > 88 {
		width = 88
	}
	var out []string
	code := false
	for line := range strings.SplitSeq(page, "\n") {
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		if !code {
			line = recipes.Fold(line, width)
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// runRecipe does a recipe in this session as if it were typed.
func (sh *Shell) runRecipe(ctx context.Context, r *recipes.Recipe) (string, error) {
	cells := append(slices.Clone(r.Setup), r.Cells(recipes.FormSteps, sh.env.InSandbox())...)
	if err := sh.typeAll(ctx, cells); err != nil {
		return "", err
	}
	out, err := sh.checkRecipe(ctx, r)
	if err == nil && len(r.Cleanup) > 0 {
		out += say(phraseClean, sh.lang(), ":recipe "+r.ID+" clean") + "\n"
	}
	return out, err
}

// cleanRecipe takes away what a recipe and those of its exercises that were done
// have made.
func (sh *Shell) cleanRecipe(ctx context.Context, r *recipes.Recipe) error {
	for _, e := range r.Exercises {
		if done, _ := sh.holds(ctx, e.Check); done && len(e.Cleanup) > 0 { // one that fails is not done
			if err := sh.typeAll(ctx, e.Cleanup); err != nil {
				return err
			}
		}
	}
	return sh.typeAll(ctx, r.Cleanup)
}

// typeAll shows and runs cells; it stops at the first that does what it should
// not. What went wrong has been printed.
func (sh *Shell) typeAll(ctx context.Context, cells []recipes.Cell) error {
	for _, c := range cells {
		if err := sh.typeCell(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// typeCell shows a cell behind the prompt and runs it.
func (sh *Shell) typeCell(ctx context.Context, c recipes.Cell) error {
	prompt := sh.Prompt()
	for line := range strings.SplitSeq(c.Source, "\n") {
		fmt.Fprintln(sh.out, prompt+line)
		prompt = "... "
	}
	err := sh.Run(ctx, c.Source)
	switch {
	case ctx.Err() != nil || errors.Is(err, diag.ErrInterrupted):
		return diag.ErrInterrupted
	case err == nil && c.Fails:
		return failed(errors.New("the cell should have failed"), "")
	case err != nil && !c.Fails:
		return printed{err}
	}
	return nil
}

// checkRecipe tells which of a recipe's checks hold.
func (sh *Shell) checkRecipe(ctx context.Context, r *recipes.Recipe) (string, error) {
	var b strings.Builder
	failing := 0
	for _, c := range r.Checks {
		mark := sh.palette.Accent("ok  ")
		if ok, err := sh.holds(ctx, c); err != nil || !ok {
			if errors.Is(err, diag.ErrInterrupted) {
				return "", err
			}
			failing++
			mark = sh.palette.Danger("no  ")
		}
		fmt.Fprintf(&b, "%s%s\n", mark, c)
	}
	if failing > 0 {
		sh.show(b.String())
		return "", &diag.Error{Kind: diag.Runtime, Message: say(phraseNotDone, sh.lang(), failing, len(r.Checks))}
	}
	return b.String(), nil
}

// holds tells whether an expression is true, without a trace in the session:
// _ and the history stay as they are.
func (sh *Shell) holds(ctx context.Context, expr string) (bool, error) {
	ctx, cancel := sh.bounded(ctx)
	defer cancel()
	const untrue = "recipes: the check is not true"
	r := sh.kernel.Eval(ctx, fmt.Sprintf("if !(%s) { panic(%q) }", expr, untrue))
	err := interruption(ctx, r.Err, r.Elapsed)
	if err != nil && strings.Contains(err.Error(), untrue) {
		return false, nil
	}
	return err == nil, err
}

// isLook tells whether a cell only shows a value, which means nothing among other
// statements.
func isLook(src string) bool {
	e, err := parser.ParseExpr(src)
	_, call := e.(*ast.CallExpr)
	return err == nil && !call
}

// pasteRecipe puts a recipe's code into the prompt, or prints it where there is
// none. Commands can't stand among Go and are left out, as is what only shows a
// value.
func (sh *Shell) pasteRecipe(r *recipes.Recipe) (string, error) {
	var lines, left []string
	for _, c := range slices.Concat(r.Setup, r.Cells(recipes.FormSteps, true)) {
		switch _, isCommand := input.Command(c.Source); {
		case isCommand:
			left = append(left, c.Source)
		case !c.Fails && !isLook(c.Source):
			lines = append(lines, c.Source)
		}
	}
	note := ""
	if len(left) > 0 {
		note = say(phraseLeftOut, sh.lang(), strings.Join(left, ", "))
	}
	text := strings.Join(lines, "\n")
	if sh.editor == nil {
		return text, nil
	}
	sh.editor.SetText(text, len(text))
	return note, nil
}

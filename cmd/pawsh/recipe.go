package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"pawsh/recipes"
	"pawsh/repl"
)

// recipeOptions are the flags of `pawsh recipe`.
type recipeOptions struct {
	lang, endpoint, region, form, dir string
	ids, update, yes                  bool
}

// recipeCommand is `pawsh recipe`.
func recipeCommand(p process) *cobra.Command {
	var o recipeOptions
	c := &cobra.Command{
		Use:     "recipe",
		Short:   "Read, run and check the recipes of the cookbook",
		Long:    "recipe lists, shows and runs the cookbook's recipes. At the prompt, :recipe and :lesson do the same.",
		Example: "  pawsh recipe list\n  pawsh recipe show launch-instance --lang ja\n  pawsh recipe run create-bucket",
		Args:    cobra.NoArgs,
	}
	c.PersistentFlags().StringVar(&o.lang, "lang", string(recipes.LangOf(p.getenv)), "language of the texts: en or ja")
	list := &cobra.Command{
		Use: "list [WORD...]", Short: "List the recipes that match all words, in either language",
		RunE: func(_ *cobra.Command, args []string) error { return listRecipes(p, o, strings.Join(args, " ")) },
	}
	list.Flags().BoolVar(&o.ids, "ids", false, "print the names only, one a line")
	show := &cobra.Command{
		Use: "show NAME", Short: "Print a recipe", Args: cobra.ExactArgs(1), ValidArgs: recipes.IDs(),
		RunE: func(_ *cobra.Command, args []string) error { return showRecipe(p, o, args[0]) },
	}
	run := &cobra.Command{
		Use: "run NAME", Short: "Run a recipe in a fresh sandbox and print what happens", Args: cobra.ExactArgs(1), ValidArgs: recipes.IDs(),
		Long: "run does a recipe in a sandbox of its own, or at --endpoint, in an empty directory:\nits preparation, its steps, its checks and its clean-up.",
		RunE: func(cmd *cobra.Command, args []string) error { return runRecipe(cmd.Context(), p, o, args[0]) },
	}
	check := &cobra.Command{
		Use: "check [NAME...]", Short: "Run every form of recipes and compare with what their texts say", ValidArgs: recipes.IDs(),
		Long: "check runs the steps, the function, the SDK form and the exercises of each recipe, each in a\nfresh sandbox, compares the answers with the text and looks at the state of the cloud.\nAt --endpoint only success and state are looked at.",
		RunE: func(cmd *cobra.Command, args []string) error { return checkRecipes(cmd.Context(), p, o, args) },
	}
	for _, sub := range []*cobra.Command{run, check} {
		sub.Flags().StringVar(&o.endpoint, "endpoint", "", "run at `URL` and not in a sandbox; what is there is changed")
		sub.Flags().BoolVar(&o.yes, "yes", false, "agree to what the recipe deletes at an --endpoint that is not on this machine")
		sub.Flags().StringVar(&o.region, "region", "", "region to run in")
		sub.Flags().StringVar(&o.form, "form", "", "run this form only: steps, function or sdk")
	}
	check.Flags().StringVar(&o.dir, "dir", "", "read the recipes from `DIR`, where they are being written")
	check.Flags().BoolVar(&o.update, "update", false, "write the answers into the files in --dir")
	c.AddCommand(list, show, run, check)
	for _, sub := range c.Commands() {
		sub.PreRunE = func(*cobra.Command, []string) error {
			_, err := recipes.ParseLang(o.lang)
			return err
		}
	}
	return c
}

func listRecipes(p process, o recipeOptions, query string) error {
	all, err := recipes.All()
	if err != nil {
		return problem(p, err)
	}
	found := false
	for _, r := range all {
		if r.Matches(query) {
			found = true
			if o.ids {
				fmt.Fprintln(p.stdout, r.ID)
			}
		}
	}
	if !o.ids {
		fmt.Fprint(p.stdout, recipes.List(all, query, recipes.Lang(o.lang)))
	}
	if !found {
		return failure(exitFailed)
	}
	return nil
}

func showRecipe(p process, o recipeOptions, id string) error {
	r, err := recipes.Load(id)
	if err != nil {
		return usageError{fmt.Errorf("%w; pawsh recipe list names those there are", err)}
	}
	fmt.Fprint(p.stdout, recipes.Markdown(r, recipes.Lang(o.lang)))
	return nil
}

// forms gives the forms of a recipe that were asked for.
func (o recipeOptions) forms(r *recipes.Recipe) ([]recipes.Form, error) {
	if o.form == "" {
		return r.Forms(), nil
	}
	for _, f := range []recipes.Form{recipes.FormSteps, recipes.FormFunction, recipes.FormSDK} {
		if string(f) != o.form {
			continue
		}
		for _, has := range r.Forms() {
			if f == has {
				return []recipes.Form{f}, nil
			}
		}
		return nil, nil
	}
	return nil, fmt.Errorf("--form %s: there are steps, function and sdk", o.form)
}

func runRecipe(ctx context.Context, p process, o recipeOptions, id string) error {
	r, err := recipes.Load(id)
	if err != nil {
		return usageError{fmt.Errorf("%w; pawsh recipe list names those there are", err)}
	}
	if o.form == "" {
		o.form = string(recipes.FormSteps)
	}
	forms, err := o.forms(r)
	if err != nil {
		return usageError{err}
	}
	if len(forms) == 0 {
		return usageError{fmt.Errorf("recipe %s has no %s form", id, o.form)}
	}
	ctx, stop := repl.Interruptible(ctx)
	defer stop()
	last := ""
	err = o.try(func(run recipes.Runner, t recipes.Trial) error {
		t.Form, t.Loose = forms[0], true
		t.Observe = func(part string, c recipes.Cell, out string) {
			if part != last {
				last = part
				fmt.Fprintf(p.stdout, "\n# %s\n", recipes.PartTitle(part, recipes.Lang(o.lang)))
			}
			fmt.Fprint(p.stdout, recipes.FormatTranscript([]recipes.Cell{{Source: c.Source, Fails: c.Fails}}), out)
		}
		return r.Try(ctx, run, t)
	})
	if err != nil {
		return problem(p, err)
	}
	return nil
}

// try opens a stage and has f try something on it.
func (o recipeOptions) try(f func(recipes.Runner, recipes.Trial) error) error {
	s, err := openStage(o.endpoint, o.region)
	if err != nil {
		return err
	}
	defer s.close()
	run, err := s.runner(o.yes || onLoopback(o.endpoint))
	if err != nil {
		return err
	}
	own := o.endpoint == ""
	return f(run, recipes.Trial{Machine: own, Loose: !own})
}

// onLoopback tells whether an endpoint is on this machine: an emulator, which a
// recipe may be run on without being asked what it deletes of its own.
func onLoopback(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

func checkRecipes(ctx context.Context, p process, o recipeOptions, ids []string) error {
	if o.update && o.dir == "" {
		return usageError{errors.New("--update wants --dir: the recipes in the program can't be changed")}
	}
	if o.dir != "" {
		dir, err := filepath.Abs(o.dir) // the stage changes the directory
		if err != nil {
			return usageError{err}
		}
		o.dir = dir
	}
	if len(ids) == 0 {
		ids = recipes.IDs()
	}
	ctx, stop := repl.Interruptible(ctx)
	defer stop()
	failed := 0
	for _, id := range ids {
		r, err := o.load(id)
		if err != nil {
			return usageError{err}
		}
		if _, err := o.forms(r); err != nil {
			return usageError{err}
		}
		err = o.check(ctx, r)
		if ctx.Err() != nil {
			return failure(exitInterrupted)
		}
		if err != nil {
			failed++
			fmt.Fprintf(p.stdout, "FAIL %s\n%v\n", id, err)
			continue
		}
		fmt.Fprintf(p.stdout, "ok   %-20s %s\n", id, r.Title.In(recipes.Lang(o.lang)))
	}
	if failed > 0 {
		fmt.Fprintf(p.stderr, "%d of %d recipes failed\n", failed, len(ids))
		return failure(exitFailed)
	}
	return nil
}

// load reads a recipe from the program, or from the directory that was given.
func (o recipeOptions) load(id string) (*recipes.Recipe, error) {
	if o.dir == "" {
		return recipes.Load(id)
	}
	src, err := os.ReadFile(filepath.Join(o.dir, id+".txtar"))
	if err != nil {
		return nil, fmt.Errorf("read recipe: %w", err)
	}
	return recipes.Parse(id, src)
}

// check tries each form and each exercise of a recipe on a stage of its own.
func (o recipeOptions) check(ctx context.Context, r *recipes.Recipe) error {
	forms, err := o.forms(r)
	if err != nil {
		return err
	}
	var sessions [][]recipes.Answer
	for _, form := range forms {
		c := &recipes.Recorder{Recipe: r}
		err := o.try(func(run recipes.Runner, t recipes.Trial) error {
			t.Form, t.Observe = form, c.Observe
			return leavingNothing(ctx, run, func() error { return r.Try(ctx, run, t) })
		})
		if err != nil && !o.update {
			return err
		}
		sessions = append(sessions, c.Answers)
	}
	if o.form == "" {
		for n := range r.Exercises {
			c := &recipes.Recorder{Recipe: r}
			err := o.try(func(run recipes.Runner, t recipes.Trial) error {
				t.Form, t.Observe = recipes.FormSteps, c.Observe
				return leavingNothing(ctx, run, func() error { return r.TryExercise(ctx, run, t, n) })
			})
			if err != nil && !o.update {
				return err
			}
			sessions = append(sessions, c.Answers)
		}
	}
	if !o.update {
		return nil
	}
	return record(filepath.Join(o.dir, r.ID+".txtar"), sessions)
}

// leavingNothing wants nothing to be left behind by try.
func leavingNothing(ctx context.Context, run recipes.Runner, try func() error) error {
	before, err := inventory(ctx, run)
	if err != nil {
		return err
	}
	if err := try(); err != nil {
		return err
	}
	after, err := inventory(ctx, run)
	if err != nil {
		return err
	}
	if before != after {
		return fmt.Errorf("something is left behind:\nbefore %s\nafter  %s", before, after)
	}
	return nil
}

// inventoryCell lists what costs money or stands in the way of the next run.
const inventoryCell = `func() string {
	var n []string
	for _, i := range ec2.GetOnlyInstances() {
		if i.State != "terminated" && i.State != "shutting-down" {
			n = append(n, i.ID)
		}
	}
	return fmt.Sprint(n, ec2.GetAllVolumes(), ec2.GetAllSnapshots(Owner("self")), ec2.GetAllAddresses(), ec2.GetAllKeyPairs(), ec2.GetAllSecurityGroups(),
		s3.GetAllBuckets(), cw.DescribeAlarms(), sns.GetAllTopics(), sqs.GetAllQueues(), iam.GetAllUsers())
}()`

func inventory(ctx context.Context, run recipes.Runner) (string, error) {
	out, err := run.Run(ctx, inventoryCell)
	if err != nil {
		return "", fmt.Errorf("list what is there: %s", out)
	}
	return out, nil
}

func record(file string, sessions [][]recipes.Answer) error {
	src, err := os.ReadFile(file)
	for _, answers := range sessions {
		if err == nil {
			src, err = recipes.Record(src, answers)
		}
	}
	if err == nil {
		err = os.WriteFile(file, src, 0o644)
	}
	if err != nil {
		return fmt.Errorf("record answers: %w", err)
	}
	return nil
}

package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"pawsh/bindings/session"
	"pawsh/recipes"
	"pawsh/repl/check"
	"pawsh/repl/diag"
	"pawsh/repl/input"
)

// lesson is a lesson that runs: the player knows the place, the shell shows it,
// puts code into the prompt and tells the player what was typed.
//
//	:lesson NAME -> begin -> showPlace -> offer -> (a person's Enter) -> afterLine
//	                             ^                                          |
//	                             +---------------- advance <----------------+
type lesson struct {
	*recipes.Player
	auto  time.Duration
	byHim bool // a person types, not --auto
	big   bool
	level session.Level // of the debug log before it
	shown bool          // that level was changed
}

func (sh *Shell) cmdLesson(ctx context.Context, args string) (string, error) {
	ws, err := words(args)
	if err != nil {
		return "", err
	}
	if len(ws) == 0 {
		if sh.learning.lesson != nil {
			sh.showPlace()
			return "", nil
		}
		return sh.listLessons()
	}
	switch ws[0] {
	case "hint", "skip", "back", "stop":
		if len(ws) > 1 {
			return "", usage(":lesson %s: %q is too much", ws[0], strings.Join(ws[1:], " "))
		}
		if sh.learning.lesson == nil {
			return "", &diag.Error{Kind: diag.Runtime, Message: say(phraseNoLesson, sh.lang()), Hint: say(phraseChoose, sh.lang())}
		}
	}
	switch ws[0] {
	case "hint":
		return sh.learning.lesson.Hint(sh.lang()), nil
	case "skip":
		return "", sh.skip(ctx)
	case "back":
		sh.learning.lesson.Back()
		sh.showPlace()
		return "", nil
	case "stop":
		return sh.leaveLesson(), nil
	}
	return "", sh.beginLesson(ctx, ws)
}

// listLessons is the course: the recipes in order, with a mark where a person
// has been.
func (sh *Shell) listLessons() (string, error) {
	all, err := recipes.All()
	if err != nil {
		return "", failed(err, "")
	}
	progress, err := recipes.LoadProgress(sh.progressPath())
	if err != nil {
		return "", failed(err, "remove the file to begin anew")
	}
	var b strings.Builder
	chapter := 0
	for _, r := range all {
		if r.Chapter != chapter {
			chapter = r.Chapter
			fmt.Fprintln(&b, recipes.ChapterTitle(chapter, sh.lang()))
		}
		mark := "       "
		switch p := progress[r.ID]; {
		case p.Done:
			mark = "[done] "
		case p.At > 0:
			mark = fmt.Sprintf("[%d/%d]  ", p.At, recipes.NewPlayer(r, 0).Len())
		}
		fmt.Fprintf(&b, "  %s%-20s %s\n", mark, r.ID, r.Title.In(sh.lang()))
	}
	return b.String() + say(phraseChoose, sh.lang()), nil
}

func (sh *Shell) progressPath() string { return recipes.ProgressPath(sh.getenv, sh.getenv("HOME")) }

// lessonOptions are the arguments of :lesson NAME.
type lessonOptions struct {
	again, auto, big bool
	pause            time.Duration
	show             string
}

func parseLesson(ws []string) (o lessonOptions, err error) {
	for i := 0; i < len(ws); i++ {
		value := func() (string, error) {
			if i++; i == len(ws) {
				return "", usage("%s wants a value", ws[i-1])
			}
			return ws[i], nil
		}
		switch ws[i] {
		case "--again":
			o.again = true
		case "--big":
			o.big = true
		case "--auto":
			o.auto = true
			v, err := value()
			if err != nil {
				return o, err
			}
			if o.pause, err = time.ParseDuration(v); err != nil || o.pause < 0 {
				return o, usage("--auto %s: want a time such as 2s", v)
			}
		case "--show":
			if o.show, err = value(); err != nil {
				return o, err
			}
			if _, err := session.ParseLevel(o.show); err != nil {
				return o, usage("--show: %v", err)
			}
		default:
			return o, usage("%q is no option of a lesson: there are --again, --auto, --big and --show", ws[i])
		}
	}
	return o, nil
}

func (sh *Shell) beginLesson(ctx context.Context, ws []string) error {
	r, err := recipes.Load(ws[0])
	if err != nil {
		d := &diag.Error{Kind: diag.Compile, Message: err.Error(), Hint: ":lesson lists them"}
		if near := check.Nearest(ws[0], recipes.IDs()); near != "" {
			d.Hint = "did you mean :lesson " + near + "?"
		}
		return d
	}
	o, err := parseLesson(ws[1:])
	if err != nil {
		return err
	}
	if err := sh.mayPlay(); err != nil {
		return err
	}
	if sh.learning.lesson != nil {
		sh.leaveLesson()
	}
	progress, err := recipes.LoadProgress(sh.progressPath())
	if err != nil {
		return failed(err, "remove the file to begin anew")
	}
	at := 0
	if p := progress[r.ID]; !o.again && !o.auto && !p.Done {
		at = p.At
	}
	l := &lesson{Player: recipes.NewPlayer(r, at), auto: o.pause, byHim: !o.auto, big: o.big, level: sh.env.DebugLevel()}
	sh.heading(l, r.Title.In(sh.lang()))
	sh.prose(l, r.Problem.In(sh.lang()))
	if l.byHim {
		fmt.Fprintln(sh.out, sh.palette.Hint(sh.fold(say(phraseIntro, sh.lang()))))
	}
	if err := sh.prepare(ctx, l, at); err != nil {
		return err
	}
	if o.show != "" {
		level, _ := session.ParseLevel(o.show) // it has been looked at
		sh.env.SetDebug(level)
		l.shown = true
	}
	sh.learning.lesson = l
	if !l.byHim {
		return sh.playAlone(ctx)
	}
	sh.showPlace()
	return nil
}

// prepare brings the session to where the lesson begins.
func (sh *Shell) prepare(ctx context.Context, l *lesson, at int) error {
	before := l.Before()
	if len(before) == 0 {
		return nil
	}
	var err error
	if at == 0 {
		fmt.Fprintf(sh.out, "\n%s\n", sh.palette.Accent(say(phrasePrepare, sh.lang())))
		err = sh.typeAll(ctx, before)
	} else {
		fmt.Fprintln(sh.out, sh.fold(say(phraseResume, sh.lang())))
		for _, c := range before {
			r := sh.Do(ctx, c.Source)
			if err = r.Err; (err != nil) != c.Fails {
				fmt.Fprint(sh.err, sh.Explain(err, c.Source))
				break
			}
			err = nil
		}
	}
	if err != nil && !errors.Is(err, diag.ErrInterrupted) {
		return failed(errors.New(say(phraseSetupFailed, sh.lang())), say(phraseClean, sh.lang(), ":recipe "+l.Recipe.ID+" clean"))
	}
	return err
}

// showPlace shows where the lesson is, keeps it, and offers the code.
func (sh *Shell) showPlace() {
	l := sh.learning.lesson
	sh.heading(l, fmt.Sprintf("%s  (%d/%d)", l.Heading(sh.lang()), min(l.At()+1, l.Len()), l.Len()))
	sh.prose(l, l.Prose(sh.lang()))
	if l.Stage() == recipes.StageExercise && l.byHim {
		fmt.Fprintln(sh.out, sh.palette.Hint(sh.fold(say(phraseTry, sh.lang()))))
	}
	sh.keepPlace(l, false)
	sh.offer()
}

// offer puts the next cell into the prompt.
func (sh *Shell) offer() {
	l := sh.learning.lesson
	if c, ok := l.Cell(); ok && l.byHim && sh.editor != nil {
		sh.editor.SetText(c.Source, len(c.Source))
	}
}

// afterLine is told each line of a person with how it ended.
func (sh *Shell) afterLine(ctx context.Context, text string, err error) {
	l := sh.learning.lesson
	if l == nil || ctx.Err() != nil || sh.quit {
		return
	}
	src := input.Transform(text)
	if c, ok := sh.commandIn(src); ok && (c.Name == "lesson" || c.Name == "l" || c.Name == "lang" || c.Name == "recipe") {
		sh.offer()
		return
	}
	if c, ok := l.Cell(); ok {
		if (err != nil) == c.Fails && l.Fits(src) {
			sh.advance(ctx)
			return
		}
		sh.offer()
		return
	}
	e := l.Exercise()
	if e == nil || err != nil || strings.TrimSpace(src) == "" {
		return
	}
	if ok, _ := sh.holds(ctx, e.Check); ok { // one that fails may name what is not there yet
		fmt.Fprintln(sh.out, sh.palette.Accent(say(phraseRight, sh.lang())))
		sh.advance(ctx)
		return
	}
	fmt.Fprintln(sh.out, sh.palette.Hint(say(phraseNotYet, sh.lang())))
}

// advance goes on, and shows what is new.
func (sh *Shell) advance(ctx context.Context) {
	l := sh.learning.lesson
	was := l.Stage()
	l.Advance()
	if was == recipes.StageStep && l.Stage() != was {
		sh.checkSteps(ctx, l)
	}
	switch {
	case l.Stage() == recipes.StageDone:
		sh.finishLesson(ctx)
	case l.Stage() == recipes.StageStep && !l.First():
		sh.offer()
	default:
		sh.showPlace()
	}
}

// checkSteps looks at the cloud when the steps are done.
func (sh *Shell) checkSteps(ctx context.Context, l *lesson) {
	for _, c := range l.Recipe.Checks {
		if ok, _ := sh.holds(ctx, c); !ok {
			fmt.Fprintln(sh.out, sh.palette.Danger(say(phraseUnchecked, sh.lang(), c)))
			return
		}
	}
	fmt.Fprintln(sh.out, sh.palette.Accent(say(phraseChecked, sh.lang())))
}

// skip does the rest of the place.
func (sh *Shell) skip(ctx context.Context) error {
	l := sh.learning.lesson
	cells := l.Rest()
	if l.Stage() == recipes.StageExercise {
		if err := sh.typeAll(ctx, cells); err != nil {
			return err
		}
		sh.advance(ctx)
		return nil
	}
	for _, c := range cells {
		if err := sh.typeCell(ctx, c); err != nil {
			return err
		}
		sh.advance(ctx)
	}
	return nil
}

// playAlone goes through the lesson without a person, with pauses.
func (sh *Shell) playAlone(ctx context.Context) error {
	l := sh.learning.lesson
	sh.showPlace()
	for sh.learning.lesson == l {
		for _, c := range l.Rest() {
			if err := pause(ctx, l.auto); err != nil {
				sh.leaveLesson()
				return err
			}
			if err := sh.typeCell(ctx, c); err != nil {
				sh.leaveLesson()
				return err
			}
			if l.Stage() == recipes.StageStep {
				sh.advance(ctx)
				if l.First() {
					break // of the next step
				}
			}
		}
		if sh.learning.lesson == l && l.Stage() == recipes.StageExercise && ctx.Err() == nil {
			if ok, err := sh.holds(ctx, l.Exercise().Check); ok || err != nil {
				sh.advance(ctx)
			}
		}
	}
	return nil
}

// pause waits, unless Ctrl-C comes first.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return diag.ErrInterrupted
	case <-t.C:
		return nil
	}
}

// finishLesson tells what there is to know, cleans up and names what is next.
func (sh *Shell) finishLesson(ctx context.Context) {
	l := sh.learning.lesson
	sh.learning.lesson = nil
	sh.restoreLevel(l)
	sh.keepPlace(l, true)
	sh.heading(l, l.Heading(sh.lang()))
	sh.prose(l, l.Prose(sh.lang()))
	if len(l.Recipe.Cleanup) > 0 {
		fmt.Fprintf(sh.out, "\n%s\n", sh.palette.Accent(say(phraseCleaned, sh.lang())))
		// What can't be taken away has been told.
		_ = sh.cleanRecipe(ctx, l.Recipe)
	}
	fmt.Fprintf(sh.out, "\n%s\n", sh.palette.Accent(say(phraseDone, sh.lang())))
	all, err := recipes.All()
	if err != nil {
		return
	}
	i := slices.IndexFunc(all, func(r *recipes.Recipe) bool { return r.ID == l.Recipe.ID })
	if i+1 < len(all) {
		fmt.Fprintln(sh.out, say(phraseNext, sh.lang(), all[i+1].ID, all[i+1].Title.In(sh.lang())))
	}
}

// leaveLesson stops it and keeps its place.
func (sh *Shell) leaveLesson() string {
	l := sh.learning.lesson
	sh.learning.lesson = nil
	sh.restoreLevel(l)
	if sh.editor != nil {
		sh.editor.SetText("", 0)
	}
	return sh.fold(say(phraseStopped, sh.lang(), l.Recipe.ID))
}

func (sh *Shell) restoreLevel(l *lesson) {
	if l.shown {
		sh.env.SetDebug(l.level)
	}
}

// keepPlace writes down how far the person has come; --auto leaves no trace.
func (sh *Shell) keepPlace(l *lesson, done bool) {
	if !l.byHim {
		return
	}
	path := sh.progressPath()
	progress, err := recipes.LoadProgress(path)
	if err == nil {
		p := progress[l.Recipe.ID]
		p.At, p.Done = l.At(), p.Done || done
		progress[l.Recipe.ID] = p
		err = progress.Save(path)
	}
	if err != nil {
		fmt.Fprintf(sh.err, "%s %v\n", sh.palette.Hint("warning:"), err)
	}
}

// heading begins a place; for an audience on a screen of its own.
func (sh *Shell) heading(l *lesson, text string) {
	if l.big && sh.term != nil && sh.getenv("TERM") != "dumb" {
		_, _ = io.WriteString(sh.out, "\x1b[H\x1b[2J")
	}
	fmt.Fprintf(sh.out, "\n%s\n", sh.palette.Accent(text))
	if l.big {
		fmt.Fprintln(sh.out, strings.Repeat("=", min(bigWidth, max(20, len(text)))))
	}
}

// Widths of a lesson's text.
const (
	lessonWidth = 80
	bigWidth    = 48
)

// prose writes a lesson's text; for an audience in short lines far apart.
func (sh *Shell) prose(l *lesson, text string) {
	width := lessonWidth
	if w := sh.width(); w > 0 {
		width = min(width, w)
	}
	if !l.big {
		fmt.Fprintln(sh.out, recipes.Fold(text, width))
		return
	}
	fmt.Fprintf(sh.out, "\n%s\n\n", strings.ReplaceAll(recipes.Fold(text, min(width, bigWidth)), "\n", "\n\n"))
}

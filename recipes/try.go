package recipes

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Runner runs cells as if a person typed them, all in one session.
type Runner interface {
	// Run gives what the cell prints, errors included; err is that of a cell
	// that failed.
	Run(ctx context.Context, cell string) (output string, err error)
}

// Form is a way to do a recipe.
type Form string

// The forms that a recipe can be run in.
const (
	FormSteps    Form = "steps"
	FormFunction Form = "function"
	FormSDK      Form = "sdk"
)

// Forms lists the forms a recipe has.
func (r *Recipe) Forms() []Form {
	fs := []Form{FormSteps}
	if len(r.Call) > 0 {
		fs = append(fs, FormFunction)
	}
	if len(r.SDK) > 0 {
		fs = append(fs, FormSDK)
	}
	return fs
}

// Cells gives the cells of a form. machine tells whether the cloud has machines
// that boot: where it has none the steps that need one are left out.
func (r *Recipe) Cells(f Form, machine bool) []Cell {
	switch f {
	case FormFunction:
		return r.Call
	case FormSDK:
		return r.SDK
	}
	var out []Cell
	for _, s := range r.Steps {
		if !s.Machine || machine {
			out = append(out, s.Cells...)
		}
	}
	return out
}

// Trial says how a recipe is tried.
type Trial struct {
	Form Form
	// Machine tells that the cloud's machines boot and are measured.
	Machine bool
	// Loose leaves the answers alone and asks only for success and for the
	// checks: for clouds of other makers.
	Loose bool
	// Observe is told each cell with its answer; it may be nil.
	Observe func(part string, c Cell, output string)
}

// Try runs a recipe in a fresh session: its setup, its form, its checks and its
// clean-up, which runs whatever went wrong. The error joins all faults, each
// with the cell it is in.
func (r *Recipe) Try(ctx context.Context, run Runner, t Trial) error {
	s := &trial{Trial: t, run: run}
	ok := s.cells(ctx, "setup", r.Setup)
	if ok {
		ok = s.cells(ctx, string(t.Form), r.Cells(t.Form, t.Machine))
	}
	if ok {
		s.checks(ctx, r.Checks)
	}
	s.cells(ctx, "cleanup", r.Cleanup)
	return s.result(r.ID)
}

// TryExercise runs a recipe's steps and then an exercise: its check must be
// false before the solution and true after. All is cleaned up.
func (r *Recipe) TryExercise(ctx context.Context, run Runner, t Trial, n int) error {
	s := &trial{Trial: t, run: run}
	e := r.Exercises[n]
	ok := s.cells(ctx, "setup", r.Setup) && s.cells(ctx, string(FormSteps), r.Cells(FormSteps, t.Machine))
	part := fmt.Sprintf("exercise%d", n+1)
	if ok {
		// A check that fails may name what the exercise is to declare.
		if done, err := Holds(ctx, run, e.Check); err == nil && done {
			s.fault(part+".check", e.Check, errors.New("is true before the exercise was done"))
		}
		if s.cells(ctx, part+".solution", e.Solution) {
			s.checks(ctx, []string{e.Check})
		}
		s.cells(ctx, part+".cleanup", e.Cleanup)
	}
	s.cells(ctx, "cleanup", r.Cleanup)
	return s.result(r.ID)
}

// Holds tells whether an expression is true.
func Holds(ctx context.Context, run Runner, expr string) (bool, error) {
	out, err := run.Run(ctx, expr)
	if err != nil {
		return false, errors.New(strings.TrimSpace(out))
	}
	return strings.TrimSpace(out) == "true", nil
}

type trial struct {
	Trial
	run    Runner
	match  Matcher
	faults []error
}

func (s *trial) fault(part, cell string, err error) {
	s.faults = append(s.faults, fmt.Errorf("%s: %s\n  %w", part, cell, err))
}

func (s *trial) result(id string) error {
	if len(s.faults) == 0 {
		return nil
	}
	return fmt.Errorf("recipe %s (%s): %w", id, s.Form, errors.Join(s.faults...))
}

// cells runs cells until one does what it should not.
func (s *trial) cells(ctx context.Context, part string, cells []Cell) bool {
	for _, c := range cells {
		out, err := s.run.Run(ctx, c.Source)
		if s.Observe != nil {
			s.Observe(part, c, out)
		}
		if (err != nil) != c.Fails {
			if err == nil {
				err = errors.New("it should fail")
			}
			s.fault(part, c.Source, fmt.Errorf("%w\n%s", err, indent(out)))
			return false
		}
		if s.Loose {
			continue
		}
		if err := s.match.Match(c.Output, out); err != nil {
			s.fault(part, c.Source, err)
		}
	}
	return true
}

func (s *trial) checks(ctx context.Context, exprs []string) {
	for _, e := range exprs {
		ok, err := Holds(ctx, s.run, e)
		switch {
		case err != nil:
			s.fault("check", e, err)
		case !ok:
			s.fault("check", e, errors.New("is not true"))
		}
	}
}

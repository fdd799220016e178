package recipes

import "strings"

// Player takes a learner through a recipe: its steps cell by cell, then its
// exercises. It only knows where the learner is; whoever has it shows the
// texts, runs the cells and tells it what was run. It is for one goroutine.
type Player struct {
	Recipe *Recipe

	step, cell int // step may be len(Steps): the exercises
	exercise   int
	hint       int // how many were shown of this exercise
}

// Stage says what a lesson is at.
type Stage int

// The stages of a lesson.
const (
	StageStep Stage = iota
	StageExercise
	StageDone
)

// NewPlayer begins a lesson at a step, counted from 0, or at an exercise
// behind the last step.
func NewPlayer(r *Recipe, at int) *Player {
	p := &Player{Recipe: r}
	p.step = min(max(at, 0), len(r.Steps))
	if p.step < at {
		p.exercise = min(at-p.step, len(r.Exercises))
	}
	return p
}

// At is the place to come back to, as NewPlayer takes it.
func (p *Player) At() int { return p.step + p.exercise }

// Len is how many places a lesson has.
func (p *Player) Len() int { return len(p.Recipe.Steps) + len(p.Recipe.Exercises) }

// Stage tells what comes next.
func (p *Player) Stage() Stage {
	switch {
	case p.step < len(p.Recipe.Steps):
		return StageStep
	case p.exercise < len(p.Recipe.Exercises):
		return StageExercise
	}
	return StageDone
}

// Cell is the cell to run next; false where the learner is on his own.
func (p *Player) Cell() (Cell, bool) {
	if p.Stage() != StageStep {
		return Cell{}, false
	}
	return p.Recipe.Steps[p.step].Cells[p.cell], true
}

// First tells that the cell is the first of its step.
func (p *Player) First() bool { return p.cell == 0 }

// Fits tells whether a text that was run is the cell to run, perhaps edited: it
// begins like it, up to the first bracket. Anything else is a look around.
func (p *Player) Fits(text string) bool {
	c, ok := p.Cell()
	return ok && head(text) == head(c.Source)
}

func head(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "(")
	s, _, _ = strings.Cut(s, "\n")
	return strings.Join(strings.Fields(s), " ")
}

// Advance goes on to the next cell, step or exercise.
func (p *Player) Advance() {
	switch p.Stage() {
	case StageStep:
		if p.cell++; p.cell == len(p.Recipe.Steps[p.step].Cells) {
			p.step, p.cell = p.step+1, 0
		}
	case StageExercise:
		p.exercise, p.hint = p.exercise+1, 0
	}
}

// Back goes to the beginning of the step, or of the one before when it is
// there already. Exercises are steps here.
func (p *Player) Back() {
	switch {
	case p.cell > 0:
		p.cell = 0
	case p.exercise > 0:
		p.exercise, p.hint = p.exercise-1, 0
	case p.step > 0:
		p.step--
	}
}

// Heading names the place: step or exercise with its number.
func (p *Player) Heading(l Lang) string {
	switch p.Stage() {
	case StageStep:
		return wordStep.in(l, p.step+1)
	case StageExercise:
		return wordExercise.in(l, p.exercise+1)
	}
	return wordDiscussion.in(l)
}

// Prose is the text of the place: of the step, of the exercise, and the
// discussion at the end.
func (p *Player) Prose(l Lang) string {
	switch p.Stage() {
	case StageStep:
		return p.Recipe.Steps[p.step].Prose.In(l)
	case StageExercise:
		return p.Recipe.Exercises[p.exercise].Task.In(l)
	}
	return p.Recipe.Discussion.In(l)
}

// Exercise is the exercise at hand, nil elsewhere.
func (p *Player) Exercise() *Exercise {
	if p.Stage() != StageExercise {
		return nil
	}
	return &p.Recipe.Exercises[p.exercise]
}

// Hint gives the next hint of an exercise, from a nudge to the answer, and the
// last one again when there are no more. In a step the hint is its code.
func (p *Player) Hint(l Lang) string {
	e := p.Exercise()
	if e == nil {
		c, _ := p.Cell()
		return c.Source
	}
	h := e.Hints[min(p.hint, len(e.Hints)-1)]
	p.hint++
	return h.In(l)
}

// Rest gives the cells that finish the place: the rest of the step, or the
// solution of the exercise.
func (p *Player) Rest() []Cell {
	if e := p.Exercise(); e != nil {
		return e.Solution
	}
	if p.Stage() == StageStep {
		return p.Recipe.Steps[p.step].Cells[p.cell:]
	}
	return nil
}

// Before gives all cells that come before the place: the preparation, the
// steps, the solutions. They bring a new session to it.
func (p *Player) Before() []Cell {
	cells := append([]Cell(nil), p.Recipe.Setup...)
	for i, s := range p.Recipe.Steps {
		switch {
		case i < p.step:
			cells = append(cells, s.Cells...)
		case i == p.step:
			cells = append(cells, s.Cells[:p.cell]...)
		}
	}
	for _, e := range p.Recipe.Exercises[:p.exercise] {
		cells = append(cells, e.Solution...)
	}
	return cells
}

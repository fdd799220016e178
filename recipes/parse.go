package recipes

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
)

// Parse reads a recipe from its file. All faults are reported at once, each
// with the part of the file it is in.
//
// The comment of the archive is the front matter, lines of "key: value". The
// files are problem.LANG, discussion.LANG, setup, N.LANG and N for each step,
// function, sdk, boto, cli, cleanup, check, and exerciseN.LANG,
// exerciseN.hints.LANG, exerciseN.check, exerciseN.solution, exerciseN.cleanup. Code is a
// transcript: "> " begins a cell, "! " one that fails, ". " goes on with it;
// other lines are the answer.
func Parse(id string, src []byte) (*Recipe, error) {
	p := &reader{r: &Recipe{ID: id, Title: Text{}, Problem: Text{}, Discussion: Text{}}, files: map[string]string{}}
	a := txtar.Parse(src)
	p.front(string(a.Comment))
	for _, f := range a.Files {
		if _, twice := p.files[f.Name]; twice {
			p.fault(f.Name, "stands there twice")
		}
		p.files[f.Name] = string(f.Data)
	}
	p.parts()
	for name := range p.files {
		p.fault(name, "belongs to no part of a recipe")
	}
	if len(p.faults) > 0 {
		slices.Sort(p.faults)
		errs := make([]error, len(p.faults))
		for i, f := range p.faults {
			errs[i] = errors.New(f)
		}
		return nil, fmt.Errorf("recipe %s: %w", id, errors.Join(errs...))
	}
	return p.r, nil
}

type reader struct {
	r       *Recipe
	files   map[string]string // not yet taken
	machine map[int]bool
	faults  []string
}

func (p *reader) fault(part, format string, args ...any) {
	p.faults = append(p.faults, part+": "+fmt.Sprintf(format, args...))
}

func (p *reader) front(comment string) {
	r := p.r
	seen := map[string]bool{}
	for line := range strings.Lines(comment) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		if !ok || value == "" {
			p.fault("front matter", "%q is no line of key: value", line)
			continue
		}
		if seen[key] {
			p.fault("front matter", "%s stands there twice", key)
		}
		seen[key] = true
		switch key {
		case "chapter":
			r.Chapter = p.number(key, value)
		case "number":
			r.Number = p.number(key, value)
		case "level":
			r.Level = p.number(key, value)
		case "minutes":
			r.Minutes = p.number(key, value)
		case "services":
			r.Services = strings.Fields(value)
		case "operations":
			r.Operations = strings.Fields(value)
		case "function":
			r.Function = value
		case "title.en":
			r.Title[English] = value
		case "title.ja":
			r.Title[Japanese] = value
		case "machine":
			p.machine = map[int]bool{}
			for _, n := range strings.Fields(value) {
				p.machine[p.number(key, n)] = true
			}
		default:
			p.fault("front matter", "%s is no key of a recipe", key)
		}
	}
	for _, key := range []string{"chapter", "number", "level", "minutes", "services", "title.en", "title.ja"} {
		if !seen[key] {
			p.fault("front matter", "%s is missing", key)
		}
	}
}

func (p *reader) number(key, value string) int {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		p.fault("front matter", "%s: %q is no number from 1", key, value)
	}
	return n
}

func (p *reader) parts() {
	r := p.r
	r.Problem = p.text("problem", true)
	r.Discussion = p.text("discussion", true)
	r.Setup = p.cells("setup", false)
	for n := 1; p.has(strconv.Itoa(n)); n++ {
		name := strconv.Itoa(n)
		r.Steps = append(r.Steps, Step{Prose: p.text(name, true), Cells: p.cells(name, true), Machine: p.machine[n]})
		delete(p.machine, n)
	}
	if len(r.Steps) == 0 {
		p.fault("1", "a recipe has at least one step")
	}
	for n := range p.machine {
		p.fault("front matter", "machine: there is no step %d", n)
	}
	r.Call = p.cells("function", r.Function != "")
	r.SDK = p.cells("sdk", true)
	r.Boto = p.lines("boto", true)
	r.CLI = p.lines("cli", false)
	r.Cleanup = p.cells("cleanup", false)
	r.Checks = p.lines("check", true)
	for n := 1; p.has("exercise" + strconv.Itoa(n)); n++ {
		r.Exercises = append(r.Exercises, p.exercise("exercise"+strconv.Itoa(n)))
	}
}

func (p *reader) exercise(name string) Exercise {
	e := Exercise{Task: p.text(name, true), Solution: p.cells(name+".solution", true), Cleanup: p.cells(name+".cleanup", false)}
	hints := p.text(name+".hints", true)
	for _, l := range Langs() {
		for i, h := range paragraphs(hints[l]) {
			if i == len(e.Hints) {
				e.Hints = append(e.Hints, Text{})
			}
			e.Hints[i][l] = h
		}
	}
	for i, h := range e.Hints {
		if len(h) != len(Langs()) {
			p.fault(name+".hints", "hint %d is not there in every language", i+1)
		}
	}
	check := p.lines(name+".check", true)
	if len(check) > 1 {
		p.fault(name+".check", "is one line")
	}
	e.Check = strings.Join(check, "\n")
	return e
}

// has tells whether a file of the name stands in the archive, in any language.
func (p *reader) has(name string) bool {
	_, ok := p.files[name]
	for _, l := range Langs() {
		_, there := p.files[name+"."+string(l)]
		ok = ok || there
	}
	return ok
}

func (p *reader) take(name string, must bool) string {
	s, ok := p.files[name]
	delete(p.files, name)
	if must && strings.TrimSpace(s) == "" {
		if ok {
			p.fault(name, "is empty")
		} else {
			p.fault(name, "is missing")
		}
	}
	return s
}

func (p *reader) text(name string, must bool) Text {
	t := Text{}
	for _, l := range Langs() {
		t[l] = strings.TrimSpace(p.take(name+"."+string(l), must))
	}
	return t
}

func (p *reader) lines(name string, must bool) []string {
	var out []string
	for l := range strings.Lines(p.take(name, must)) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

func (p *reader) cells(name string, must bool) []Cell {
	cells, err := ParseTranscript(p.take(name, must))
	if err != nil {
		p.fault(name, "%v", err)
	}
	return cells
}

func paragraphs(s string) []string {
	var out []string
	for _, par := range strings.Split(s, "\n\n") {
		if par = strings.TrimSpace(par); par != "" {
			out = append(out, par)
		}
	}
	return out
}

package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// Problem is something in the file that was not taken.
type Problem struct {
	File    string
	Line    int // 0 when the whole file can't be read
	Message string
}

// Error names the place.
func (p *Problem) Error() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
}

// maxFile bounds the file.
const maxFile = 1 << 20

// Open reads the file at path, which need not exist. What is wrong in it is
// left at its default and reported; the settings can be used in any case.
func Open(path string) (*Settings, []*Problem) {
	s := &Settings{path: path, values: map[string]string{}}
	src, err := read(path)
	if err != nil {
		return s, []*Problem{{File: path, Message: err.Error()}}
	}
	entries, _, problem := parse(src)
	if problem != nil {
		problem.File = path
		return s, []*Problem{problem}
	}
	var problems []*Problem
	for _, e := range entries {
		v, err := e.value()
		if err != nil {
			problems = append(problems, &Problem{path, e.line, err.Error()})
			continue
		}
		s.values[e.name] = v
	}
	return s, problems
}

func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, reason(err)
	case !info.Mode().IsRegular():
		return nil, errors.New("not a regular file")
	case info.Size() > maxFile:
		return nil, fmt.Errorf("the file has %d bytes, the limit is %d", info.Size(), maxFile)
	}
	b, err := os.ReadFile(path)
	return b, reason(err)
}

// reason leaves the path out of an error: the Problem names it.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// entry is one line of the file that sets something.
type entry struct {
	name     string
	kind     unstable.Kind
	text     string
	line     int
	from, to int // the bytes of the value
}

// parse finds the entries of a file and where its first table begins, which is
// its end when it has none; a file that is not TOML is a problem.
func parse(src []byte) (out []entry, tables int, _ *Problem) {
	var all map[string]any
	if err := toml.Unmarshal(src, &all); err != nil {
		p := &Problem{Message: strings.TrimPrefix(err.Error(), "toml: ")}
		var d *toml.DecodeError
		if errors.As(err, &d) {
			p.Line, _ = d.Position()
		}
		return nil, 0, p
	}
	var p unstable.Parser
	p.Reset(src)
	table, tables := "", len(src)
	for p.NextExpression() {
		e := p.Expression()
		name, line, start := "", 0, 0
		for it := e.Key(); it.Next(); {
			if name != "" {
				name += "."
			} else {
				at := p.Shape(it.Node().Raw).Start
				line, start = at.Line, at.Offset
			}
			name += string(it.Node().Data)
		}
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			if table == "" {
				tables = bytes.LastIndexByte(src[:start], '\n') + 1
			}
			table = name + "."
		case unstable.KeyValue:
			v := e.Value()
			out = append(out, entry{table + name, v.Kind, string(v.Data), line, int(v.Raw.Offset), int(v.Raw.Offset + v.Raw.Length)})
		}
	}
	if err := p.Error(); err != nil {
		return nil, 0, &Problem{Message: err.Error()}
	}
	return out, tables, nil
}

// value checks an entry.
func (e entry) value() (string, error) {
	k, ok := Find(e.name)
	if !ok {
		return "", fmt.Errorf("there is no setting %s", e.name)
	}
	switch e.kind {
	case unstable.String, unstable.Bool, unstable.Integer:
		return k.Check(e.text)
	}
	return "", fmt.Errorf("%s: want a string, a number or true and false", e.name)
}

// Set checks a value, writes it into the file and keeps it. What else is in
// the file stays as it is; a file that is not TOML is not touched.
func (s *Settings) Set(name, value string) error {
	k, ok := Find(name)
	if !ok {
		return fmt.Errorf("there is no setting %s", name)
	}
	v, err := k.Check(value)
	if err != nil {
		return err
	}
	if err := s.edit(name, &v, k.toml(v)); err != nil {
		return err
	}
	s.values[name] = v
	return nil
}

// Unset takes a key out of the file.
func (s *Settings) Unset(name string) error {
	if _, ok := Find(name); !ok {
		return fmt.Errorf("there is no setting %s", name)
	}
	if err := s.edit(name, nil, ""); err != nil {
		return err
	}
	delete(s.values, name)
	return nil
}

var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// toml is a value as the file has it.
func (k Key) toml(v string) string {
	switch {
	case k.plain && v == "on":
		return "true"
	case k.plain && v == "off":
		return "false"
	case k.plain:
		return v
	}
	return `"` + escapes.Replace(v) + `"` // no value has control characters
}

// edit replaces the value of a key, or with a nil value removes its line.
func (s *Settings) edit(name string, value *string, text string) error {
	if s.path == "" {
		return errors.New("there is no settings file")
	}
	src, err := read(s.path)
	if err != nil {
		return fmt.Errorf("%s: %w", s.path, err)
	}
	entries, tables, problem := parse(src)
	if problem != nil {
		problem.File = s.path
		return problem
	}
	for _, e := range entries {
		if e.name != name {
			continue
		}
		if e.to == e.from { // a list or a table
			return &Problem{s.path, e.line, name + ": mend the line in the file"}
		}
		if value != nil {
			return s.write(splice(src, e.from, e.to, text))
		}
		from := bytes.LastIndexByte(src[:e.from], '\n') + 1
		to := len(src)
		if i := bytes.IndexByte(src[e.to:], '\n'); i >= 0 {
			to = e.to + i + 1
		}
		return s.write(splice(src, from, to, ""))
	}
	if value == nil {
		return nil
	}
	line := name + " = " + text + "\n"
	if tables > 0 && src[tables-1] != '\n' {
		line = "\n" + line
	}
	return s.write(splice(src, tables, tables, line)) // behind a table it would be the table's
}

func splice(src []byte, from, to int, text string) []byte {
	out := append([]byte{}, src[:from]...)
	out = append(out, text...)
	return append(out, src[to:]...)
}

// write replaces the file in one step.
func (s *Settings) write(b []byte) error {
	if _, _, problem := parse(b); problem != nil {
		problem.File = s.path
		return problem
	}
	path := s.path
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // the file may be kept elsewhere, with a link here
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "config-*.toml")
	if err != nil {
		return fmt.Errorf("write settings: %w", err)
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write settings: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

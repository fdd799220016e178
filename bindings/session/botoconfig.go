package session

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// BotoConfig is what boto's configuration files say: /etc/boto.cfg and
// ~/.boto, or BOTO_CONFIG's one file, or BOTO_PATH's list. Later files win. It
// does not change after it is read.
type BotoConfig struct {
	sections iniSections
	files    []string // those that were read
	places   []string // those that were looked for
	problems []string
}

// loadBotoConfig reads boto's files in boto's order. Nothing that is wrong with
// them is an error: it becomes a problem to warn of.
func loadBotoConfig(o *Options) *BotoConfig {
	c := &BotoConfig{sections: iniSections{}}
	named := false
	switch {
	case o.Getenv("BOTO_CONFIG") != "":
		named = true
		c.places = []string{expandHome(o.Getenv("BOTO_CONFIG"), o.Home)}
	case o.Getenv("BOTO_PATH") != "":
		named = true
		for _, p := range filepath.SplitList(o.Getenv("BOTO_PATH")) {
			if p != "" {
				c.places = append(c.places, expandHome(p, o.Home))
			}
		}
	default:
		if o.SystemConfig != "" {
			c.places = append(c.places, o.SystemConfig)
		}
		if o.Home != "" {
			c.places = append(c.places, filepath.Join(o.Home, ".boto"))
		}
	}
	for _, path := range c.places {
		c.read(path, named)
	}
	c.noteSpellings()
	return c
}

func (c *BotoConfig) read(path string, named bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		if named || !errors.Is(err, fs.ErrNotExist) {
			c.problems = append(c.problems, fmt.Sprintf("read boto configuration: %v", err))
		}
		return
	}
	c.files = append(c.files, path)
	for _, p := range parseINI(path, string(text), c.sections) {
		c.problems = append(c.problems, p.String())
	}
}

// misprinted options: the cookbook prints ec2-region-endpoint, which boto never
// read. Both spellings count here, and the hyphens get a note.
var hyphenated = []string{"ec2-region-name", "ec2-region-endpoint"}

func (c *BotoConfig) noteSpellings() {
	boto := c.sections["Boto"]
	for _, name := range hyphenated {
		e, ok := boto[name]
		if !ok {
			continue
		}
		proper := strings.ReplaceAll(name, "-", "_")
		c.problems = append(c.problems, fmt.Sprintf("%s: %s is taken as %s (boto itself reads only the spelling with underscores)", e.source(), name, proper))
		if _, ok := boto[proper]; !ok {
			boto[proper] = e
		}
	}
}

// Files lists the files that were read, in order.
func (c *BotoConfig) Files() []string { return slices.Clone(c.files) }

// Sections lists the section names, sorted.
func (c *BotoConfig) Sections() []string {
	names := make([]string, 0, len(c.sections))
	for n := range c.sections {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// HasOption tells whether section has the option name (boto: has_option).
func (c *BotoConfig) HasOption(section, name string) bool {
	_, ok := c.lookup(section, name)
	return ok
}

// Get gives an option's text, or def, or "" (boto: get).
func (c *BotoConfig) Get(section, name string, def ...string) string {
	if e, ok := c.lookup(section, name); ok {
		return e.value
	}
	return first(def)
}

// GetInt gives an option as an int, or def, or 0 when it is missing or no
// number (boto: getint).
func (c *BotoConfig) GetInt(section, name string, def ...int) int {
	if e, ok := c.lookup(section, name); ok {
		if n, err := strconv.Atoi(e.value); err == nil {
			return n
		}
	}
	return first(def)
}

// GetFloat gives an option as a float64, or def, or 0 when it is missing or no
// number (boto: getfloat).
func (c *BotoConfig) GetFloat(section, name string, def ...float64) float64 {
	if e, ok := c.lookup(section, name); ok {
		if f, err := strconv.ParseFloat(e.value, 64); err == nil {
			return f
		}
	}
	return first(def)
}

// GetBool gives an option as a bool, or def, or false when it is missing
// (boto: getbool; true, yes, on and 1 are true).
func (c *BotoConfig) GetBool(section, name string, def ...bool) bool {
	if e, ok := c.lookup(section, name); ok {
		return truthy(e.value)
	}
	return first(def)
}

func (c *BotoConfig) lookup(section, name string) (iniEntry, bool) {
	e, ok := c.sections[section][strings.ToLower(name)]
	return e, ok
}

func truthy(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "1", "true", "yes", "on", "t", "y":
		return true
	}
	return false
}

func first[T any](def []T) (zero T) {
	if len(def) > 0 {
		return def[0]
	}
	return zero
}

func expandHome(path, home string) string {
	if home != "" && (path == "~" || strings.HasPrefix(path, "~/") || strings.HasPrefix(path, `~\`)) {
		return filepath.Join(home, path[1:])
	}
	return path
}

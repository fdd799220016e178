// Package settings keeps what a person wants every prompt to begin with: a
// TOML file of a few keys under the configuration directory. It knows what each
// key means and refuses or reports what it can't be; applying it is the
// shell's.
package settings

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pawsh/repl/display"
)

// Key describes a setting.
type Key struct {
	Name    string
	Default string
	Values  []string // where it is one of a list
	Help    string
	check   func(string) (string, error) // gives the value as it is kept
	plain   bool                         // written without quotes
}

// Keys lists the settings.
func Keys() []Key {
	return []Key{
		{Name: "display", Default: "repr", Values: display.Formats(), Help: "how values are printed"},
		{Name: "pager", Default: "on", Values: []string{"on", "off"}, Help: "show what does not fit the screen in $PAGER", check: checkSwitch, plain: true},
		{Name: "items", Default: "1000", Help: "how much of a list is printed at most; 0 for all", check: checkCount, plain: true},
		{Name: "timeout", Default: "off", Help: "bound the time of each cell, such as 30s", check: checkDuration},
		{Name: "time", Default: "off", Values: []string{"on", "off"}, Help: "show how long each cell took", check: checkSwitch, plain: true},
		{Name: "color", Default: "auto", Values: []string{"auto", "always", "never"}, Help: "colours"},
		{Name: "keys", Default: "emacs", Values: []string{"emacs", "vi"}, Help: "the keys of the line editor"},
		{Name: "python", Default: "on", Values: []string{"on", "off"}, Help: "take what is Python and no Go for Python", check: checkSwitch, plain: true},
		{Name: "prompt", Default: "{place} > ", Help: "the prompt, of {place} {region} {profile} {n} {dir}", check: checkPrompt},
	}
}

// Find gives the key of a name.
func Find(name string) (Key, bool) {
	for _, k := range Keys() {
		if k.Name == name {
			return k, true
		}
	}
	return Key{}, false
}

// Check gives a value as it is kept, or says why it can't be the key's.
func (k Key) Check(value string) (string, error) {
	if k.check != nil {
		v, err := k.check(value)
		if err != nil {
			return "", fmt.Errorf("%s: %w", k.Name, err)
		}
		return v, nil
	}
	for _, v := range k.Values {
		if v == value {
			return value, nil
		}
	}
	return "", fmt.Errorf("%s: %q is none of %s", k.Name, value, strings.Join(k.Values, ", "))
}

func checkSwitch(s string) (string, error) {
	switch s {
	case "on", "true":
		return "on", nil
	case "off", "false":
		return "off", nil
	}
	return "", fmt.Errorf("%q is neither on nor off", s)
}

func checkCount(s string) (string, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return "", fmt.Errorf("%q is no number of items", s)
	}
	return strconv.Itoa(n), nil
}

func checkDuration(s string) (string, error) {
	if s == "off" || s == "0" {
		return "off", nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return "", fmt.Errorf("%q is no duration such as 30s, nor off", s)
	}
	return d.String(), nil
}

// Placeholders are what a prompt can hold.
var Placeholders = []string{"{place}", "{region}", "{profile}", "{n}", "{dir}"}

func checkPrompt(s string) (string, error) {
	rest := s
	for _, p := range Placeholders {
		rest = strings.ReplaceAll(rest, p, "")
	}
	if i := strings.IndexByte(rest, '{'); i >= 0 {
		end := strings.IndexByte(rest[i:], '}')
		if end > 0 {
			return "", fmt.Errorf("%s is not known: there are %s", rest[i:i+end+1], strings.Join(Placeholders, " "))
		}
	}
	if !utf8.ValidString(s) {
		return "", fmt.Errorf("%q is not UTF-8", s)
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return "", fmt.Errorf("control character %U", r)
		}
	}
	return s, nil
}

// Path is where the settings of the user are: pawsh/config.toml under
// XDG_CONFIG_HOME, or under ~/.config.
func Path(getenv func(string) string, home string) string {
	dir := getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(dir) { // as the XDG specification has it
		dir = filepath.Join(home, ".config")
	}
	return filepath.Join(dir, "pawsh", "config.toml")
}

// Settings are the values of the keys. They are for one goroutine.
type Settings struct {
	path   string
	values map[string]string
}

// Path is the file's, "" when there is none.
func (s *Settings) Path() string { return s.path }

// Get gives a value, the default where none is set.
func (s *Settings) Get(name string) string {
	if v, ok := s.values[name]; ok {
		return v
	}
	k, _ := Find(name)
	return k.Default
}

// IsSet tells whether the file sets a key.
func (s *Settings) IsSet(name string) bool {
	_, ok := s.values[name]
	return ok
}

// On tells whether a switch is on.
func (s *Settings) On(name string) bool { return s.Get(name) == "on" }

// Count gives a number; the check of its key has seen that it is one.
func (s *Settings) Count(name string) int {
	n, _ := strconv.Atoi(s.Get(name))
	return n
}

// Duration gives a duration, 0 for "off".
func (s *Settings) Duration(name string) time.Duration {
	d, _ := time.ParseDuration(s.Get(name)) // "off" is none
	return d
}

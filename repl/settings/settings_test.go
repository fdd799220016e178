package settings

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pawsh", "config.toml")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       map[string]string
		problems   []string
	}{
		{"nothing", "", nil, nil},
		{"all kinds of values", "display = \"table\"\npager = false\nitems = 20\ntimeout = '90s'\ntime = \"on\"\n",
			map[string]string{"display": "table", "pager": "off", "items": "20", "timeout": "1m30s", "time": "on"}, nil},
		{"unknown key", "# mine\n\ncolour = 'auto'\ndisplay = 'go'\n", map[string]string{"display": "go"}, []string{"3: there is no setting colour"}},
		{"keys in a table", "[prompt]\ncolor = 'never'\n", nil, []string{"2: there is no setting prompt.color"}},
		{"bad value", "display = 'xml'\ntimeout = 'soon'\nitems = -1\n", nil, []string{
			`1: display: "xml" is none of repr, table, tree, json, go`,
			`2: timeout: "soon" is no duration such as 30s, nor off`,
			`3: items: "-1" is no number of items`}},
		{"bad kind", "pager = [1]\n", nil, []string{"1: pager: want a string, a number or true and false"}},
		{"no TOML", "display = 'go'\npager = \n", nil, []string{"2: unexpected character U+000A at start of value"}},
		{"twice", "pager = true\npager = false\n", nil, []string{"2: key pager is already defined"}},
		{"prompt", "prompt = '{nope} > '\n", nil, []string{"1: prompt: {nope} is not known: there are {place} {region} {profile} {n} {dir}"}},
	} {
		path := write(t, c.text)
		s, problems := Open(path)
		var got []string
		for _, p := range problems {
			got = append(got, strings.TrimPrefix(strings.TrimPrefix(p.Error(), path+":"), " "))
		}
		if diff := cmp.Diff(c.problems, got); diff != "" {
			t.Errorf("%s: problems (-want +got):\n%s", c.name, diff)
		}
		if c.want == nil {
			c.want = map[string]string{}
		}
		if diff := cmp.Diff(c.want, s.values); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestOpenMissingAndStrangeFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, problems := Open(filepath.Join(dir, "none.toml"))
	if len(problems) > 0 || s.Get("display") != "repr" || !s.On("pager") || s.Count("items") != 1000 || s.Duration("timeout") != 0 {
		t.Errorf("defaults: %v, %v", s, problems)
	}
	if _, problems = Open(dir); len(problems) != 1 || problems[0].Message != "not a regular file" {
		t.Errorf("a directory: %v", problems)
	}
}

func TestSetKeepsTheRestOfTheFile(t *testing.T) {
	t.Parallel()
	path := write(t, "# mine\ndisplay = \"table\" # wide\n\n[other]\nx = 1")
	s, _ := Open(path)
	steps := []struct{ key, value, want string }{
		{"display", "tree", "# mine\ndisplay = \"tree\" # wide\n\n[other]\nx = 1"},
		{"pager", "off", "# mine\ndisplay = \"tree\" # wide\n\npager = false\n[other]\nx = 1"},
		{"timeout", "90s", "# mine\ndisplay = \"tree\" # wide\n\npager = false\ntimeout = \"1m30s\"\n[other]\nx = 1"},
		{"pager", "on", "# mine\ndisplay = \"tree\" # wide\n\npager = true\ntimeout = \"1m30s\"\n[other]\nx = 1"},
		{"display", "", "# mine\n\npager = true\ntimeout = \"1m30s\"\n[other]\nx = 1"},
		{"color", "", "# mine\n\npager = true\ntimeout = \"1m30s\"\n[other]\nx = 1"},
	}
	for _, st := range steps {
		var err error
		if st.value == "" {
			err = s.Unset(st.key)
		} else {
			err = s.Set(st.key, st.value)
		}
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(st.want, string(got)); diff != "" {
			t.Fatalf("after %s = %q (-want +got):\n%s", st.key, st.value, diff)
		}
	}
	if s.Get("display") != "repr" || s.IsSet("display") || s.Duration("timeout") != 90*time.Second {
		t.Errorf("values %v", s.values)
	}
	again, problems := Open(path)
	if len(problems) != 1 { // [other]
		t.Errorf("problems %v", problems)
	}
	if diff := cmp.Diff(s.values, again.values); diff != "" {
		t.Error(diff)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("files left behind: %v, %v", left, err)
	}
}

func TestSetMakesTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a", "b", "config.toml")
	s, _ := Open(path)
	if err := s.Set("prompt", `日本 "{place}" \ > `); err != nil {
		t.Fatal(err)
	}
	again, problems := Open(path)
	if len(problems) > 0 || again.Get("prompt") != `日本 "{place}" \ > ` {
		t.Errorf("%q, %v", again.Get("prompt"), problems)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestSetRefuses(t *testing.T) {
	t.Parallel()
	const broken = "display = \n"
	path := write(t, broken)
	s, _ := Open(path)
	for _, kv := range [][2]string{{"nope", "1"}, {"display", "xml"}, {"prompt", "\x1b[2J"}, {"display", "go"}} {
		if err := s.Set(kv[0], kv[1]); err == nil {
			t.Errorf("%s = %q was taken", kv[0], kv[1])
		}
	}
	var p *Problem
	if err := s.Unset("display"); !errors.As(err, &p) || p.Line != 1 {
		t.Errorf("got %v", err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != broken {
		t.Errorf("the broken file was touched: %q, %v", got, err)
	}
	if err := s.Unset("nope"); err == nil {
		t.Error("there is no setting nope")
	}
	if err := s.Set("display", "go"); err == nil || s.Get("display") != "repr" {
		t.Error("a value that can't be written is not kept")
	}
	if err := (&Settings{values: map[string]string{}}).Set("display", "go"); err == nil {
		t.Error("settings without a file were written")
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	for xdg, want := range map[string]string{"": "/h/.config/pawsh/config.toml", "/x": "/x/pawsh/config.toml", "rel": "/h/.config/pawsh/config.toml"} {
		if got := Path(func(string) string { return xdg }, "/h"); got != want {
			t.Errorf("XDG_CONFIG_HOME=%q: %s, want %s", xdg, got, want)
		}
	}
}

func TestDefaultsAreValid(t *testing.T) {
	t.Parallel()
	for _, k := range Keys() {
		if v, err := k.Check(k.Default); err != nil || v != k.Default {
			t.Errorf("%s: %q, %v", k.Name, v, err)
		}
		for _, v := range k.Values {
			if _, err := k.Check(v); err != nil {
				t.Error(err)
			}
		}
	}
}

// FuzzFile wants that no file makes Open fail otherwise than by a problem, and
// that what Set writes is read back.
func FuzzFile(f *testing.F) {
	f.Add("display = 'go'\n", "{place}")
	f.Add("[t]\nx=1", "a\"b\\c")
	f.Add("a = '''\n[x]\n'''", "日本")
	f.Add("a = \"\"\"\n\\\n", "")
	f.Fuzz(func(t *testing.T, text, prompt string) {
		path := filepath.Join(t.TempDir(), "config.toml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, _ := Open(path)
		if err := s.Set("prompt", prompt); err != nil {
			return
		}
		again, _ := Open(path)
		if got := again.Get("prompt"); got != prompt {
			b, _ := os.ReadFile(path)
			t.Errorf("%q in %q is read as %q in %q", prompt, text, got, b)
		}
	})
}

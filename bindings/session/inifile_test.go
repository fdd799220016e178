package session

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseINI(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		in       string
		want     map[string]map[string]string
		problems []string // a part of each
	}{
		{
			name: "sections, both separators, option names in lower case",
			in:   "[Credentials]\naws_access_key_id = AK\nAWS_Secret_Access_Key: SK/+=\n",
			want: map[string]map[string]string{"Credentials": {"aws_access_key_id": "AK", "aws_secret_access_key": "SK/+="}},
		},
		{
			name: "quotes as the book prints them, straight and typographic",
			in:   "[Boto]\neucalyptus_host = \"cloud.example\"\nwalrus_host = “walrus.example”\nother = 'x'\n",
			want: map[string]map[string]string{"Boto": {"eucalyptus_host": "cloud.example", "walrus_host": "walrus.example", "other": "x"}},
		},
		{
			name: "comments, blank lines, carriage returns, byte order mark",
			in:   "\ufeff# one\r\n; two\r\n\r\n[Boto]\r\ndebug = 2 ; three\r\n",
			want: map[string]map[string]string{"Boto": {"debug": "2"}},
		},
		{
			name: "continuation lines and indented options",
			in:   "[a]\nlong = one\n  two words\n  b = 3\n",
			want: map[string]map[string]string{"a": {"long": "one\ntwo words", "b": "3"}},
		},
		{
			name: "a percent sign is no interpolation",
			in:   "[Credentials]\naws_secret_access_key = a%b%(c)s\n",
			want: map[string]map[string]string{"Credentials": {"aws_secret_access_key": "a%b%(c)s"}},
		},
		{
			name:     "a line of no form is told of by file and line, the rest used",
			in:       "[Boto]\nnonsense\ndebug = 1\n",
			want:     map[string]map[string]string{"Boto": {"debug": "1"}},
			problems: []string{"boto.cfg:2: neither a [section] nor name = value"},
		},
		{
			name:     "an open bracket leaves its section out, not the next",
			in:       "[Boto\ndebug = 1\n[s3]\nhost = h\n",
			want:     map[string]map[string]string{"s3": {"host": "h"}},
			problems: []string{"boto.cfg:1: section header without closing bracket"},
		},
		{
			name:     "option before any section",
			in:       "debug = 1\n[Boto]\n",
			want:     map[string]map[string]string{"Boto": {}},
			problems: []string{`boto.cfg:1: option "debug" stands before any [section]`},
		},
		{
			name:     "invalid UTF-8 and NUL bytes",
			in:       "[Boto]\na = \xff\nb = \x00\nc = 1\n",
			want:     map[string]map[string]string{"Boto": {"c": "1"}},
			problems: []string{"boto.cfg:2: not valid UTF-8", "boto.cfg:3: not valid UTF-8"},
		},
		{
			name:     "an unclosed quote is told of and dropped",
			in:       "[Boto]\neucalyptus_host = \"cloud.example\n",
			want:     map[string]map[string]string{"Boto": {"eucalyptus_host": "cloud.example"}},
			problems: []string{`boto.cfg:2: option "eucalyptus_host" has an opening quote`},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sections := iniSections{}
			problems := parseINI("boto.cfg", tt.in, sections)
			got := map[string]map[string]string{}
			for s, options := range sections {
				got[s] = map[string]string{}
				for name, e := range options {
					got[s][name] = e.value
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("sections (-want +got):\n%s", diff)
			}
			if len(problems) != len(tt.problems) {
				t.Fatalf("problems = %v, want %d", problems, len(tt.problems))
			}
			for i, p := range problems {
				if !strings.Contains(p.String(), tt.problems[i]) {
					t.Errorf("problem %q, want %q in it", p, tt.problems[i])
				}
			}
		})
	}
}

func TestProblemsRepeatNoSecret(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"[Credentials]\nwJalrXUtnFEMI\n", "[Credentials]\n= wJalrXUtnFEMI\n", "wJalrXUtnFEMI\n", "[Credentials]\naws_secret_access_key = \"wJalrXUtnFEMI\n"} {
		for _, p := range parseINI("f", text, iniSections{}) {
			if strings.Contains(p.String(), "wJalr") {
				t.Errorf("%q: problem repeats the line: %s", text, p)
			}
		}
	}
}

func FuzzParseINI(f *testing.F) {
	f.Add("[Boto]\ndebug = 2\n")
	f.Add("[a\n  x\n\"\n= =\n[]")
	f.Fuzz(func(t *testing.T, text string) {
		sections := iniSections{}
		for _, p := range parseINI("f", text, sections) {
			if p.line < 1 || p.line > strings.Count(text, "\n")+1 {
				t.Errorf("line %d of %d", p.line, strings.Count(text, "\n")+1)
			}
		}
		for s, options := range sections {
			for name := range options {
				if s == "" || name == "" || name != strings.ToLower(name) {
					t.Errorf("section %q option %q", s, name)
				}
			}
		}
	})
}

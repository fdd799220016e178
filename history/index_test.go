package history

import (
	"encoding/json"
	"testing"
)

func FuzzUnquote(f *testing.F) {
	for _, s := range []string{"", "plain", "a\"b\\c/\n\t\r", "\u2028\x00\x7f\b\f", "日本 👩‍👩‍👧", "bad \xff"} {
		f.Add(s, "tail")
	}
	f.Fuzz(func(t *testing.T, s, tail string) {
		quoted, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var want string
		if err := json.Unmarshal(quoted, &want); err != nil {
			t.Fatal(err)
		}
		if got, ok := unquote(append(quoted, tail...)); !ok || got != want {
			t.Errorf("unquote(%s) = %q, %v; want %q", quoted, got, ok, want)
		}
		for cut := range quoted {
			if got, ok := unquote(quoted[:cut]); ok {
				t.Errorf("unquote(%s) = %q", quoted[:cut], got)
			}
		}
	})
}

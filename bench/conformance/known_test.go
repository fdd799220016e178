package conformance

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var errFailed = errors.New("the test says FAIL, or not PASS")

// readKnown reads the tests that must fail: NAME: WHY, or PREFIX*: WHY.
func readKnown(t *testing.T, file string, names []string) map[string]string {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, reason, ok := strings.Cut(line, ": ")
		if !ok {
			t.Fatalf("%s: %q has no reason", file, line)
		}
		if !slices.Contains(names, name) {
			t.Errorf("%s: there is no test %s", file, name)
		}
		known[name] = reason
	}
	return known
}

var colour = regexp.MustCompile("\x1b\\[[0-9;]*m")

// plain is what a program said, without colours.
func plain(out []byte) string { return string(colour.ReplaceAll(out, nil)) }

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// program writes a small shell script that serves as pager or editor.
func program(t *testing.T, body string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestPagerOnlyForWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	pager := program(t, `n=$(wc -l); echo "<paged $n lines>"; stty -a </dev/tty | grep -q ' icanon' && echo "<cooked>"`)
	tm := start(t, t.TempDir(), "PAGER="+pager)
	tm.expect(prompt)
	tm.send("strings.Repeat(\"a\\n\", 29)\r")
	tm.expect("a\r\na\r\na")
	tm.expect(prompt)
	tm.send("strings.Repeat(\"a\\n\", 30)\r")
	tm.expect("<paged 30 lines>")
	tm.expect("<cooked>")
	tm.expect(prompt)
	tm.send("strings.Repeat(\"b\", 120 * 30) + \"\\n.\"\r") // one line that wraps
	tm.expect("<paged 2 lines>")
	tm.expect(prompt)
	tm.send(":pager off\r")
	tm.expect(prompt)
	tm.send("strings.Repeat(\"c\\n\", 40)\r")
	tm.expect(strings.Repeat("c\r\n", 40))
	tm.expect(prompt)

	// The height is that of now.
	tm.send(":pager on\r")
	tm.expect(prompt)
	if err := pty.Setsize(tm.pty, &pty.Winsize{Rows: 10, Cols: 120}); err != nil {
		t.Fatal(err)
	}
	tm.send("strings.Repeat(\"d\\n\", 12)\r")
	tm.expect("<paged 12 lines>")
	tm.expect(prompt)
	tm.send("\x04")
	tm.ended(0)
}

func TestPagerThatFails(t *testing.T) {
	t.Parallel()
	tm := start(t, t.TempDir(), "PAGER="+program(t, `exit 3`))
	tm.expect(prompt)
	tm.send("strings.Repeat(\"a\\n\", 50)\r")
	tm.expect("warning: pager ")
	tm.expect(prompt)
	tm.send(":quit\r")
	tm.ended(0)

	tm = start(t, t.TempDir(), "PAGER=/no/such/pager")
	tm.expect(prompt)
	tm.send("strings.Repeat(\"a\\n\", 50)\r")
	tm.expect(strings.Repeat("a\r\n", 50))
	tm.expect(prompt)
	tm.send(":quit\r")
	tm.ended(0)
}

func TestEdit(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	tm := start(t, home, "EDITOR="+program(t, `sed -i 's/20/21/' "$1"; echo "* 2" >> "$1"; sed -i 'N;s/\n/ /' "$1"; echo "<editing $(stat -c %a "$1")>"`))
	tm.expect(prompt)

	// The last cell comes back edited, and Enter runs it.
	tm.send("20\r")
	tm.expect("\n20")
	tm.expect(prompt)
	tm.send(":edit\r")
	tm.expect("<editing 600>")
	tm.expect("21 * 2")
	tm.send("\r")
	tm.expect("\n42")
	tm.expect(prompt)

	// By number, here and by name in a later session.
	tm.send("\"other\"\r")
	tm.expect("\n\"other\"")
	tm.expect(prompt)
	tm.send(":edit 1\r")
	tm.expect("21 * 2")
	tm.send("\x03")
	tm.expect(prompt)
	tm.send(":edit 99\r")
	tm.expect("there is no cell 99")
	tm.expect(prompt)
	tm.send(":rerun 2 3\r")
	tm.expect("\n42")
	tm.expect("\n\"other\"")
	tm.expect(prompt)
	tm.send("\x04")
	tm.ended(0)
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "pawsh*", "cell.go")); len(left) > 0 {
		t.Errorf("files of the editor left behind: %v", left)
	}

	// Alt-E edits what is being typed.
	tm = start(t, home, "EDITOR="+program(t, `echo "+ 1" >> "$1"; sed -i 'N;s/\n/ /' "$1"`))
	tm.expect(prompt)
	tm.send("20\x1be")
	tm.expect("20 + 1")
	tm.send("\r")
	tm.expect("\n21")
	tm.expect(prompt)
	tm.send(":quit\r")
	tm.ended(0)

	// An editor that fails changes nothing.
	tm = start(t, home, "VISUAL=false", "EDITOR=true")
	tm.expect(prompt)
	tm.send("1\r")
	tm.expect("\n1")
	tm.expect(prompt)
	tm.send(":edit\r")
	tm.expect("error: editor false: exit status 1")
	tm.expect(prompt)
	tm.send(":quit\r")
	tm.ended(0)
}

func TestSettingsOutliveTheShell(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	tm := start(t, home)
	tm.expect(prompt)
	tm.send(":set display json\r")
	tm.expect(prompt)
	tm.send(":set prompt '{n}|'\r")
	tm.expect("1| ")
	tm.send("[]int{7}\r")
	tm.expect("[\r\n  7\r\n]")
	tm.expect("2| ")
	tm.send(":quit\r")
	tm.ended(0)

	tm = start(t, home)
	tm.expect("1| ")
	tm.send("[]int{8}\r")
	tm.expect("[\r\n  8\r\n]")
	tm.expect("2| ")
	tm.send(":set\r")
	tm.expect(filepath.Join(home, ".config", "pawsh", "config.toml"))
	tm.expect("2| ")
	tm.send(":quit\r")
	tm.ended(0)

	// A bad file is told with its line and is in nobody's way.
	bad := "display = 'xml'\n[[[\n"
	if err := os.WriteFile(filepath.Join(home, ".config", "pawsh", "config.toml"), []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	tm = start(t, home)
	tm.expect("config.toml:2: ")
	tm.expect(prompt)
	tm.send(":quit\r")
	tm.ended(0)
}

// TestProgramsOwnTheTerminal wants a program that a line starts to have the
// terminal as any shell gives it, and Ctrl-C to be its affair.
func TestProgramsOwnTheTerminal(t *testing.T) {
	t.Parallel()
	tm := start(t, t.TempDir())
	tm.expect(prompt)
	tm.send("!test -t 0 && test -t 1 && echo a terminal\r")
	tm.expect("\r\na terminal")
	tm.expect(prompt)
	tm.send("\"x\" | sh -c 'cat; test -t 1 && echo to a terminal'\r")
	tm.expect("x\r\nto a terminal")
	tm.expect(prompt)
	// Not sleep: dash forgets a signal that comes just before it starts a child.
	tm.send("!trap 'echo got it; exit 3' INT; echo ready; while :; do :; done\r")
	tm.expect("\r\nready")
	tm.send("\x03")
	tm.expect("got it")
	tm.expect(prompt)
	tm.send("1 + 1\r")
	tm.expect("\n2")
	tm.expect(prompt)
	tm.send("\x04")
	tm.ended(0)
}

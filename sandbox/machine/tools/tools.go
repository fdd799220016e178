// Package tools holds the commands of an emulated machine: small versions of
// those a script or a person uses on a new server. They work on the machine's
// tree and clock and on nothing else; what would need more (a package, a
// service, the network) says so politely.
package tools

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"

	"pawsh/sandbox/machine/shell"
)

// Host is what the commands know of the machine beside its tree. It is
// shell.System's Any.
type Host struct {
	Release, Kernel, Arch, Type string
	Cores                       int
	MemoryMiB                   int
	// Fetch answers a request to the metadata service: the only address that
	// there is.
	Fetch func(method, path string, h http.Header) (status int, body string)
	// Power is told of "reboot" and "poweroff".
	Power func(what string)
	// Console is told what goes to the system's log.
	Console func(line string)
}

// All gives the programs by name.
func All() map[string]shell.Program {
	all := map[string]shell.Program{}
	for _, part := range []map[string]shell.Program{files(), text(), lines(), system(), disks(), people(), packages(), network(), runners()} {
		for name, p := range part {
			all[name] = p
		}
	}
	return all
}

func host(p *shell.Proc) *Host {
	if h, ok := p.Sys.Any.(*Host); ok {
		return h
	}
	return &Host{}
}

// options splits flags from operands. Flags in valued take a value, which may
// follow; long ones are given as "--name".
func options(args []string, valued string, long ...string) (flags map[string]string, rest []string) {
	flags = map[string]string{}
	for i := 1; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "--":
			return flags, append(rest, args[i+1:]...)
		case strings.HasPrefix(a, "--"):
			name, value, ok := strings.Cut(a, "=")
			if !ok && slices.Contains(long, name) && i+1 < len(args) {
				i++
				value = args[i]
			}
			flags[name] = value
		case len(a) > 1 && a[0] == '-':
			for j := 1; j < len(a); j++ {
				f := a[j : j+1]
				if !strings.Contains(valued, f) {
					flags[f] += f
					continue
				}
				value := a[j+1:]
				if value == "" && i+1 < len(args) {
					i++
					value = args[i]
				}
				flags[f] = value
				break
			}
		default:
			rest = append(rest, a)
		}
	}
	return flags, rest
}

func has(flags map[string]string, names ...string) bool {
	for _, n := range names {
		if _, ok := flags[n]; ok {
			return true
		}
	}
	return false
}

// maxText bounds what a command holds of its input at once.
const maxText = 4 << 20

var errTooMuch = errors.New("input too large")

// input opens the named files one after the other, or the standard input.
func input(p *shell.Proc, names []string, use func(name string, r io.Reader) error) int {
	if len(names) == 0 {
		names = []string{"-"}
	}
	code := 0
	for _, name := range names {
		if err := inputOne(p, name, use); err != nil {
			code = p.Errorf("%s: %s", name, shell.Reason(err))
		}
	}
	return code
}

func inputOne(p *shell.Proc, name string, use func(string, io.Reader) error) error {
	if name == "-" {
		return use(name, p.Stdin)
	}
	f, err := p.Open(name, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer f.Close()
	return use(name, f)
}

// eachLine reads lines without their ends, until use returns false.
func eachLine(p *shell.Proc, r io.Reader, use func(string) bool) error {
	b := bufio.NewReaderSize(r, 4096)
	var line []byte
	for n := int64(1); ; n++ {
		if n%32 == 0 {
			p.Step(1)
		}
		part, err := b.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxText {
			return errTooMuch
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && len(line) == 0:
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if !use(strings.TrimSuffix(string(line), "\n")) || err != nil {
			return nil
		}
		line = line[:0]
	}
}

// all reads everything of the named files.
func readAll(p *shell.Proc, names []string) (string, int) {
	var b strings.Builder
	code := input(p, names, func(_ string, r io.Reader) error {
		return copyAll(p, &b, r, maxText)
	})
	return b.String(), code
}

// copyAll copies max bytes at most, counting the work.
func copyAll(p *shell.Proc, w io.Writer, r io.Reader, max int64) error {
	buf := make([]byte, 16<<10)
	for {
		p.Step(1)
		n, err := r.Read(buf)
		if max -= int64(n); max < 0 {
			return errTooMuch
		}
		if _, werr := w.Write(buf[:n]); werr != nil {
			return werr
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// outStream collects output into larger writes; flush it before waiting.
func outStream(p *shell.Proc) *bufio.Writer { return bufio.NewWriterSize(p.Stdout, 4096) }

// join puts a file's name below a directory, when there is one.
func into(p *shell.Proc, dir, name string) string {
	if info, err := p.FS.Stat(p.Abs(dir)); err == nil && info.IsDir() {
		return path.Join(dir, path.Base(name))
	}
	return dir
}

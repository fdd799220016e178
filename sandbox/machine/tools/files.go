package tools

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"pawsh/sandbox/machine/disk"
	"pawsh/sandbox/machine/shell"
)

func files() map[string]shell.Program {
	return map[string]shell.Program{
		"ls": ls, "mkdir": mkdir, "rmdir": rmdir, "rm": rm, "cp": cp, "mv": mv, "touch": touch, "ln": ln, "chmod": chmod, "chown": chown, "chgrp": chown,
		"find": find, "stat": stat, "readlink": readlink, "realpath": readlink, "basename": basename, "dirname": dirname, "du": du, "mktemp": mktemp,
		"truncate": truncate, "dd": dd, "install": install,
	}
}

// reach tells why a file can't be used, as commands do.
func reach(p *shell.Proc, verb, name string, err error) int {
	return p.Errorf("cannot %s '%s': %s", verb, name, shell.Reason(err))
}

func mkdir(p *shell.Proc) int {
	flags, names := options(p.Args, "m", "--mode")
	perm := fs.FileMode(0o777) &^ fs.FileMode(p.Umask())
	if m, err := strconv.ParseUint(flags["m"], 8, 12); err == nil {
		perm = fs.FileMode(m) & fs.ModePerm
	}
	code := 0
	for _, n := range names {
		p.Step(1)
		var err error
		if has(flags, "p", "--parents") {
			err = p.FS.MkdirAll(p.Abs(n), perm)
		} else {
			err = p.FS.Mkdir(p.Abs(n), perm)
		}
		if err != nil {
			code = p.Errorf("cannot create directory ‘%s’: %s", n, shell.Reason(err))
		}
	}
	return code
}

func rmdir(p *shell.Proc) int {
	_, names := options(p.Args, "")
	code := 0
	for _, n := range names {
		info, err := p.FS.Lstat(p.Abs(n))
		if err == nil && !info.IsDir() {
			err = syscall.ENOTDIR
		}
		if err == nil {
			err = p.FS.Remove(p.Abs(n))
		}
		if err != nil {
			code = p.Errorf("failed to remove '%s': %s", n, shell.Reason(err))
		}
	}
	return code
}

func rm(p *shell.Proc) int {
	flags, names := options(p.Args, "")
	deep := has(flags, "r", "R", "--recursive")
	force := has(flags, "f", "--force")
	code := 0
	for _, n := range names {
		p.Step(1)
		info, err := p.FS.Lstat(p.Abs(n))
		switch {
		case err == nil && deep && path.Clean(p.Abs(n)) == "/":
			code = p.Errorf("it is dangerous to operate recursively on '/'")
			continue
		case err == nil && info.IsDir() && !deep:
			err = syscall.EISDIR
		case err == nil && deep:
			err = p.FS.RemoveAll(p.Abs(n))
		case err == nil:
			err = p.FS.Remove(p.Abs(n))
		}
		if err != nil && !(force && errors.Is(err, fs.ErrNotExist)) {
			code = reach(p, "remove", n, err)
		}
	}
	return code
}

// copyTree copies a file or, when deep, a directory.
func copyTree(p *shell.Proc, from, to string, deep, keep bool) error {
	p.Step(2)
	info, err := p.FS.Lstat(p.Abs(from))
	if err == nil && !deep {
		info, err = p.FS.Stat(p.Abs(from))
	}
	if err != nil {
		return err
	}
	switch {
	case info.IsDir():
		if !deep {
			return fmt.Errorf("-r not specified; omitting directory '%s'", from)
		}
		if strings.HasPrefix(path.Clean(p.Abs(to))+"/", path.Clean(p.Abs(from))+"/") {
			return fmt.Errorf("cannot copy a directory, '%s', into itself", from)
		}
		if err := p.FS.Mkdir(p.Abs(to), info.Mode().Perm()|0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		list, err := p.FS.ReadDir(p.Abs(from))
		if err != nil {
			return err
		}
		for _, e := range list {
			if err := copyTree(p, path.Join(from, e.Name()), path.Join(to, e.Name()), deep, keep); err != nil {
				return err
			}
		}
	case info.Mode()&fs.ModeSymlink != 0:
		if err := p.FS.Remove(p.Abs(to)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return p.FS.Symlink(info.Target(), p.Abs(to))
	default:
		in, err := p.Open(from, os.O_RDONLY)
		if err != nil {
			return err
		}
		defer in.Close()
		if there, err := p.FS.Stat(p.Abs(to)); err == nil && there.Inode() == info.Inode() {
			return fmt.Errorf("'%s' and '%s' are the same file", from, to)
		}
		out, err := p.FS.Open(p.Abs(to), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, info.Mode().Perm()&^fs.FileMode(p.Umask()))
		if err != nil {
			return err
		}
		defer out.Close()
		if err := copyAll(p, out, in, 1<<30); err != nil {
			return err
		}
	}
	if keep {
		uid, gid := info.Owner()
		p.FS.Chown(p.Abs(to), uid, gid) // only root can: others keep their own
		p.FS.Chmod(p.Abs(to), info.Mode())
		return p.FS.Touch(p.Abs(to), info.ModTime())
	}
	return nil
}

func cp(p *shell.Proc) int {
	flags, names := options(p.Args, "t")
	if dir, ok := flags["t"]; ok {
		names = append(names, dir)
	}
	if len(names) < 2 {
		return p.Errorf("missing destination file operand")
	}
	to := names[len(names)-1]
	code := 0
	for _, from := range names[:len(names)-1] {
		if err := copyTree(p, from, into(p, to, from), has(flags, "r", "R", "a", "--recursive", "--archive"), has(flags, "p", "a", "--preserve", "--archive")); err != nil {
			code = reach(p, "copy", from, err)
		}
	}
	return code
}

func mv(p *shell.Proc) int {
	_, names := options(p.Args, "")
	if len(names) < 2 {
		return p.Errorf("missing destination file operand")
	}
	to := names[len(names)-1]
	code := 0
	for _, from := range names[:len(names)-1] {
		at := into(p, to, from)
		err := p.FS.Rename(p.Abs(from), p.Abs(at))
		if errors.Is(err, syscall.EXDEV) {
			if err = copyTree(p, from, at, true, true); err == nil {
				err = p.FS.RemoveAll(p.Abs(from))
			}
		}
		if err != nil {
			code = reach(p, "move", from, err)
		}
	}
	return code
}

func touch(p *shell.Proc) int {
	flags, names := options(p.Args, "drt", "--date")
	at := p.Now()
	for _, f := range []string{"d", "--date"} {
		if s, ok := flags[f]; ok {
			t, ok := parseDate(s, p.Now())
			if !ok {
				return p.Errorf("invalid date format '%s'", s)
			}
			at = t
		}
	}
	code := 0
	for _, n := range names {
		p.Step(1)
		err := p.FS.Touch(p.Abs(n), at)
		if errors.Is(err, fs.ErrNotExist) && !has(flags, "c") {
			var f *disk.File
			if f, err = p.FS.Open(p.Abs(n), os.O_WRONLY|os.O_CREATE, 0o666&^fs.FileMode(p.Umask())); err == nil {
				f.Close()
				err = p.FS.Touch(p.Abs(n), at)
			}
		}
		if err != nil && !has(flags, "c") {
			code = reach(p, "touch", n, err)
		}
	}
	return code
}

func ln(p *shell.Proc) int {
	flags, names := options(p.Args, "")
	if len(names) == 1 {
		names = append(names, path.Base(names[0]))
	}
	if len(names) < 2 {
		return p.Errorf("missing file operand")
	}
	to, code := names[len(names)-1], 0
	for _, from := range names[:len(names)-1] {
		at := to
		if !has(flags, "n", "T") {
			at = into(p, to, from)
		}
		if has(flags, "f") {
			p.FS.Remove(p.Abs(at)) // the link tells what stays in the way
		}
		var err error
		if has(flags, "s") {
			err = p.FS.Symlink(from, p.Abs(at))
		} else {
			err = p.FS.Link(p.Abs(from), p.Abs(at))
		}
		if err != nil {
			code = p.Errorf("failed to create link '%s': %s", at, shell.Reason(err))
		}
	}
	return code
}

// each visits a file and, when deep, what is below it.
func each(p *shell.Proc, name string, deep bool, f func(string, disk.Info) error) error {
	p.Step(1)
	info, err := p.FS.Lstat(p.Abs(name))
	if err != nil {
		return err
	}
	if err := f(name, info); err != nil || !deep || !info.IsDir() {
		return err
	}
	list, err := p.FS.ReadDir(p.Abs(name))
	if err != nil {
		return err
	}
	for _, e := range list {
		if err := each(p, path.Join(name, e.Name()), deep, f); err != nil {
			return err
		}
	}
	return nil
}

func chmod(p *shell.Proc) int {
	args := p.Args
	var mode string
	rest := []string{args[0]}
	for _, a := range args[1:] { // -x is a mode, -R a flag
		if mode == "" && a != "-R" && a != "-v" && a != "-f" && a != "--recursive" {
			mode = a
		} else {
			rest = append(rest, a)
		}
	}
	flags, names := options(rest, "")
	code := 0
	for _, n := range names {
		err := each(p, n, has(flags, "R", "--recursive"), func(name string, info disk.Info) error {
			m, ok := newMode(mode, info)
			if !ok {
				return fmt.Errorf("invalid mode: ‘%s’", mode)
			}
			return p.FS.Chmod(p.Abs(name), m)
		})
		if err != nil {
			code = p.Errorf("cannot access '%s': %s", n, shell.Reason(err))
		}
	}
	return code
}

// newMode applies a mode such as 755 or u+x,go-w.
func newMode(s string, info disk.Info) (fs.FileMode, bool) {
	if n, err := strconv.ParseUint(s, 8, 12); err == nil {
		m := fs.FileMode(n) & fs.ModePerm
		for bit, flag := range map[uint64]fs.FileMode{0o4000: fs.ModeSetuid, 0o2000: fs.ModeSetgid, 0o1000: fs.ModeSticky} {
			if n&bit != 0 {
				m |= flag
			}
		}
		return m, true
	}
	m := info.Mode()
	for _, part := range strings.Split(s, ",") {
		i := strings.IndexAny(part, "+-=")
		if i < 0 {
			return 0, false
		}
		var who, bits fs.FileMode
		for _, c := range part[:i] {
			who |= map[rune]fs.FileMode{'u': 0o700, 'g': 0o070, 'o': 0o007, 'a': 0o777}[c]
		}
		if who == 0 {
			who = 0o777
		}
		for _, c := range part[i+1:] {
			switch c {
			case 'r':
				bits |= 0o444
			case 'w':
				bits |= 0o222
			case 'x':
				bits |= 0o111
			case 'X':
				if info.IsDir() || m&0o111 != 0 {
					bits |= 0o111
				}
			case 't':
				if part[i] == '+' {
					m |= fs.ModeSticky
				}
			case 's':
			default:
				return 0, false
			}
		}
		switch part[i] {
		case '+':
			m |= bits & who
		case '-':
			m &^= bits & who
		default:
			m = m&^who | bits&who
		}
	}
	return m, true
}

func chown(p *shell.Proc) int {
	flags, names := options(p.Args, "")
	if len(names) < 2 {
		return p.Errorf("missing operand")
	}
	user, group, both := strings.Cut(strings.Replace(names[0], ".", ":", 1), ":")
	if path.Base(p.Args[0]) == "chgrp" {
		user, group, both = "", names[0], true
	}
	uid, gid := -1, -1
	if user != "" {
		u, ok := lookup(p.FS, user)
		if !ok {
			return p.Errorf("invalid user: ‘%s’", names[0])
		}
		uid = u.UID
		if both && group == "" {
			gid = u.GID
		}
	}
	if group != "" {
		g, ok := groupID(p.FS, group)
		if !ok {
			return p.Errorf("invalid group: ‘%s’", names[0])
		}
		gid = g
	}
	code := 0
	for _, n := range names[1:] {
		err := each(p, n, has(flags, "R", "--recursive"), func(name string, _ disk.Info) error { return p.FS.Chown(p.Abs(name), uid, gid) })
		if err != nil {
			code = p.Errorf("changing ownership of '%s': %s", n, shell.Reason(err))
		}
	}
	return code
}

func stat(p *shell.Proc) int {
	flags, names := options(p.Args, "c", "--format")
	format, ok := flags["c"]
	if !ok {
		format, ok = flags["--format"]
	}
	code := 0
	for _, n := range names {
		info, err := p.FS.Lstat(p.Abs(n))
		if err != nil {
			code = reach(p, "statx", n, err)
			continue
		}
		uid, gid := info.Owner()
		f := format
		if !ok {
			f = "  File: %n\n  Size: %s\tBlocks: 8\t%F\nAccess: (0%a/%A)  Uid: (%u/%U)   Gid: (%g/%G)\nModify: %y"
		}
		kind := "regular file"
		if info.IsDir() {
			kind = "directory"
		} else if info.Mode()&fs.ModeSymlink != 0 {
			kind = "symbolic link"
		}
		fmt.Fprintln(p.Stdout, strings.NewReplacer("%n", n, "%s", fmt.Sprint(info.Size()), "%a", fmt.Sprintf("%o", info.Mode().Perm()), "%A", modeString(info),
			"%u", fmt.Sprint(uid), "%g", fmt.Sprint(gid), "%U", userName(p.FS, uid), "%G", groupName(p.FS, gid), "%F", kind, "%i", fmt.Sprint(info.Inode()),
			"%h", fmt.Sprint(info.Links()), "%Y", fmt.Sprint(info.ModTime().Unix()), "%y", info.ModTime().Format("2006-01-02 15:04:05.000000000 -0700")).Replace(f))
	}
	return code
}

func readlink(p *shell.Proc) int {
	flags, names := options(p.Args, "")
	code := 0
	for _, n := range names {
		if path.Base(p.Args[0]) == "realpath" || has(flags, "f", "e", "m") {
			at := path.Clean(p.Abs(n))
			for range 40 {
				info, err := p.FS.Lstat(at)
				if err != nil || info.Mode()&fs.ModeSymlink == 0 {
					break
				}
				at = path.Join(path.Dir(at), info.Target())
				if strings.HasPrefix(info.Target(), "/") {
					at = path.Clean(info.Target())
				}
			}
			fmt.Fprintln(p.Stdout, at)
			continue
		}
		info, err := p.FS.Lstat(p.Abs(n))
		if err != nil || info.Mode()&fs.ModeSymlink == 0 {
			code = 1
			continue
		}
		fmt.Fprintln(p.Stdout, info.Target())
	}
	return code
}

func basename(p *shell.Proc) int {
	if len(p.Args) < 2 {
		return p.Errorf("missing operand")
	}
	base := path.Base(p.Args[1])
	if len(p.Args) > 2 && base != p.Args[2] {
		base = strings.TrimSuffix(base, p.Args[2])
	}
	fmt.Fprintln(p.Stdout, base)
	return 0
}

func dirname(p *shell.Proc) int {
	if len(p.Args) < 2 {
		return p.Errorf("missing operand")
	}
	for _, a := range p.Args[1:] {
		fmt.Fprintln(p.Stdout, path.Dir(strings.TrimRight(a, "/")+strings.Repeat("/", oneIf(strings.Trim(a, "/") == ""))))
	}
	return 0
}

func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

func du(p *shell.Proc) int {
	flags, names := options(p.Args, "d", "--max-depth")
	if len(names) == 0 {
		names = []string{"."}
	}
	code := 0
	for _, n := range names {
		var walk func(name string, top bool) int64
		walk = func(name string, top bool) int64 {
			p.Step(1)
			info, err := p.FS.Lstat(p.Abs(name))
			if err != nil {
				code = p.Errorf("cannot access '%s': %s", name, shell.Reason(err))
				return 0
			}
			sum := (info.Size() + 4095) &^ 4095
			if info.IsDir() {
				list, _ := p.FS.ReadDir(p.Abs(name))
				for _, e := range list {
					sum += walk(strings.TrimSuffix(name, "/")+"/"+e.Name(), false)
				}
			}
			if top || info.IsDir() && !has(flags, "s") || has(flags, "a") {
				size := fmt.Sprint(sum / 1024)
				if has(flags, "h") {
					size = human(sum)
				}
				fmt.Fprintf(p.Stdout, "%s\t%s\n", size, name)
			}
			return sum
		}
		walk(n, true)
	}
	return code
}

func mktemp(p *shell.Proc) int {
	flags, names := options(p.Args, "p")
	dir := "/tmp"
	if d := flags["p"]; d != "" {
		dir = d
	}
	pattern := path.Join(dir, "tmp.XXXXXXXXXX")
	if len(names) > 0 {
		pattern = names[0]
	}
	base := strings.TrimRight(pattern, "X")
	if len(pattern)-len(base) < 3 {
		return p.Errorf("too few X's in template ‘%s’", pattern)
	}
	for i := p.Now().UnixNano(); ; i += 7919 {
		p.Step(1)
		s := strconv.FormatInt(i*2654435761&(1<<62-1), 36) + "00000000"
		name := base + s[:min(len(s), len(pattern)-len(base))]
		var err error
		if has(flags, "d") {
			err = p.FS.Mkdir(p.Abs(name), 0o700)
		} else {
			var f *disk.File
			if f, err = p.FS.Open(p.Abs(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
				f.Close()
			}
		}
		if err == nil {
			fmt.Fprintln(p.Stdout, name)
			return 0
		}
		if !errors.Is(err, fs.ErrExist) {
			return p.Errorf("failed to create file via template ‘%s’: %s", pattern, shell.Reason(err))
		}
	}
}

func truncate(p *shell.Proc) int {
	flags, names := options(p.Args, "s")
	n, ok := size(flags["s"])
	if !ok {
		return p.Errorf("Invalid number: ‘%s’", flags["s"])
	}
	code := 0
	for _, name := range names {
		f, err := p.FS.Open(p.Abs(name), os.O_WRONLY|os.O_CREATE, 0o644)
		if err == nil {
			f.Close()
			err = p.FS.Truncate(p.Abs(name), n)
		}
		if err != nil {
			code = p.Errorf("failed to truncate '%s': %s", name, shell.Reason(err))
		}
	}
	return code
}

// size reads a number of bytes with its unit.
func size(s string) (int64, bool) {
	digits := strings.TrimRight(s, "kKMGTiB")
	n, err := strconv.ParseInt(digits, 10, 40)
	shift := map[string]uint{"": 0, "k": 10, "K": 10, "M": 20, "G": 30, "T": 40}[strings.TrimRight(s[len(digits):], "iB")]
	return n << shift, err == nil && n >= 0 && n<<shift >= n
}

func dd(p *shell.Proc) int {
	in, out, block, count, skip := "-", "", int64(512), int64(-1), int64(0)
	for _, a := range p.Args[1:] {
		k, v, _ := strings.Cut(a, "=")
		n, ok := size(v)
		switch k {
		case "if":
			in, ok = v, true
		case "of":
			out, ok = v, true
		case "bs", "ibs", "obs":
			block = n
		case "count":
			count = n
		case "skip":
			skip = n
		default:
			ok = true
		}
		if !ok {
			return p.Errorf("invalid number: ‘%s’", v)
		}
	}
	if block < 1 || block > 64<<20 {
		return p.Errorf("invalid block size")
	}
	var w io.Writer = p.Stdout
	if out != "" {
		f, err := p.Open(out, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
		if err != nil {
			return p.Errorf("failed to open '%s': %s", out, shell.Reason(err))
		}
		defer f.Close()
		w = f
	}
	var done int64
	code := 0
	err := inputOne(p, in, func(_ string, r io.Reader) error {
		if _, err := io.CopyN(io.Discard, r, min(skip*block, 1<<30)); err != nil {
			return nil
		}
		if count >= 0 {
			r = io.LimitReader(r, count*block)
		}
		counted := &counter{w: w}
		err := copyAll(p, counted, r, 1<<30)
		done = counted.n
		return err
	})
	if err != nil {
		code = p.Errorf("%s", shell.Reason(err))
	}
	fmt.Fprintf(p.Stderr, "%d+%d records in\n%d+%d records out\n%d bytes copied\n", done/block, oneIf(done%block != 0), done/block, oneIf(done%block != 0), done)
	return code
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

func install(p *shell.Proc) int {
	flags, names := options(p.Args, "mog")
	mode := uint64(0o755)
	if m, err := strconv.ParseUint(flags["m"], 8, 12); err == nil {
		mode = m
	}
	if has(flags, "d") {
		for _, n := range names {
			if err := p.FS.MkdirAll(p.Abs(n), fs.FileMode(mode)); err != nil {
				return reach(p, "create", n, err)
			}
		}
		return 0
	}
	if len(names) < 2 {
		return p.Errorf("missing destination file operand")
	}
	to := names[len(names)-1]
	for _, from := range names[:len(names)-1] {
		at := into(p, to, from)
		if err := copyTree(p, from, at, false, false); err != nil {
			return reach(p, "copy", from, err)
		}
		if err := p.FS.Chmod(p.Abs(at), fs.FileMode(mode)&fs.ModePerm); err != nil {
			return reach(p, "change", at, err)
		}
	}
	return 0
}

// find walks trees with the tests that scripts use.
func find(p *shell.Proc) int {
	var starts []string
	args := p.Args[1:]
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") && args[0] != "!" {
		starts, args = append(starts, args[0]), args[1:]
	}
	if len(starts) == 0 {
		starts = []string{"."}
	}
	type test func(name string, info disk.Info, depth int) bool
	var tests []test
	most, least, printed, negate := 1<<20, 0, false, false
	code := 0
	add := func(t test) {
		if negate {
			negate = false
			inner := t
			t = func(n string, i disk.Info, d int) bool { return !inner(n, i, d) }
		}
		tests = append(tests, t)
	}
	for i := 0; i < len(args); i++ {
		value := func() string {
			if i++; i < len(args) {
				return args[i]
			}
			return ""
		}
		switch a := args[i]; a {
		case "!", "-not":
			negate = true
		case "-a", "-and":
		case "-maxdepth":
			most, _ = strconv.Atoi(value())
		case "-mindepth":
			least, _ = strconv.Atoi(value())
		case "-name", "-iname", "-path":
			pat := value()
			if _, err := path.Match(pat, ""); err != nil {
				return p.Errorf("bad pattern ‘%s’", pat)
			}
			add(func(n string, _ disk.Info, _ int) bool {
				switch a {
				case "-name":
					n = path.Base(n)
				case "-iname":
					n, pat = strings.ToLower(path.Base(n)), strings.ToLower(pat)
				case "-path":
					n, pat = strings.ReplaceAll(n, "/", "\x01"), strings.ReplaceAll(pat, "/", "\x01")
				}
				ok, _ := path.Match(pat, n)
				return ok
			})
		case "-type":
			kind := value()
			add(func(_ string, i disk.Info, _ int) bool {
				return kind == "f" && i.Mode().IsRegular() || kind == "d" && i.IsDir() || kind == "l" && i.Mode()&fs.ModeSymlink != 0
			})
		case "-empty":
			add(func(n string, i disk.Info, _ int) bool {
				if i.IsDir() {
					list, err := p.FS.ReadDir(p.Abs(n))
					return err == nil && len(list) == 0
				}
				return i.Size() == 0
			})
		case "-size":
			v := value()
			n, _ := size(strings.TrimRight(strings.TrimLeft(v, "+-"), "c"))
			add(func(_ string, i disk.Info, _ int) bool {
				return strings.HasPrefix(v, "+") && i.Size() > n || strings.HasPrefix(v, "-") && i.Size() < n || i.Size() == n
			})
		case "-mtime", "-mmin":
			v := value()
			n, _ := strconv.Atoi(strings.TrimLeft(v, "+-"))
			unit := 24 * time.Hour
			if a == "-mmin" {
				unit = time.Minute
			}
			add(func(_ string, i disk.Info, _ int) bool {
				age := int(p.Now().Sub(i.ModTime()) / unit)
				return strings.HasPrefix(v, "+") && age > n || strings.HasPrefix(v, "-") && age < n || age == n
			})
		case "-newer":
			ref, err := p.FS.Stat(p.Abs(value()))
			if err != nil {
				return p.Errorf("%s", shell.Reason(err))
			}
			add(func(_ string, i disk.Info, _ int) bool { return i.ModTime().After(ref.ModTime()) })
		case "-user":
			u, _ := lookup(p.FS, value())
			add(func(_ string, i disk.Info, _ int) bool { uid, _ := i.Owner(); return uid == u.UID })
		case "-print", "-print0":
			printed = true
			end := "\n"
			if a == "-print0" {
				end = "\x00"
			}
			add(func(n string, _ disk.Info, _ int) bool { io.WriteString(p.Stdout, n+end); return true })
		case "-delete":
			printed = true
			add(func(n string, _ disk.Info, _ int) bool {
				if err := p.FS.Remove(p.Abs(n)); err != nil {
					code = reach(p, "delete", n, err)
					return false
				}
				return true
			})
		case "-exec":
			printed = true
			end := slices.IndexFunc(args[i:], func(s string) bool { return s == ";" || s == "+" })
			if end < 0 {
				return p.Errorf("missing argument to `-exec'")
			}
			cmd := args[i+1 : i+end]
			i += end
			add(func(n string, _ disk.Info, _ int) bool {
				run := make([]string, len(cmd))
				for j, w := range cmd {
					run[j] = strings.ReplaceAll(w, "{}", n)
				}
				return len(run) > 0 && p.Exec(nil, nil, run) == 0
			})
		default:
			return p.Errorf("unknown predicate `%s'", a)
		}
	}
	var walk func(name string, depth int)
	walk = func(name string, depth int) {
		p.Step(1)
		info, err := p.FS.Lstat(p.Abs(name))
		if err != nil {
			code = p.Errorf("‘%s’: %s", name, shell.Reason(err))
			return
		}
		var below []disk.Info
		if info.IsDir() && depth < most {
			if below, err = p.FS.ReadDir(p.Abs(name)); err != nil {
				code = p.Errorf("‘%s’: %s", name, shell.Reason(err))
			}
		}
		visit := func() {
			if depth < least {
				return
			}
			for _, t := range tests {
				if !t(name, info, depth) {
					return
				}
			}
			if !printed {
				io.WriteString(p.Stdout, name+"\n")
			}
		}
		deep := slices.Contains(args, "-delete") || slices.Contains(args, "-depth")
		if !deep {
			visit()
		}
		for _, e := range below {
			walk(strings.TrimSuffix(name, "/")+"/"+e.Name(), depth+1)
		}
		if deep {
			visit()
		}
	}
	for _, s := range starts {
		walk(s, 0)
	}
	return code
}

package tools

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"pawsh/sandbox/machine/disk"
	"pawsh/sandbox/machine/shell"
)

func ls(p *shell.Proc) int {
	flags, names := options(p.Args, "")
	if len(names) == 0 {
		names = []string{"."}
	}
	out := outStream(p)
	defer out.Flush()
	type entry struct {
		name string
		info disk.Info
	}
	show := func(list []entry) {
		slices.SortStableFunc(list, func(a, b entry) int {
			c := 0
			switch {
			case has(flags, "t"):
				c = b.info.ModTime().Compare(a.info.ModTime())
			case has(flags, "S"):
				c = int(b.info.Size() - a.info.Size())
			}
			if c == 0 {
				c = strings.Compare(a.name, b.name)
			}
			if has(flags, "r") {
				c = -c
			}
			return c
		})
		for _, e := range list {
			name := e.name
			if has(flags, "F") {
				switch {
				case e.info.IsDir():
					name += "/"
				case e.info.Mode()&fs.ModeSymlink != 0:
					name += "@"
				case e.info.Mode()&0o111 != 0:
					name += "*"
				}
			}
			if has(flags, "i") {
				fmt.Fprintf(out, "%d ", e.info.Inode())
			}
			if !has(flags, "l", "n", "g") {
				fmt.Fprintln(out, name)
				continue
			}
			uid, gid := e.info.Owner()
			user, group, size := userName(p.FS, uid), groupName(p.FS, gid), fmt.Sprint(e.info.Size())
			if has(flags, "n") {
				user, group = fmt.Sprint(uid), fmt.Sprint(gid)
			}
			if has(flags, "h") {
				size = human(e.info.Size())
			}
			layout := "Jan _2 15:04"
			if age := p.Now().Sub(e.info.ModTime()); age > 180*24*3600e9 || age < -3600e9 {
				layout = "Jan _2  2006"
			}
			if t := e.info.Target(); t != "" {
				name += " -> " + t
			}
			fmt.Fprintf(out, "%s %d %s %s %*s %s %s\n", modeString(e.info), e.info.Links(), user, group, 6, size, e.info.ModTime().Format(layout), name)
		}
	}
	code := 0
	var plain []entry
	var dirs []string
	for _, n := range names {
		info, err := p.FS.Lstat(p.Abs(n))
		if err == nil && info.Mode()&fs.ModeSymlink != 0 && !has(flags, "l", "d") {
			info, err = p.FS.Stat(p.Abs(n))
		}
		switch {
		case err != nil:
			code = 2
			reach(p, "access", n, err)
		case info.IsDir() && !has(flags, "d"):
			dirs = append(dirs, n)
		default:
			plain = append(plain, entry{n, info})
		}
	}
	show(plain)
	var list func(dir string, head bool)
	list = func(dir string, head bool) {
		p.Step(2)
		all, err := p.FS.ReadDir(p.Abs(dir))
		if err != nil {
			code = p.Errorf("cannot open directory '%s': %s", dir, shell.Reason(err))
			return
		}
		if head {
			fmt.Fprintf(out, "%s:\n", dir)
		}
		var entries []entry
		if has(flags, "a") {
			for _, n := range []string{".", ".."} {
				if info, err := p.FS.Stat(p.Abs(path.Join(dir, n))); err == nil {
					entries = append(entries, entry{n, info})
				}
			}
		}
		for _, i := range all {
			if !strings.HasPrefix(i.Name(), ".") || has(flags, "a", "A") {
				entries = append(entries, entry{i.Name(), i})
			}
		}
		if has(flags, "l", "n", "g") {
			fmt.Fprintf(out, "total %d\n", 4*len(entries))
		}
		show(entries)
		if has(flags, "R") {
			for _, i := range all {
				if i.IsDir() && (!strings.HasPrefix(i.Name(), ".") || has(flags, "a", "A")) {
					fmt.Fprintln(out)
					list(strings.TrimSuffix(dir, "/")+"/"+i.Name(), true)
				}
			}
		}
	}
	for i, d := range dirs {
		if i > 0 || len(plain) > 0 {
			fmt.Fprintln(out)
		}
		list(d, len(names) > 1 || has(flags, "R"))
	}
	return code
}

// modeString is a mode as ls -l shows it.
func modeString(i disk.Info) string {
	m := i.Mode()
	kind := "-"
	switch {
	case m.IsDir():
		kind = "d"
	case m&fs.ModeSymlink != 0:
		kind = "l"
	case m&fs.ModeCharDevice != 0:
		kind = "c"
	case m&fs.ModeDevice != 0:
		kind = "b"
	}
	b := []byte(m.Perm().String()[1:])
	if m&fs.ModeSticky != 0 {
		b[8] = 't'
	}
	if m&fs.ModeSetuid != 0 {
		b[2] = 's'
	}
	if m&fs.ModeSetgid != 0 {
		b[5] = 's'
	}
	return kind + string(b)
}

// human is a size in the largest unit that fits.
func human(n int64) string {
	if n < 1024 {
		return fmt.Sprint(n)
	}
	f := float64(n)
	for _, unit := range "KMGT" {
		if f /= 1024; f < 1024 {
			if f < 10 {
				return fmt.Sprintf("%.1f%c", f, unit)
			}
			return fmt.Sprintf("%.0f%c", f, unit)
		}
	}
	return fmt.Sprintf("%.0fP", f/1024)
}

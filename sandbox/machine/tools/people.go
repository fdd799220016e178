package tools

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"pawsh/sandbox/machine/disk"
	"pawsh/sandbox/machine/shell"
)

// User is a line of the machine's /etc/passwd.
type User struct {
	Name        string
	UID, GID    int
	Home, Shell string
}

const maxTable = 256 << 10 // of /etc/passwd and the like

// Users reads the machine's users.
func Users(v disk.View) []User {
	data, err := v.ReadFile("/etc/passwd", maxTable)
	if err != nil {
		return nil
	}
	var out []User
	for _, l := range strings.Split(string(data), "\n") {
		f := strings.Split(l, ":")
		if len(f) < 7 {
			continue
		}
		uid, err1 := strconv.Atoi(f[2])
		gid, err2 := strconv.Atoi(f[3])
		if err1 == nil && err2 == nil {
			out = append(out, User{f[0], uid, gid, f[5], f[6]})
		}
	}
	return out
}

// lookup finds a user by name or number.
func lookup(v disk.View, name string) (User, bool) {
	all := Users(v)
	if i := slices.IndexFunc(all, func(u User) bool { return u.Name == name }); i >= 0 {
		return all[i], true
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 0 {
		return User{Name: name, UID: n, GID: n}, true
	}
	return User{}, false
}

func userName(v disk.View, uid int) string {
	for _, u := range Users(v) {
		if u.UID == uid {
			return u.Name
		}
	}
	return strconv.Itoa(uid)
}

type group struct {
	name    string
	gid     int
	members []string
}

func groups(v disk.View) []group {
	data, err := v.ReadFile("/etc/group", maxTable)
	if err != nil {
		return nil
	}
	var out []group
	for _, l := range strings.Split(string(data), "\n") {
		if f := strings.Split(l, ":"); len(f) == 4 {
			if gid, err := strconv.Atoi(f[2]); err == nil {
				out = append(out, group{f[0], gid, strings.FieldsFunc(f[3], func(r rune) bool { return r == ',' })})
			}
		}
	}
	return out
}

func groupID(v disk.View, name string) (int, bool) {
	for _, g := range groups(v) {
		if g.name == name {
			return g.gid, true
		}
	}
	n, err := strconv.Atoi(name)
	return n, err == nil && n >= 0
}

func groupName(v disk.View, gid int) string {
	for _, g := range groups(v) {
		if g.gid == gid {
			return g.name
		}
	}
	return strconv.Itoa(gid)
}

// GroupsOf gives all groups of a user, its own first.
func GroupsOf(v disk.View, u User) []int {
	out := []int{u.GID}
	for _, g := range groups(v) {
		if slices.Contains(g.members, u.Name) && g.gid != u.GID {
			out = append(out, g.gid)
		}
	}
	return out
}

func people() map[string]shell.Program {
	return map[string]shell.Program{
		"whoami": whoami, "id": id, "groups": id, "logname": whoami, "who": who, "w": who, "useradd": useradd, "adduser": useradd, "groupadd": groupadd, "userdel": userdel,
		"usermod": usermod, "passwd": quietly, "chpasswd": quietly, "sudo": sudo, "su": su, "runuser": su, "getent": getent,
	}
}

func quietly(p *shell.Proc) int { return 0 }

func whoami(p *shell.Proc) int {
	fmt.Fprintln(p.Stdout, p.Sys.User)
	return 0
}

func who(p *shell.Proc) int {
	fmt.Fprintf(p.Stdout, "%-8s pts/0        %s\n", p.Sys.User, p.Now().Format("2006-01-02 15:04"))
	return 0
}

func id(p *shell.Proc) int {
	flags, names := options(p.Args, "")
	name := p.Sys.User
	if len(names) > 0 {
		name = names[0]
	}
	u, ok := lookup(p.FS, name)
	if !ok {
		return p.Errorf("‘%s’: no such user", name)
	}
	var gs, gn []string
	for _, g := range GroupsOf(p.FS, u) {
		gs = append(gs, fmt.Sprintf("%d(%s)", g, groupName(p.FS, g)))
		gn = append(gn, groupName(p.FS, g))
	}
	switch {
	case path.Base(p.Args[0]) == "groups", has(flags, "G") && has(flags, "n"):
		fmt.Fprintln(p.Stdout, strings.Join(gn, " "))
	case has(flags, "u") && has(flags, "n"):
		fmt.Fprintln(p.Stdout, u.Name)
	case has(flags, "u"):
		fmt.Fprintln(p.Stdout, u.UID)
	case has(flags, "g") && has(flags, "n"):
		fmt.Fprintln(p.Stdout, gn[0])
	case has(flags, "g"):
		fmt.Fprintln(p.Stdout, u.GID)
	default:
		fmt.Fprintf(p.Stdout, "uid=%d(%s) gid=%d(%s) groups=%s\n", u.UID, u.Name, u.GID, gn[0], strings.Join(gs, ","))
	}
	return 0
}

func appendTo(p *shell.Proc, file, line string) error {
	data, err := p.FS.ReadFile(file, maxTable)
	if err != nil && file != "/etc/group" {
		return err
	}
	return p.FS.WriteFile(file, append(data, line...), 0o644)
}

func useradd(p *shell.Proc) int {
	flags, names := options(p.Args, "dsGgucek", "--home-dir", "--home", "--shell", "--groups", "--gid", "--uid", "--comment", "--gecos", "--ingroup")
	if len(names) == 0 {
		return p.Errorf("no user name given") + 1
	}
	name := names[0]
	if strings.ContainsAny(name, ":/\n") || len(name) > 32 {
		return p.Errorf("invalid user name '%s'", name) + 2
	}
	if _, err := strconv.Atoi(name); err == nil {
		return p.Errorf("invalid user name '%s'", name) + 2
	}
	if _, ok := lookup(p.FS, name); ok {
		return p.Errorf("user '%s' already exists", name) + 8
	}
	uid := 1000
	for _, u := range Users(p.FS) {
		if u.UID >= uid && u.UID < 60000 {
			uid = u.UID + 1
		}
	}
	if n, err := strconv.Atoi(flags["u"]); err == nil {
		uid = n
	}
	home, sh := "/home/"+name, "/bin/bash"
	for _, f := range []string{"d", "--home-dir", "--home"} {
		if v, ok := flags[f]; ok {
			home = v
		}
	}
	for _, f := range []string{"s", "--shell"} {
		if v, ok := flags[f]; ok {
			sh = v
		}
	}
	if strings.ContainsAny(home+sh, ":\n") {
		return p.Errorf("invalid home or shell") + 2
	}
	if err := appendTo(p, "/etc/passwd", fmt.Sprintf("%s:x:%d:%d::%s:%s\n", name, uid, uid, home, sh)); err != nil {
		return p.Errorf("cannot lock /etc/passwd; try again later.")
	}
	if err := appendTo(p, "/etc/group", fmt.Sprintf("%s:x:%d:\n", name, uid)); err != nil {
		return p.Errorf("cannot lock /etc/group; try again later.")
	}
	for _, f := range []string{"G", "--groups"} {
		if v, ok := flags[f]; ok {
			join(p, name, strings.Split(v, ","))
		}
	}
	if !has(flags, "M", "r", "--no-create-home", "--system") {
		if err := p.FS.MkdirAll(home, 0o755); err != nil {
			return p.Errorf("cannot create directory %s", home)
		}
		if err := p.FS.Chown(home, uid, uid); err != nil {
			return p.Errorf("cannot create directory %s", home)
		}
	}
	return 0
}

// join adds a user to groups.
func join(p *shell.Proc, user string, names []string) {
	data, _ := p.FS.ReadFile("/etc/group", maxTable)
	lines := strings.Split(string(data), "\n")
	for i, l := range lines {
		name, _, _ := strings.Cut(l, ":")
		if f := strings.Split(l, ":"); len(f) == 4 && slices.Contains(names, name) && !slices.Contains(strings.Split(f[3], ","), user) {
			if f[3] != "" {
				user = "," + user
			}
			lines[i] = l + user
			user = strings.TrimPrefix(user, ",")
		}
	}
	p.FS.WriteFile("/etc/group", []byte(strings.Join(lines, "\n")), 0o644) // who may not write /etc may not add users
}

func usermod(p *shell.Proc) int {
	flags, names := options(p.Args, "Gdsl")
	if len(names) == 0 {
		return p.Errorf("no user name given") + 1
	}
	if _, ok := lookup(p.FS, names[0]); !ok {
		return p.Errorf("user '%s' does not exist", names[0]) + 5
	}
	if g, ok := flags["G"]; ok {
		join(p, names[0], strings.Split(g, ","))
	}
	return 0
}

func groupadd(p *shell.Proc) int {
	_, names := options(p.Args, "g")
	if len(names) == 0 || strings.ContainsAny(names[0], ":\n") {
		return p.Errorf("no group name given") + 1
	}
	gid := 1000
	for _, g := range groups(p.FS) {
		if g.name == names[0] {
			return p.Errorf("group '%s' already exists", names[0]) + 8
		}
		if g.gid >= gid && g.gid < 60000 {
			gid = g.gid + 1
		}
	}
	if err := appendTo(p, "/etc/group", fmt.Sprintf("%s:x:%d:\n", names[0], gid)); err != nil {
		return p.Errorf("cannot lock /etc/group; try again later.")
	}
	return 0
}

func userdel(p *shell.Proc) int {
	_, names := options(p.Args, "")
	for _, n := range names {
		if _, ok := lookup(p.FS, n); !ok {
			return p.Errorf("user '%s' does not exist", n) + 5
		}
		for _, file := range []string{"/etc/passwd", "/etc/group"} {
			data, _ := p.FS.ReadFile(file, maxTable)
			kept := slices.DeleteFunc(strings.SplitAfter(string(data), "\n"), func(l string) bool { return strings.HasPrefix(l, n+":") })
			if err := p.FS.WriteFile(file, []byte(strings.Join(kept, "")), 0o644); err != nil {
				return p.Errorf("cannot lock %s; try again later.", file)
			}
		}
	}
	return 0
}

func getent(p *shell.Proc) int {
	if len(p.Args) < 2 {
		return p.Errorf("wrong number of arguments")
	}
	data, err := p.FS.ReadFile("/etc/"+path.Base(p.Args[1]), maxTable)
	if err != nil {
		return 1
	}
	code := 2
	for _, l := range splitLines(string(data)) {
		name, _, _ := strings.Cut(l, ":")
		if len(p.Args) == 2 || slices.Contains(p.Args[2:], name) {
			fmt.Fprintln(p.Stdout, l)
			code = 0
		}
	}
	return code
}

// sudo runs a command as root, or as -u says. Members of wheel, sudo and
// admin may, without a password, as on images of the cloud.
func sudo(p *shell.Proc) int {
	args := p.Args[1:]
	user, login := "root", false
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		switch args[0] {
		case "-u":
			if len(args) > 1 {
				user, args = args[1], args[1:]
			}
		case "-i", "-s", "-":
			login = true
		}
		args = args[1:]
	}
	env := map[string]string{}
	for len(args) > 0 && strings.Contains(args[0], "=") {
		k, v, _ := strings.Cut(args[0], "=")
		env[k], args = v, args[1:]
	}
	u, ok := lookup(p.FS, p.Sys.User)
	may := u.UID == 0
	for _, g := range GroupsOf(p.FS, u) {
		may = may || slices.Contains([]string{"wheel", "sudo", "admin"}, groupName(p.FS, g))
	}
	if !ok || !may {
		return p.Errorf("%s is not in the sudoers file.", p.Sys.User)
	}
	return as(p, user, env, args, login)
}

func su(p *shell.Proc) int {
	flags, names := options(p.Args, "cs", "--command")
	names = slices.DeleteFunc(names, func(s string) bool { return s == "-" })
	user := "root"
	if len(names) > 0 {
		user = names[0]
	}
	if p.FS.Cred().UID != 0 {
		return p.Errorf("Authentication failure")
	}
	if c, ok := flags["c"]; ok {
		return as(p, user, nil, []string{"sh", "-c", c}, false)
	}
	return as(p, user, nil, nil, true)
}

func as(p *shell.Proc, user string, env map[string]string, args []string, login bool) int {
	var sys *shell.System
	if p.Sys.As != nil {
		sys = p.Sys.As(user)
	}
	if sys == nil {
		return p.Errorf("unknown user: %s", user)
	}
	if len(args) == 0 {
		if !login {
			return p.Errorf("usage: sudo command")
		}
		args = []string{"bash"}
	}
	all := map[string]string{"USER": user, "LOGNAME": user, "HOME": sys.Home, "SUDO_USER": p.Sys.User, "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
	for k, v := range env {
		all[k] = v
	}
	return p.Exec(sys, all, args)
}

package tools

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"pawsh/sandbox/machine/shell"
)

func packages() map[string]shell.Program {
	all := map[string]shell.Program{"rpm": queryPackages, "dpkg": queryPackages, "apt-key": quietly, "add-apt-repository": quietly, "amazon-linux-extras": pkg, "apt-cache": quietly}
	for _, name := range []string{"yum", "dnf", "apt-get", "apt", "pip", "pip3", "easy_install", "gem", "npm", "snap", "zypper", "apk"} {
		all[name] = pkg
	}
	for _, name := range []string{"python", "python2", "python3", "perl", "ruby", "node", "java", "php", "gcc", "make", "git", "docker", "aws", "mysql", "psql", "tar", "gzip", "gunzip", "zip", "unzip", "rsync", "scp", "ssh", "gpg", "openssl", "jq"} {
		all[name] = absent
	}
	return all
}

// Installed is the file in which a machine keeps what was asked to be
// installed, a package a line.
const Installed = "/var/lib/packages/installed"

// Packages lists what was asked to be installed in a machine.
func Packages(read func(string, int64) ([]byte, error)) []string {
	data, err := read(Installed, maxTable)
	if err != nil {
		return nil
	}
	return splitLines(string(data))
}

// pkg stands for the package managers: nothing can be fetched, so it says
// what it would install, and keeps the list.
func pkg(p *shell.Proc) int {
	flags, rest := options(p.Args, "rct", "--requirement")
	cmd := path.Base(p.Args[0])
	verb := "install"
	if cmd != "easy_install" {
		if len(rest) == 0 {
			if has(flags, "V", "--version") {
				fmt.Fprintln(p.Stdout, cmd, "of an emulated machine")
				return 0
			}
			return p.Errorf("no command given")
		}
		verb, rest = rest[0], rest[1:]
	}
	switch verb {
	case "install", "localinstall", "groupinstall", "reinstall", "add", "enable":
	case "update", "upgrade", "makecache", "clean", "autoremove", "dist-upgrade", "full-upgrade", "check-update", "refresh":
		fmt.Fprintf(p.Stdout, "%s %s: nothing to fetch in an emulated machine\n", cmd, verb)
		return 0
	case "list", "show", "search", "info", "freeze":
		for _, name := range Packages(p.FS.ReadFile) {
			fmt.Fprintln(p.Stdout, name)
		}
		return 0
	case "remove", "erase", "purge", "uninstall":
		return forget(p, rest)
	default:
		return p.Errorf("unknown command %s", verb)
	}
	pips := cmd == "pip" || cmd == "pip3" || cmd == "npm" || cmd == "gem" || cmd == "easy_install"
	if p.FS.Cred().UID != 0 && !pips {
		return p.Errorf("This command has to be run with superuser privileges (under the root user on most systems).")
	}
	if len(rest) == 0 && len(flags) == 0 {
		return p.Errorf("need a package to install")
	}
	have := Packages(p.FS.ReadFile)
	var fresh []string
	for _, name := range rest {
		if strings.ContainsAny(name, "\n") || len(name) > 255 {
			return p.Errorf("no such package")
		}
		if slices.Contains(have, name) {
			fmt.Fprintf(p.Stdout, "%s is noted already.\n", name)
			continue
		}
		fresh = append(fresh, name)
		have = append(have, name)
	}
	if len(fresh) == 0 {
		return 0
	}
	fmt.Fprintf(p.Stdout, "Would install: %s\nNothing is fetched in an emulated machine; noted in %s.\n", strings.Join(fresh, " "), Installed)
	if err := p.FS.MkdirAll(path.Dir(Installed), 0o777); err != nil {
		return 0
	}
	f, err := p.FS.Open(Installed, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return 0
	}
	defer f.Close()
	if _, err := f.Write([]byte(strings.Join(fresh, "\n") + "\n")); err != nil {
		return p.Errorf("%s", shell.Reason(err))
	}
	return 0
}

func forget(p *shell.Proc, names []string) int {
	have := slices.DeleteFunc(Packages(p.FS.ReadFile), func(s string) bool { return slices.Contains(names, s) })
	if err := p.FS.WriteFile(Installed, []byte(strings.Join(append(have, ""), "\n")), 0o644); err != nil {
		return p.Errorf("%s", shell.Reason(err))
	}
	fmt.Fprintf(p.Stdout, "Removed: %s\n", strings.Join(names, " "))
	return 0
}

func queryPackages(p *shell.Proc) int {
	_, rest := options(p.Args, "")
	have := Packages(p.FS.ReadFile)
	if len(rest) == 0 {
		for _, name := range have {
			fmt.Fprintln(p.Stdout, name)
		}
		return 0
	}
	for _, name := range rest {
		if !slices.Contains(have, name) {
			fmt.Fprintf(p.Stdout, "package %s is not installed\n", name)
			return 1
		}
		fmt.Fprintln(p.Stdout, name)
	}
	return 0
}

// absent stands for programs that would have to be installed and can't be.
func absent(p *shell.Proc) int {
	cmd := path.Base(p.Args[0])
	if len(p.Args) == 2 && strings.Contains("--version -V -version", p.Args[1]) {
		fmt.Fprintf(p.Stdout, "%s: a stand-in of an emulated machine\n", cmd)
		return 0
	}
	fmt.Fprintf(p.Stderr, "%s: does not run in an emulated machine; it would have run: %s\n", cmd, strings.Join(p.Args, " "))
	return 126
}

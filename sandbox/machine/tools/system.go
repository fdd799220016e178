package tools

import (
	"fmt"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"pawsh/sandbox/machine/shell"
)

func system() map[string]shell.Program {
	return map[string]shell.Program{
		"date": date, "sleep": sleep, "hostname": hostname, "hostnamectl": hostname, "uname": uname, "arch": uname, "env": env, "printenv": env, "uptime": uptime, "free": free,
		"ps": ps, "top": ps, "pgrep": result(1), "pkill": result(1), "killall": result(1), "dmesg": dmesg, "logger": logger, "nproc": nproc, "clear": quietly, "reset": quietly, "tty": tty,
		"stty": quietly, "sync": quietly, "ldconfig": quietly, "update-rc.d": quietly, "chkconfig": quietly, "sysctl": quietly, "modprobe": quietly, "crontab": crontab,
		"shutdown": power, "reboot": power, "poweroff": power, "halt": power, "systemctl": systemctl, "service": systemctl, "cloud-init": cloudInit,
		"vi": noEditor, "vim": noEditor, "nano": noEditor, "less": cat, "more": cat, "man": noManual,
	}
}

// parseDate reads the forms of dates that scripts give.
func parseDate(s string, now time.Time) (time.Time, bool) {
	if n, ok := strings.CutPrefix(s, "@"); ok {
		sec, err := strconv.ParseInt(n, 10, 64)
		return time.Unix(sec, 0).UTC(), err == nil
	}
	switch s {
	case "now", "today", "":
		return now, true
	case "yesterday":
		return now.AddDate(0, 0, -1), true
	case "tomorrow":
		return now.AddDate(0, 0, 1), true
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006-01-02T15:04:05", time.RFC1123, time.RFC1123Z, time.UnixDate} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	f := strings.Fields(s)
	if len(f) == 3 && f[2] == "ago" {
		f = []string{"-" + f[0], f[1]}
	}
	if len(f) == 2 {
		n, err := strconv.Atoi(f[0])
		unit := strings.TrimSuffix(f[1], "s")
		if err != nil || n > 1e6 || n < -1e6 {
			return now, false
		}
		switch unit {
		case "day":
			return now.AddDate(0, 0, n), true
		case "week":
			return now.AddDate(0, 0, 7*n), true
		case "month":
			return now.AddDate(0, n, 0), true
		case "year":
			return now.AddDate(n, 0, 0), true
		}
		if d, ok := map[string]time.Duration{"second": time.Second, "sec": time.Second, "minute": time.Minute, "min": time.Minute, "hour": time.Hour}[unit]; ok {
			return now.Add(time.Duration(n) * d), true
		}
	}
	return now, false
}

func date(p *shell.Proc) int {
	flags, rest := options(p.Args, "drs", "--date")
	t := p.Now().UTC()
	for _, f := range []string{"d", "--date"} {
		if s, ok := flags[f]; ok {
			var good bool
			if t, good = parseDate(s, t); !good {
				return p.Errorf("invalid date ‘%s’", s)
			}
		}
	}
	if f, ok := flags["r"]; ok {
		info, err := p.FS.Stat(p.Abs(f))
		if err != nil {
			return p.Errorf("%s: %s", f, shell.Reason(err))
		}
		t = info.ModTime().UTC()
	}
	format := "%a %b %e %H:%M:%S %Z %Y"
	switch {
	case len(rest) > 0 && strings.HasPrefix(rest[0], "+"):
		format = rest[0][1:]
	case has(flags, "I", "--iso-8601"):
		format = "%Y-%m-%d"
	case has(flags, "R"):
		format = "%a, %d %b %Y %H:%M:%S %z"
	}
	fmt.Fprintln(p.Stdout, strftime(t, format))
	return 0
}

func strftime(t time.Time, format string) string {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		if format[i] == '-' && i+1 < len(format) {
			i++
			b.WriteString(strings.TrimLeft(strftime(t, "%"+format[i:i+1]), "0 "))
			continue
		}
		layout := map[byte]string{
			'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'y': "06", 'b': "Jan", 'h': "Jan", 'B': "January", 'a': "Mon", 'A': "Monday",
			'e': "_2", 'I': "03", 'p': "PM", 'Z': "MST", 'z': "-0700", 'F': "2006-01-02", 'T': "15:04:05", 'R': "15:04", 'D': "01/02/06", 'c': "Mon Jan _2 15:04:05 2006", 'j': "002", 'N': "000000000", 'x': "01/02/06", 'X': "15:04:05",
		}[format[i]]
		switch {
		case format[i] == 'N':
			fmt.Fprintf(&b, "%09d", t.Nanosecond())
		case layout != "":
			b.WriteString(t.Format(layout))
		case format[i] == 's':
			b.WriteString(strconv.FormatInt(t.Unix(), 10))
		case format[i] == 'n':
			b.WriteByte('\n')
		case format[i] == 't':
			b.WriteByte('\t')
		case format[i] == 'u':
			fmt.Fprint(&b, (int(t.Weekday())+6)%7+1)
		case format[i] == 'w':
			fmt.Fprint(&b, int(t.Weekday()))
		case format[i] == '%':
			b.WriteByte('%')
		default:
			b.WriteString(format[i-1 : i+1])
		}
	}
	return b.String()
}

// duration reads what sleep and timeout are given.
func duration(s string) (time.Duration, bool) {
	if s == "infinity" {
		return 24 * time.Hour, true
	}
	unit := time.Second
	if s != "" {
		if u, ok := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}[s[len(s)-1]]; ok {
			unit, s = u, s[:len(s)-1]
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f < 0 || f*float64(unit) > 1e18 {
		return 0, false
	}
	return time.Duration(f * float64(unit)), true
}

func sleep(p *shell.Proc) int {
	if len(p.Args) < 2 {
		return p.Errorf("missing operand")
	}
	var sum time.Duration
	for _, a := range p.Args[1:] {
		d, ok := duration(a)
		if !ok {
			return p.Errorf("invalid time interval ‘%s’", a)
		}
		sum += d
	}
	if err := p.Sleep(sum); err != nil {
		return 130
	}
	return 0
}

func hostname(p *shell.Proc) int {
	flags, rest := options(p.Args, "")
	name, err := p.FS.ReadFile("/etc/hostname", 256)
	full := strings.TrimSpace(string(name))
	if err != nil || full == "" {
		full = p.Sys.Host
	}
	if len(rest) > 0 {
		if rest[0] == "set-hostname" {
			rest = rest[1:]
		}
		if err := p.FS.WriteFile("/etc/hostname", []byte(rest[len(rest)-1]+"\n"), 0o644); err != nil {
			return p.Errorf("you must be root to change the host name")
		}
		return 0
	}
	if has(flags, "s") {
		full, _, _ = strings.Cut(full, ".")
	}
	if has(flags, "i", "I") {
		short, _, _ := strings.Cut(p.Sys.Host, ".")
		full = strings.ReplaceAll(strings.TrimPrefix(short, "ip-"), "-", ".")
	}
	fmt.Fprintln(p.Stdout, full)
	return 0
}

func uname(p *shell.Proc) int {
	h := host(p)
	if path.Base(p.Args[0]) == "arch" {
		fmt.Fprintln(p.Stdout, h.Arch)
		return 0
	}
	flags, _ := options(p.Args, "")
	var out []string
	for _, f := range []struct{ flag, text string }{{"s", "Linux"}, {"n", p.Sys.Host}, {"r", h.Kernel}, {"v", "#1 SMP"}, {"m", h.Arch}, {"p", h.Arch}, {"i", h.Arch}, {"o", "GNU/Linux"}} {
		if has(flags, f.flag) || has(flags, "a", "--all") && f.flag != "p" && f.flag != "i" || len(flags) == 0 && f.flag == "s" {
			out = append(out, f.text)
		}
	}
	fmt.Fprintln(p.Stdout, strings.Join(out, " "))
	return 0
}

func env(p *shell.Proc) int {
	all := p.Environ()
	args := p.Args[1:]
	if path.Base(p.Args[0]) == "printenv" && len(args) > 0 {
		v, ok := all[args[0]]
		if ok {
			fmt.Fprintln(p.Stdout, v)
		}
		return oneIf(!ok)
	}
	more := map[string]string{}
	for len(args) > 0 && (strings.Contains(args[0], "=") || strings.HasPrefix(args[0], "-")) {
		if k, v, ok := strings.Cut(args[0], "="); ok {
			more[k] = v
		} else if args[0] == "-u" && len(args) > 1 {
			args = args[1:]
			more[args[0]] = ""
		}
		args = args[1:]
	}
	if len(args) > 0 {
		return p.Exec(nil, more, args)
	}
	maps.Copy(all, more)
	for _, k := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(p.Stdout, "%s=%s\n", k, all[k])
	}
	return 0
}

func uptime(p *shell.Proc) int {
	up := p.Now().Sub(p.Sys.Boot).Round(time.Minute)
	fmt.Fprintf(p.Stdout, " %s up %d:%02d,  1 user,  load average: 0.08, 0.03, 0.01\n", p.Now().Format("15:04:05"), int(up.Hours()), int(up.Minutes())%60)
	return 0
}

func free(p *shell.Proc) int {
	flags, _ := options(p.Args, "")
	div := int64(1)
	if has(flags, "m") {
		div = 1024
	}
	if has(flags, "g") {
		div = 1024 * 1024
	}
	total := int64(host(p).MemoryMiB) * 1024
	used := total / 9
	fmt.Fprintf(p.Stdout, "               total        used        free      shared  buff/cache   available\nMem:    %12d%12d%12d%12d%12d%12d\nSwap:   %12d%12d%12d\n",
		total/div, used/div, (total-3*used)/div, 0, 2*used/div, (total-used)/div, 0, 0, 0)
	return 0
}

func ps(p *shell.Proc) int {
	flags, rest := options(p.Args, "opuC")
	if !has(flags, "e", "A", "f") && (len(rest) == 0 || !strings.Contains(rest[0], "a")) {
		fmt.Fprintf(p.Stdout, "    PID TTY          TIME CMD\n   1101 pts/0    00:00:00 bash\n   1102 pts/0    00:00:00 ps\n")
		return 0
	}
	fmt.Fprintln(p.Stdout, "USER         PID COMMAND")
	for _, l := range []string{"root           1 /sbin/init", "root         412 /usr/lib/systemd/systemd-journald", "root         901 sshd: /usr/sbin/sshd -D [listener]", fmt.Sprintf("%-10s  1101 -bash", p.Sys.User)} {
		fmt.Fprintln(p.Stdout, l)
	}
	return 0
}

func dmesg(p *shell.Proc) int {
	data, err := p.FS.ReadFile("/var/log/dmesg", maxText)
	if err != nil {
		return p.Errorf("%s", shell.Reason(err))
	}
	p.Stdout.Write(data)
	return 0
}

func logger(p *shell.Proc) int {
	_, words := options(p.Args, "tpf")
	line := fmt.Sprintf("%s %s: %s\n", p.Now().Format("Jan _2 15:04:05"), p.Sys.User, strings.Join(words, " "))
	if h := host(p); h.Console != nil {
		h.Console(line)
	}
	f, err := p.FS.Open("/var/log/messages", os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return 0 // as the real one: the log takes it, whoever may read it
	}
	defer f.Close()
	f.Write([]byte(line))
	return 0
}

func nproc(p *shell.Proc) int {
	fmt.Fprintln(p.Stdout, max(1, host(p).Cores))
	return 0
}

func tty(p *shell.Proc) int {
	fmt.Fprintln(p.Stdout, "not a tty")
	return 1
}

func power(p *shell.Proc) int {
	if p.FS.Cred().UID != 0 {
		return p.Errorf("Must be root.")
	}
	what := "poweroff"
	flags, _ := options(p.Args, "t")
	if path.Base(p.Args[0]) == "reboot" || has(flags, "r") {
		what = "reboot"
	}
	if h := host(p); h.Power != nil && !has(flags, "c") {
		h.Power(what)
	}
	return 0
}

// systemctl keeps what is enabled and started in a file; nothing runs.
func systemctl(p *shell.Proc) int {
	_, rest := options(p.Args, "")
	if path.Base(p.Args[0]) == "service" && len(rest) >= 2 {
		rest[0], rest[1] = rest[1], rest[0]
	}
	if len(rest) == 0 {
		return p.Errorf("no verb given")
	}
	verb, units := rest[0], rest[1:]
	const state = "/var/lib/services"
	code := 0
	for _, u := range units {
		u = strings.TrimSuffix(path.Base(u), ".service")
		started := func() bool { _, err := p.FS.Stat(state + "/" + u); return err == nil || u == "sshd" || u == "ssh" }
		switch verb {
		case "start", "restart", "reload", "enable":
			if p.FS.Cred().UID != 0 {
				return p.Errorf("Failed to %s %s.service: Access denied", verb, u) + 3
			}
			if verb == "enable" && !slices.Contains(p.Args, "--now") {
				continue
			}
			if err := p.FS.MkdirAll(state, 0o755); err != nil {
				return p.Errorf("%s", shell.Reason(err))
			}
			p.FS.WriteFile(state+"/"+u, []byte("started\n"), 0o644)
			fmt.Fprintf(p.Stderr, "%s: noted as started; services do not run in an emulated machine\n", u)
		case "stop":
			p.FS.Remove(state + "/" + u)
		case "is-active", "status":
			word := "inactive"
			if started() {
				word = "active"
			} else {
				code = 3
			}
			if verb == "status" {
				word = fmt.Sprintf("%s.service\n   Active: %s", u, word)
			}
			fmt.Fprintln(p.Stdout, word)
		}
	}
	return code
}

func cloudInit(p *shell.Proc) int {
	if len(p.Args) > 1 && p.Args[1] == "status" {
		fmt.Fprintln(p.Stdout, "status: done")
	}
	return 0
}

func crontab(p *shell.Proc) int {
	flags, names := options(p.Args, "u")
	file := "/var/spool/cron/" + p.Sys.User
	if has(flags, "l") {
		data, err := p.FS.ReadFile(file, maxText)
		if err != nil {
			fmt.Fprintf(p.Stderr, "no crontab for %s\n", p.Sys.User)
			return 1
		}
		p.Stdout.Write(data)
		return 0
	}
	s, code := readAll(p, names)
	if code == 0 && p.FS.MkdirAll("/var/spool/cron", 0o755) == nil {
		p.FS.WriteFile(file, []byte(s), 0o600)
	}
	fmt.Fprintln(p.Stderr, "crontab: noted; jobs do not run in an emulated machine")
	return code
}

func noEditor(p *shell.Proc) int {
	return p.Errorf("no editors in this emulated machine; use a here-document: cat > FILE <<EOF")
}

func noManual(p *shell.Proc) int {
	fmt.Fprintf(p.Stderr, "No manual entry for %s\n", strings.Join(p.Args[1:], " "))
	return 16
}

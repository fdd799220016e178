package shell

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"pawsh/sandbox/machine/disk"
)

// lab is a machine with nothing in it but a few programs.
func lab(t testing.TB) *System {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	d := disk.NewStore(16 << 20).NewDisk(8 << 20)
	if err := d.Format("ext4", "", now()); err != nil {
		t.Fatal(err)
	}
	fs := disk.NewTree(d, "/dev/xvda", now).As(disk.Cred{})
	for _, dir := range []string{"/bin", "/usr/bin", "/tmp", "/root", "/etc", "/dev"} {
		if err := fs.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	sys := &System{FS: fs, Now: now, User: "root", Home: "/root", Host: "ip-10-0-0-1", Programs: map[string]Program{}}
	sys.HomeOf = func(u string) string { return map[string]string{"root": "/root"}[u] }
	for name, p := range map[string]Program{
		"cat": func(p *Proc) int {
			if len(p.Args) == 1 {
				p.copy(p.Stdin)
			}
			for _, a := range p.Args[1:] {
				f, err := p.Open(a, os.O_RDONLY)
				if err != nil {
					return p.Errorf("%s: %s", a, Reason(err))
				}
				p.copy(f)
				f.Close()
			}
			return 0
		},
		"yes": func(p *Proc) int {
			for {
				if _, err := p.Stdout.Write([]byte("y\n")); err != nil {
					return 1
				}
			}
		},
		"sleep": func(p *Proc) int { p.Sleep(time.Second); return 0 },
		"env": func(p *Proc) int {
			for k, v := range p.Environ() {
				p.Stdout.Write([]byte(k + "=" + v + "\n"))
			}
			return 0
		},
	} {
		sys.Programs[name] = p
		if err := fs.WriteFile("/bin/"+name, []byte(Magic+name+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return sys
}

func (p *Proc) copy(r interface{ Read([]byte) (int, error) }) {
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		if _, werr := p.Stdout.Write(buf[:n]); err != nil || werr != nil {
			return
		}
	}
}

func runScript(t testing.TB, sys *System, script string, lim Limits) (string, int) {
	t.Helper()
	var out bytes.Buffer
	code := New(sys, nil).Run(context.Background(), script, Streams{Out: &out, Err: &out}, lim, true, "bash")
	return out.String(), code
}

// scripts are run by our shell and, where there is one, by bash.
var scripts = []struct{ name, in, want string }{
	{"words", `a=1; b="x y"; echo $a "$b" '$b' $b`, "1 x y $b x y\n"},
	{"status", `false; echo $?; true; echo $?; (exit 7); echo $?`, "1\n0\n7\n"},
	{"and or not", `true && echo a || echo b; false && echo a || echo b; ! true; echo $?`, "a\nb\n1\n"},
	{"if", `if false; then echo 1; elif true; then echo 2; else echo 3; fi`, "2\n"},
	{"while", `i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done`, "0\n1\n2\n"},
	{"until", `i=0; until [ $i -ge 2 ]; do i=$((i+1)); done; echo $i`, "2\n"},
	{"for", `for i in a b "c d"; do echo "<$i>"; done`, "<a>\n<b>\n<c d>\n"},
	{"c for", `for ((i=0; i<3; i++)); do printf %d, $i; done; echo`, "0,1,2,\n"},
	{"break levels", `for i in 1 2; do for j in 1 2; do [ $j = 2 ] && continue 2; echo $i$j; done; done; for i in 1 2; do while :; do break 2; done; done; echo end`, "11\n21\nend\n"},
	{"case", `case abc in x*) echo x;; a?c|z) echo hit;; *) echo no;; esac`, "hit\n"},
	{"case fallthrough", `case a in a) echo 1;& b) echo 2;; c) echo 3;; esac`, "1\n2\n"},
	{"functions", `f() { local x=$1; echo $x $# $2; return 3; }; x=0; f a b; echo $? $x`, "a 2 b\n3 0\n"},
	{"recursion", `fact() { if [ $1 -le 1 ]; then echo 1; else echo $(( $1 * $(fact $(($1-1))) )); fi; }; fact 6`, "720\n"},
	{"subshell", `x=1; (x=2; echo $x); echo $x; { x=3; }; echo $x`, "2\n1\n3\n"},
	{"pipeline", `echo hello | cat | cat; printf 'b\na\n' | while read l; do echo "[$l]"; done`, "hello\n[b]\n[a]\n"},
	{"pipe status", `true | false; echo $?; set -o pipefail; false | true; echo $?`, "1\n1\n"},
	{"pipe in its own shell", `x=1; echo 2 | read x; echo $x`, "1\n"},
	{"substitution", "x=$(echo a; echo b); echo \"$x\"; echo `echo old`", "a\nb\nold\n"},
	{"status of substitution", `x=$(exit 4); echo $?`, "4\n"},
	{"arithmetic", `echo $((2+3*4)) $((7/2)) $((7%3)) $((1<<4)) $((5>3)) $((x=4, x+1)); ((1>2)); echo $?`, "14 3 1 16 1 5\n1\n"},
	{"parameters", `set -- a b c; echo $1 $# "$@"; shift; echo $*; x=; echo ${x:-d} ${x-e} ${y-f} ${#1}`, "a 3 a b c\nb c\nd f 1\n"},
	{"prefix suffix", `f=/a/b/c.tar.gz; echo ${f##*/} ${f%/*} ${f%%.*} ${f#*.}`, "c.tar.gz /a/b /a/b/c tar.gz\n"},
	{"replace and slice", `x=hello; echo ${x/l/L} ${x/l} ${x//l/L} ${x:1:3} ${x^} ${x^^}`, "heLlo helo heLLo ell Hello HELLO\n"},
	{"arrays", `a=(x "y z" w); echo ${#a[@]} "${a[1]}" ${a[-1]}; a+=(q); a[7]=s; echo ${!a[@]}; for i in "${a[@]}"; do echo -n "<$i>"; done; echo`, "3 y z w\n0 1 2 3 7\n<x><y z><w><q><s>\n"},
	{"associative", `declare -A m; m[a]=1; m[b]=2; m[a]=3; echo ${m[a]} ${m[b]}; unset 'm[a]'; echo ${m[@]}`, "3 2\n2\n"},
	{"here document", "x=1; cat <<E\na $x\n  b\nE\ncat <<'E'\n$x\nE\ncat <<-E\n\tt\n\tE\n", "a 1\n  b\n$x\nt\n"},
	{"here string", `cat <<<"a b"`, "a b\n"},
	{"descriptors", `{ echo out; echo err >&2; } 2>/dev/null; f() { echo x >&3; }; f 3>&1`, "out\nx\n"},
	{"errexit", `set -e; if false; then :; fi; false || true; echo on; false; echo off`, "on\n"},
	{"errexit in function", `set -e; f() { false; echo no; }; f; echo no`, ""},
	{"exit trap", `trap 'echo bye $?' EXIT; exit 3`, "bye 3\n"},
	{"test", `[ -z "" ] && [ a != b ] && [ 3 -gt 2 -a 1 -lt 2 ] && [ ! -e /nonexistent ] && echo ok; test; echo $?`, "ok\n1\n"},
	{"double brackets", `x=abc; [[ $x == a* && $x != "a*" ]] && echo glob; [[ $x =~ ^a(.)c$ ]] && echo ${BASH_REMATCH[1]}; [[ -n $x || -z $x ]] && echo or`, "glob\nb\nor\n"},
	{"printf", `printf '%s-%03d|%-4s|%x|%5.1f|%c\n' a 7 b 255 2.55 xyz; printf '%s\n' 1 2 3; printf -v v %02d 5; echo $v`, "a-007|b   |ff|  2.5|x\n1\n2\n3\n05\n"},
	{"echo", `echo -n a; echo -e 'b\tc'; echo 'b\tc'; echo -x`, "ab\tc\nb\\tc\n-x\n"},
	{"read", `printf 'a b c\n' | { read x y; echo "$x|$y"; }; IFS=: read a b <<<"1:2:3"; echo $a $b; read -r l <<<'a\b'; echo "$l"`, "a|b c\n1 2:3\na\\b\n"},
	{"read all lines", `n=0; while IFS= read -r l; do n=$((n+1)); done <<< $'a\nb\nc'; echo $n`, "3\n"},
	{"eval", `x='echo $y'; y=5; eval "$x"; eval 'f() { echo f; }'; f`, "5\nf\n"},
	{"getopts", `while getopts ab:c o -a -b 1 -c; do echo $o $OPTARG; done`, "a\nb 1\nc\n"},
	{"background", `{ echo bg; } & wait; echo $?; (exit 5) & wait $!; echo $?`, "bg\n0\n5\n"},
	{"process substitution", `cat <(echo a) <(echo b); while read x; do echo "<$x>"; done < <(printf '1\n2\n')`, "a\nb\n<1>\n<2>\n"},
	{"braces", `echo {a,b}{1..3} {05..07}`, "a1 a2 a3 b1 b2 b3 05 06 07\n"},
	{"type", `f() { :; }; type -t f echo if; command -v cd`, "function\nbuiltin\nkeyword\ncd\n"},
	{"nounset", `set -u; echo ${x:-ok}; (echo $x) 2>/dev/null; echo $?`, "ok\n1\n"},
	{"readonly", `readonly r=1; (r=2) 2>/dev/null; echo $? $r`, "1 1\n"},
	{"nameref", `x=1; declare -n r=x; r=5; echo $x`, "5\n"},
	{"local scope", `x=g; f() { local x=l; g; }; g() { echo $x; x=m; }; f; echo $x`, "l\ng\n"},
	{"temporary variable", `x=1; f() { echo $x; }; x=2 f; echo $x`, "2\n1\n"},
	{"mapfile", `mapfile -t a < <(printf 'x\ny\n'); echo ${#a[@]} ${a[1]}`, "2 y\n"},
	{"alias is not expanded by a word", `set -- "a  b"; for x; do echo "$x"; done`, "a  b\n"},
	{"exit in subshell", `(exit 2) || echo $?; x=$(exit 3; echo no) || echo $?`, "2\n3\n"},
	{"broken pipe", `yes | read x; echo $x`, "\n"},
	{"source", `d=$(cd /tmp && pwd); echo $d; . /dev/stdin <<< 'echo sourced; v=2'; echo $v`, "/tmp\nsourced\n2\n"},
	{"set dashes", `set -- -a b; echo $1; set -- ; echo $#`, "-a\n0\n"},
	{"nested quotes", `echo "$(echo "a $(echo "b c")")"`, "a b c\n"},
}

func TestScripts(t *testing.T) {
	t.Parallel()
	bash, _ := exec.LookPath("bash")
	for _, tt := range scripts {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, _ := runScript(t, lab(t), tt.in, Limits{})
			if got != tt.want {
				t.Errorf("%s\n got %q\nwant %q", tt.in, got, tt.want)
			}
			if bash == "" {
				return
			}
			real := exec.Command(bash, "--norc", "-c", tt.in)
			real.Dir = t.TempDir()
			out, _ := real.CombinedOutput()
			if string(out) != tt.want {
				t.Errorf("bash differs from the table:\n%s\nbash %q\nwant %q", tt.in, out, tt.want)
			}
		})
	}
}

// TestHostile wants every hostile script to end at a limit, and the shell to
// be as good as new for the next one.
func TestHostile(t *testing.T) {
	t.Parallel()
	lim := Limits{Steps: 30_000, Time: 20 * time.Second}
	for name, script := range map[string]string{
		"endless loop":        `while :; do :; done`,
		"endless for":         `for ((;;)); do :; done`,
		"endless until":       `until false; do :; done`,
		"recursion":           `f() { f; }; f`,
		"recursion twice":     `f() { f; f; }; f`,
		"recursion by eval":   `x='eval "$x"'; eval "$x"`,
		"recursion in a trap": `trap 'trap "kill 0" EXIT; exit' EXIT; f() { $(f); }; f`,
		"recursion by script": `echo '/tmp/s' > /tmp/s; umask 0; cat /bin/cat > /dev/null; . /tmp/s; f() { . /tmp/s; }; echo '. /tmp/s' > /tmp/s; . /tmp/s`,
		"recursion by subst":  `f() { echo $(f); }; f`,
		"recursion in shells": `f() { (f); }; f`,
		"fork bomb":           `:(){ :|:& };:; wait`,
		"fork bomb in words":  `f() { f & f & }; f; wait`,
		"many jobs":           `while :; do sleep & done; wait`,
		"doubling":            `x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done`,
		"doubling by append":  `x=aaaaaaaaaaaaaaaa; while :; do x+=$x; done`,
		"doubling in array":   `a=(aaaaaaaaaaaa); while :; do a+=("${a[@]}"); done`,
		"doubling parameters": `set -- aaaaaaaaaaaa; while :; do set -- "$@" "$@"; done`,
		"doubling arguments":  `f() { f "$1$1"; }; f aaaaaaaaaaaaaa`,
		"doubling by replace": `x=aaaaaaaaaaaaaaaa; while :; do x=${x//a/$x}; done`,
		"doubling by printf":  `x=aaaaaaaaa; while :; do printf -v x '%s%s' "$x" "$x"; done`,
		"doubling captured":   `x=aaaaaaaa; while :; do x=$(echo "$x$x"); done`,
		"doubling here doc":   "x=aaaaaaaaa; while :; do x=$(cat <<E\n$x$x\nE\n); done",
		"many variables":      `i=0; while :; do eval "v$i=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"; i=$((i+1)); done`,
		"many functions":      `i=0; while :; do eval "f$i() { echo aaaaaaaaaaaaaaaaaaaaaaaaa; }"; i=$((i+1)); done`,
		"braces":              `echo {1..1000000000}`,
		"braces squared":      `x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; echo {1..9999}$x$x$x$x$x$x$x$x$x$x$x$x`,
		"endless output":      `yes`,
		"endless capture":     `x=$(yes)`,
		"endless line":        `while :; do echo -n yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done | { read x; echo $x; }`,
		"endless mapfile":     `yes | mapfile a`,
		"endless file":        `while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaa >> /tmp/f || :; done`,
		"wide printf":         `while :; do printf %1000000000d 1; done`,
		"globs":               `cd /; while :; do echo /*/../*/../*/../*/../*/../*/../*/.. > /dev/null; done`,
		"sleeping":            `while :; do sleep; done`,
		"parentheses":         strings.Repeat("(", 100_000),
		"nested ifs":          strings.Repeat("if ", 60_000),
		"sparse array":        `i=0; while :; do a[i*1000]=x; i=$((i+1)); done`,
		"select":              `while :; do select x in a b; do :; done <<< 1; done`,
		"waiting for oneself": `while :; do sleep; done & wait`,
		"aliases":             `alias a='b b'; alias b='a a'; shopt -s expand_aliases; while :; do a; done`,
		"arithmetic loop":     `while ((1)); do ((x=x*3+1)); done`,
		"both ways":           `yes | yes | yes > /dev/null`,
		"process subst":       `while :; do cat <(yes) > /dev/null; done`,
		"dirs":                `while :; do pushd /tmp > /dev/null; done`,
		"long regexp":         `x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; while :; do [[ $x =~ (a*)*b ]]; done`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sys := lab(t)
			began := time.Now()
			_, code := runScript(t, sys, script, lim)
			if d := time.Since(began); d > lim.Time {
				t.Errorf("took %v", d)
			}
			if code == 0 && !strings.Contains(script, "wait") { // waiting is a success, for whatever
				t.Errorf("status 0 for %.60q", script)
			}
			if out, code := runScript(t, sys, `echo alive`, lim); out != "alive\n" || code != 0 {
				t.Errorf("afterwards: %q, %d", out, code)
			}
		})
	}
}

// TestNothingOfTheHost lists the ways out that other shells have.
func TestNothingOfTheHost(t *testing.T) {
	t.Parallel()
	secret := t.TempDir() + "/secret"
	if err := os.WriteFile(secret, []byte("HOSTSECRET\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	dir := strings.TrimSuffix(secret, "/secret")
	for _, script := range []string{
		"cat S", "cat < S", "read x < S; echo $x", ". S", "source S", "S", "sh -c 'cat S'", "exec cat S", "command cat S", "echo $(<S)", "mapfile a < S; echo ${a[0]}",
		"[ -e S ] && echo HOSTSECRET", "test -r S && echo HOSTSECRET", "[[ -f S ]] && echo HOSTSECRET", "echo D/*", "cd D && echo HOSTSECRET", "ls D", "echo HOSTSECRET > D/new; true",
		"PATH=D secret", "hash -p S x; x", "cat <(cat S)", "TMPDIR=D eval 'cat <(echo x)'", "exec 3<S; cat <&3", "cat /proc/self/environ", "cat /proc/self/fd/0", "echo x > /dev/tcp/127.0.0.1/22",
		"type -p go", "command -v go", "echo ~nobody ~daemon ~www-data", "pwd -P", "cd /proc && echo HOSTSECRET", "[ S -ef S ] && echo HOSTSECRET", "test -O S && echo HOSTSECRET",
		"cat /etc/passwd", "cat ../../../../../../../../../S", "BASH_ENV=S ENV=S bash", "trap '. S' EXIT", "alias c='cat S'; c", "coproc cat S", "cat S &\nwait", "history -r S",
	} {
		script = strings.ReplaceAll(strings.ReplaceAll(script, "S", secret), "HOST"+secret+"ECRET", "HOSTSECRET")
		script = strings.ReplaceAll(strings.ReplaceAll(script, "D/", dir+"/"), "D ", dir+" ")
		out, _ := runScript(t, lab(t), script, Limits{Steps: 10_000})
		if strings.Contains(out, "HOSTSECRET\n") || strings.Contains(out, "root:x") || strings.Contains(out, "/usr/sbin/nologin") || strings.Contains(out, "/var/www") {
			t.Errorf("%s: %q", script, out)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("the host's directory has %v, %v", entries, err)
	}
}

func TestEnvironmentIsTheMachines(t *testing.T) {
	t.Setenv("PAWSH_SECRET_OF_HOST", "HOSTSECRET")
	out, _ := runScript(t, lab(t), "env; set; export; echo $PAWSH_SECRET_OF_HOST $$ $PPID ${!PAWSH*}", Limits{})
	if strings.Contains(out, "HOSTSECRET") || !strings.HasSuffix(out, "\n1101 1\n") {
		t.Errorf("got %q", out[max(0, len(out)-200):])
	}
}

func TestSleepCostsNoTime(t *testing.T) {
	t.Parallel()
	sh := New(lab(t), nil)
	var out bytes.Buffer
	sh.Run(context.Background(), "sleep; sleep & sleep; wait; (sleep); sleep | cat; echo $SECONDS", Streams{Out: &out, Err: &out}, Limits{}, true)
	if out.String() != "4\n" || sh.Slept() != 4*time.Second {
		t.Errorf("slept %v, said %q", sh.Slept(), out.String())
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	sys := lab(t)
	sys.Sleep = func(ctx context.Context, _ time.Duration) error { cancel(); <-ctx.Done(); return ctx.Err() }
	var out bytes.Buffer
	if code := New(sys, nil).Run(ctx, "sleep; echo on", Streams{Out: &out, Err: &out}, Limits{}, false); code != 137 || out.Len() > 0 {
		t.Errorf("code %d, output %q", code, &out)
	}
}

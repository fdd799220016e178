package machine

import (
	"os/exec"
	"testing"
)

// commands are run in a machine and, where real is set and there is a shell,
// by the host's own tools in an empty directory.
var commands = []struct {
	name, in, want string
	real           bool
}{
	{"files", "mkdir -p a/b; echo 1 > a/b/f; cp -r a c; mv c/b c/d; ls -R; rm -r a; ls; test -e a; echo $?", ".:\na\nc\n\n./a:\nb\n\n./a/b:\nf\n\n./c:\nd\n\n./c/d:\nf\nc\n1\n", true},
	{"links", "echo x > f; ln f h; ln -s f s; cat s; rm f; cat h; cat s 2> /dev/null; echo $?; readlink s", "x\nx\n1\nf\n", true},
	{"modes", "touch f; chmod 640 f; stat -c %a f; chmod u+x,o=r,g-r f; stat -c %a f", "640\n704\n", true},
	{"head and tail", "seq 20 > f; head -n 2 f; tail -n 2 f; head -3 f | tail -1; tail -n +19 f; head -c 3 f; tail -c 3 f", "1\n2\n19\n20\n3\n19\n20\n1\n220\n", true},
	{"wc", "printf 'a b\\nc\\n' > f; wc -l f; wc -w < f; wc -c < f; cat f | wc -l", "2 f\n3\n6\n2\n", true},
	{"grep", "printf 'one\\ntwo\\nthree\\n' > f; grep -n t f; grep -c o f; grep -v o f; grep -q two f && echo yes; grep -E '^(one|two)$' f; grep -i TWO f; grep -o 'e\\+' f; grep zzz f; echo $?", "2:two\n3:three\n2\nthree\nyes\none\ntwo\ntwo\ne\nee\n1\n", true},
	{"sed", "printf 'a1\\nb2\\nc3\\n' > f; sed 's/[0-9]/<&>/' f; sed -n '2p' f; sed '1d;$d' f; sed -e 's/a/x/' -e 's/b/y/' f; sed -i 's/\\(.\\)\\(.\\)/\\2\\1/' f; cat f; sed '/1/,/2/s/$/!/' f; sed 's|/|_|g' <<< /a/b", "a<1>\nb<2>\nc<3>\nb2\nb2\nx1\ny2\nc3\n1a\n2b\n3c\n1a!\n2b!\n3c\n_a_b\n", true},
	{"sort and uniq", "printf 'b 2\\na 10\\nb 2\\nc 1\\n' > f; sort f | uniq -c | sed 's/^ *//'; sort -u f; sort -k2 -n f; sort -r f | head -n 1; printf 'x:3\\ny:1\\n' | sort -t: -k2", "1 a 10\n2 b 2\n1 c 1\na 10\nb 2\nc 1\nc 1\nb 2\nb 2\na 10\nc 1\ny:1\nx:3\n", true},
	{"cut and tr", "echo a:b:c | cut -d: -f1,3; echo abcdef | cut -c2-4; echo hello | tr a-y b-z; echo hello | tr -d l; echo 'a  b' | tr -s ' '; echo Abc | tr '[:lower:]' '[:upper:]'", "a:c\nbcd\nifmmp\nheo\na b\nABC\n", true},
	{"tee and xargs", "echo x | tee f g; cat f g; echo 1 2 3 | xargs -n 1 echo n; echo a | xargs -I{} echo '<{}>'; printf 'x\\0y' | xargs -0 echo", "x\nx\nx\nn 1\nn 2\nn 3\n<a>\nx y\n", true},
	{"find", "mkdir -p d/e; touch d/a.txt d/e/b.txt d/c; find d -name '*.txt' | sort; find d -type d | sort; find d -maxdepth 1 -type f | sort; find d -name c -delete; find d -name '*.txt' -exec echo f {} \\; | sort; ls d", "d/a.txt\nd/e/b.txt\nd\nd/e\nd/a.txt\nd/c\nf d/a.txt\nf d/e/b.txt\na.txt\ne\n", true},
	{"dates", "date -u -d @86400 +%Y-%m-%dT%H:%M:%S; date -u -d '2026-03-01 10:00' '+%s %j %u'", "1970-01-02T00:00:00\n1772359200 060 7\n", true},
	{"numbers", "seq 3; seq 2 2 6; seq -s, 3; seq 3 -1 1; expr 3 + 4; expr 7 / 2; expr 2 '<' 1; echo $?", "1\n2\n3\n2\n4\n6\n1,2,3\n3\n2\n1\n7\n3\n0\n1\n", true},
	{"encodings", "printf abc | base64; printf YWJj | base64 -d; echo; printf abc | md5sum; printf abc | sha256sum | cut -c1-8", "YWJj\nabc\n900150983cd24fb0d6963f7d28e17f72  -\nba7816bf\n", true},
	{"paths", "basename /a/b.txt .txt; dirname /a/b.txt; basename b; dirname b", "b\n/a\nb\n.\n", true},
	{"scripts", "printf '#!/bin/sh\\necho \"$0\" $# $1\\nexit 4\\n' > s; chmod +x s; ./s x y; echo $?; sh ./s z; sh -c 'echo $0 $1' n m; X=1 sh -c 'echo $X'; sh -e -c 'false; echo no'; echo $?", "./s 2 x\n4\n./s 1 z\nn m\n1\n1\n", true},
	{"env", "env -i A=1 2> /dev/null | head -n 0; A=5 env | grep ^A=; export B=2; printenv B; which sh > /dev/null && echo found; timeout 5 echo t; nohup echo n 2> /dev/null", "A=5\n2\nfound\nt\nn\n", true},
	{"dd and truncate", "dd if=/dev/zero of=f bs=1k count=3 2> /dev/null; stat -c %s f; truncate -s 5 f; stat -c %s f; dd if=/dev/zero bs=1 count=2 2> /dev/null | wc -c", "3072\n5\n2\n", true},
	{"temporary files", "f=$(mktemp); test -f $f && echo file; d=$(mktemp -d); test -d $d && echo dir; rm -r $f $d", "file\ndir\n", true},
	{"identity", "whoami; id -u; hostname; uname; uname -m; arch; pwd; echo ~ ~root ~nobody ~mitch", "ec2-user\n1000\nip-10-0-0-1.ec2.internal\nLinux\nx86_64\nx86_64\n/home/ec2-user\n/home/ec2-user /root / ~mitch\n", false},
	{"root", "sudo whoami; sudo -u ec2-user whoami; sudo sh -c 'echo $HOME; id -u'; sudo -i pwd; cat /root/x; sudo cat /etc/shadow", "root\nec2-user\n/root\n0\n/home/ec2-user\ncat: /root/x: Permission denied\ncat: /etc/shadow: No such file or directory\n", false},
	{"stand-ins", "python3 -c 'print(1)'; echo $?; yum -y install httpd | head -n 1; sudo yum -y install httpd | head -n 1; pip install boto | head -n 1; ping -c 1 example.com; echo $?", "python3: does not run in an emulated machine; it would have run: python3 -c print(1)\n126\nyum: This command has to be run with superuser privileges (under the root user on most systems).\nWould install: httpd\nWould install: boto\nping: example.com: Network is unreachable from an emulated machine\n2\n", false},
	{"proc and dev", "cat /proc/uptime | cut -d. -f1; head -c 2 /dev/zero | wc -c; cat /dev/sda /dev/xvda; ls /proc/1 /proc/self; mount | head -n 1; cat /proc/mounts | wc -l", "0\n2\ncat: /dev/sda: No such file or directory\ncat: /dev/xvda: Permission denied\nls: cannot access '/proc/1': No such file or directory\nls: cannot access '/proc/self': No such file or directory\n/dev/xvda on / type ext4 (rw,noatime)\n3\n", false},
}

func TestCommands(t *testing.T) {
	t.Parallel()
	bash, _ := exec.LookPath("bash")
	for _, tt := range commands {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := newRig(t, "", nil).sh(t, "ec2-user", tt.in); got != tt.want {
				t.Errorf("%s\n got %q\nwant %q", tt.in, got, tt.want)
			}
			if bash == "" || !tt.real {
				return
			}
			real := exec.Command(bash, "--norc", "-c", tt.in)
			real.Dir = t.TempDir()
			real.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C", "TMPDIR=" + real.Dir}
			if out, _ := real.CombinedOutput(); string(out) != tt.want {
				t.Errorf("the real tools differ from the table:\n%s\nreal %q\nwant %q", tt.in, out, tt.want)
			}
		})
	}
}

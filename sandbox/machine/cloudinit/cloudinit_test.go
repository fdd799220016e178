package cloudinit

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func zip(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.String()
}

const message = "Content-Type: multipart/mixed; boundary=\"XX\"\nMIME-Version: 1.0\n\n--XX\nContent-Type: text/cloud-config\n\n#cloud-config\npackages: [httpd]\n\n--XX\n" +
	"Content-Type: text/x-shellscript; charset=\"us-ascii\"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=\"a.sh\"\n\nIyEvYmluL3NoCmVjaG8gaGkK\n--XX\nContent-Type: text/plain\n\n#!/bin/sh\necho plain\n--XX--\n"

func TestParse(t *testing.T) {
	t.Parallel()
	three := []Part{{Config, "", "#cloud-config\npackages: [httpd]\n"}, {Script, "a.sh", "#!/bin/sh\necho hi\n"}, {Script, "", "#!/bin/sh\necho plain"}}
	for _, tt := range []struct {
		name, in string
		want     []Part
		err      string
	}{
		{"nothing", "", nil, ""},
		{"blank", " \n", nil, ""},
		{"script", "#!/bin/bash\nls", []Part{{Script, "", "#!/bin/bash\nls"}}, ""},
		{"config", "#cloud-config\na: b", []Part{{Config, "", "#cloud-config\na: b"}}, ""},
		{"text", "hello", []Part{{Other, "", "hello"}}, ""},
		{"packed script", zip("#!/bin/sh\n"), []Part{{Script, "", "#!/bin/sh\n"}}, ""},
		{"message", message, three, ""},
		{"packed message", zip(message), three, ""},
		{"broken gzip", "\x1f\x8bxx", nil, "gzip"},
		{"bomb", zip(strings.Repeat("a", 64<<20)), nil, "too large"},
		{"nested gzip", zip(zip(zip(zip(zip(zip("#!/bin/sh")))))), nil, "nested"},
		{"no boundary", "Content-Type: multipart/mixed\n\nx", nil, "boundary"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse([]byte(tt.in))
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("got error %v, want %q", err, tt.err)
				}
				return
			}
			if d := cmp.Diff(tt.want, got); err != nil || d != "" {
				t.Errorf("%v %s", err, d)
			}
		})
	}
}

func TestParseConfig(t *testing.T) {
	t.Parallel()
	got, err := ParseConfig(`#cloud-config
hostname: web   # a comment
packages:
 - httpd
 - [php, 8.1]
package_update: true
write_files:
- path: /etc/motd
  content: |
    Welcome
      to #1

    the end
  permissions: '0600'
  owner: root:root
- content: ` + base64.StdEncoding.EncodeToString([]byte("raw\x00")) + `
  encoding: b64
  path: "/etc/raw"
  append: true
users:
  - default
  - name: mitch
    groups: [wheel, users]
    sudo: "ALL=(ALL) NOPASSWD:ALL"
    ssh_authorized_keys:
      - ssh-ed25519 AAAA mitch
runcmd:
  - echo "a: b" > /tmp/x
  - [ sh, -c, "echo it's" ]
  - >-
    echo
    folded
ssh_authorized_keys: [ssh-rsa BBBB]
timezone: Europe/Berlin
`)
	if err != nil {
		t.Fatal(err)
	}
	want := &CloudConfig{
		Hostname: "web", Packages: []string{"httpd", "php"}, Keys: []string{"ssh-rsa BBBB"}, Ignored: []string{"timezone"},
		Files:  []File{{"/etc/motd", "Welcome\n  to #1\n\nthe end\n", "root:root", 0o600, false}, {"/etc/raw", "raw\x00", "", 0o644, true}},
		Users:  []User{{Name: "mitch", Groups: []string{"wheel", "users"}, Keys: []string{"ssh-ed25519 AAAA mitch"}, Sudo: true}},
		RunCmd: []string{`echo "a: b" > /tmp/x`, `'sh' '-c' 'echo it'\''s'`, "echo folded"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, bad := range []string{"- a\nb: c", "a: [b", "a: \"b", "a: &x b", "\tb: c", "just text", "write_files:\n- path: x", "a:\n   b: c\n  d: e"} {
		if c, err := ParseConfig(bad); err == nil {
			t.Errorf("%q is read as %+v", bad, c)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{message, zip(message), "#!/bin/sh\nls", "#cloud-config\na:\n - b: |\n    x\n - [c, {d: 'e'}]\n", "a: >\n x\n\n y\n", "- - - a\n    b: c", "'a': \"\\n\""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 16384 {
			return
		}
		parts, err := Parse(raw)
		if err == nil && len(parts) > maxParts {
			t.Fatalf("%d parts", len(parts))
		}
		size := 0
		for _, p := range append(parts, Part{Body: string(raw)}) {
			size += len(p.Body)
			if c, err := ParseConfig(p.Body); err == nil && c == nil {
				t.Fatal("neither a configuration nor an error")
			}
		}
		if size > maxSize+len(raw) {
			t.Fatalf("%d bytes of parts", size)
		}
	})
}

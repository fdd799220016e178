package tools

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"

	"pawsh/sandbox/machine/shell"
)

func network() map[string]shell.Program {
	return map[string]shell.Program{
		"curl": curl, "wget": curl, "GET": curl, "ping": unreachable, "nc": unreachable, "telnet": unreachable, "nslookup": unreachable, "dig": unreachable, "ip": ip, "ifconfig": ip,
		"netstat": quietly, "ss": quietly, "iptables": quietly, "ec2-metadata": ec2Metadata, "ec2metadata": ec2Metadata,
	}
}

// MetadataAddr is the one address that answers in a machine.
const MetadataAddr = "169.254.169.254"

// curl is curl and wget for the metadata service. No connection is ever made.
func curl(p *shell.Proc) int {
	wget := path.Base(p.Args[0]) == "wget"
	valued, long := "XHdomwuATb", []string{"--request", "--header", "--output", "--max-time", "--connect-timeout", "--retry", "--data"}
	if wget {
		valued, long = "OotTU", []string{"--method", "--header", "--output-document", "--timeout", "--tries"}
	}
	headers := http.Header{}
	for i, a := range p.Args { // there can be several
		v, ok := strings.CutPrefix(a, "--header=")
		if (a == "-H" || a == "--header") && i+1 < len(p.Args) {
			v, ok = p.Args[i+1], true
		}
		if k, val, colon := strings.Cut(v, ":"); ok && colon {
			headers.Add(strings.TrimSpace(k), strings.TrimSpace(val))
		}
	}
	flags, rest := options(p.Args, valued, long...)
	if len(rest) == 0 {
		return p.Errorf("no URL specified") + 1
	}
	method := "GET"
	for _, f := range []string{"X", "--request", "--method"} {
		if m := flags[f]; m != "" {
			method = strings.ToUpper(m)
		}
	}
	if has(flags, "I", "--head") {
		method = "HEAD"
	}
	code := 0
	for _, raw := range rest {
		if c := fetch(p, method, raw, headers, flags, wget); c != 0 {
			code = c
		}
	}
	return code
}

func fetch(p *shell.Proc, method, raw string, headers http.Header, flags map[string]string, wget bool) int {
	p.Step(10)
	if !strings.Contains(raw, "://") {
		raw = "http://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		return p.Errorf("(3) URL rejected: Malformed input to a URL function")*3 + 0
	}
	h := host(p)
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		p.Errorf("(1) Protocol \"%s\" not supported", u.Scheme)
		return 1
	case u.Hostname() != MetadataAddr || u.Scheme != "http" || u.Port() != "" && u.Port() != "80" || h.Fetch == nil:
		if wget {
			p.Errorf("unable to resolve host address ‘%s’", u.Hostname())
			return 4
		}
		if !has(flags, "s") || has(flags, "S") {
			p.Errorf("(6) Could not resolve host: %s (an emulated machine reaches its metadata only)", u.Hostname())
		}
		return 6
	}
	status, body := h.Fetch(method, u.EscapedPath(), headers)
	if status >= 400 && (has(flags, "f", "--fail") || wget) {
		if wget {
			p.Errorf("server returned error: HTTP %d", status)
			return 8
		}
		if !has(flags, "s") || has(flags, "S") {
			p.Errorf("(22) The requested URL returned error: %d", status)
		}
		return 22
	}
	var out io.Writer = p.Stdout
	name := ""
	for _, f := range []string{"o", "--output", "--output-document"} {
		if v, ok := flags[f]; ok {
			name = v
		}
	}
	if v, ok := flags["O"]; ok {
		if name = path.Base(u.Path); wget {
			name = v
		}
	} else if wget && name == "" {
		name = path.Base(u.Path)
	}
	if name != "" && name != "-" {
		f, err := p.Open(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
		if err != nil {
			p.Errorf("(23) Failure writing output to destination: %s", shell.Reason(err))
			return 23
		}
		defer f.Close()
		out = f
	}
	if w, ok := flags["w"]; ok {
		defer func() {
			io.WriteString(p.Stdout, strings.NewReplacer("%{http_code}", fmt.Sprint(status), `\n`, "\n").Replace(w))
		}()
	}
	if has(flags, "i", "I", "--head", "--include") {
		fmt.Fprintf(out, "HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\n\r\n", status, http.StatusText(status))
	}
	if method != "HEAD" {
		io.WriteString(out, body)
	}
	return 0
}

func unreachable(p *shell.Proc) int {
	_, rest := options(p.Args, "cwp")
	return p.Errorf("%s: Network is unreachable from an emulated machine", strings.Join(rest, " ")) + 1
}

func ip(p *shell.Proc) int {
	short, _, _ := strings.Cut(p.Sys.Host, ".")
	addr := strings.ReplaceAll(strings.TrimPrefix(short, "ip-"), "-", ".")
	fmt.Fprintf(p.Stdout, "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001\n    inet %s/20 brd + scope global eth0\n", addr)
	return 0
}

func ec2Metadata(p *shell.Proc) int {
	h := host(p)
	if h.Fetch == nil {
		return p.Errorf("no metadata service")
	}
	_, token := h.Fetch("PUT", "/latest/api/token", http.Header{"X-Aws-Ec2-Metadata-Token-Ttl-Seconds": {"60"}})
	head := http.Header{"X-Aws-Ec2-Metadata-Token": {token}}
	names := []string{"ami-id", "instance-id", "instance-type", "local-hostname", "local-ipv4", "placement/availability-zone", "public-hostname", "public-ipv4", "security-groups"}
	for _, name := range names {
		if status, v := h.Fetch("GET", "/latest/meta-data/"+name, head); status == 200 {
			fmt.Fprintf(p.Stdout, "%s: %s\n", path.Base(name), v)
		}
	}
	return 0
}

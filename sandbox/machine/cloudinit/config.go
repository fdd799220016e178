package cloudinit

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// CloudConfig is what a cloud-config document asks for, as far as an emulated
// machine does it.
type CloudConfig struct {
	Hostname string
	Packages []string
	Files    []File
	Users    []User
	Keys     []string // authorized for the image's own user
	BootCmd  []string // commands, ready for a shell
	RunCmd   []string
	Final    string   // message at the end of the boot
	Ignored  []string // keys that nothing is done for
}

// File is one of write_files.
type File struct {
	Path, Content, Owner string
	Mode                 uint32
	Append               bool
}

// User is one of users.
type User struct {
	Name, Shell, Home string
	Groups            []string
	Keys              []string
	Sudo              bool
}

// ParseConfig reads a cloud-config document.
func ParseConfig(text string) (*CloudConfig, error) {
	v, err := parseYAML(text)
	if err != nil {
		return nil, fmt.Errorf("cloud-config: %w", err)
	}
	c := &CloudConfig{}
	doc, ok := v.(map[string]any)
	if !ok {
		if v == nil {
			return c, nil
		}
		return nil, fmt.Errorf("cloud-config: not a mapping")
	}
	for _, key := range keys(doc) {
		v := doc[key]
		switch key {
		case "hostname", "fqdn":
			if c.Hostname == "" || key == "hostname" {
				c.Hostname = str(v)
			}
		case "packages":
			for _, p := range list(v) {
				if l := list(p); len(l) > 0 { // [name, version]
					p = l[0]
				}
				c.Packages = append(c.Packages, str(p))
			}
		case "write_files":
			for _, f := range list(v) {
				file, err := writeFile(f)
				if err != nil {
					return nil, fmt.Errorf("cloud-config: %w", err)
				}
				c.Files = append(c.Files, file)
			}
		case "users":
			for _, u := range list(v) {
				m, ok := u.(map[string]any)
				if !ok || str(m["name"]) == "" {
					continue // "default": the image's own user, who is there
				}
				c.Users = append(c.Users, User{Name: str(m["name"]), Shell: str(m["shell"]), Home: str(m["homedir"]), Groups: words(m["groups"]),
					Keys: strs(first(m, "ssh_authorized_keys", "ssh-authorized-keys")), Sudo: m["sudo"] != nil && str(m["sudo"]) != "false"})
			}
		case "ssh_authorized_keys":
			c.Keys = strs(v)
		case "bootcmd":
			c.BootCmd = commands(v)
		case "runcmd":
			c.RunCmd = commands(v)
		case "final_message":
			c.Final = str(v)
		case "package_update", "package_upgrade", "package_reboot_if_required", "repo_update", "repo_upgrade", "preserve_hostname", "manage_etc_hosts", "ssh_pwauth", "disable_root":
		default:
			c.Ignored = append(c.Ignored, key)
		}
	}
	return c, nil
}

func keys(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	for i := range out { // few: sorted for the same result each time
		for j := i; j > 0 && out[j] < out[j-1]; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

func writeFile(v any) (File, error) {
	m, _ := v.(map[string]any)
	f := File{Path: str(m["path"]), Content: str(m["content"]), Owner: str(m["owner"]), Mode: 0o644, Append: str(m["append"]) == "true"}
	if !strings.HasPrefix(f.Path, "/") {
		return f, fmt.Errorf("write_files: path %q is not absolute", f.Path)
	}
	if p := strings.TrimPrefix(strings.TrimPrefix(str(m["permissions"]), "0o"), "0"); p != "" {
		n, err := strconv.ParseUint(p, 8, 12)
		if err != nil {
			return f, fmt.Errorf("write_files: %s: permissions %q", f.Path, str(m["permissions"]))
		}
		f.Mode = uint32(n)
	}
	switch enc := strings.ToLower(str(m["encoding"])); enc {
	case "", "text/plain":
	case "b64", "base64", "gz+b64", "gz+base64", "gzip+b64", "gzip+base64":
		raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(f.Content), ""))
		if err != nil {
			return f, fmt.Errorf("write_files: %s: %w", f.Path, err)
		}
		if strings.HasPrefix(enc, "gz") {
			z, err := gzip.NewReader(bytes.NewReader(raw))
			if err != nil {
				return f, fmt.Errorf("write_files: %s: %w", f.Path, err)
			}
			if raw, err = io.ReadAll(io.LimitReader(z, maxSize)); err != nil {
				return f, fmt.Errorf("write_files: %s: %w", f.Path, err)
			}
		}
		f.Content = string(raw)
	default:
		return f, fmt.Errorf("write_files: %s: encoding %q", f.Path, enc)
	}
	return f, nil
}

func str(v any) string {
	s, _ := v.(string)
	return s
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

func strs(v any) []string {
	if s := str(v); s != "" {
		return []string{s}
	}
	var out []string
	for _, e := range list(v) {
		if s := str(e); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// words is a list, or a string of names with commas between.
func words(v any) []string {
	var out []string
	for _, s := range strs(v) {
		for _, w := range strings.Split(s, ",") {
			if w = strings.TrimSpace(w); w != "" {
				out = append(out, w)
			}
		}
	}
	return out
}

func first(m map[string]any, names ...string) any {
	for _, n := range names {
		if v, ok := m[n]; ok {
			return v
		}
	}
	return nil
}

// commands turns runcmd into lines: strings are the shell's, lists are words.
func commands(v any) []string {
	var out []string
	for _, e := range list(v) {
		if s, ok := e.(string); ok {
			out = append(out, s)
			continue
		}
		var quotedWords []string
		for _, w := range list(e) {
			quotedWords = append(quotedWords, Quote(str(w)))
		}
		if len(quotedWords) > 0 {
			out = append(out, strings.Join(quotedWords, " "))
		}
	}
	return out
}

// Quote makes a word of the shell from any text.
func Quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

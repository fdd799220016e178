package session

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/smithy-go/logging"
)

// sharedFiles are the AWS files that other AWS tools read too.
type sharedFiles struct {
	config, credentials string // paths; may not exist
}

func (e *Env) locateShared() sharedFiles {
	s := sharedFiles{
		config:      expandHome(e.opts.Getenv("AWS_CONFIG_FILE"), e.opts.Home),
		credentials: expandHome(e.opts.Getenv("AWS_SHARED_CREDENTIALS_FILE"), e.opts.Home),
	}
	if s.config == "" {
		s.config = e.homeFile(".aws", "config")
	}
	if s.credentials == "" {
		s.credentials = e.homeFile(".aws", "credentials")
	}
	return s
}

// profile is the name of the profile in use and where it was said. A profile
// that was asked for by argument or flag goes before keys in the environment;
// AWS_PROFILE goes after them, as in AWS's own tools.
func (e *Env) profile(c connect) (p valued[string], explicit bool) {
	switch {
	case c.profile != "":
		return valued[string]{c.profile, "argument ProfileName"}, true
	case e.opts.Profile != "":
		return valued[string]{e.opts.Profile, "--profile"}, true
	case e.opts.Getenv("AWS_PROFILE") != "":
		return valued[string]{e.opts.Getenv("AWS_PROFILE"), "AWS_PROFILE"}, false
	case e.opts.Getenv("AWS_DEFAULT_PROFILE") != "":
		return valued[string]{e.opts.Getenv("AWS_DEFAULT_PROFILE"), "AWS_DEFAULT_PROFILE"}, false
	}
	return valued[string]{"default", "default"}, false
}

// loadShared reads a profile of the shared AWS files. The files are small and
// read anew for each connection, so that an edit counts at once.
func (e *Env) loadShared(profile string) (config.SharedConfig, bool, error) {
	sc, err := config.LoadSharedConfigProfile(context.Background(), profile, func(o *config.LoadSharedConfigOptions) {
		o.ConfigFiles = nonEmpty(e.shared.config)
		o.CredentialsFiles = nonEmpty(e.shared.credentials)
		o.Logger = logging.Nop{}
	})
	var missing config.SharedConfigProfileNotExistError
	switch {
	case errors.As(err, &missing):
		return sc, false, nil
	case err != nil:
		return sc, false, fmt.Errorf("profile %q in the shared AWS files: %w", profile, err)
	}
	return sc, true, nil
}

// nonEmpty never gives nil: nil would make the SDK read the real home.
func nonEmpty(path string) []string {
	if path == "" {
		return []string{}
	}
	return []string{path}
}

func (e *Env) botoProfile(name string) (section string, ok bool) {
	section = "profile " + name
	_, ok = e.boto.sections[section]
	return section, ok
}

// checkProfile refuses a named profile that is nowhere, and turns an
// unreadable shared file into a warning when nobody asked for a profile.
func (e *Env) checkProfile() error {
	p, _ := e.profile(connect{})
	_, ok, err := e.loadShared(p.value)
	if _, inBoto := e.botoProfile(p.value); ok || inBoto {
		return nil
	}
	if err != nil {
		if p.value == "default" {
			e.warn("%v; they are left out", err)
			return nil
		}
		return err
	}
	if p.source == "default" || e.opts.UseSandbox {
		return nil
	}
	return e.unknownProfile(p)
}

// UnknownProfileError says that a profile is in none of the files.
type UnknownProfileError struct {
	Name, Source string
	Known        []string
}

// Error names the profile, who asked for it and those there are.
func (e *UnknownProfileError) Error() string {
	known := "there is none"
	if len(e.Known) > 0 {
		known = "there are " + strings.Join(e.Known, ", ")
	}
	return fmt.Sprintf("profile %q (%s) is in none of the configuration files; %s", e.Name, e.Source, known)
}

func (e *Env) unknownProfile(p valued[string]) error {
	return &UnknownProfileError{Name: p.value, Source: p.source, Known: e.Profiles()}
}

// Profiles lists the profiles of the shared AWS files and of boto's, sorted.
func (e *Env) Profiles() []string {
	var names []string
	for _, path := range []string{e.shared.config, e.shared.credentials} {
		names = append(names, profilesIn(path)...)
	}
	for s := range e.boto.sections {
		if n, ok := strings.CutPrefix(s, "profile "); ok {
			names = append(names, strings.TrimSpace(n))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func profilesIn(path string) (names []string) {
	if path == "" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		s := strings.TrimSpace(lines.Text())
		if !strings.HasPrefix(s, "[") {
			continue
		}
		name, _, ok := strings.Cut(s[1:], "]")
		name = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(name), "profile "))
		if ok && !strings.HasPrefix(name, "sso-session ") && !strings.HasPrefix(name, "services ") {
			names = append(names, name)
		}
	}
	return names
}

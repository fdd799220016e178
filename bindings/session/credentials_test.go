package session_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"pawsh/bindings/session"
)

func TestCredentialChain(t *testing.T) {
	t.Parallel()
	const shared = "[default]\naws_access_key_id = AKSHARED\naws_secret_access_key = SKSHARED\n[other]\naws_access_key_id = AKOTHER\naws_secret_access_key = SKOTHER\naws_session_token = TKOTHER\n"
	const boto = "[Credentials]\naws_access_key_id = AKBOTO\naws_secret_access_key = SKBOTO\n[profile paws]\naws_access_key_id = AKPAWS\naws_secret_access_key = SKPAWS\n"
	tests := []struct {
		name       string
		env        map[string]string
		files      map[string]string
		profile    string
		opts       []session.ConnectOption
		wantKey    string
		wantSecret string
		wantToken  string
		wantSource string // a part
	}{
		{
			name: "arguments go before everything", env: map[string]string{"AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "SKENV"},
			opts:    []session.ConnectOption{session.AWSAccessKeyID("AKARG"), session.AWSSecretAccessKey("SKARG"), session.SecurityToken("TKARG")},
			wantKey: "AKARG", wantSecret: "SKARG", wantToken: "TKARG", wantSource: "arguments",
		},
		{
			name: "environment beats the files", env: map[string]string{"AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "SKENV", "AWS_SESSION_TOKEN": "TKENV"},
			files:   map[string]string{".aws/credentials": shared, ".boto": boto},
			wantKey: "AKENV", wantSecret: "SKENV", wantToken: "TKENV", wantSource: "AWS_ACCESS_KEY_ID",
		},
		{
			name: "shared AWS files beat boto's", files: map[string]string{".aws/credentials": shared, ".boto": boto},
			wantKey: "AKSHARED", wantSecret: "SKSHARED", wantSource: ".aws/credentials [default]",
		},
		{
			name: "boto's file serves when nothing else does", files: map[string]string{".boto": boto},
			wantKey: "AKBOTO", wantSecret: "SKBOTO", wantSource: ".boto [Credentials]",
		},
		{
			name: "the machine's boto file", files: map[string]string{"etc-boto.cfg": boto},
			wantKey: "AKBOTO", wantSecret: "SKBOTO", wantSource: "etc-boto.cfg [Credentials]",
		},
		{
			name: "BOTO_CONFIG replaces both files", env: map[string]string{"BOTO_CONFIG": "~/mine.cfg"},
			files:   map[string]string{".boto": boto, "mine.cfg": "[Credentials]\naws_access_key_id = AKMINE\naws_secret_access_key = SKMINE\n"},
			wantKey: "AKMINE", wantSecret: "SKMINE", wantSource: "mine.cfg",
		},
		{
			name: "BOTO_PATH is a list whose later files win", env: map[string]string{"BOTO_PATH": "~/a.cfg" + string(os.PathListSeparator) + "~/b.cfg"},
			files:   map[string]string{"a.cfg": boto, "b.cfg": "[Credentials]\naws_access_key_id = AKB\naws_secret_access_key = SKB\n"},
			wantKey: "AKB", wantSecret: "SKB", wantSource: "b.cfg",
		},
		{
			name: "a profile asked for beats the environment's keys", profile: "other",
			env:   map[string]string{"AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "SKENV"},
			files: map[string]string{".aws/credentials": shared}, wantKey: "AKOTHER", wantSecret: "SKOTHER", wantToken: "TKOTHER", wantSource: "[other]",
		},
		{
			name: "AWS_PROFILE does not", env: map[string]string{"AWS_PROFILE": "other", "AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "SKENV"},
			files: map[string]string{".aws/credentials": shared}, wantKey: "AKENV", wantSecret: "SKENV", wantSource: "environment",
		},
		{
			name: "AWS_PROFILE names a profile", env: map[string]string{"AWS_PROFILE": "other"},
			files: map[string]string{".aws/credentials": shared}, wantKey: "AKOTHER", wantSecret: "SKOTHER", wantToken: "TKOTHER", wantSource: "[other]",
		},
		{
			name: "a profile of boto's file, by argument", files: map[string]string{".boto": boto},
			opts: []session.ConnectOption{session.ProfileName("paws")}, wantKey: "AKPAWS", wantSecret: "SKPAWS", wantSource: "[profile paws]",
		},
		{
			name: "key and secret come from one place: half in the environment is passed over", env: map[string]string{"AWS_ACCESS_KEY_ID": "AKENV"},
			files: map[string]string{".boto": boto}, wantKey: "AKBOTO", wantSecret: "SKBOTO", wantSource: ".boto",
		},
		{
			name: "paths of the shared files from the environment", env: map[string]string{"AWS_SHARED_CREDENTIALS_FILE": "~/creds"},
			files: map[string]string{"creds": shared}, wantKey: "AKSHARED", wantSecret: "SKSHARED", wantSource: "creds [default]",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for name, v := range tt.env {
				w.env[name] = expand(v, w.home)
			}
			for name, text := range tt.files {
				w.file(name, text)
			}
			w.options.Profile = tt.profile
			target := w.open(session.EC2, tt.opts...)
			got, err := target.Config.Credentials.Retrieve(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if got.AccessKeyID != tt.wantKey || got.SecretAccessKey != tt.wantSecret || got.SessionToken != tt.wantToken {
				t.Errorf("credentials %s/%s/%s, want %s/%s/%s", got.AccessKeyID, got.SecretAccessKey, got.SessionToken, tt.wantKey, tt.wantSecret, tt.wantToken)
			}
			if target.AccessKeyID != tt.wantKey || !strings.Contains(target.Sources.Credentials, tt.wantSource) {
				t.Errorf("key %s from %q, want %s from %q", target.AccessKeyID, target.Sources.Credentials, tt.wantKey, tt.wantSource)
			}
		})
	}
}

// expand writes out the home in a list of paths; a single path keeps its ~.
func expand(v, home string) string {
	if strings.Contains(v, string(os.PathListSeparator)) {
		return strings.ReplaceAll(v, "~", home)
	}
	return v
}

func TestNoCredentialsNamesEveryPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.options.NoSandbox = true
	w.options.Sandbox = func() (session.SandboxEndpoint, error) {
		t.Error("the sandbox was started")
		return session.SandboxEndpoint{}, nil
	}
	w.file(".boto", "[Boto]\ndebug = 0\n")
	_, err := w.new().Open(session.EC2)
	var none *session.NoCredentialsError
	if !errors.As(err, &none) {
		t.Fatalf("Open = %v, want a NoCredentialsError", err)
	}
	for _, place := range []string{"arguments", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", ".aws/credentials", ".aws/config", ".boto", "[Credentials]", "container role", "instance role"} {
		if !strings.Contains(err.Error(), place) {
			t.Errorf("%q is not named in: %v", place, err)
		}
	}
	if _, hint := session.Explain(err); !strings.Contains(hint, "aws_access_key_id") {
		t.Errorf("hint %q names no option to set", hint)
	}
}

func TestSandboxServesWithoutCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	starts := 0
	w.options.Sandbox = func() (session.SandboxEndpoint, error) {
		starts++
		return session.SandboxEndpoint{URL: "http://127.0.0.1:4567", AccessKeyID: "AKSAND", SecretAccessKey: "SKSAND"}, nil
	}
	e := w.new()
	if starts != 0 {
		t.Error("New started the sandbox")
	}
	if !e.InSandbox() || starts != 0 {
		t.Errorf("InSandbox = %v after %d starts, want true and none", e.InSandbox(), starts)
	}
	for range 2 {
		target, err := e.Open(session.EC2)
		if err != nil {
			t.Fatal(err)
		}
		if !target.Sandbox || target.Host != "127.0.0.1" || target.Port != 4567 || target.IsSecure || target.AccessKeyID != "AKSAND" {
			t.Errorf("target %+v is not the sandbox", target)
		}
	}
	derived, err := e.Derive(func(o *session.Options) { o.Region = "eu-west-1" })
	if err != nil {
		t.Fatal(err)
	}
	target, err := derived.Open(session.S3)
	if err != nil || !target.Sandbox || target.Region != "eu-west-1" {
		t.Errorf("derived: %+v, %v", target, err)
	}
	if starts != 1 {
		t.Errorf("the sandbox was started %d times", starts)
	}
}

func TestSandboxNotUsedWhereAnAccountIsMeant(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*world){
		"endpoint elsewhere": func(w *world) { w.env["AWS_ENDPOINT_URL"] = "https://cloud.example" },
		"profile without keys": func(w *world) {
			w.env["AWS_PROFILE"] = "empty"
			w.file(".aws/config", "[profile empty]\nregion = eu-west-1\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			set(w)
			w.options.Sandbox = func() (session.SandboxEndpoint, error) {
				t.Error("the sandbox was started")
				return session.SandboxEndpoint{}, nil
			}
			e := w.new()
			var none *session.NoCredentialsError
			if _, err := e.Open(session.EC2); !errors.As(err, &none) {
				t.Errorf("Open = %v, want a NoCredentialsError", err)
			}
			if e.InSandbox() {
				t.Error("InSandbox is true")
			}
		})
	}
}

func TestUseSandboxBeatsEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t).keys()
	w.env["AWS_ENDPOINT_URL"] = "https://cloud.example"
	w.options.UseSandbox = true
	w.options.Sandbox = func() (session.SandboxEndpoint, error) {
		return session.SandboxEndpoint{URL: "http://127.0.0.1:4567", AccessKeyID: "AKSAND", SecretAccessKey: "SKSAND"}, nil
	}
	if target := w.open(session.EC2); !target.Sandbox || target.AccessKeyID != "AKSAND" {
		t.Errorf("target %+v is not the sandbox", target)
	}
}

func TestSandboxThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var fail error = errors.New("no port free")
	w.options.Sandbox = func() (session.SandboxEndpoint, error) {
		return session.SandboxEndpoint{URL: "http://127.0.0.1:1"}, fail
	}
	e := w.new()
	if _, err := e.Open(session.EC2); !errors.Is(err, fail) {
		t.Errorf("Open = %v, want %v", err, fail)
	}
	fail = nil
	if _, err := e.Open(session.EC2); err != nil {
		t.Errorf("second Open = %v", err)
	}
}

func TestDummyCredentialsOnlyForLoopback(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.env["AWS_ENDPOINT_URL"] = "http://localhost:5000"
	target := w.open(session.EC2)
	if target.AccessKeyID == "" || !strings.Contains(target.Sources.Credentials, "dummy") {
		t.Errorf("credentials %q from %q", target.AccessKeyID, target.Sources.Credentials)
	}
}

func TestWarnsOfReadableCredentialsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.file(".boto", "[Credentials]\naws_access_key_id = AK\naws_secret_access_key = SK\n")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	var told []string
	w.options.Warn = func(s string) { told = append(told, s) }
	e := w.new()
	for _, s := range []session.Service{session.EC2, session.S3, session.EC2} {
		if _, err := e.Open(s); err != nil {
			t.Fatal(err)
		}
	}
	if len(told) != 1 || !strings.Contains(told[0], path) || !strings.Contains(told[0], "chmod 600") {
		t.Errorf("warnings %q", told)
	}
}

func TestKeyAndSecretOfTwoFilesAreNotMixed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.options.NoSandbox = true
	w.file("etc-boto.cfg", "[Credentials]\naws_access_key_id = AK\n")
	w.file(".boto", "[Credentials]\naws_secret_access_key = SK\n")
	e := w.new()
	_, err := e.Open(session.EC2)
	var none *session.NoCredentialsError
	if !errors.As(err, &none) {
		t.Errorf("Open = %v, want a NoCredentialsError", err)
	}
	if len(e.Warnings()) != 1 || !strings.Contains(e.Warnings()[0], "same place") {
		t.Errorf("warnings %q", e.Warnings())
	}
}

func TestUnknownProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file(".aws/config", "[profile prod]\nregion = eu-west-1\n[sso-session x]\n")
	w.options.Profile = "prdo"
	_, err := session.New(w.options)
	var unknown *session.UnknownProfileError
	if !errors.As(err, &unknown) || !strings.Contains(err.Error(), "prod") || strings.Contains(err.Error(), "sso-session") {
		t.Errorf("New = %v", err)
	}
}

func TestBrokenSharedFileIsAWarning(t *testing.T) {
	t.Parallel()
	w := newWorld(t).keys()
	path := w.file(".aws/credentials", "x")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	e := w.new()
	if len(e.Warnings()) != 1 {
		t.Errorf("warnings %q", e.Warnings())
	}
	if _, err := e.Open(session.EC2); err != nil {
		t.Errorf("Open with keys in the environment: %v", err)
	}
}

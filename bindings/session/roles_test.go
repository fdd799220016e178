package session_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pawsh/bindings/session"
)

const roleKeys = `{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"AKROLE","SecretAccessKey":"SKROLE","Token":"TKROLE","Expiration":"2099-01-01T00:00:00Z"}`

func keyOf(t *testing.T, target *session.Target) string {
	t.Helper()
	got, err := target.Config.Credentials.Retrieve(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return got.AccessKeyID + " " + got.SessionToken
}

// metadata is an instance's metadata service.
func metadata(t *testing.T) (url string, asked *atomic.Int64) {
	t.Helper()
	asked = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch {
		case r.Method == http.MethodPut && r.URL.Path == "/latest/api/token":
			w.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "300")
			io.WriteString(w, "token")
		case r.URL.Path == "/latest/meta-data/iam/security-credentials/":
			io.WriteString(w, "paws-role")
		case r.URL.Path == "/latest/meta-data/iam/security-credentials/paws-role":
			io.WriteString(w, roleKeys)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

func TestInstanceRoleServesLast(t *testing.T) {
	t.Parallel()
	url, asked := metadata(t)
	w := newWorld(t)
	w.env["AWS_EC2_METADATA_DISABLED"], w.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "", url
	e := w.new()
	if e.Settings(); e.InSandbox() {
		t.Error("InSandbox is true without a sandbox")
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the metadata was asked %d times before a connection opened", n)
	}
	target, err := e.Open(session.EC2)
	if err != nil {
		t.Fatal(err)
	}
	if got := keyOf(t, target); got != "AKROLE TKROLE" || target.Sources.Credentials != "instance role" {
		t.Errorf("keys %s from %s", got, target.Sources.Credentials)
	}
	before := asked.Load()
	if _, err := e.Open(session.S3); err != nil || asked.Load() != before {
		t.Errorf("a second connection asks again: %v", err)
	}
	w.file(".boto", "[Credentials]\naws_access_key_id = AKBOTO\naws_secret_access_key = SKBOTO\n")
	if got := keyOf(t, w.open(session.EC2)); got != "AKBOTO " {
		t.Errorf("keys %s, want those of boto's file", got)
	}
}

func TestInstanceRoleIsBoundedInTime(t *testing.T) {
	t.Parallel()
	url, _ := silent(t, func(net.Conn) {})
	w := newWorld(t)
	w.env["AWS_EC2_METADATA_DISABLED"], w.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "", url
	w.options.NoSandbox = true
	start := time.Now()
	_, err := w.new().Open(session.EC2)
	var none *session.NoCredentialsError
	if !errors.As(err, &none) || time.Since(start) > 3*time.Second {
		t.Errorf("Open = %v after %s", err, time.Since(start))
	}
}

func TestCredentialProcess(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the program is a shell script")
	}
	w := newWorld(t)
	path := w.file("keys.json", `{"Version":1,"AccessKeyId":"AKPROC","SecretAccessKey":"SKPROC","SessionToken":"TKPROC"}`)
	w.file(".aws/config", "[profile tool]\nregion = eu-west-1\ncredential_process = cat "+path+"\n")
	w.options.Profile = "tool"
	target := w.open(session.EC2)
	if got := keyOf(t, target); got != "AKPROC TKPROC" {
		t.Errorf("keys %s", got)
	}
	if target.Region != "eu-west-1" || target.AccessKeyID != "" || !strings.Contains(target.Sources.Credentials, "credential_process") {
		t.Errorf("target in %s with key %q from %q", target.Region, target.AccessKeyID, target.Sources.Credentials)
	}
}

// TestContainerRole sets the process's environment: the SDK reads it there.
func TestContainerRole(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "let-me" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, roleKeys)
	}))
	t.Cleanup(server.Close)
	w := newWorld(t)
	for name, v := range map[string]string{
		"AWS_CONTAINER_CREDENTIALS_FULL_URI": server.URL + "/keys", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "let-me",
		"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_PROFILE": "", "AWS_WEB_IDENTITY_TOKEN_FILE": "",
	} {
		t.Setenv(name, v)
		w.env[name] = v
	}
	target := w.open(session.EC2)
	if got := keyOf(t, target); got != "AKROLE TKROLE" || !strings.Contains(target.Sources.Credentials, "AWS_CONTAINER_CREDENTIALS_FULL_URI") {
		t.Errorf("keys %s from %s", got, target.Sources.Credentials)
	}
}

// TestAssumedRole takes on a role of a profile, with the code of a device.
func TestAssumedRole(t *testing.T) {
	t.Parallel()
	var form atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		form.Store(r.PostForm.Get("Action") + " " + r.PostForm.Get("RoleArn") + " " + r.PostForm.Get("TokenCode"))
		io.WriteString(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKROLE</AccessKeyId><SecretAccessKey>SK</SecretAccessKey><SessionToken>TKROLE</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`)
	}))
	t.Cleanup(server.Close)
	w := newWorld(t)
	w.file(".aws/config", "[profile admin]\nrole_arn = arn:aws:iam::123456789012:role/admin\nsource_profile = base\nmfa_serial = arn:device\nregion = eu-west-1\nendpoint_url = "+server.URL+"\n[profile base]\naws_access_key_id = AKBASE\naws_secret_access_key = SKBASE\n")
	w.options.Profile = "admin"
	asked := 0
	w.options.MFAToken = func(serial string) (string, error) { asked++; return "123456", nil }
	e := w.new()
	for range 2 {
		target, err := e.Open(session.EC2)
		if err != nil {
			t.Fatal(err)
		}
		if got := keyOf(t, target); got != "AKROLE TKROLE" || !strings.Contains(target.Sources.Credentials, "role arn:aws:iam::123456789012:role/admin") {
			t.Errorf("keys %s from %s", got, target.Sources.Credentials)
		}
	}
	if form.Load() != "AssumeRole arn:aws:iam::123456789012:role/admin 123456" || asked != 1 {
		t.Errorf("STS was asked %q; the code %d times", form.Load(), asked)
	}
}

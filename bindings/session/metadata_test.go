package session_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pawsh/bindings/session"
)

// metadataService answers as IMDSv2 does: nothing without a token.
func metadataService(t *testing.T, entries map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && r.URL.Path == "/latest/api/token" {
			w.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "300")
			io.WriteString(w, "token")
			return
		}
		if r.Header.Get("X-Aws-Ec2-Metadata-Token") != "token" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		text, ok := entries[strings.Trim(strings.TrimPrefix(r.URL.Path, "/latest/meta-data"), "/")]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
		}
		io.WriteString(w, text)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestInstanceMetadata(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.env["AWS_EC2_METADATA_DISABLED"] = ""
	w.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = metadataService(t, map[string]string{
		"":                            "ami-id\ninstance-id\nplacement/\npublic-keys/\nsecurity-groups\ninfo\ngone",
		"ami-id":                      "ami-1",
		"instance-id":                 "i-1",
		"placement":                   "availability-zone",
		"placement/availability-zone": "us-east-1a",
		"public-keys":                 "0=paws",
		"public-keys/0":               "openssh-key",
		"public-keys/0/openssh-key":   "ssh-rsa AAAA paws",
		"security-groups":             "web\ndb",
		"info":                        `{"Code": "Success"}`,
	})
	env := w.new()
	md, err := env.InstanceMetadata("")
	if err != nil {
		t.Fatal(err)
	}
	want := "map[ami-id:ami-1 info:map[Code:Success] instance-id:i-1 placement:map[availability-zone:us-east-1a] public-keys:map[paws:map[openssh-key:ssh-rsa AAAA paws]] security-groups:[web db]]"
	if got := fmt.Sprint(md); got != want {
		t.Errorf("metadata %s\nwant     %s", got, want)
	}
	below, err := env.InstanceMetadata("placement")
	if err != nil || below["availability-zone"] != "us-east-1a" {
		t.Errorf("placement %v, %v", below, err)
	}
}

func TestNoInstanceMetadata(t *testing.T) {
	t.Parallel()
	off := newWorld(t).new()
	if _, err := off.InstanceMetadata(""); !errors.Is(err, session.ErrNoMetadata) {
		t.Errorf("switched off: %v", err)
	}
	server := httptest.NewServer(nil)
	server.Close()
	w := newWorld(t)
	w.env["AWS_EC2_METADATA_DISABLED"] = ""
	w.env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = server.URL
	if _, err := w.new().InstanceMetadata(""); !errors.Is(err, session.ErrNoMetadata) {
		t.Errorf("nobody there: %v", err)
	}
}

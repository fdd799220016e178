package session

import (
	"strings"
	"testing"
)

func TestReadableHidesSecretsByField(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, contentType, in, want string
	}{
		{
			"private key of CreateKeyPair", "text/xml",
			"<CreateKeyPairResponse><keyName>paws</keyName><keyMaterial>-----BEGIN RSA PRIVATE KEY-----\nTOPSECRET\n-----END RSA PRIVATE KEY-----</keyMaterial></CreateKeyPairResponse>",
			"<CreateKeyPairResponse>\n  <keyName>paws</keyName>\n  <keyMaterial>[redacted]</keyMaterial>\n</CreateKeyPairResponse>",
		},
		{
			"keys of IAM and STS", "text/xml",
			"<A><AccessKeyId>AKIA</AccessKeyId><SecretAccessKey>TOPSECRET</SecretAccessKey><SessionToken>TOPSECRET</SessionToken></A>",
			"<A>\n  <AccessKeyId>AKIA</AccessKeyId>\n  <SecretAccessKey>[redacted]</SecretAccessKey>\n  <SessionToken>[redacted]</SessionToken>\n</A>",
		},
		{
			"a secret with elements inside", "text/xml",
			"<A><userData><value>TOPSECRET</value><b/></userData><c/></A>",
			"<A>\n  <userData>[redacted]</userData>\n  <c/>\n</A>",
		},
		{
			"form", "application/x-www-form-urlencoded; charset=utf-8",
			"Action=RunInstances&UserData=TOPSECRET&KeyName=a%26b&Version=1",
			"Action=RunInstances\n&UserData=[redacted]\n&KeyName=a%26b\n&Version=1",
		},
		{
			"nested form", "application/x-www-form-urlencoded",
			"LaunchSpecification.UserData.1=TOPSECRET&Password=TOPSECRET",
			"LaunchSpecification.UserData.1=[redacted]\n&Password=[redacted]",
		},
		{
			"JSON keeps its numbers", "application/x-amz-json-1.0",
			`{"Credentials":{"SecretAccessKey":"TOPSECRET"},"n":12345678901234567890,"a":[{"password":"TOPSECRET"}]}`,
			"{\n  \"Credentials\": {\n    \"SecretAccessKey\": \"[redacted]\"\n  },\n  \"a\": [\n    {\n      \"password\": \"[redacted]\"\n    }\n  ],\n  \"n\": 12345678901234567890\n}\n",
		},
		{
			"a private key in plain text", "text/plain",
			"hello\n-----BEGIN OPENSSH PRIVATE KEY-----\nTOPSECRET",
			"hello\n[redacted]",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := readable([]byte(tt.in), tt.contentType)
			if !ok || got != tt.want {
				t.Errorf("got %v\n%s\nwant\n%s", ok, got, tt.want)
			}
		})
	}
}

func TestBrokenDocumentsAreNotShown(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"<A><SecretAccessKey>TOPSECRET", "<A><SecretAccessKey>TOPSECRET</A", `{"SecretAccessKey":"TOPSECRET`, "\xff\xfe", "a\x00b"} {
		if got, ok := readable([]byte(text), ""); ok {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
}

func TestRedactURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/b/k?X-Amz-Algorithm=A&X-Amz-Signature=TOPSECRET&X-Amz-Security-Token=TOPSECRET&x-id=GetObject": "/b/k?X-Amz-Algorithm=A&X-Amz-Signature=[redacted]&X-Amz-Security-Token=[redacted]&x-id=GetObject",
		"/b/k?AWSAccessKeyId=AK&Signature=TOPSECRET&Expires=1":                                           "/b/k?AWSAccessKeyId=AK&Signature=[redacted]&Expires=1",
		"http://u:TOPSECRET@proxy:80/x":                                                                  "http://[redacted]@proxy:80/x",
		"/?versioning":                                                                                   "/?versioning",
	} {
		if got := redactURL(in); got != want {
			t.Errorf("redactURL(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestRedactHeader(t *testing.T) {
	t.Parallel()
	for _, h := range [][3]string{
		{"Authorization", "AWS4-HMAC-SHA256 Credential=AK/x, Signature=TOPSECRET", "AWS4-HMAC-SHA256 [redacted]"},
		{"Authorization", "AWS AK:TOPSECRET", "AWS [redacted]"},
		{"X-Amz-Security-Token", "TOPSECRET", "[redacted]"},
		{"X-Amz-Mfa", "serial 123456", "[redacted]"},
		{"X-Amz-Server-Side-Encryption-Customer-Key", "TOPSECRET", "[redacted]"},
		{"Content-Type", "text/xml", "text/xml"},
	} {
		if got := redactHeader(h[0], h[1]); got != h[2] {
			t.Errorf("%s: %q, want %q", h[0], got, h[2])
		}
	}
}

func TestMaskKnownSecrets(t *testing.T) {
	t.Parallel()
	if got := mask("a=wJalr/X+=&b=wJalr%2FX%2B%3D", []string{"wJalr/X+="}); strings.Contains(got, "wJalr") {
		t.Errorf("mask gives %q", got)
	}
}

func FuzzReadable(f *testing.F) {
	f.Add([]byte("<a><SecretAccessKey>SENTINELVALUE</SecretAccessKey></a>"))
	f.Add([]byte(`{"a":{"SecretAccessKey":"SENTINELVALUE"}}`))
	f.Add([]byte("<a><!-- --><b/><?x?></a>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		wrapped := append(append([]byte("<r>"), body...), "<SecretAccessKey>SENTINELVALUE</SecretAccessKey></r>"...)
		if strings.Contains(string(body), "SENTINELVALUE") || strings.Contains(string(body), "<!") {
			return
		}
		if got, ok := readable(wrapped, "text/xml"); ok && strings.Contains(got, "SENTINELVALUE") {
			t.Errorf("%q shows the secret: %q", wrapped, got)
		}
		readable(body, "application/json")
	})
}

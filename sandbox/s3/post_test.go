package s3_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
)

// form is a browser's upload: fields in pairs, and the file.
func (w *world) form(file string, fields ...string) (int, string, http.Header) {
	w.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 2 {
		m.WriteField(fields[i], fields[i+1])
	}
	f, err := m.CreateFormFile("file", "paw.txt")
	if err != nil {
		w.Fatal(err)
	}
	io.WriteString(f, file)
	m.Close()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Post(w.url+"/paws", m.FormDataContentType(), &body)
	if err != nil {
		w.Fatal(err)
	}
	return resp.StatusCode, read(w.T, resp.Body), resp.Header
}

// signedForm are a policy's fields, signed by the account.
func signedForm(policy string) []string {
	now := time.Now().UTC()
	day := now.Format("20060102")
	key := []byte("AWS4" + accounts["AKIDMINE"].Secret)
	mac := func(s string) { m := hmac.New(sha256.New, key); m.Write([]byte(s)); key = m.Sum(nil) }
	for _, s := range []string{day, "us-east-1", "s3", "aws4_request"} {
		mac(s)
	}
	text := base64.StdEncoding.EncodeToString([]byte(policy))
	mac(text)
	return []string{"policy", text, "x-amz-algorithm", "AWS4-HMAC-SHA256", "x-amz-credential", "AKIDMINE/" + day + "/us-east-1/s3/aws4_request",
		"x-amz-date", now.Format("20060102T150405Z"), "x-amz-signature", hex.EncodeToString(key)}
}

func TestUploadFromAForm(t *testing.T) {
	t.Parallel()
	const rest = `["starts-with","$x-amz-algorithm",""],["starts-with","$x-amz-credential",""],["starts-with","$x-amz-date",""]`
	policy := func(conditions string) string {
		return fmt.Sprintf(`{"expiration":%q,"conditions":[%s,%s]}`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339), conditions, rest)
	}
	good := policy(`{"bucket":"paws"},["starts-with","$key","up/"]`)
	for _, tt := range []struct {
		name, policy string
		fields       []string
		code         int
		body         string
	}{
		{"upload", good, []string{"key", "up/${filename}"}, 204, ""},
		{"status", policy(`{"bucket":"paws"},{"key":"up/paw.txt"},{"success_action_status":"201"}`), []string{"key", "up/paw.txt", "success_action_status", "201"}, 201, "<Key>up/paw.txt</Key>"},
		{"redirect", policy(`{"bucket":"paws"},{"key":"up/paw.txt"},["starts-with","$success_action_redirect","http://"]`), []string{"key", "up/paw.txt", "success_action_redirect", "http://cats.example/"}, 303, ""},
		{"key elsewhere", good, []string{"key", "down/x"}, 403, "Policy Condition failed"},
		{"no key", good, nil, 403, "Policy Condition failed"},
		{"field that no condition names", good, []string{"key", "up/x", "x-amz-meta-a", "b"}, 403, "Extra input fields: x-amz-meta-a"},
		{"bucket that no condition names", policy(`{"key":"up/x"}`), []string{"key", "up/x"}, 403, "Extra input fields: bucket"},
		{"too large", policy(`{"bucket":"paws"},{"key":"up/x"},["content-length-range",0,3]`), []string{"key", "up/x"}, 400, "EntityTooLarge"},
		{"too small", policy(`{"bucket":"paws"},{"key":"up/x"},["content-length-range",10,99]`), []string{"key", "up/x"}, 400, "EntityTooSmall"},
		{"expired", `{"expiration":"2011-07-04T00:00:00Z","conditions":[]}`, []string{"key", "up/x"}, 403, "Policy expired"},
		{"no expiration", `{"conditions":[]}`, []string{"key", "up/x"}, 400, "missing expiration"},
		{"no conditions", `{"expiration":"2044-07-04T00:00:00Z"}`, []string{"key", "up/x"}, 400, "missing conditions"},
		{"operation", policy(`["like","$key","x"]`), []string{"key", "up/x"}, 400, "unknown operation"},
		{"arguments", policy(`["eq","$key"]`), []string{"key", "up/x"}, 400, "wrong number of arguments"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.make("paws")
			code, body, h := w.form("paw print", append(signedForm(tt.policy), tt.fields...)...)
			if code != tt.code || !strings.Contains(body, tt.body) {
				t.Fatalf("%d %s, want %d ...%s...", code, body, tt.code, tt.body)
			}
			if code >= 400 {
				if l := ok[*sdk.ListObjectsOutput](w)(w.ListObjects(ctx(), &sdk.ListObjectsInput{Bucket: aws.String("paws")})); len(l.Contents) > 0 {
					t.Errorf("refused, and yet stored: %v", *l.Contents[0].Key)
				}
				return
			}
			if got := w.get("paws", "up/paw.txt"); got != "paw print" {
				t.Errorf("content %q", got)
			}
			if tt.name == "redirect" && !strings.HasPrefix(h.Get("Location"), "http://cats.example/?bucket=paws&etag=") {
				t.Errorf("redirected to %s", h.Get("Location"))
			}
		})
	}
}

func TestUploadFromAFormIsSigned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.make("paws")
	fields := signedForm(`{"expiration":"2044-07-04T00:00:00Z","conditions":[["starts-with","$key",""]]}`)
	forged := append([]string(nil), fields...)
	forged[1] = base64.StdEncoding.EncodeToString([]byte(`{"expiration":"2044-07-04T00:00:00Z","conditions":[["starts-with","$bucket",""]]}`))
	for _, tt := range []struct {
		name   string
		fields []string
		code   int
		body   string
	}{
		{"anonymous", []string{"key", "x"}, 403, "AccessDenied"},
		{"policy changed", append(forged, "key", "x"), 403, "SignatureDoesNotMatch"},
		{"signature missing", append(fields[:8:8], "key", "x"), 400, "a field named &#39;x-amz-signature&#39;"},
	} {
		if code, body, _ := w.form("x", tt.fields...); code != tt.code || !strings.Contains(body, tt.body) {
			t.Errorf("%s: %d %s, want %d ...%s...", tt.name, code, body, tt.code, tt.body)
		}
	}
}

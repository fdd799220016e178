package history

import (
	"strings"
	"testing"
)

const (
	testSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	testKeyID  = "AKIAIOSFODNN7EXAMPLE"
	testToken  = "FwoGZXIvYXdzEBYaDHqa0AP1Gq7ZbF4lVyLIARoo2vYd9nJkQxP3sT5uW7yZ0bD2fH4jL6nP8rT0vX2z=="
	testPEM    = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\nq5fz\n-----END RSA PRIVATE KEY-----"
)

func TestRedact(t *testing.T) {
	t.Parallel()
	const (
		sk  = "<redacted:secret-access-key>"
		tok = "<redacted:session-token>"
		pw  = "<redacted:password>"
		sig = "<redacted:signature>"
	)
	tests := []struct{ name, in, want string }{
		{"nothing to hide", `ec2.RunInstances("ami-7341831a", KeyName("paws"))`, `ec2.RunInstances("ami-7341831a", KeyName("paws"))`},
		{"option", `boto.ConnectEC2(AWSAccessKeyID("` + testKeyID + `"), AWSSecretAccessKey("hush"))`,
			`boto.ConnectEC2(AWSAccessKeyID("` + testKeyID + `"), AWSSecretAccessKey("` + sk + `"))`},
		{"keyword of Python", `boto.connect_ec2(aws_access_key_id='` + testKeyID + `', aws_secret_access_key='hush')`,
			`boto.connect_ec2(aws_access_key_id='` + testKeyID + `', aws_secret_access_key='` + sk + `')`},
		{"positions", `boto.connect_ec2('` + testKeyID + `', '` + testSecret[:20] + `')`, `boto.connect_ec2('` + testKeyID + `', '` + sk + `')`},
		{"static credentials", `credentials.NewStaticCredentialsProvider("` + testKeyID + `", "` + testSecret + `", "` + testToken + `")`,
			`credentials.NewStaticCredentialsProvider("` + testKeyID + `", "` + sk + `", "` + tok + `")`},
		{"no token", `NewStaticCredentialsProvider("` + testKeyID + `", "` + testSecret + `", "")`, `NewStaticCredentialsProvider("` + testKeyID + `", "` + sk + `", "")`},
		{"struct field", `aws.Credentials{AccessKeyID: "` + testKeyID + `", SecretAccessKey: "hush", SessionToken: "hush too"}`,
			`aws.Credentials{AccessKeyID: "` + testKeyID + `", SecretAccessKey: "` + sk + `", SessionToken: "` + tok + `"}`},
		{"pointer field", `&iam.CreateLoginProfileInput{UserName: &u, Password: aws.String("hunter2")}`,
			`&iam.CreateLoginProfileInput{UserName: &u, Password: aws.String("` + pw + `")}`},
		{"declaration", "const secretKey = `hush`", "const secretKey = `" + sk + "`"},
		{"typed declaration", `var secretKey string = "hush"`, `var secretKey string = "` + sk + `"`},
		{"short declaration of any name", `x := "` + testSecret + `"`, `x := "` + sk + `"`},
		{"environment", `!AWS_SECRET_ACCESS_KEY=` + testSecret + ` AWS_SESSION_TOKEN=` + testToken + ` aws s3 ls`,
			`!AWS_SECRET_ACCESS_KEY=` + sk + ` AWS_SESSION_TOKEN=` + tok + ` aws s3 ls`},
		{"os.Setenv", `os.Setenv("AWS_SECRET_ACCESS_KEY", "hush")`, `os.Setenv("AWS_SECRET_ACCESS_KEY", "` + sk + `")`},
		{"ini file", "[Credentials]\naws_access_key_id = " + testKeyID + "\naws_secret_access_key = " + testSecret + "\n",
			"[Credentials]\naws_access_key_id = " + testKeyID + "\naws_secret_access_key = " + sk + "\n"},
		{"boto config", `boto.Config.Set("Credentials", "gs_secret_access_key", "hush")`, `boto.Config.Set("Credentials", "gs_secret_access_key", "` + sk + `")`},
		{"json", `{"AccessKeyId": "` + testKeyID + `", "SecretAccessKey": "hu\"sh", "SessionToken": "x"}`,
			`{"AccessKeyId": "` + testKeyID + `", "SecretAccessKey": "` + sk + `", "SessionToken": "` + tok + `"}`},
		{"flag", `!euca-describe-instances --secret-key ` + testSecret, `!euca-describe-instances --secret-key ` + sk},
		{"flag password", `!curl --password hunter2 x`, `!curl --password ` + pw + ` x`},
		{"csv", testKeyID + "," + testSecret, testKeyID + "," + sk},
		{"token anywhere", `x(` + testToken + `)`, `x(` + tok + `)`},
		{"pem", "k := `" + testPEM + "`; f(k)", "k := `-----BEGIN RSA PRIVATE KEY-----<redacted:private-key>-----END RSA PRIVATE KEY-----`; f(k)"},
		{"pem in a string", `"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"`, `"-----BEGIN PRIVATE KEY-----<redacted:private-key>-----END PRIVATE KEY-----\n"`},
		{"pem without end", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", "-----BEGIN OPENSSH PRIVATE KEY-----<redacted:private-key>"},
		{"certificates stay", "-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----"},
		{"bearer", `req.Header.Set("Authorization", "Bearer abc.def")`, `req.Header.Set("Authorization", "<redacted:authorization>")`},
		{"basic in curl", `!curl -H 'Authorization: Basic dTpw' x`, `!curl -H 'Authorization: <redacted:authorization>' x`},
		{"signature version 4", "Authorization: AWS4-HMAC-SHA256 Credential=" + testKeyID + "/20240101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0123456789abcdef0123456789abcdef",
			"Authorization: AWS4-HMAC-SHA256 Credential=" + testKeyID + "/20240101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=" + sig},
		{"signature version 2", "Authorization: AWS " + testKeyID + ":frJIUN8DYpKDtOLCwo//yllqDzg=", "Authorization: AWS " + testKeyID + ":" + sig},
		{"presigned", `get("https://b.s3.amazonaws.com/k?X-Amz-Credential=` + testKeyID + `%2F2024&X-Amz-Signature=0123456789abcdef0123456789abcdef&x=1")`,
			`get("https://b.s3.amazonaws.com/k?X-Amz-Credential=` + testKeyID + `%2F2024&X-Amz-Signature=` + sig + `&x=1")`},
		{"presigned, version 2", `"https://b/k?AWSAccessKeyId=` + testKeyID + `&Expires=1&Signature=vjbyPxybdZaNmGa%2ByT272YEAiv4%3D"`,
			`"https://b/k?AWSAccessKeyId=` + testKeyID + `&Expires=1&Signature=` + sig + `"`},
		{"token in a URL", `"https://b/k?X-Amz-Security-Token=IQoJb3JpZ2luX2VjEJr1234567890&x=1"`, `"https://b/k?X-Amz-Security-Token=` + tok + `&x=1"`},
		{"proxy", `Proxy("http://paws:hunter2@proxy:3128")`, `Proxy("http://paws:` + pw + `@proxy:3128")`},

		{"a status after a key id stays", `iam.UpdateAccessKey("` + testKeyID + `", "Inactive")`, `iam.UpdateAccessKey("` + testKeyID + `", "Inactive")`},
		{"variables stay", `boto.connect_ec2(aws_access_key_id=key, aws_secret_access_key=secret)`, `boto.connect_ec2(aws_access_key_id=key, aws_secret_access_key=secret)`},
		{"arguments after a variable stay", `connect(keyID, secretKey, "us-east-1")`, `connect(keyID, secretKey, "us-east-1")`},
		{"other names stay", `secretKeyName := "paws"; NextToken: "abc"; GetPasswordData("i-1")`, `secretKeyName := "paws"; NextToken: "abc"; GetPasswordData("i-1")`},
		{"reading the environment stays", `x := os.Getenv("AWS_SECRET_ACCESS_KEY")`, `x := os.Getenv("AWS_SECRET_ACCESS_KEY")`},
		{"digests stay", `etag := "da39a3ee5e6b4b0d3255bfef95601890afd80709"`, `etag := "da39a3ee5e6b4b0d3255bfef95601890afd80709"`},
		{"empty stays", `SecretAccessKey("")`, `SecretAccessKey("")`},
		{"IPv6 and times are no user info", `get("http://[::1]:80/@x"); at("12:30@home")`, `get("http://[::1]:80/@x"); at("12:30@home")`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Redact(tt.in)
			if got != tt.want {
				t.Errorf("Redact(%s)\n got %s\nwant %s", tt.in, got, tt.want)
			}
			if again := Redact(got); again != got {
				t.Errorf("a second time: %s", again)
			}
		})
	}
}

func FuzzRedact(f *testing.F) {
	f.Add(`AWSSecretAccessKey("`, `") x`)
	f.Add("AWS_SECRET_ACCESS_KEY=", " ls")
	f.Add(`f("`+testKeyID+`", "`, `", "`+testToken+`")`)
	f.Add(testPEM, "Authorization: AWS4-HMAC-SHA256 Signature=")
	f.Fuzz(func(t *testing.T, before, after string) {
		got := Redact(before + testSecret + after)
		if again := Redact(got); again != got {
			t.Errorf("not stable:\n %q\n %q", got, again)
		}
		if strings.HasSuffix(before, `"`) && strings.HasPrefix(after, `"`) && strings.Contains(got, testSecret) {
			t.Errorf("secret is still in %q", got)
		}
	})
}

func BenchmarkRedact200KB(b *testing.B) {
	text := strings.Repeat("for _, password := range secrets { fmt.Println(`日本`, \"token\") }\n", 3000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Redact(text)
	}
}

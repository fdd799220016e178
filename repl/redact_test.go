package repl

import (
	"context"
	"strings"
	"testing"
)

func TestErrorsQuoteNoSecret(t *testing.T) {
	t.Parallel()
	pem := "-----BEGIN RSA PRIVATE KEY-----\\n" + strings.Repeat("MIIEowIBAAKCAQEA", 8) + "\\n-----END RSA PRIVATE KEY-----"
	for _, c := range []struct{ cell, secret, want string }{
		{`boto.ConnectEC2(AWSAccessKeyID("AKIAIOSFODNN7EXAMPLE"), AWSSecretAccessKey("` + secretKey + `"), nope)`, secretKey,
			"1:121: undefined: nope\n  boto.ConnectEC2(AWSAccessKeyID(\"AKIAIOSFODNN7EXAMPLE\"), AWSSecretAccessKey(\"" + strings.Repeat("*", 40) + "\"), nope)\n" + strings.Repeat(" ", 122) + "^\n"},
		{`password := "` + password + `" + 3`, password, `"***" + 3 (mismatched types`},
		{`password := 3 + "` + pem + `"`, "MIIE", "mismatched types"},
		{"password := `" + password + "\n`; nope", password, "undefined: nope"},
		{`panic("no secret")`, "\x00", `no secret`},
	} {
		sh, out, _ := shell(t)
		err := sh.Run(context.Background(), c.cell)
		if err == nil || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: %v\n%s\nwant %s", c.cell, err, out, c.want)
		}
		if strings.Contains(out.String(), c.secret) || strings.Contains(err.Error(), c.secret) {
			t.Errorf("the error shows the secret:\n%s", out)
		}
	}
}

func TestVeiledKeepsPlaces(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"x := 1":                           "x := 1",
		`password = "日本語日本"; a`:            `password = "***************"; a`,
		`password = "abcdef"`:              `password = "******"`,
		`f("a", "` + secretKey + `")`:      `f("a", "` + strings.Repeat("*", 40) + `")`,
		`password = "one1"; passwd="two2"`: `password = "****"; passwd="****"`,
	} {
		if got := veiled(in); got != want {
			t.Errorf("veiled(%q) = %q, want %q", in, got, want)
		}
	}
}

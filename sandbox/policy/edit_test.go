package policy

import (
	"testing"
)

func TestPermissionsAreStatements(t *testing.T) {
	t.Parallel()
	p := Permission{Label: "b", Accounts: []string{"111111111111"}, Actions: []string{"SQS:SendMessage"}, Resource: "arn:q"}
	const granted = `{"Sid":"b","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"SQS:SendMessage","Resource":"arn:q"}`
	for _, tt := range []struct{ name, text, want, revoked string }{
		{"none", "", `{"Version":"2008-10-17","Id":"new","Statement":[` + granted + `]}`, ""},
		{"another stays as written", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Sid":"a","Action":["x"]}]}`,
			`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Sid":"a","Action":["x"]},` + granted + `]}`,
			`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Sid":"a","Action":["x"]}]}`},
		{"one without a list", `{"Version":"2012-10-17","Id":"old","Statement":{"Sid":"a","Effect":"Deny"}}`,
			`{"Version":"2012-10-17","Id":"old","Statement":[{"Sid":"a","Effect":"Deny"},` + granted + `]}`,
			`{"Version":"2012-10-17","Id":"old","Statement":[{"Sid":"a","Effect":"Deny"}]}`},
	} {
		got, err := Grant(tt.text, "new", p)
		if err != nil || got != tt.want {
			t.Errorf("%s: %s, %v; want %s", tt.name, got, err, tt.want)
		}
		if found, _ := Has(got, "b"); !found {
			t.Errorf("%s: has no b: %s", tt.name, got)
		}
		if found, _ := Has(tt.text, "b"); found {
			t.Errorf("%s: had b: %s", tt.name, tt.text)
		}
		if _, err := Parse(got); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if got, err = Revoke(got, "b"); err != nil || got != tt.revoked {
			t.Errorf("%s revoked: %s, %v; want %s", tt.name, got, err, tt.revoked)
		}
	}
	p.Accounts, p.Actions = append(p.Accounts, "222222222222"), append(p.Actions, "SQS:DeleteMessage")
	want := `{"Version":"2008-10-17","Id":"new","Statement":[{"Sid":"b","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111111111111:root","arn:aws:iam::222222222222:root"]},"Action":["SQS:SendMessage","SQS:DeleteMessage"],"Resource":"arn:q"}]}`
	if got, err := Grant("", "new", p); err != nil || got != want {
		t.Errorf("lists: %s, %v; want %s", got, err, want)
	}
	if _, err := Grant(`[]`, "new", p); err == nil {
		t.Error("a list is no policy")
	}
}

package policy_test

import (
	"errors"
	"strings"
	"testing"

	"pawsh/sandbox/policy"
)

func TestParseNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       policy.Kind
	}{
		{"a text", `"x"`, policy.NotJSON},
		{"broken", `{"Statement":`, policy.NotJSON},
		{"version", `{"Version":"2020-01-01","Statement":[]}`, policy.BadVersion},
		{"empty version", `{"Version":"","Statement":[]}`, policy.BadVersion},
		{"none", `{}`, policy.NoStatement},
		{"null", `{"Statement":null}`, policy.NoStatement},
		{"empty", `{"Statement":[]}`, policy.Empty},
		{"a text for a statement", `{"Statement":"x"}`, policy.Syntax},
		{"an object for an action", `{"Statement":{"Effect":"Allow","Action":{}}}`, policy.Syntax},
		{"effect", `{"Statement":{"Effect":"Maybe"}}`, policy.BadEffect},
		{"principal", `{"Statement":{"Effect":"Allow","Principal":"me"}}`, policy.BadPrincipal},
		{"list of principals", `{"Statement":{"Effect":"Allow","Principal":["*"]}}`, policy.BadPrincipal},
		{"empty principal", `{"Statement":{"Effect":"Allow","Principal":{"AWS":""}}}`, policy.BadPrincipal},
		{"kind of principal", `{"Statement":{"Effect":"Allow","Principal":{"Who":"x"}}}`, policy.BadPrincipal},
		{"operator", `{"Statement":{"Effect":"Allow","Condition":{"stringequals":{}}}}`, policy.BadCondition},
		{"set of an operator", `{"Statement":{"Effect":"Allow","Condition":{"ForSome:StringEquals":{}}}}`, policy.BadCondition},
		{"Null has no IfExists", `{"Statement":{"Effect":"Allow","Condition":{"NullIfExists":{}}}}`, policy.BadCondition},
	} {
		_, err := policy.Parse(tt.text)
		var p *policy.Problem
		if !errors.As(err, &p) || p.Kind != tt.want {
			t.Errorf("%s: got %v, want problem %d", tt.name, err, tt.want)
		}
	}
}

// facts are those of a request of the tests.
func facts(pairs ...string) policy.Facts {
	m := map[string][]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = append(m[pairs[i]], pairs[i+1])
	}
	return func(key string) []string { return m[key] }
}

func TestConditions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		condition string
		facts     policy.Facts
		want      bool
	}{
		{`{"StringEquals":{"k":"a"}}`, facts("k", "a"), true},
		{`{"StringEquals":{"k":["b","a"]}}`, facts("k", "a"), true},
		{`{"StringEquals":{"k":"A"}}`, facts("k", "a"), false},
		{`{"StringEquals":{"k":"a"}}`, facts(), false},
		{`{"StringEquals":{"k":"a*"}}`, facts("k", "ab"), false},
		{`{"StringEqualsIfExists":{"k":"a"}}`, facts(), true},
		{`{"StringEqualsIfExists":{"k":"a"}}`, facts("k", "b"), false},
		{`{"StringNotEquals":{"k":"a"}}`, facts("k", "b"), true},
		{`{"StringNotEquals":{"k":["a","b"]}}`, facts("k", "b"), false},
		{`{"StringNotEquals":{"k":"a"}}`, facts(), true},
		{`{"StringEqualsIgnoreCase":{"k":"A"}}`, facts("k", "a"), true},
		{`{"StringLike":{"k":"a*c?"}}`, facts("k", "abbcd"), true},
		{`{"StringNotLike":{"k":"a*"}}`, facts("k", "ab"), false},
		{`{"StringLike":{"k":"${u}/*"}}`, facts("k", "ann/x", "u", "ann"), true},
		{`{"StringLike":{"k":"${u}/*"}}`, facts("k", "bob/x", "u", "*"), false},
		{`{"StringEquals":{"k":"${u, 'x'}"}}`, facts("k", "x"), true},
		{`{"StringEquals":{"k":"${u}"}}`, facts("k", ""), false},
		{`{"StringEquals":{"k":"${*}"}}`, facts("k", "*"), true},
		{`{"NumericLessThan":{"k":5}}`, facts("k", "4"), true},
		{`{"NumericLessThanEquals":{"k":"5"}}`, facts("k", "5"), true},
		{`{"NumericGreaterThan":{"k":"5"}}`, facts("k", "5"), false},
		{`{"NumericEquals":{"k":"x"}}`, facts("k", "5"), false},
		{`{"NumericNotEquals":{"k":"5"}}`, facts("k", "6"), true},
		{`{"DateGreaterThan":{"k":"2011-07-04T00:00:00Z"}}`, facts("k", "2011-07-04T00:00:01Z"), true},
		{`{"DateLessThan":{"k":"2011-07-04"}}`, facts("k", "2011-07-04T00:00:01Z"), false},
		{`{"DateEquals":{"k":"1309737600"}}`, facts("k", "2011-07-04T00:00:00Z"), true},
		{`{"Bool":{"k":true}}`, facts("k", "true"), true},
		{`{"Bool":{"k":"false"}}`, facts("k", "true"), false},
		{`{"BoolIfExists":{"k":"false"}}`, facts(), true},
		{`{"IpAddress":{"k":"10.0.0.0/8"}}`, facts("k", "10.1.2.3"), true},
		{`{"IpAddress":{"k":"10.0.0.1"}}`, facts("k", "10.0.0.1"), true},
		{`{"NotIpAddress":{"k":["10.0.0.0/8","127.0.0.0/8"]}}`, facts("k", "127.0.0.1"), false},
		{`{"ArnLike":{"k":"arn:aws:sns:*:123:p*"}}`, facts("k", "arn:aws:sns:eu-west-1:123:paws"), true},
		{`{"ArnEquals":{"k":"arn:aws:*"}}`, facts("k", "arn:aws:sns:eu-west-1:123:paws"), true},
		{`{"ArnLike":{"k":"arn:aws:*:123:paws:x"}}`, facts("k", "arn:aws:sns:eu-west-1:123:paws"), false},
		{`{"ArnNotLike":{"k":"arn:aws:sns:*:123:p*"}}`, facts("k", "arn:aws:sqs:eu-west-1:123:paws"), true},
		{`{"Null":{"k":"true"}}`, facts(), true},
		{`{"Null":{"k":"false"}}`, facts(), false},
		{`{"ForAllValues:StringEquals":{"k":["a","b"]}}`, facts("k", "a", "k", "b"), true},
		{`{"ForAllValues:StringEquals":{"k":["a"]}}`, facts("k", "a", "k", "b"), false},
		{`{"ForAllValues:StringEquals":{"k":["a"]}}`, facts(), true},
		{`{"ForAnyValue:StringEquals":{"k":["a"]}}`, facts("k", "a", "k", "b"), true},
		{`{"ForAnyValue:StringEquals":{"k":["a"]}}`, facts(), false},
		{`{"ForAnyValue:StringNotEquals":{"k":["a"]}}`, facts("k", "a", "k", "b"), true},
		{`{"ForAllValues:StringNotEquals":{"k":["a"]}}`, facts("k", "a", "k", "b"), false},
		{`{"StringEquals":{"k":"a"},"Bool":{"l":"true"}}`, facts("k", "a"), false},
		{`{"StringEquals":{"k":"a","l":"b"}}`, facts("k", "a", "l", "b"), true},
	} {
		d, err := policy.Parse(`{"Statement":{"Effect":"Allow","Action":"*","Condition":` + tt.condition + `}}`)
		if err != nil {
			t.Errorf("%s: %v", tt.condition, err)
			continue
		}
		if got := d.Statements[0].Condition.Met(tt.facts); got != tt.want {
			t.Errorf("%s is %v, want %v", tt.condition, got, tt.want)
		}
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	ann := facts("aws:username", "ann")
	for _, tt := range []struct {
		statement, action, resource string
		want                        bool
	}{
		{`"Action":"s3:Get*","Resource":"*"`, "s3:GetObject", "arn:aws:s3:::b/k", true},
		{`"Action":"S3:GETOBJECT","Resource":"*"`, "s3:GetObject", "arn:aws:s3:::b/k", true},
		{`"NotAction":["iam:*","sts:*"],"Resource":"*"`, "s3:GetObject", "x", true},
		{`"NotAction":["iam:*"],"Resource":"*"`, "iam:GetUser", "x", false},
		{`"Action":"*","NotResource":"arn:aws:s3:::b/*"`, "s3:GetObject", "arn:aws:s3:::b/k", false},
		{`"Action":"*","NotResource":"arn:aws:s3:::b/*"`, "s3:GetObject", "arn:aws:s3:::c/k", true},
		{`"Action":"*","Resource":"arn:aws:s3:::home/${aws:username}/*"`, "s3:GetObject", "arn:aws:s3:::home/ann/k", true},
		{`"Action":"*","Resource":"arn:aws:s3:::home/${aws:username}/*"`, "s3:GetObject", "arn:aws:s3:::home/bob/k", false},
		{`"Action":"*","Resource":"arn:aws:s3:::home/${aws:userid}/*"`, "s3:GetObject", "arn:aws:s3:::home/${aws:userid}/k", false},
		{`"Action":"*"`, "sts:AssumeRole", "anything", true},
	} {
		d, err := policy.Parse(`{"Statement":{"Effect":"Allow",` + tt.statement + `}}`)
		if err != nil {
			t.Errorf("%s: %v", tt.statement, err)
			continue
		}
		if got := d.Statements[0].Covers(tt.action, tt.resource, ann); got != tt.want {
			t.Errorf("%s covers %s on %s: %v, want %v", tt.statement, tt.action, tt.resource, got, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":["a:b"],"Resource":"${x}","Condition":{"ForAnyValue:StringLikeIfExists":{"k":["a*"]}}}]}`)
	f.Add(`{"Statement":{"Effect":"Deny","NotAction":1,"Condition":{"DateLessThan":{"k":"2011"},"IpAddress":{"k":"::/0"}}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := policy.Parse(text)
		if err != nil {
			var p *policy.Problem
			if !errors.As(err, &p) {
				t.Fatalf("error of another kind: %v", err)
			}
			return
		}
		for i := range d.Statements {
			d.Statements[i].Covers("a:b", "arn:x", facts("k", "2011-07-04", "x", strings.Repeat("*", 9)))
		}
	})
}

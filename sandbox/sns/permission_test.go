package sns_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
)

func TestPermissionsAreStatementsOfThePolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arn := w.topic("paws")
	stored := func() string {
		t.Helper()
		return must[*sdk.GetTopicAttributesOutput](w)(w.GetTopicAttributes(ctx(), &sdk.GetTopicAttributesInput{TopicArn: arn})).Attributes["Policy"]
	}
	add := func(label string, accounts, actions []string) error {
		_, err := w.AddPermission(ctx(), &sdk.AddPermissionInput{TopicArn: arn, Label: &label, AWSAccountId: accounts, ActionName: actions})
		return err
	}
	before := stored()
	who, what := []string{"999999999999", "888888888888"}, []string{"Publish", "Subscribe"}
	if err := add("partners", who, what); err != nil {
		t.Fatal(err)
	}
	statement := `{"Sid":"partners","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::999999999999:root","arn:aws:iam::888888888888:root"]},"Action":["SNS:Publish","SNS:Subscribe"],"Resource":"arn:aws:sns:us-east-1:123456789012:paws"}`
	if got := stored(); !strings.Contains(got, statement) || !strings.Contains(got, "__default_statement_ID") {
		t.Errorf("policy %s", got)
	}
	for _, tt := range []struct {
		name, label       string
		accounts, actions []string
		text              string
	}{
		{"again", "partners", who, what, "Statement already exists"},
		{"the default's", "__default_statement_ID", who, what, "Statement already exists"},
		{"no label", "", who, what, "Label"},
		{"no account", "x", []string{}, what, "AWSAccountId"},
		{"bad account", "x", []string{"12"}, what, "AWSAccountId"},
		{"no action", "x", who, []string{}, "ActionName"},
		{"unknown action", "x", who, []string{"Purr"}, "out of service scope"},
	} {
		w.refused(tt.name, add(tt.label, tt.accounts, tt.actions), "InvalidParameter", tt.text)
	}
	for _, label := range []string{"partners", "partners"} { // a second time, too
		must[*sdk.RemovePermissionOutput](w)(w.RemovePermission(ctx(), &sdk.RemovePermissionInput{TopicArn: arn, Label: &label}))
	}
	if got := stored(); strings.Contains(got, "partners") || len(got) != len(before) {
		t.Errorf("policy %s", got)
	}
	_, err := w.RemovePermission(ctx(), &sdk.RemovePermissionInput{TopicArn: aws.String(*arn + "-none"), Label: aws.String("x")})
	w.refused("no topic", err, "NotFound", "Topic does not exist")
	arn = aws.String(*arn + "-none")
	w.refused("no topic", add("x", who, what), "NotFound", "Topic does not exist")
}

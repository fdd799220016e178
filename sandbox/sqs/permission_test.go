package sqs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func TestPermissionsAreStatementsOfThePolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	q := w.queue("paws")
	stored := func() string {
		t.Helper()
		return must[*sdk.GetQueueAttributesOutput](w)(w.GetQueueAttributes(ctx(), &sdk.GetQueueAttributesInput{QueueUrl: q, AttributeNames: []types.QueueAttributeName{"Policy"}})).Attributes["Policy"]
	}
	add := func(label string, accounts, actions []string) error {
		_, err := w.AddPermission(ctx(), &sdk.AddPermissionInput{QueueUrl: q, Label: &label, AWSAccountIds: accounts, Actions: actions})
		return err
	}
	remove := func(label string) error {
		_, err := w.RemovePermission(ctx(), &sdk.RemovePermissionInput{QueueUrl: q, Label: &label})
		return err
	}
	who, what := []string{"999999999999"}, []string{"SendMessage"}
	if err := add("partners", who, what); err != nil {
		t.Fatal(err)
	}
	want := `{"Version":"2008-10-17","Id":"arn:aws:sqs:us-east-1:123456789012:paws/SQSDefaultPolicy","Statement":[{"Sid":"partners","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:root"},"Action":"SQS:SendMessage","Resource":"arn:aws:sqs:us-east-1:123456789012:paws"}]}`
	if got := stored(); got != want {
		t.Errorf("policy %s\nwant %s", got, want)
	}
	for _, tt := range []struct {
		name, label       string
		accounts, actions []string
		code, text        string
	}{
		{"again", "partners", who, what, "InvalidParameterValue", "Already exists."},
		{"no label", "", who, what, "MissingParameter", "Label"},
		{"bad label", "a b", who, what, "InvalidParameterValue", "for parameter Label"},
		{"owner's action", "x", who, []string{"DeleteQueue"}, "InvalidParameterValue", "Only the queue owner"},
		{"unknown action", "x", who, []string{"Purr"}, "InvalidParameterValue", "valid actions"},
		{"bad account", "x", []string{"12"}, what, "InvalidParameterValue", "PrincipalId"},
		{"no account", "x", []string{}, what, "MissingParameter", "AWSAccountId"},
		{"no action", "x", who, []string{}, "MissingParameter", "ActionName"},
		{"too many actions", "x", who, strings.Fields("SendMessage ReceiveMessage DeleteMessage GetQueueUrl PurgeQueue GetQueueAttributes ChangeMessageVisibility *"), "OverLimit", "maximum allowed is 7"},
	} {
		w.refused(tt.name, add(tt.label, tt.accounts, tt.actions), tt.code, tt.text)
	}
	for i := range 19 {
		if err := add(fmt.Sprint("n", i), who, []string{"SendMessage", "ReceiveMessage"}); err != nil {
			t.Fatal(err)
		}
	}
	w.refused("too many statements", add("x", who, what), "OverLimit", "maximum allowed is 20")
	w.refused("remove none", remove("x"), "InvalidParameterValue", "can't find label")
	for i := range 19 {
		if err := remove(fmt.Sprint("n", i)); err != nil {
			t.Fatal(err)
		}
	}
	if got := stored(); got != want {
		t.Errorf("policy %s\nwant %s", got, want)
	}
	if err := remove("partners"); err != nil || stored() != "" {
		t.Errorf("nothing left: %v, %s", err, stored())
	}
	q = aws.String(w.url + "/123456789012/none")
	w.refused("no queue", add("x", who, what), "AWS.SimpleQueueService.NonExistentQueue", "does not exist")
}

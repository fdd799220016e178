package ec2

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/sandbox/wire"
)

// service has a few handlers that tell what they were asked.
func service() *wire.Service {
	s := wire.EC2()
	s.RequestIDs(func() string { return "id" })
	wire.Handle(s, "DescribeInstanceAttribute", func(_ context.Context, in *ec2.DescribeInstanceAttributeInput) (*ec2.DescribeInstanceAttributeOutput, error) {
		return &ec2.DescribeInstanceAttributeOutput{InstanceId: in.InstanceId}, nil
	})
	wire.Handle(s, "CreateTags", func(context.Context, *ec2.CreateTagsInput) (*ec2.CreateTagsOutput, error) { return nil, nil })
	wire.Handle(s, "DeleteKeyPair", func(context.Context, *ec2.DeleteKeyPairInput) (*ec2.DeleteKeyPairOutput, error) {
		return &ec2.DeleteKeyPairOutput{}, nil
	})
	wire.Handle(s, "DeleteSecurityGroup", func(context.Context, *ec2.DeleteSecurityGroupInput) (*ec2.DeleteSecurityGroupOutput, error) {
		return &ec2.DeleteSecurityGroupOutput{Return: aws.Bool(false)}, nil
	})
	wire.Handle(s, "DescribeKeyPairs", func(_ context.Context, in *ec2.DescribeKeyPairsInput) (*ec2.DescribeKeyPairsOutput, error) {
		out := &ec2.DescribeKeyPairsOutput{KeyPairs: []types.KeyPairInfo{}}
		for _, n := range in.KeyNames {
			out.KeyPairs = append(out.KeyPairs, types.KeyPairInfo{KeyName: &n})
		}
		return out, nil
	})
	return s
}

func TestForms(t *testing.T) {
	t.Parallel()
	const head = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	response := func(op, version, inner string) string {
		return head + `<` + op + `Response xmlns="http://ec2.amazonaws.com/doc/` + version + `/"><requestId>id</requestId>` + inner + `</` + op + `Response>`
	}
	failure := func(code, message string) string {
		return head + `<Response><Errors><Error><Code>` + code + `</Code><Message>` + message + `</Message></Error></Errors><RequestID>id</RequestID></Response>`
	}
	for _, tt := range []struct {
		name, form string
		status     int
		want       string
	}{
		{"version of the client", "Action=DescribeKeyPairs&Version=2014-10-01&KeyName.1=b&KeyName.2=a", 200,
			response("DescribeKeyPairs", "2014-10-01", "<keySet><item><keyName>b</keyName></item><item><keyName>a</keyName></item></keySet>")},
		{"empty list is there", "Action=DescribeKeyPairs", 200, response("DescribeKeyPairs", "2016-11-15", "<keySet></keySet>")},
		{"old numbering of what is one", "Action=DescribeInstanceAttribute&InstanceId.1=i-1&Attribute=userData", 200,
			response("DescribeInstanceAttribute", "2016-11-15", "<instanceId>i-1</instanceId>")},
		{"nothing to say", "Action=CreateTags", 200, response("CreateTags", "2016-11-15", "<return>true</return>")},
		{"whether it worked", "Action=DeleteKeyPair&KeyName=x", 200, response("DeleteKeyPair", "2016-11-15", "<return>true</return>")},
		{"that it did not", "Action=DeleteSecurityGroup&GroupName=x", 200, response("DeleteSecurityGroup", "2016-11-15", "<return>false</return>")},
		{"unknown parameter", "Action=DescribeKeyPairs&KeyNames.1=x", 400, failure("UnknownParameter", "The parameter KeyNames is not recognized")},
		{"unknown parameter inside", "Action=CreateTags&Tag.1.Kee=x", 400, failure("UnknownParameter", "The parameter Tag.1.Kee is not recognized")},
		{"wrong value", "Action=DescribeKeyPairs&DryRun=perhaps", 400, failure("InvalidParameterValue", "Value (perhaps) for parameter DryRun is invalid.")},
		{"not built", "Action=DescribeVpcs", 501, failure("NotImplemented", "The operation DescribeVpcs of ec2 is not built in the sandbox.")},
		{"unknown", "Action=DescribePaws", 400, failure("InvalidAction", "The action DescribePaws is not valid for this web service.")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				target, body := "/?"+tt.form, ""
				if method == http.MethodPost {
					target, body = "/", tt.form
				}
				r := httptest.NewRequest(method, target, strings.NewReader(body))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
				w := httptest.NewRecorder()
				service().ServeHTTP(w, r)
				b, err := io.ReadAll(w.Result().Body)
				if err != nil || w.Code != tt.status || string(b) != tt.want {
					t.Errorf("%s: %d %s (%v)\nwant %d %s", method, w.Code, b, err, tt.status, tt.want)
				}
			}
		})
	}
}

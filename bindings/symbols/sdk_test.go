package symbols_test

import (
	"testing"

	"pawsh/bindings/symbols"
)

// A paginator of the SDK calls an API client that a cell has declared: the
// interpreted type must become a value of the SDK's interface.
func TestPaginatorCallsInterpretedClient(t *testing.T) {
	t.Parallel()
	got := eval(t, newInterpreter(t), `package main
import (
	"context"
	"fmt"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)
type fake struct{ calls int }
func (f *fake) DescribeInstances(ctx context.Context, in *ec2.DescribeInstancesInput, opts ...func(*ec2.Options)) (*ec2.DescribeInstancesOutput, error) {
	f.calls++
	id := fmt.Sprint("i-", f.calls, aws.ToString(in.NextToken))
	out := &ec2.DescribeInstancesOutput{Reservations: []types.Reservation{{Instances: []types.Instance{{InstanceId: &id}}}}}
	if f.calls < 3 {
		out.NextToken = aws.String("-next")
	}
	return out, nil
}
func main() {
	f := &fake{}
	p := ec2.NewDescribeInstancesPaginator(f, &ec2.DescribeInstancesInput{})
	for p.HasMorePages() {
		page, err := p.NextPage(context.Background())
		if err != nil {
			panic(err)
		}
		fmt.Println(aws.ToString(page.Reservations[0].Instances[0].InstanceId))
	}
	fmt.Println(f.calls, types.InstanceTypeT2Micro)
}`)
	if want := "i-1\ni-2-next\ni-3-next\n3 t2.micro\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A client of the SDK made in a cell, with interpreted functions as options and
// as credentials.
func TestClientWithInterpretedParts(t *testing.T) {
	t.Parallel()
	got := eval(t, newInterpreter(t), `package main
import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)
type keys struct{}
func (keys) Retrieve(ctx context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "secret"}, nil
}
type transport struct{ status int; body string }
func (t *transport) Do(r *http.Request) (*http.Response, error) {
	fmt.Println(r.Method, r.URL.Host, strings.Contains(r.Header.Get("Authorization"), "AKID"))
	return &http.Response{StatusCode: t.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(t.body))}, nil
}
func main() {
	tr := &transport{200, "<R><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></R>"}
	c := sts.New(sts.Options{Region: "eu-west-1"}, func(o *sts.Options) { o.RetryMaxAttempts = 1; o.Credentials = keys{}; o.HTTPClient = tr })
	out, err := c.GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
	if err != nil {
		panic(err)
	}
	fmt.Println(*out.Account)
	tr.status, tr.body = 403, "<R><Error><Code>AccessDenied</Code><Message>no</Message></Error></R>"
	_, err = c.GetCallerIdentity(context.Background(), nil)
	var api smithy.APIError
	fmt.Println(errors.As(err, &api), api.ErrorCode())
}`)
	want := "POST sts.eu-west-1.amazonaws.com true\n123456789012\nPOST sts.eu-west-1.amazonaws.com true\ntrue AccessDenied\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDoc(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ path, name, want string }{
		{"fmt", "", "Package fmt implements formatted I/O"},
		{"fmt", "Println", "Println formats using the default formats"},
		{"strings", "Builder", "A Builder is used to efficiently build a string"},
		{"strings", "Builder.Grow", "Grow grows b's capacity"},
		{"io", "EOF", "EOF is the error returned by Read"},
		{"os", "O_RDONLY", "Exactly one of O_RDONLY"},
		{"net/http", "Client.Timeout", "Timeout specifies a time limit"},
		{"net/http", "Handler", "A Handler responds to an HTTP request"},
		{"net", "Conn.Read", "Read reads data from the connection"},
		{"slices", "Sort", "Sort sorts a slice"},
		{ec2, "Client.RunInstances", "Launches the specified number of instances"},
		{ec2, "RunInstancesInput.MaxCount", "The maximum number of instances to launch"},
		{ec2 + "/types", "Instance.ImageId", "The ID of the AMI"},
		{"fmt", "NoSuch", ""},
		{"no/such", "", ""},
	} {
		got := symbols.Doc(tt.path, tt.name)
		if len(got) < len(tt.want) || got[:len(tt.want)] != tt.want || (tt.want == "") != (got == "") {
			t.Errorf("Doc(%q, %q) = %.80q, want %q...", tt.path, tt.name, got, tt.want)
		}
	}
}

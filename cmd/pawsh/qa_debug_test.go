package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestDebugTellsNoSecret runs a session that handles every kind of secret at
// each level of the log, and looks for them in all that was logged.
func TestDebugTellsNoSecret(t *testing.T) {
	t.Parallel()
	sandbox := newWorld(t).door("--sandbox")
	endpoint := sandbox.value("ec2.Target.Endpoint")
	id, secret, ok := strings.Cut(sandbox.value(`c := ec2.Target.Config.Credentials.Retrieve(ctx); c.AccessKeyID + " " + c.SecretAccessKey`), " ")
	if !ok || len(secret) < 16 {
		t.Fatalf("no keys of the sandbox")
	}
	// Temporary credentials, so that there is a session token too.
	temporary := strings.Fields(sandbox.value(`t := sts.GetSessionToken(); t.AccessKey + " " + t.SecretKey + " " + t.SessionToken`))
	if len(temporary) != 3 {
		t.Fatalf("temporary credentials %q", temporary)
	}
	for _, level := range []string{"calls", "headers", "wire"} {
		for _, token := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s token=%t", level, token), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, "AWS_ACCESS_KEY_ID="+id, "AWS_SECRET_ACCESS_KEY="+secret, "AWS_ENDPOINT_URL="+endpoint)
				if token {
					w.env = []string{"AWS_ACCESS_KEY_ID=" + temporary[0], "AWS_SECRET_ACCESS_KEY=" + temporary[1], "AWS_SESSION_TOKEN=" + temporary[2], "AWS_ENDPOINT_URL=" + endpoint}
				}
				name := fmt.Sprintf("%s-%t", level, token)
				o := w.run(strings.Join([]string{
					`z := ec2.GetAllZones()`, // opens the connection before the log is on
					`boto.SetStreamLogger("paws")`,
					`:debug ` + level,
					`k := ec2.CreateKeyPair("` + name + `")`,
					`fmt.Println("SECRET", k.Material)`,
					`r := ec2.RunInstances("ami-7341831a", UserData("password-in-user-data"))`,
					`b := s3.CreateBucket("` + name + `")`,
					`n := b.NewKey("x.txt").SetContentsFromString("hello body")`,
					`s := b.GetKey("x.txt").GetContentsAsString()`,
					`u := b.GetKey("x.txt").GenerateURL(60)`,
					`fmt.Println("SECRET", u)`,
					`q := sqs.CreateQueue("` + name + `")`,
					`t := sns.CreateTopic("` + name + `")`,
					`m := cw.ListMetrics()`,
					`ec2.DeleteKeyPair("` + name + `")`,
					`iam.CreateUser("` + name + `"); ak := iam.CreateAccessKey("` + name + `"); fmt.Println("HIDE", ak.SecretAccessKey)`,
					`raw := ec2.NewFromConfig(config.LoadDefaultConfig(ctx)); k2 := raw.CreateKeyPair(ctx, &ec2.CreateKeyPairInput{KeyName: aws.String("raw-` + name + `")})`,
					`fmt.Println("SECRET", *k2.KeyMaterial)`,
					`g, err := ec2.Client.DescribeRegions(ctx, &ec2.DescribeRegionsInput{RegionNames: []string{"mars-1"}})`,
					`boto.Code(err)`,
					`:debug off`,
					`ec2.GetAllZones()[0]`,
				}, "\n"), "--yes")
				if o.code != 0 || !strings.HasSuffix(o.out, "Zone:us-east-1a\n") {
					t.Fatalf("exit %d\n%s\n%s", o.code, o.out, o.err)
				}
				text := strings.TrimSuffix(o.err, "\n")
				for line := range strings.SplitSeq(text, "\n") {
					if !heading.MatchString(line) {
						t.Errorf("a line without the heading: %q", line)
					}
				}
				for _, want := range []string{"ec2 CreateKeyPair 200", "s3 PutObject 200", "sqs CreateQueue 200", "s3 GetObject presigned", "iam CreateAccessKey 200"} {
					if !strings.Contains(text, want) {
						t.Errorf("no %q in the log:\n%s", want, text)
					}
				}
				if strings.Contains(text, "DescribeAvailabilityZones") {
					t.Errorf("logged when it was off:\n%s", text)
				}
				if got := strings.Contains(text, "[DEBUG]:> POST / HTTP/1.1"); got != (level != "calls") {
					t.Errorf("heads of requests are logged: %t", got)
				}
				if got := strings.Contains(text, "hello body"); got != (level == "wire") {
					t.Errorf("bodies are logged: %t", got)
				}
				secrets := map[string]string{"secret key": secret, "user data": "password-in-user-data", "encoded user data": "cGFzc3dvcmQtaW4tdXNlci1kYXRh", "escaped secret": url.QueryEscape(secret)}
				if token {
					secrets = map[string]string{"secret key": temporary[1], "session token": temporary[2], "escaped token": url.QueryEscape(temporary[2])}
				}
				for line := range strings.SplitSeq(o.out, "\n") {
					if s, ok := strings.CutPrefix(line, "SECRET "); ok && strings.Contains(s, "X-Amz-Signature=") {
						_, sig, _ := strings.Cut(s, "X-Amz-Signature=")
						secrets["signature of a URL"] = sig[:64]
					} else if s, ok := strings.CutPrefix(line, "HIDE "); ok {
						secrets["secret key of another user"] = s
					} else if len(line) == 64 && !strings.Contains(line, "-----") {
						secrets["line of the private key"] = line
					}
				}
				for what, s := range secrets {
					if s != "" && strings.Contains(text, s) {
						t.Errorf("the %s is in the log", what)
					}
				}
				if s := signature.FindString(text); s != "" {
					t.Errorf("%q is in the log", s)
				}
				if strings.Contains(text, "PRIVATE KEY") {
					t.Error("a private key is in the log")
				}
			})
		}
	}
}

var (
	heading   = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} paws \[DEBUG\]:`)
	signature = regexp.MustCompile(`(?i)signature[^\n]{0,20}[0-9a-f]{64}`)
)

// TestDebugOfRefusedSignature: what AWS says of a signature that does not agree
// repeats it, and with it all that was signed.
func TestDebugOfRefusedSignature(t *testing.T) {
	t.Parallel()
	var seen string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, seen, _ = strings.Cut(r.Header.Get("Authorization"), "Signature=")
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you provided.</Message>`+
			`<AWSAccessKeyId>AKIDENV</AWSAccessKeyId><StringToSign>AWS4-HMAC-SHA256</StringToSign><SignatureProvided>%s</SignatureProvided><CanonicalRequest>GET
x-amz-security-token:tokenofenv12345
</CanonicalRequest></Error>`, seen)
	}))
	t.Cleanup(srv.Close)
	w := newWorld(t, "AWS_ACCESS_KEY_ID=AKIDENV", "AWS_SECRET_ACCESS_KEY=secretofenv12345", "AWS_SESSION_TOKEN=tokenofenv12345")
	o := w.run("", "--endpoint", srv.URL, "-c", `boto.ConnectS3(Debug(2)).GetAllBuckets()`)
	if o.code != 1 || !strings.Contains(o.err, "SignatureDoesNotMatch") {
		t.Fatalf("exit %d\n%s", o.code, o.err)
	}
	// The query services repeat the request in the message.
	query := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, "<Response><Errors><Error><Code>SignatureDoesNotMatch</Code><Message>The signatures differ.\n\nThe Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:tokenofenv12345\n'</Message></Error></Errors></Response>")
	}))
	t.Cleanup(query.Close)
	p := w.run("", "--endpoint", query.URL, "-c", `boto.ConnectEC2(Debug(2)).GetAllZones()`)
	if !strings.Contains(p.err, "SignatureDoesNotMatch: The signatures differ. (HTTP 403)") {
		t.Errorf("exit %d\n%s", p.code, p.err)
	}
	o.err += p.err
	for what, s := range map[string]string{"signature": seen, "token": "tokenofenv12345", "secret": "secretofenv12345"} {
		if s == "" || strings.Contains(o.err, s) {
			t.Errorf("the %s %q is in the log:\n%s", what, s, o.err)
		}
	}
}

// TestDebugOfConnections: a level of a connection's own is its alone, and the
// log of one kind of output never runs into another's lines.
func TestDebugOfConnections(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.run("", "-c", "boto.SetStreamLogger(\"x y[%s]\")\na := boto.ConnectEC2(Debug(0))\nb := boto.ConnectEC2(Debug(1))\nza := a.GetAllZones(); zb := b.GetAllRegions()")
	if o.code != 0 || strings.Contains(o.err, "DescribeAvailabilityZones") || strings.Count(o.err, "\n") != 1 || !strings.Contains(o.err, " x y[%s] [DEBUG]:ec2 DescribeRegions 200 ") {
		t.Errorf("exit %d, log:\n%s", o.code, o.err)
	}
	// Concurrent calls: whole lines.
	o = w.run("", "-c", `boto.SetStreamLogger("paws"); c := boto.ConnectEC2(Debug(2)); var wg sync.WaitGroup
for i := 0; i < 20; i++ { wg.Add(1); go func() { defer wg.Done(); c.GetAllZones() }() }; wg.Wait()`)
	for line := range strings.SplitSeq(strings.TrimSuffix(o.err, "\n"), "\n") {
		if !heading.MatchString(line) {
			t.Errorf("a line without the heading: %q", line)
			break
		}
	}
}

// TestXRay shows the wire of an expression, and of a cell, and of nothing else.
func TestXRay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct{ code, out, shown, hidden string }{
		{`z := xray(ec2.GetAllZones()); r := ec2.GetAllRegions(); len(z)`, "6", "DescribeAvailabilityZones", "DescribeRegions"},
		{`r := ec2.GetAllRegions(); n := len(xray(ec2.GetAllZones())[0].Name); n`, "10", "DescribeAvailabilityZones", "DescribeRegions"},
		{`xray(s3.CreateBucket("paws")).Delete(); s3.GetAllBuckets()`, "[]", "CreateBucket", "DeleteBucket"},
		{`xray(s3.CreateBucket("paws").Delete()); s3.GetAllBuckets()`, "[]", "DeleteBucket", "ListBuckets"},
		{`func() { defer func() { recover() }(); xray(ec2.DeleteVolume("vol-1")) }()` + "\n" + `b := s3.GetAllBuckets()`, "", "DeleteVolume", "ListBuckets"}, // what failed leaves nothing on
		{`k := xray(ec2.CreateKeyPair("paws")); len(k.Material) > 1000`, "true", "[redacted]", "PRIVATE KEY"},
		{`:debug wire ec2.GetAllZones()` + "\n" + `len(ec2.GetAllRegions()) > 1`, "[Zone:us-east-1a, Zone:us-east-1b, Zone:us-east-1c, Zone:us-east-1d, Zone:us-east-1e, Zone:us-east-1f]\ntrue", "> Action=DescribeAvailabilityZones", "DescribeRegions"},
		{`:debug calls` + "\n" + `:debug off b := s3.GetAllBuckets()` + "\n" + `z := ec2.GetAllZones()`, "", "ec2 DescribeAvailabilityZones 200", "ListBuckets"},
		{`func xray(n int) int { return n + 1 }; xray(1)`, "2", "", "DEBUG"},
		{`xray("a" + "b")`, `"ab"`, "", "DEBUG"},
	} {
		o := w.run("", "-c", tt.code)
		if o.code != 0 || strings.TrimSpace(o.out) != tt.out || !strings.Contains(o.err, tt.shown) || strings.Contains(o.err, tt.hidden) {
			t.Errorf("%s: exit %d, %s\n%s", tt.code, o.code, o.out, o.err)
		}
	}
	if o := w.run("", "-c", "xray?"); o.code != 0 || !strings.Contains(o.out, "func xray[T any](expr T) T") {
		t.Errorf("xray?: exit %d, %s%s", o.code, o.out, o.err)
	}
	w.run("", "-c", "xray()").want(t, 1, "", "xray takes one expression")
	w.run("", "-c", "xray(fmt.Println)(nope)").want(t, 1, "", "undefined: nope")
}

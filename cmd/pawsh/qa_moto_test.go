package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// cloudSession is what the cookbook's first chapter and the pages behind it need
// of a cloud; each cell's value must be the same on clouds of different makers.
var cloudSession = []string{
	`ec2.GetAllZones()`,
	`len(ec2.Regions()) > 10`,
	`len(ec2.GetAllRegions(RegionNames("eu-west-1", "us-west-2")))`,
	`eu := boto.EC2.ConnectToRegion("eu-west-1")`,
	`eu.GetAllZones()`,
	`k := ec2.CreateKeyPair("paws")`,
	`strings.HasPrefix(k.Material, "-----BEGIN RSA PRIVATE KEY-----")`,
	`ec2.GetAllKeyPairs()`,
	`eu.GetAllKeyPairs()`,
	`_, err := ec2.CreateKeyPair("paws"); boto.Code(err)`,
	`g := ec2.CreateSecurityGroup("paws", "a group")`,
	`g.Authorize("tcp", 22, 22, "0.0.0.0/0")`,
	`_, err = g.Authorize("tcp", 22, 22, "0.0.0.0/0"); boto.Code(err)`,
	`g2 := ec2.GetAllSecurityGroups(GroupNames("paws"))[0]`,
	`g2.Description`,
	`g2.Rules`,
	`image := ec2.GetAllImages()[0].ID`,
	`r := ec2.RunInstances(image, KeyName("paws"), InstanceType("t2.micro"), SecurityGroups("paws"))`,
	`len(r.Instances)`,
	`i := r.Instances[0]`,
	`i.State`,
	`i.ImageID == image`,
	`i.InstanceType`,
	`i.KeyName`,
	`i.AddTag("Name", "web")`,
	`i.Tags["Name"]`,
	`ec2.GetAllInstances()[0].Instances[0].ID == i.ID`,
	`ec2.GetAllInstances(Filter("tag:Name", "web"))[0].Instances[0].Tags["Name"]`,
	`len(ec2.GetAllInstances(Filter("tag:Name", "other")))`,
	`ec2.GetAllTags()`,
	`ec2.GetAllTags()[0].ResID == i.ID`,
	`i.GetConsoleOutput().InstanceID == i.ID`,
	`_, err = ec2.GetAllInstances(InstanceIDs("i-0123456789abcdef0")); boto.Code(err)`,
	`ec2.DeleteKeyPair("paws")`,
	`ec2.GetAllKeyPairs()`,
	`_, err = ec2.GetAllKeyPairs(KeyNames("gone")); boto.Code(err)`,
	`b := s3.CreateBucket("paws")`,
	`s3.Lookup("paws")`,
	`s3.Lookup("nothere")`,
	`kk := b.NewKey("a b/ü+.txt")`,
	`kk.SetMetadata("color", "blue")`,
	`kk.SetContentsFromString("hello")`,
	`k2 := b.GetKey("a b/ü+.txt")`,
	`k2.GetContentsAsString()`,
	`k2.GetMetadata("color")`,
	`k2.Size`,
	`k2.ETag`,
	`b.GetAllKeys()`,
	`b.GetKey("none")`,
	`s3.GetAllBuckets()`,
	`err = b.Delete(); boto.Code(err)`,
	`k2.Delete()`,
	`b.Delete()`,
	`s3.GetAllBuckets()`,
	`_, err = s3.GetBucket("gone"); boto.Code(err)`,
}

// TestAgainstMoto runs a session on our sandbox and on moto's server, which
// others wrote: the bindings and the sandbox can't agree on a mistake.
func TestAgainstMoto(t *testing.T) {
	t.Parallel()
	moto := motoServer(t)
	theirs := newWorld(t, "AWS_ACCESS_KEY_ID=testing", "AWS_SECRET_ACCESS_KEY=testing").door("--endpoint", moto, "--yes")
	ours := newWorld(t).door("--sandbox")
	for _, cell := range cloudSession {
		a, b := theirs.ask(cell), ours.ask(cell)
		if a.Status != b.Status || a.Display != b.Display || a.Status != "ok" {
			t.Errorf("%s\nmoto:    %s %s %s\nsandbox: %s %s %s", cell, a.Status, a.Display, a.Error.Message, b.Status, b.Display, b.Error.Message)
		}
	}
}

// motoServer starts moto's server on a free port.
func motoServer(t *testing.T) (url string) {
	t.Helper()
	path, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("SKIPPED: moto_server is not installed")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	cmd := exec.Command(path, "-H", "127.0.0.1", "-p", port)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Skipf("SKIPPED: moto_server does not start: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	url = "http://127.0.0.1:" + port
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); {
		if r, err := http.Get(url + "/moto-api/"); err == nil {
			r.Body.Close()
			return url
		}
		select {
		case <-ended:
			t.Skip("SKIPPED: moto_server does not run (is its extra [server] installed?)")
		case <-time.After(100 * time.Millisecond):
		}
	}
	t.Fatalf("moto_server does not answer:\n%s", out.String())
	return ""
}

// TestAWSCommandLine looks with AWS's own program at what a session made in the
// sandbox, and the other way round, field by field.
func TestAWSCommandLine(t *testing.T) {
	t.Parallel()
	aws, err := exec.LookPath("aws")
	if err != nil {
		t.Skip("SKIPPED: aws is not installed")
	}
	d := newWorld(t).door("--sandbox")
	endpoint := d.value("ec2.Target.Endpoint")
	id, secret, _ := strings.Cut(d.value(`c := ec2.Target.Config.Credentials.Retrieve(ctx); c.AccessKeyID + " " + c.SecretAccessKey`), " ")
	home := t.TempDir()
	ask := func(query string, args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), aws, append(args, "--endpoint-url", endpoint, "--output", "json", "--query", query)...)
		cmd.Env = append(os.Environ(), "HOME="+home, "AWS_ACCESS_KEY_ID="+id, "AWS_SECRET_ACCESS_KEY="+secret, "AWS_DEFAULT_REGION=us-east-1",
			"AWS_CONFIG_FILE="+home+"/config", "AWS_SHARED_CREDENTIALS_FILE="+home+"/credentials", "AWS_SESSION_TOKEN=", "AWS_PAGER=")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("aws %q: %v\n%s", args, err, stderr.String())
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, out); err != nil {
			t.Fatalf("aws %q: %v in %s", args, err, out)
		}
		return compact.String()
	}
	same := func(cell, query string, args ...string) {
		t.Helper()
		if got, want := ask(query, args...), d.value(`bs, err := json.Marshal(`+cell+`); string(bs)`); got != want {
			t.Errorf("%s\naws:   %s\npawsh: %s", cell, got, want)
		}
	}
	for _, cell := range []string{
		`k := ec2.CreateKeyPair("paws")`,
		`g := ec2.CreateSecurityGroup("web", "a group")`,
		`g.Authorize("tcp", 80, 80, "10.0.0.0/8")`,
		`r := ec2.RunInstances("ami-7341831a", KeyName("paws"), SecurityGroups("web"))`,
		`i := r.Instances[0]`,
		`i.AddTag("Name", "web")`,
		`b := s3.CreateBucket("paws")`,
		`o := b.NewKey("dir/ü.txt")`,
		`o.SetMetadata("color", "blue")`,
		`n := o.SetContentsFromString("hello")`,
		`names := func() (s []string) { for _, z := range ec2.GetAllZones() { s = append(s, z.Name) }; return }()`,
		`regions := func() (s []string) { for _, x := range ec2.Regions() { s = append(s, x.Name) }; sort.Strings(s); return }()`,
	} {
		d.value(cell)
	}
	same(`names`, "AvailabilityZones[].ZoneName", "ec2", "describe-availability-zones")
	same(`regions`, "sort(Regions[].RegionName)", "ec2", "describe-regions")
	same(`[]any{k.Fingerprint, "paws"}`, "KeyPairs[0].[KeyFingerprint,KeyName]", "ec2", "describe-key-pairs")
	same(`[]any{g.ID, "web", "a group", 80, "10.0.0.0/8"}`, "SecurityGroups[0].[GroupId,GroupName,Description,IpPermissions[0].FromPort,IpPermissions[0].IpRanges[0].CidrIp]", "ec2", "describe-security-groups", "--group-names", "web")
	same(`[]any{i.ID, i.ImageID, i.InstanceType, "paws", "web", "web", r.ID}`, "Reservations[0].[Instances[0].[InstanceId,ImageId,InstanceType,KeyName,SecurityGroups[0].GroupName,Tags[0].Value],ReservationId][]", "ec2", "describe-instances", "--instance-ids", d.value("i.ID"))
	same(`[]any{"Name", i.ID, "instance", "web"}`, "Tags[0].[Key,ResourceId,ResourceType,Value]", "ec2", "describe-tags")
	same(`[]any{i.ID}`, "[InstanceId]", "ec2", "get-console-output", "--instance-id", d.value("i.ID"))
	same(`[]any{"paws"}`, "Buckets[].Name", "s3api", "list-buckets")
	same(`[]any{"dir/ü.txt", 5, fmt.Sprintf("\"%x\"", md5.Sum([]byte("hello")))}`, "Contents[0].[Key,Size,ETag]", "s3api", "list-objects-v2", "--bucket", "paws")
	same(`[]any{"blue", 5}`, "[Metadata.color,ContentLength]", "s3api", "head-object", "--bucket", "paws", "--key", "dir/ü.txt")

	// What the program makes, the session sees.
	ask("KeyName", "ec2", "create-key-pair", "--key-name", "cli")
	if got := d.value(`ec2.GetAllKeyPairs(KeyNames("cli"))`); got != "[KeyPair:cli]" {
		t.Errorf("key pairs %s", got)
	}
	if err := os.WriteFile(home+"/f", bytes.Repeat([]byte("0123456789"), 100_000), 0o600); err != nil {
		t.Fatal(err)
	}
	ask("ETag", "s3api", "put-object", "--bucket", "paws", "--key", "a+b c", "--body", home+"/f", "--metadata", "size=big")
	if got := d.value(`x := b.GetKey("a+b c"); s := x.GetContentsAsString(); fmt.Sprint(x.Size, x.GetMetadata("size"), len(s), s[:12])`); got != "1000000 big 1000000 012345678901" && !regexp.MustCompile(`^1000000 ?big ?1000000 ?012345678901$`).MatchString(got) {
		t.Errorf("the object is %s", got)
	}
	ask("TerminatingInstances[0].CurrentState.Name", "ec2", "terminate-instances", "--instance-ids", d.value("i.ID"))
	if got := d.value(`i.Update()`); got != "shutting-down" && got != "terminated" {
		t.Errorf("the instance is %s", got)
	}
}

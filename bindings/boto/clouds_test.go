package boto_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"pawsh/bindings/ec2"
	"pawsh/bindings/s3"
	"pawsh/bindings/session"
)

func writeFile(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	zones = `<DescribeAvailabilityZonesResponse xmlns="http://ec2.amazonaws.com/doc/2010-08-31/"><requestId>r</requestId><availabilityZoneInfo><item><zoneName>cluster01</zoneName><zoneState>available</zoneState><regionName>eucalyptus</regionName></item></availabilityZoneInfo></DescribeAvailabilityZonesResponse>`
	keys  = `<ListBucketResult><Name>paws</Name><Contents><Key>a b/c</Key><LastModified>2012-07-01T00:00:00.000Z</LastModified><Size>3</Size></Contents></ListBucketResult>`
)

// TestEucalyptusRequest is the book's session: host and keys of boto's file.
func TestEucalyptusRequest(t *testing.T) {
	t.Parallel()
	server := newCloud(t, zones)
	host, port := server.host()
	env := newEnv(t, "[Credentials]\neuca_access_key_id = EUCAKEY\neuca_secret_access_key = EUCASECRET\n[Boto]\neucalyptus_host = \""+host+":"+port+"\"\n", nil)
	euca, err := ec2.ConnectEucalyptus(env)
	if err != nil {
		t.Fatal(err)
	}
	if euca.String() != "EC2Connection:"+host || euca.Path != "/services/Eucalyptus" || euca.IsSecure || euca.AWSAccessKeyID != "EUCAKEY" {
		t.Errorf("connection %v at %s secure %v", euca, euca.Path, euca.IsSecure)
	}
	list, err := euca.GetAllZones()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].String() != "Zone:cluster01" {
		t.Errorf("zones %v", list)
	}
	r := server.last(t)
	if r.Method != "POST" || strings.TrimSuffix(r.URL.Path, "/") != "/services/Eucalyptus" || r.Host != host+":"+port {
		t.Errorf("%s %s to %s", r.Method, r.URL.Path, r.Host)
	}
	if !strings.Contains(r.body, "Action=DescribeAvailabilityZones") {
		t.Errorf("body %q", r.body)
	}
	checkSignature(t, r, "EUCAKEY", "EUCASECRET", "eucalyptus", "ec2")
}

func TestWalrusRequest(t *testing.T) {
	t.Parallel()
	server := newCloud(t, keys)
	host, port := server.host()
	env := newEnv(t, "[Credentials]\neuca_access_key_id = EUCAKEY\neuca_secret_access_key = EUCASECRET\n[Boto]\nwalrus_host = "+host+":"+port+"\n", nil)
	walrus, err := s3.ConnectWalrus(env)
	if err != nil {
		t.Fatal(err)
	}
	if walrus.String() != "S3Connection:"+host || walrus.Path != "/services/Walrus" {
		t.Errorf("connection %v at %s", walrus, walrus.Path)
	}
	bucket, err := walrus.GetBucket("paws", s3.Validate(false))
	if err != nil {
		t.Fatal(err)
	}
	list, err := bucket.GetAllKeys()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].String() != "<Key: paws,a b/c>" {
		t.Errorf("keys %v", list)
	}
	r := server.last(t)
	if r.URL.Path != "/services/Walrus/paws" || r.URL.Query().Has("list-type") {
		t.Errorf("request %s", r.URL)
	}
	checkSignature(t, r, "EUCAKEY", "EUCASECRET", "eucalyptus", "s3")
	if _, err := bucket.NewKey("photo one.jpg").SetContentsFromString("hello"); err != nil {
		t.Fatal(err)
	}
	r = server.last(t)
	if r.URL.EscapedPath() != "/services/Walrus/paws/photo%20one.jpg" || r.body != "hello" {
		t.Errorf("request %s with body %q", r.URL.EscapedPath(), r.body)
	}
	checkNoChecksums(t, r)
	checkSignature(t, r, "EUCAKEY", "EUCASECRET", "eucalyptus", "s3")
}

func TestGoogleStorageRequest(t *testing.T) {
	t.Parallel()
	server := newCloud(t, keys)
	host, port := server.host()
	env := newEnv(t, "[Credentials]\ngs_access_key_id = GOOGKEY\ngs_secret_access_key = GOOGSECRET\ngs_host = "+host+":"+port+"\n[Boto]\nis_secure = False\n", nil)
	gs, err := s3.ConnectGoogle(env)
	if err != nil {
		t.Fatal(err)
	}
	bucket, err := gs.GetBucket("paws", s3.Validate(false))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bucket.GetAllKeys(); err != nil {
		t.Fatal(err)
	}
	r := server.last(t)
	if r.URL.Path != "/paws" {
		t.Errorf("path %s, want the bucket in the path", r.URL.Path)
	}
	signed := checkSignature(t, r, "GOOGKEY", "GOOGSECRET", "auto", "s3")
	if slices.Contains(signed, "accept-encoding") {
		t.Errorf("Accept-Encoding is signed: %v", signed)
	}
	if r.Header.Get("Accept-Encoding") == "" {
		t.Error("Accept-Encoding is not sent")
	}
	if _, err := bucket.NewKey("k").SetContentsFromString("hello"); err != nil {
		t.Fatal(err)
	}
	r = server.last(t)
	checkNoChecksums(t, r)
	checkSignature(t, r, "GOOGKEY", "GOOGSECRET", "auto", "s3")
}

// checkNoChecksums looks for what older S3-like services refuse.
func checkNoChecksums(t *testing.T, r *recorded) {
	t.Helper()
	for name := range r.Header {
		if strings.HasPrefix(name, "X-Amz-Checksum") || strings.HasPrefix(name, "X-Amz-Sdk-Checksum") || name == "X-Amz-Trailer" {
			t.Errorf("header %s is sent", name)
		}
	}
	if r.Header.Get("Content-Encoding") != "" || len(r.TransferEncoding) > 0 {
		t.Errorf("the body is chunked: %v %v", r.Header.Get("Content-Encoding"), r.TransferEncoding)
	}
}

func TestGoogleStorageHost(t *testing.T) {
	t.Parallel()
	env := newEnv(t, "[Credentials]\ngs_access_key_id = GOOGKEY\ngs_secret_access_key = GOOGSECRET\n", nil)
	gs, err := s3.ConnectGoogle(env)
	if err != nil {
		t.Fatal(err)
	}
	if gs.String() != "S3Connection:storage.googleapis.com" || !gs.IsSecure {
		t.Errorf("connection %v secure %v", gs, gs.IsSecure)
	}
}

func TestEucalyptusRegionConnectsToTheSameCloud(t *testing.T) {
	t.Parallel()
	server := newCloud(t, zones)
	host, port := server.host()
	env := newEnv(t, "[Credentials]\neuca_access_key_id = EUCAKEY\neuca_secret_access_key = EUCASECRET\n", nil)
	var noHost *session.NoHostError
	if _, err := ec2.ConnectEucalyptus(env); !errors.As(err, &noHost) {
		t.Errorf("without a host: %v", err)
	}
	euca, err := ec2.ConnectEucalyptus(env, session.Host(host+":"+port))
	if err != nil {
		t.Fatal(err)
	}
	again, err := euca.Region.Connect()
	if err != nil {
		t.Fatal(err)
	}
	if again.Host != host || again.Path != "/services/Eucalyptus" || again.AWSAccessKeyID != "EUCAKEY" {
		t.Errorf("region connects to %s%s as %s", again.Host, again.Path, again.AWSAccessKeyID)
	}
}

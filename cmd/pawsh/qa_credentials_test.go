package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// secrets are what the judge knows; a case says whose key must have signed.
var secrets = map[string]string{
	"my_access_key": "my_secret_key",
	"AKIDENV":       "secretofenv", "AKIDHOME": "secret/of+home=", "AKIDOTHER": "secretofother",
	"AKIDSHARED": "secretofshared", "AKIDPAWS": "secretofpaws",
	"dummy": "dummy",
}

const homeBoto = "[Credentials]\naws_access_key_id = AKIDHOME\naws_secret_access_key = secret/of+home=\n"

// TestWhoSigns asks one question from each place credentials can stand in, and
// in each order of them, of a server that knows the secrets.
func TestWhoSigns(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		env   []string
		files map[string]string
		cell  string // "" for ec2.GetAllZones()
		key   string
		token string
		warn  string
	}{
		{name: "arguments", cell: `boto.ConnectEC2(AWSAccessKeyID("my_access_key"), AWSSecretAccessKey("my_secret_key")).GetAllZones()`, key: "my_access_key"},
		{name: "arguments beat environment", env: []string{"AWS_ACCESS_KEY_ID=AKIDENV", "AWS_SECRET_ACCESS_KEY=secretofenv", "AWS_SESSION_TOKEN=tok"},
			cell: `boto.ConnectEC2(AWSAccessKeyID("my_access_key"), AWSSecretAccessKey("my_secret_key")).GetAllZones()`, key: "my_access_key"},
		{name: "arguments with a token", cell: `boto.ConnectEC2(AWSAccessKeyID("my_access_key"), AWSSecretAccessKey("my_secret_key"), SecurityToken("t/k+n=")).GetAllZones()`, key: "my_access_key", token: "t/k+n="},
		{name: "environment", env: []string{"AWS_ACCESS_KEY_ID=AKIDENV", "AWS_SECRET_ACCESS_KEY=secretofenv"}, key: "AKIDENV"},
		{name: "environment with a token", env: []string{"AWS_ACCESS_KEY_ID=AKIDENV", "AWS_SECRET_ACCESS_KEY=secretofenv", "AWS_SESSION_TOKEN=tok"}, key: "AKIDENV", token: "tok"},
		{name: "environment with the old token", env: []string{"AWS_ACCESS_KEY_ID=AKIDENV", "AWS_SECRET_ACCESS_KEY=secretofenv", "AWS_SECURITY_TOKEN=tok"}, key: "AKIDENV", token: "tok"},
		{name: "home", files: map[string]string{".boto": homeBoto}, key: "AKIDHOME"},
		{name: "environment beats home", files: map[string]string{".boto": homeBoto}, env: []string{"AWS_ACCESS_KEY_ID=AKIDENV", "AWS_SECRET_ACCESS_KEY=secretofenv"}, key: "AKIDENV"},
		{name: "key of the environment without its secret", files: map[string]string{".boto": homeBoto}, env: []string{"AWS_ACCESS_KEY_ID=AKIDENV"}, key: "AKIDHOME", warn: "same place"},
		{name: "secret of the environment without its key", files: map[string]string{".boto": homeBoto}, env: []string{"AWS_SECRET_ACCESS_KEY=secretofenv"}, key: "AKIDHOME", warn: "same place"},
		{name: "BOTO_CONFIG", env: []string{"BOTO_CONFIG=$HOME/x.cfg"}, files: map[string]string{".boto": homeBoto, "x.cfg": "[Credentials]\naws_access_key_id: AKIDOTHER\naws_secret_access_key: secretofother\n"}, key: "AKIDOTHER"},
		{name: "BOTO_CONFIG in the home by tilde", env: []string{"BOTO_CONFIG=~/x.cfg"}, files: map[string]string{"x.cfg": "[Credentials]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = secretofother\n"}, key: "AKIDOTHER"},
		{name: "BOTO_PATH, the later file wins", env: []string{"BOTO_PATH=$HOME/a.cfg:$HOME/b.cfg"}, files: map[string]string{
			"a.cfg": homeBoto, "b.cfg": "[Credentials]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = secretofother\n"}, key: "AKIDOTHER"},
		{name: "BOTO_PATH, one file missing", env: []string{"BOTO_PATH=$HOME/none.cfg:$HOME/a.cfg"}, files: map[string]string{"a.cfg": homeBoto}, key: "AKIDHOME", warn: "none.cfg"},
		{name: "BOTO_PATH, key and secret in two files", env: []string{"BOTO_PATH=$HOME/a.cfg:$HOME/b.cfg"}, files: map[string]string{
			"a.cfg": "[Credentials]\naws_access_key_id = AKIDHOME\n", "b.cfg": "[Credentials]\naws_secret_access_key = secret/of+home=\n"}, key: "dummy", warn: "same place"},
		{name: "BOTO_CONFIG beats BOTO_PATH", env: []string{"BOTO_PATH=$HOME/a.cfg", "BOTO_CONFIG=$HOME/b.cfg"}, files: map[string]string{
			"a.cfg": homeBoto, "b.cfg": "[Credentials]\naws_access_key_id = AKIDOTHER\naws_secret_access_key = secretofother\n"}, key: "AKIDOTHER"},
		{name: "quotes, line ends of Windows, capital letters, spaces, comments", files: map[string]string{
			".boto": "\ufeff# mine\r\n[Credentials]\r\n  AWS_Access_Key_Id   =   \"AKIDHOME\"  \r\n; more\r\naws_secret_access_key='secret/of+home='\r\n"}, key: "AKIDHOME"},
		{name: "shared file", files: map[string]string{".aws/credentials": "[default]\naws_access_key_id = AKIDSHARED\naws_secret_access_key = secretofshared\n", ".boto": homeBoto}, key: "AKIDSHARED"},
		{name: "profile of the shared file", env: []string{"AWS_PROFILE=paws", "AWS_ACCESS_KEY_ID=AKIDENV", "AWS_SECRET_ACCESS_KEY=secretofenv"}, files: map[string]string{
			".aws/credentials": "[paws]\naws_access_key_id = AKIDPAWS\naws_secret_access_key = secretofpaws\n"}, key: "AKIDENV"},
		{name: "profile by argument beats the environment", env: []string{"AWS_ACCESS_KEY_ID=AKIDENV", "AWS_SECRET_ACCESS_KEY=secretofenv"}, files: map[string]string{
			".aws/credentials": "[paws]\naws_access_key_id = AKIDPAWS\naws_secret_access_key = secretofpaws\n"},
			cell: `boto.ConnectEC2(ProfileName("paws")).GetAllZones()`, key: "AKIDPAWS"},
		{name: "profile of boto's file", env: []string{"AWS_PROFILE=paws"}, files: map[string]string{
			".boto": homeBoto + "[profile paws]\naws_access_key_id = AKIDPAWS\naws_secret_access_key = secretofpaws\n"}, key: "AKIDPAWS"},
		{name: "nothing, on this machine", key: "dummy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, tt.env...)
			for name, text := range tt.files {
				w.write(name, text)
			}
			j := newJudge(t, secrets, xml(zonesXML))
			cell := tt.cell
			if cell == "" {
				cell = "ec2.GetAllZones()"
			}
			o := w.run("", "--endpoint", j.URL, "-c", cell)
			o.want(t, 0, "[Zone:cluster01]", tt.warn)
			if a := j.last(t); a.Key != tt.key || a.Token != tt.token || a.Service != "ec2" || a.Region != "us-east-1" {
				t.Errorf("signed by %q with token %q for %s in %s, want %q, %q", a.Key, a.Token, a.Service, a.Region, tt.key, tt.token)
			}
			for _, s := range secrets {
				if s != "dummy" && strings.Contains(o.err, s) {
					t.Errorf("a secret on the error stream:\n%s", o.err)
				}
			}
		})
	}
}

const zonesXML = `<DescribeAvailabilityZonesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><availabilityZoneInfo><item><zoneName>cluster01</zoneName><zoneState>available</zoneState></item></availabilityZoneInfo></DescribeAvailabilityZonesResponse>`

// TestNoSandboxNamesEveryPlace: with nothing found and no sandbox wanted, every place is named
// and nothing is sent.
func TestNoSandboxNamesEveryPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "AWS_EC2_METADATA_DISABLED=true")
	for _, cell := range []string{"ec2.GetAllZones()", "boto.ConnectEC2()", "boto.ConnectS3()", "s3.GetAllBuckets()"} {
		o := w.run("", "--no-sandbox", "-c", cell)
		for _, place := range []string{"arguments", "AWS_ACCESS_KEY_ID", "/etc/boto.cfg", filepath.Join(w.home, ".boto"), filepath.Join(w.home, ".aws/credentials"), filepath.Join(w.home, ".aws/config"), "hint: set aws_access_key_id"} {
			if o.code != 1 || o.out != "" || !strings.Contains(o.err, place) {
				t.Errorf("%s: exit %d, %q is not named:\n%s", cell, o.code, place, o.err)
			}
		}
	}
	// One of the pair alone is no reason to go to the sandbox either.
	o := w.run("", "-c", `boto.ConnectEC2(AWSAccessKeyID("AKID"))`)
	o.want(t, 1, "", "without its secret key")
}

// TestUnreadableFiles: each is told of once, and the rest is used.
func TestUnreadableFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "BOTO_CONFIG=$HOME/dir")
	w.write("dir/x", "")
	o := w.run("", "-c", "1+1; ec2.Region")
	o.want(t, 0, "RegionInfo:us-east-1", filepath.Join(w.home, "dir"))
	if n := strings.Count(o.err, filepath.Join(w.home, "dir")); n != 1 {
		t.Errorf("told %d times:\n%s", n, o.err)
	}
	w = newWorld(t, "BOTO_CONFIG=$HOME/none.cfg")
	w.run("", "-c", "ec2.Region").want(t, 0, "RegionInfo:us-east-1", "none.cfg")
	w = newWorld(t)
	w.write(".aws/credentials", "this is no ini\n[def")
	o = w.run("", "-c", "ec2.Region")
	if o.code != 0 && !strings.Contains(o.err, ".aws/credentials") {
		t.Errorf("a broken shared file: exit %d\n%s", o.code, o.err)
	}
	w = newWorld(t)
	w.write(".boto", "[Credentials]\naws_access_key_id = AK\xff\naws_secret_access_key = s\x00\n[Boto]\nec2_region_name = eu-west-1\nhttp_socket_timeout = soon\nnum_retries = -3\n")
	o = w.run("", "-c", "ec2.Region")
	o.want(t, 0, "RegionInfo:eu-west-1", ".boto:2: not valid UTF-8")
	for _, want := range []string{".boto:3: ", ".boto:6: http_socket_timeout", ".boto:7: num_retries"} {
		if !strings.Contains(o.err, want) {
			t.Errorf("%q is not told of:\n%s", want, o.err)
		}
	}
}

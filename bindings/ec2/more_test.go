package ec2_test

import (
	"errors"
	"testing"

	"pawsh/bindings/ec2"
	"pawsh/bindings/session"
	"pawsh/bindings/session/sessiontest"
)

func TestSeveralTags(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	v := must(c.CreateVolume(1, "us-east-1a"))(t)
	if err := v.AddTags(map[string]string{"a": "1", "b": "2", "c": "3"}); err != nil {
		t.Fatal(err)
	}
	if err := v.RemoveTags(map[string]string{"a": "", "b": "2", "c": "other"}); err != nil {
		t.Fatal(err)
	}
	known := len(v.Tags)
	must(v.Update())(t)
	if known != 1 || len(v.Tags) != 1 || v.Tags["c"] != "3" {
		t.Errorf("%d known, tags %v", known, v.Tags)
	}
}

func TestModifyAttribute(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	i := must(c.RunInstances(anyImage(t, c)))(t).Instances[0]
	must(i.ModifyAttribute("disableApiTermination", true))(t)
	if a := must(i.GetAttribute("disableApiTermination"))(t); a["disableApiTermination"] != true {
		t.Errorf("attribute %v", a)
	}
	if err := i.Terminate(); session.Code(err) != "OperationNotPermitted" {
		t.Errorf("terminate: %v", err)
	}
	for attribute, value := range map[string]any{"userData": true, "sourceDestCheck": "yes", "instanceType": []string{"a"}, "kernel": 7} {
		if _, err := i.ModifyAttribute(attribute, value); err == nil || session.Code(err) != "" {
			t.Errorf("%s = %v: %v", attribute, value, err)
		}
	}
}

func TestCopiesToAnotherRegion(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	g := must(c.CreateSecurityGroup("web", "a group"))(t)
	must(g.Authorize("tcp", 80, 80, "0.0.0.0/0"))(t)
	must(g.Authorize("tcp", 22, 22, "", ec2.SrcGroup(g)))(t)
	copied := must(g.CopyToRegion("eu-west-1", "web2"))(t)
	if copied.Name != "web2" || copied.Connection.Region.Name != "eu-west-1" || len(copied.Rules) != 1 || copied.Rules[0].FromPort != 80 {
		t.Errorf("copy %v in %v with %v", copied, copied.Connection.Region, copied.Rules)
	}
	k := must(must(c.CreateKeyPair("paws"))(t).CopyToRegion("eu-west-1"))(t)
	if k.Name != "paws" || k.Material == "" || k.Connection.Region.Name != "eu-west-1" {
		t.Errorf("key pair %v", k)
	}
	var unknown *session.UnknownRegionError
	if _, err := g.CopyToRegion("eu-wets-1"); !errors.As(err, &unknown) {
		t.Errorf("no such region: %v", err)
	}
	must(c.AuthorizeSecurityGroupEgress(g.ID, "tcp", 443, 443, "10.0.0.0/8"))(t)
	must(c.RevokeSecurityGroupEgress(g.ID, "tcp", 443, 443, "10.0.0.0/8"))(t)
	if _, err := c.RevokeSecurityGroupEgress(g.ID, "tcp", 443, 443, "10.0.0.0/8"); session.Code(err) != "InvalidPermission.NotFound" {
		t.Errorf("revoked twice: %v", err)
	}
}

// TestPermissions looks at the requests: the sandbox shares nothing.
func TestPermissions(t *testing.T) {
	t.Parallel()
	const yes = `<R><return>true</return></R>`
	script := sessiontest.New(t, map[string][]string{
		"DescribeSnapshotAttribute": {`<R><createVolumePermission><item><userId>111</userId></item><item><group>all</group></item></createVolumePermission></R>`},
		"ModifySnapshotAttribute":   {yes, yes}, "ResetSnapshotAttribute": {yes},
		"DescribeImageAttribute": {`<R><launchPermission><item><userId>222</userId></item></launchPermission></R>`, `<R><kernel><value>aki-1</value></kernel></R>`, `<R><ramdisk/></R>`},
		"ModifyImageAttribute":   {yes}, "ResetImageAttribute": {yes},
		"CopyImage": {`<R><imageId>ami-2</imageId></R>`}, "CopySnapshot": {`<R><snapshotId>snap-2</snapshotId></R>`},
		"GetPasswordData": {`<R><passwordData>x</passwordData></R>`}, "ResetInstanceAttribute": {yes},
	})
	c := must(ec2.Connect(script.Env))(t)
	s := &ec2.Snapshot{ID: "snap-1", Connection: c}
	if p := must(s.GetPermissions())(t); p["user_ids"][0] != "111" || p["groups"][0] != "all" {
		t.Errorf("permissions %v", p)
	}
	must(s.Share([]string{"111"}))(t)
	script.Form("ModifySnapshotAttribute", map[string]string{"OperationType": "add", "UserId.1": "111", "SnapshotId": "snap-1"})
	must(s.Unshare(nil, "all"))(t)
	script.Form("ModifySnapshotAttribute", map[string]string{"OperationType": "remove", "UserGroup.1": "all"})
	must(s.ResetPermissions())(t)
	i := &ec2.Image{ID: "ami-1", Connection: c}
	if p := must(i.GetLaunchPermissions())(t); p["user_ids"][0] != "222" {
		t.Errorf("launch permissions %v", p)
	}
	if kernel := must(i.GetKernel())(t); kernel != "aki-1" {
		t.Errorf("kernel %q", kernel)
	}
	if ramdisk := must(i.GetRamdisk())(t); ramdisk != "" {
		t.Errorf("ramdisk %q", ramdisk)
	}
	must(i.SetLaunchPermissions([]string{"222"}, "all"))(t)
	script.Form("ModifyImageAttribute", map[string]string{"OperationType": "add", "UserId.1": "222", "UserGroup.1": "all", "Attribute": "launchPermission"})
	must(i.ResetLaunchAttributes())(t)
	if id := must(c.CopyImage("eu-west-1", "ami-1", "mine", "why"))(t); id != "ami-2" {
		t.Errorf("copy %s", id)
	}
	script.Form("CopyImage", map[string]string{"SourceRegion": "eu-west-1", "SourceImageId": "ami-1", "Name": "mine", "Description": "why"})
	if id := must(c.CopySnapshot("eu-west-1", "snap-1"))(t); id != "snap-2" {
		t.Errorf("copy %s", id)
	}
	if p := must(c.GetPasswordData("i-1"))(t); p != "x" {
		t.Errorf("password %q", p)
	}
	must((&ec2.Instance{ID: "i-1", Connection: c}).ResetAttribute("kernel"))(t)
}

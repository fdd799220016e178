package ec2_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pawsh/bindings/ec2"
	"pawsh/bindings/session"
)

func anyImage(t *testing.T, c *ec2.Connection) string {
	t.Helper()
	images := must(c.GetAllImages(ec2.Owners("amazon")))(t)
	if len(images) == 0 {
		t.Fatal("the cloud has no image")
	}
	return images[0].ID
}

func TestZonesAndRegions(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	zones := must(c.GetAllZones())(t)
	if got := fmt.Sprint(zones); !strings.HasPrefix(got, "[Zone:us-east-1a Zone:us-east-1b") {
		t.Errorf("zones print %s", got)
	}
	one := must(c.GetAllZones(ec2.Zones("us-east-1b")))(t)
	if len(one) != 1 || one[0].Name != "us-east-1b" || one[0].State != "available" || one[0].RegionName != "us-east-1" {
		t.Errorf("one zone: %+v", one)
	}
	regions := must(c.GetAllRegions())(t)
	i := slices.IndexFunc(regions, func(r *ec2.RegionInfo) bool { return r.Name == "eu-west-1" })
	if i < 0 {
		t.Fatalf("regions %v", regions)
	}
	eu := must(regions[i].Connect())(t)
	if zones := must(eu.GetAllZones())(t); zones[0].String() != "Zone:eu-west-1a" || eu.Region.String() != "RegionInfo:eu-west-1" {
		t.Errorf("the region's connection: %v, %v", eu.Region, zones)
	}
	if c.String() != "EC2Connection:127.0.0.1" {
		t.Errorf("connection prints %s", c)
	}
}

// TestLaunch is the cookbook's first recipe: key pair, group, rule, instance.
func TestLaunch(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	_, err := c.GetAllKeyPairs(ec2.KeyNames("paws"))
	if session.Code(err) != "InvalidKeyPair.NotFound" {
		t.Fatalf("unknown key pair: %v", err)
	}
	pair := must(c.CreateKeyPair("paws"))(t)
	if pair.String() != "KeyPair:paws" || !strings.Contains(pair.Material, "PRIVATE KEY") || pair.Fingerprint == "" {
		t.Errorf("key pair %v, fingerprint %q", pair, pair.Fingerprint)
	}
	group := must(c.CreateSecurityGroup("paws", "a group"))(t)
	if group.String() != "SecurityGroup:paws" || !strings.HasPrefix(group.ID, "sg-") {
		t.Errorf("group %v %s", group, group.ID)
	}
	if ok := must(group.Authorize("tcp", 22, 22, "0.0.0.0/0"))(t); !ok {
		t.Error("Authorize gives false")
	}
	if _, err := group.Authorize("tcp", 22, 22, "0.0.0.0/0"); session.Code(err) != "InvalidPermission.Duplicate" {
		t.Errorf("the same rule again: %v", err)
	}
	r := must(c.RunInstances(anyImage(t, c), ec2.KeyName("paws"), ec2.SecurityGroups("paws"), ec2.InstanceType("t1.micro"), ec2.UserData("#!/bin/sh\necho hello\n"), ec2.Placement("us-east-1a")))(t)
	if len(r.Instances) != 1 || !strings.HasPrefix(r.String(), "Reservation:r-") {
		t.Fatalf("reservation %v with %v", r, r.Instances)
	}
	i := r.Instances[0]
	if !strings.HasPrefix(i.String(), "Instance:i-") || i.InstanceType != "t1.micro" || i.KeyName != "paws" || i.Placement != "us-east-1a" || len(i.Groups) != 1 || i.Groups[0].Name != "paws" {
		t.Errorf("instance %+v", i)
	}
	if err := i.AddTag("paws"); err != nil {
		t.Fatal(err)
	}
	if err := i.AddTag("Name", "first"); err != nil {
		t.Fatal(err)
	}
	if v, ok := i.Tags["paws"]; !ok || v != "" || i.Tags["Name"] != "first" {
		t.Errorf("tags %v", i.Tags)
	}
	data := must(i.GetAttribute("userData"))(t)
	if data["userData"] != "IyEvYmluL3NoCmVjaG8gaGVsbG8K" {
		t.Errorf("user data %v", data)
	}
	found := must(c.GetAllInstances(ec2.Filter("tag-key", "paws")))(t)
	if len(found) != 1 || found[0].Instances[0].ID != i.ID || found[0].Instances[0].Tags["Name"] != "first" {
		t.Errorf("found by tag: %v", found)
	}
}

func TestFiltersOfEveryForm(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	r := must(c.RunInstances(anyImage(t, c), ec2.MinCount(2), ec2.MaxCount(2)))(t)
	must(c.CreateTags([]string{r.Instances[0].ID}, map[string]string{"paws": "1", "role": "web"}))(t)
	for name, filter := range map[string]ec2.FilterOption{
		"one value":       ec2.Filter("tag-key", "paws"),
		"map of text":     ec2.Filters(map[string]string{"tag:role": "web"}),
		"map of lists":    ec2.Filters(map[string][]string{"tag:role": {"db", "web"}}),
		"map of anything": ec2.Filters(map[string]any{"tag:paws": 1, "tag-key": []any{"paws", "x"}}),
	} {
		if list := must(c.GetOnlyInstances(filter))(t); len(list) != 1 || list[0].ID != r.Instances[0].ID {
			t.Errorf("%s: %v", name, list)
		}
	}
	for name, filter := range map[string]ec2.FilterOption{"no map": ec2.Filters("tag-key"), "odd value": ec2.Filters(map[string]any{"a": struct{}{}})} {
		if _, err := c.GetAllInstances(filter); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if list := must(c.GetAllTags(ec2.Filter("key", "role")))(t); len(list) != 1 || list[0].String() != "Tag:role" || list[0].Value != "web" || list[0].ResID != r.Instances[0].ID || list[0].ResType != "instance" {
		t.Errorf("tags %+v", list)
	}
	if err := r.Instances[0].RemoveTag("role", "db"); err != nil {
		t.Fatal(err)
	}
	if list := must(c.GetAllTags(ec2.Filter("key", "role")))(t); len(list) != 1 {
		t.Errorf("a tag with another value was removed: %v", list)
	}
	must(c.DeleteTags([]string{r.Instances[0].ID}, map[string]string{"role": ""}))(t)
	if list := must(c.GetAllTags(ec2.Filter("key", "role")))(t); len(list) != 0 {
		t.Errorf("the tag is still there: %v", list)
	}
}

func TestListsWalkAllPages(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	id := anyImage(t, c)
	for range 3 {
		must(c.RunInstances(id, ec2.MinCount(4), ec2.MaxCount(4)))(t)
	}
	if list := must(c.GetAllReservations())(t); len(list) != 3 {
		t.Errorf("%d reservations", len(list))
	}
	if list := must(c.GetOnlyInstances())(t); len(list) != 12 {
		t.Errorf("%d instances", len(list))
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	r := must(c.RunInstances(anyImage(t, c)))(t)
	i := r.Instances[0]
	if err := i.Terminate(); err != nil {
		t.Fatal(err)
	}
	if i.State != "shutting-down" && i.State != "terminated" {
		t.Errorf("state %s", i.State)
	}
	if i.PreviousState == "" {
		t.Error("the state before is not known")
	}
	if state := must(i.Update())(t); state != i.State || i.StateCode == 0 {
		t.Errorf("Update gives %s, the instance says %s(%d)", state, i.State, i.StateCode)
	}
	_, err := c.GetAllInstances(ec2.InstanceIDs("i-00000000000000000"))
	if session.Code(err) != "InvalidInstanceID.NotFound" {
		t.Errorf("unknown instance: %v", err)
	}
}

func TestKeyPairSave(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	pair := must(c.CreateKeyPair("paws"))(t)
	dir := t.TempDir()
	if ok := must(pair.Save(dir))(t); !ok {
		t.Error("Save gives false")
	}
	path := filepath.Join(dir, "paws.pem")
	text, err := os.ReadFile(path)
	if err != nil || string(text) != pair.Material {
		t.Errorf("the file holds %d bytes, %v", len(text), err)
	}
	if info, _ := os.Stat(path); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if _, err := pair.Save(dir); !errors.Is(err, fs.ErrExist) {
		t.Errorf("over an existing file: %v", err)
	}
	listed := must(c.GetKeyPair("paws"))(t)
	if _, err := listed.Save(t.TempDir()); err == nil {
		t.Error("a key pair without material was saved")
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", pair, pair, pair), "PRIVATE") {
		t.Error("printing a key pair shows its private key")
	}
	pair.Name = "../escape"
	if _, err := pair.Save(dir); err == nil {
		t.Error("a name with a slash was saved")
	}
	if missing, err := c.GetKeyPair("nobody"); missing != nil || err != nil {
		t.Errorf("GetKeyPair of an unknown name = %v, %v", missing, err)
	}
	must(c.DeleteKeyPair("paws"))(t)
	if list := must(c.GetAllKeyPairs())(t); len(list) != 0 {
		t.Errorf("key pairs %v", list)
	}
}

func TestGroupRules(t *testing.T) {
	t.Parallel()
	c := connectSandbox(t)
	web := must(c.CreateSecurityGroup("web", "front"))(t)
	db := must(c.CreateSecurityGroup("db", "back"))(t)
	must(db.Authorize("tcp", 3306, 3306, "", ec2.SrcGroup(web)))(t)
	must(web.Authorize("tcp", 80, 80, "0.0.0.0/0"))(t)
	if _, err := web.Authorize("tcp", 80, 80, ""); err == nil {
		t.Error("a rule for nobody was taken")
	}
	list := must(c.GetAllSecurityGroups(ec2.GroupNames("db")))(t)
	if len(list) != 1 || len(list[0].Rules) != 1 {
		t.Fatalf("groups %v", list)
	}
	rule := list[0].Rules[0]
	if rule.String() != "IPPermissions:tcp(3306-3306)" || len(rule.Grants) != 1 || rule.Grants[0].GroupID != web.ID {
		t.Errorf("rule %v grants %v", rule, rule.Grants)
	}
	web = must(c.GetAllSecurityGroups(ec2.GroupIDs(web.ID)))(t)[0]
	if web.Rules[0].Grants[0].String() != "0.0.0.0/0" {
		t.Errorf("grants %v", web.Rules[0].Grants)
	}
	must(web.Revoke("tcp", 80, 80, "0.0.0.0/0"))(t)
	if len(web.Rules) != 0 {
		t.Errorf("rules after Revoke: %v", web.Rules)
	}
	must(db.Delete())(t)
	if _, err := c.GetAllSecurityGroups(ec2.GroupNames("db")); session.Code(err) != "InvalidGroup.NotFound" {
		t.Errorf("the group after Delete: %v", err)
	}
}

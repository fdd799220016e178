package ec2_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pawsh/bindings/ec2"
	"pawsh/bindings/session"
)

func TestVolumesAndSnapshots(t *testing.T) {
	t.Parallel()
	c, advance := connectTimed(t)
	i := must(c.RunInstances(anyImage(t, c)))(t).Instances[0]
	v := must(c.CreateVolume(3, i.Placement, ec2.VolumeType("gp2")))(t)
	if !strings.HasPrefix(v.String(), "Volume:vol-") || v.Size != 3 || v.Zone != i.Placement || v.Type != "gp2" || v.AttachmentState() != "" {
		t.Errorf("volume %+v", v)
	}
	advance(10 * time.Minute)
	if status := must(v.Update())(t); status != "available" {
		t.Errorf("status %s", status)
	}
	if state := must(i.Update())(t); state != "running" || i.StateCode != 16 || i.IPAddress == "" || i.DNSName == "" {
		t.Errorf("instance is %s(%d) at %q, %q", state, i.StateCode, i.IPAddress, i.DNSName)
	}
	s := must(v.CreateSnapshot("a backup"))(t)
	if !strings.HasPrefix(s.String(), "Snapshot:snap-") || s.VolumeID != v.ID || s.VolumeSize != 3 || s.Description != "a backup" || s.StartTime.IsZero() {
		t.Errorf("snapshot %+v", s)
	}
	advance(10 * time.Minute)
	if status := must(s.Update())(t); status != "completed" || s.Progress != "100%" {
		t.Errorf("snapshot is %s, %s", status, s.Progress)
	}
	if list := must(v.Snapshots())(t); fmt.Sprint(list) != "["+s.String()+"]" {
		t.Errorf("snapshots of the volume: %v", list)
	}
	if list := must(c.GetAllSnapshots(ec2.Owner("self")))(t); len(list) != 1 {
		t.Errorf("own snapshots: %v", list)
	}
	restored := must(s.CreateVolume(i.Placement))(t)
	if restored.SnapshotID != s.ID || restored.Size != 3 {
		t.Errorf("restored %+v", restored)
	}
	if err := restored.AddTag("Name", "restored"); err != nil {
		t.Fatal(err)
	}
	if list := must(c.GetAllVolumes(ec2.Filter("tag:Name", "restored")))(t); len(list) != 1 || list[0].ID != restored.ID {
		t.Errorf("volumes by tag: %v", list)
	}
	if _, err := c.GetAllVolumes(ec2.VolumeIDs("vol-00000000000000000")); session.Code(err) != "InvalidVolume.NotFound" {
		t.Errorf("unknown volume: %v", err)
	}
	if status := must(v.Attach(i.ID, "/dev/sdh"))(t); status != "attaching" {
		t.Errorf("Attach gives %q", status)
	}
	advance(10 * time.Minute)
	if status := must(v.Update())(t); status != "in-use" || v.AttachmentState() != "attached" || v.AttachData.InstanceID != i.ID || v.AttachData.Device != "/dev/sdh" {
		t.Errorf("volume is %s, attachment %+v", status, v.AttachData)
	}
	must(i.Update())(t)
	if b := i.BlockDeviceMapping["/dev/sdh"]; b == nil || b.VolumeID != v.ID {
		t.Errorf("devices %v", i.BlockDeviceMapping)
	}
	if status := must(v.Detach())(t); status != "detaching" {
		t.Errorf("Detach gives %q", status)
	}
	if _, err := restored.Attach("i-00000000000000000", "/dev/sdh"); session.Code(err) != "InvalidInstanceID.NotFound" {
		t.Errorf("attached to nothing: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	c, advance := connectTimed(t)
	a := must(c.AllocateAddress())(t)
	if a.String() != "Address:"+a.PublicIP || a.PublicIP == "" {
		t.Errorf("address %+v", a)
	}
	if list := must(c.GetAllAddresses(ec2.Addresses(a.PublicIP)))(t); len(list) != 1 || list[0].AllocationID != a.AllocationID {
		t.Errorf("addresses %v", list)
	}
	i := must(c.RunInstances(anyImage(t, c)))(t).Instances[0]
	advance(10 * time.Minute)
	must(c.AssociateAddress(i.ID, a.PublicIP))(t)
	if must(i.Update())(t); i.IPAddress != a.PublicIP {
		t.Errorf("the instance is at %s, want %s", i.IPAddress, a.PublicIP)
	}
	if ok := must(i.UseIP(a))(t); !ok {
		t.Error("UseIP gives false")
	}
	if ok := must(i.UseIP(a.PublicIP))(t); !ok {
		t.Error("UseIP of text gives false")
	}
	a = must(c.GetAllAddresses())(t)[0]
	if a.InstanceID != i.ID {
		t.Errorf("the address is at %q", a.InstanceID)
	}
	must(a.Disassociate())(t)
	if _, err := i.UseIP(7); err == nil {
		t.Error("a number was taken as an address")
	}
	must(a.Release())(t)
	if list := must(c.GetAllAddresses())(t); len(list) != 0 {
		t.Errorf("addresses after Release: %v", list)
	}
}

func TestMonitorAndConsole(t *testing.T) {
	t.Parallel()
	c, advance := connectTimed(t)
	i := must(c.RunInstances(anyImage(t, c)))(t).Instances[0]
	advance(10 * time.Minute)
	list := must(i.Monitor())(t)
	if len(list) != 1 || list[0].String() != "InstanceInfo:"+i.ID || list[0].State == "disabled" {
		t.Errorf("monitoring %v", list)
	}
	must(i.Unmonitor())(t)
	out := must(i.GetConsoleOutput())(t)
	if out.InstanceID != i.ID || out.Output == "" {
		t.Errorf("console of %s: %q", out.InstanceID, out.Output)
	}
}

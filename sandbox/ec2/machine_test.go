package ec2

import (
	"encoding/base64"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"golang.org/x/crypto/ssh"
)

// boot launches one machine with a key pair and waits, by the clock, until it
// is up.
func (w *world) boot(userData string, change func(*ec2.RunInstancesInput)) (id string, key ssh.Signer) {
	w.Helper()
	out, err := w.c.createKeyPair(w.ctx, &ec2.CreateKeyPairInput{KeyName: aws.String("paws"), KeyType: types.KeyTypeEd25519})
	if err != nil {
		w.Fatal(err)
	}
	if key, err = ssh.ParsePrivateKey([]byte(*out.KeyMaterial)); err != nil {
		w.Fatal(err)
	}
	in := &ec2.RunInstancesInput{ImageId: aws.String(bookImage), MinCount: aws.Int32(1), MaxCount: aws.Int32(1), InstanceType: "t1.micro", KeyName: aws.String("paws"),
		UserData: aws.String(base64.StdEncoding.EncodeToString([]byte(userData)))}
	if change != nil {
		change(in)
	}
	id = *do(w, runInstances, in).Instances[0].InstanceId
	w.Cleanup(w.c.Close)
	w.pass(bootTime)
	return id, key
}

// address is where the machine's sshd listens.
func (w *world) address(id string) string {
	w.Helper()
	w.describe(id)
	log := w.console(id)
	_, rest, ok := strings.Cut(log[max(0, strings.LastIndex(log, "Server listening on ")):], "Server listening on ")
	if !ok {
		w.Fatalf("no sshd on the console:\n%s", log)
	}
	line, _, _ := strings.Cut(rest, ".\r\n")
	host, port, _ := strings.Cut(line, " port ")
	if host != "127.0.0.1" && host != *w.describe(id).PublicIpAddress {
		w.Errorf("sshd at %s, the instance at %s", host, *w.describe(id).PublicIpAddress)
	}
	return net.JoinHostPort(host, port)
}

func (w *world) console(id string) string {
	w.Helper()
	o, err := w.c.getConsoleOutput(w.ctx, &ec2.GetConsoleOutputInput{InstanceId: &id})
	if err != nil {
		w.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(aws.ToString(o.Output))
	if err != nil {
		w.Fatal(err)
	}
	return string(raw)
}

func (w *world) login(id string, key ssh.Signer) func(string) string {
	w.Helper()
	c, err := ssh.Dial("tcp", w.address(id), &ssh.ClientConfig{User: "ec2-user", Auth: []ssh.AuthMethod{ssh.PublicKeys(key)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(), Timeout: 20 * time.Second})
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { c.Close() })
	return func(script string) string {
		w.Helper()
		s, err := c.NewSession()
		if err != nil {
			w.Fatal(err)
		}
		defer s.Close()
		out, _ := s.CombinedOutput(script)
		return string(out)
	}
}

func TestMachineIsReachedWithItsKeyPair(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, key := w.boot("#!/bin/sh\ncurl -s http://169.254.169.254/latest/meta-data/instance-id > /tmp/id\nsleep 100; echo dawdled\n", nil)
	sh := w.login(id, key)
	v := w.describe(id)
	if got := sh("cat /tmp/id; echo; curl -s http://169.254.169.254/latest/meta-data/public-ipv4; echo; curl -s http://169.254.169.254/latest/meta-data/public-keys/0/openssh-key | cut -d' ' -f1"); got != id+"\n"+*v.PublicIpAddress+"\nssh-ed25519\n" {
		t.Errorf("got %q", got)
	}
	if strings.Contains(w.console(id), "dawdled") {
		t.Error("the console runs ahead of the clock")
	}
	w.pass(200 * time.Second)
	if !strings.Contains(w.console(id), "dawdled\r\n") {
		t.Error("what was printed later is not there")
	}
	sh("echo kept > kept; sudo shutdown -h now")
	if s := w.describe(id).State.Name; s != types.InstanceStateNameStopping {
		t.Fatalf("after shutdown from within it is %s", s)
	}
	w.pass(stopTime)
	do(w, startInstances, &ec2.StartInstancesInput{InstanceIds: []string{id}})
	w.pass(bootTime)
	if got := w.login(id, key)("cat kept; cat /tmp/id"); got != "kept\n"+id {
		t.Errorf("after stop and start: %q", got)
	}
	do(w, terminateInstances, &ec2.TerminateInstancesInput{InstanceIds: []string{id}})
	w.pass(terminateTime)
	if !strings.Contains(w.console(id), "boot 2,") || w.describe(id).State.Name != types.InstanceStateNameTerminated {
		t.Errorf("the console after termination:\n%s", w.console(id))
	}
}

func TestVolumesAreDisks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, key := w.boot("", nil)
	zone := w.describe(id).Placement.AvailabilityZone
	vol := *do(w, createVolume, &ec2.CreateVolumeInput{AvailabilityZone: zone, Size: aws.Int32(2)}).VolumeId
	w.pass(volumeTime)
	do(w, attachVolume, &ec2.AttachVolumeInput{VolumeId: &vol, InstanceId: &id, Device: aws.String("/dev/sdh")})
	w.pass(attachTime)
	sh := w.login(id, key)
	if got := sh("sudo mkfs -t ext3 /dev/sdh > /dev/null; sudo mkdir /data; sudo mount /dev/sdh /data; echo one | sudo tee /data/f"); got != "one\n" {
		t.Fatalf("got %q", got)
	}
	snap, err := w.c.createSnapshot(w.ctx, &ec2.CreateSnapshotInput{VolumeId: &vol})
	if err != nil {
		t.Fatal(err)
	}
	sh("echo two | sudo tee -a /data/f")
	w.pass(snapshotTime)
	do(w, detachVolume, &ec2.DetachVolumeInput{VolumeId: &vol})
	w.pass(attachTime)
	if got := sh("ls /data"); got != "" {
		t.Errorf("detached, but still there: %q", got)
	}
	restored := *do(w, createVolume, &ec2.CreateVolumeInput{AvailabilityZone: zone, SnapshotId: snap.SnapshotId}).VolumeId
	do(w, deleteSnapshot, &ec2.DeleteSnapshotInput{SnapshotId: snap.SnapshotId})
	w.pass(volumeTime)
	for device, v := range map[string]string{"/dev/sdi": restored, "/dev/sdj": vol} {
		do(w, attachVolume, &ec2.AttachVolumeInput{VolumeId: &v, InstanceId: &id, Device: &device})
	}
	w.pass(attachTime)
	if got := sh("sudo mkdir /i /j; sudo mount /dev/sdi /i; sudo mount /dev/sdj /j; cat /i/f; cat /j/f"); got != "one\none\ntwo\n" {
		t.Errorf("restored and attached again: %q", got)
	}
}

func TestMachineCostsNothingUntilLookedAt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out := do(w, runInstances, &ec2.RunInstancesInput{ImageId: aws.String(bookImage), MinCount: aws.Int32(50), MaxCount: aws.Int32(50), InstanceType: "t1.micro"})
	w.pass(time.Hour)
	for _, x := range w.c.regions["us-east-1"].instances {
		w.describe(x.id)
		if x.machine != nil {
			t.Fatal("a machine nobody looked at")
		}
	}
	if used := w.c.store.Used(); used != 0 || len(out.Instances) != 50 {
		t.Errorf("%d bytes held", used)
	}
}

func TestSecurityGroupsLetSSHThrough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	g := do(w, createSecurityGroup, &ec2.CreateSecurityGroupInput{GroupName: aws.String("paws"), Description: aws.String("d")}).GroupId
	id, key := w.boot("", func(in *ec2.RunInstancesInput) { in.SecurityGroupIds = []string{*g} })
	dial := func() error {
		c, err := ssh.Dial("tcp", w.address(id), &ssh.ClientConfig{User: "ec2-user", Auth: []ssh.AuthMethod{ssh.PublicKeys(key)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(), Timeout: 20 * time.Second})
		if err == nil {
			c.Close()
		}
		return err
	}
	if dial() == nil {
		t.Error("let in without a rule")
	}
	permission := types.IpPermission{IpProtocol: aws.String("tcp"), FromPort: aws.Int32(80), ToPort: aws.Int32(80), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}
	do(w, authorizeIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: g, IpPermissions: []types.IpPermission{permission}})
	if dial() == nil {
		t.Error("let in by a rule for another port")
	}
	permission.FromPort, permission.ToPort = aws.Int32(22), aws.Int32(22)
	do(w, authorizeIngress, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: g, IpPermissions: []types.IpPermission{permission}})
	if err := dial(); err != nil {
		t.Errorf("with a rule: %v", err)
	}
	do(w, revokeIngress, &ec2.RevokeSecurityGroupIngressInput{GroupId: g, IpPermissions: []types.IpPermission{permission}})
	if dial() == nil {
		t.Error("let in after the rule was revoked")
	}
}

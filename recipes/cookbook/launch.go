package cookbook

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"pawsh/bindings/boto"
	"pawsh/bindings/ec2"
)

// Launch says what LaunchInstance launches; the zero value is the book's.
type Launch struct {
	AMI          string // image; DefaultAMI
	InstanceType string // DefaultInstanceType
	KeyName      string // key pair, made when there is none; DefaultName
	KeyExtension string // of the private key's file; ".pem"
	KeyDir       string // directory of the private key's file; ~/.ssh
	GroupName    string // security group, made when there is none; DefaultName
	SSHPort      int    // that the group opens; DefaultSSHPort
	CIDR         string // addresses that may use it; DefaultCIDR, which is all
	Tag          string // key of a tag for the instance; DefaultName
	UserData     string // script or cloud-config for the first boot
	NoShell      bool   // open no SSH session
	LoginUser    string // of the SSH session; DefaultUser
	SSHPassword  string // passphrase of the private key
}

// LaunchInstance launches one instance, with a key pair and a security group
// that it makes where they are missing, waits until it runs, tags it and opens
// an SSH session to it (nil with NoShell). The private key of a key pair that it
// makes is saved with mode 0600. When it fails, the instance is terminated and
// what it made is deleted. Operations: DescribeKeyPairs, CreateKeyPair,
// DescribeSecurityGroups, CreateSecurityGroup, AuthorizeSecurityGroupIngress,
// RunInstances, DescribeInstances, CreateTags.
func LaunchInstance(launch ...Launch) (_ *ec2.Instance, _ *boto.SSHClient, err error) {
	l := first(launch)
	key, group := or(l.KeyName, DefaultName), or(l.GroupName, DefaultName)
	c, err := boto.ConnectEC2()
	if err != nil {
		return nil, nil, err
	}
	var undo undoing
	defer func() { undo.after(&err) }()
	file, err := l.ensureKey(c, key, &undo)
	if err != nil {
		return nil, nil, fmt.Errorf("key pair %s: %w", key, err)
	}
	if err := l.ensureGroup(c, group, &undo); err != nil {
		return nil, nil, fmt.Errorf("security group %s: %w", group, err)
	}
	r, err := c.RunInstances(or(l.AMI, DefaultAMI), ec2.KeyName(key), ec2.SecurityGroups(group),
		ec2.InstanceType(or(l.InstanceType, DefaultInstanceType)), ec2.UserData(l.UserData))
	if err != nil {
		return nil, nil, err
	}
	i := r.Instances[0]
	undo.add(func() error {
		if err := i.Terminate(); err != nil {
			return err
		}
		return i.WaitUntilTerminated() // the group can't be deleted before
	})
	if err := i.WaitUntilRunning(); err != nil {
		return nil, nil, err
	}
	if err := i.AddTag(or(l.Tag, DefaultName)); err != nil {
		return nil, nil, err
	}
	if l.NoShell {
		return i, nil, nil
	}
	ssh, err := boto.SSHClientFromInstance(i, file, boto.UserName(or(l.LoginUser, DefaultUser)),
		boto.SSHPort(or(l.SSHPort, DefaultSSHPort)), boto.SSHPwd(l.SSHPassword))
	if err != nil {
		return nil, nil, err
	}
	return i, ssh, nil
}

// ensureKey makes the key pair and saves it, unless it is there; it gives the
// private key's file.
func (l Launch) ensureKey(c *ec2.Connection, name string, undo *undoing) (string, error) {
	dir := or(l.KeyDir, "~/.ssh")
	if rest, ok := strings.CutPrefix(dir, "~"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(home, rest)
	}
	file := filepath.Join(dir, name+or(l.KeyExtension, ".pem"))
	_, err := c.GetAllKeyPairs(ec2.KeyNames(name))
	if boto.Code(err) != "InvalidKeyPair.NotFound" {
		return file, err
	}
	if _, err := os.Lstat(file); err == nil {
		return "", fmt.Errorf("%s exists, but EC2 has no such key pair: move the file away, or give another KeyName", file)
	}
	key, err := c.CreateKeyPair(name)
	if err != nil {
		return "", err
	}
	undo.add(func() error { _, err := key.Delete(); return err })
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	if err := os.WriteFile(file, []byte(key.Material), 0o600); err != nil {
		return "", err
	}
	undo.add(func() error { return os.Remove(file) })
	return file, nil
}

// ensureGroup makes the security group unless it is there, and opens its port.
func (l Launch) ensureGroup(c *ec2.Connection, name string, undo *undoing) error {
	var group *ec2.SecurityGroup
	groups, err := c.GetAllSecurityGroups(ec2.GroupNames(name))
	switch {
	case boto.Code(err) == "InvalidGroup.NotFound":
		if group, err = c.CreateSecurityGroup(name, "A group that allows SSH access"); err != nil {
			return err
		}
		undo.add(func() error { _, err := group.Delete(); return err })
	case err != nil:
		return err
	case len(groups) == 0:
		return fmt.Errorf("EC2 lists no group of the name")
	default:
		group = groups[0]
	}
	port := or(l.SSHPort, DefaultSSHPort)
	_, err = group.Authorize("tcp", port, port, or(l.CIDR, DefaultCIDR))
	if boto.Code(err) == "InvalidPermission.Duplicate" {
		return nil // it is open already
	}
	return err
}

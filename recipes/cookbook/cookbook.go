// Package cookbook has the cookbook's recipes as functions: each does all that
// its recipe does, with the parameters and defaults of the book. They work with
// the session that package boto uses, find what exists already instead of
// failing on it, and take away what they made when they fail half-way.
//
// The functions print nothing and ask nothing; what they are given no value for
// has the default that its field tells.
package cookbook

import (
	"errors"
	"fmt"

	"pawsh/bindings/boto"
	"pawsh/bindings/ec2"
	"pawsh/bindings/s3"
)

// Defaults of the book, with what has become of them: AMI is a 32-bit Amazon
// Linux of 2011, which AWS no longer runs, and t1.micro is a type of the past.
// In an account of today give an AMI of its region and t3.micro.
const (
	DefaultAMI          = "ami-7341831a"
	DefaultInstanceType = "t1.micro"
	DefaultName         = "paws" // of key pair, group and tag
	DefaultUser         = "ec2-user"
	DefaultSSHPort      = 22
	DefaultCIDR         = "0.0.0.0/0"
)

// or gives a value, or the default where it is the zero value.
func or[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// first gives the first of optional arguments, or the zero value.
func first[T any](list []T) T {
	var zero T
	if len(list) == 0 {
		return zero
	}
	return list[0]
}

// undoing collects what takes back a half-done recipe.
type undoing []func() error

func (u *undoing) add(f func() error) { *u = append(*u, f) }

// after runs what was collected, the last first, when *err is set, and adds
// what could not be taken back to it.
func (u undoing) after(err *error) {
	if *err == nil {
		return
	}
	for i := len(u) - 1; i >= 0; i-- {
		if e := u[i](); e != nil {
			*err = errors.Join(*err, fmt.Errorf("taking it back: %w", e))
		}
	}
}

// instance looks up one instance.
func instance(c *ec2.Connection, id string) (*ec2.Instance, error) {
	list, err := c.GetOnlyInstances(ec2.InstanceIDs(id))
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("there is no instance %s in %s", id, c.Region.Name)
	}
	return list[0], nil
}

// bucket looks up a bucket that must be there.
func bucket(name string) (*s3.Bucket, error) {
	c, err := boto.ConnectS3()
	if err != nil {
		return nil, err
	}
	b, err := c.Lookup(name)
	if err != nil {
		return nil, fmt.Errorf("look up bucket %s: %w", name, err)
	}
	if b == nil {
		return nil, fmt.Errorf("there is no bucket %s: CreateBucket makes it", name)
	}
	return b, nil
}

// object looks up a key that must be there.
func object(b *s3.Bucket, name string) (*s3.Key, error) {
	k, err := b.Lookup(name)
	if err != nil {
		return nil, err
	}
	if k == nil {
		return nil, fmt.Errorf("there is no key %s in bucket %s", name, b.Name)
	}
	return k, nil
}

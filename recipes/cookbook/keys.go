package cookbook

import (
	"fmt"
	"os"

	"pawsh/bindings/boto"
	"pawsh/bindings/ec2"
)

// ImportKeyPair gives EC2 the public key in a file, such as ~/.ssh/id_rsa.pub,
// under a name. A name that is taken is an error: EC2 would go on with the old
// key. Operation: ImportKeyPair.
func ImportKeyPair(name, publicKeyFile string) (*ec2.KeyPair, error) {
	c, err := boto.ConnectEC2()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(publicKeyFile)
	if err != nil {
		return nil, fmt.Errorf("import key pair %s: %w", name, err)
	}
	return c.ImportKeyPair(name, string(text))
}

// SyncKeyPairs imports the public key in a file into each region that has no key
// pair of the name, and tells of each region whether it was imported (true) or
// there already. It goes on when a region fails; the error joins the failures.
// regions are all that AWS has unless given.
// Operations: DescribeKeyPairs, ImportKeyPair in each region.
func SyncKeyPairs(name, publicKeyFile string, regions ...string) (map[string]bool, error) {
	text, err := os.ReadFile(publicKeyFile)
	if err != nil {
		return nil, fmt.Errorf("import key pair %s: %w", name, err)
	}
	var opts []boto.EverywhereOption
	if len(regions) > 0 {
		opts = append(opts, boto.InRegions(regions...))
	}
	results, err := boto.EC2.Everywhere(func(c *ec2.Connection) (any, error) {
		_, err := c.GetAllKeyPairs(ec2.KeyNames(name))
		if boto.Code(err) != "InvalidKeyPair.NotFound" {
			return false, err
		}
		_, err = c.ImportKeyPair(name, string(text))
		return true, err
	}, opts...)
	imported := map[string]bool{}
	for region, v := range results.Values() {
		if was, ok := v.(bool); ok {
			imported[region] = was
		}
	}
	return imported, err
}

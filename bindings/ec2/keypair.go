package ec2

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/bindings/session"
)

// KeyPair is an SSH key pair (boto: KeyPair).
type KeyPair struct {
	Name        string
	Fingerprint string
	ID          string
	Type        string
	// Material is the private key, known only from CreateKeyPair. It is a secret.
	Material   string
	Tags       map[string]string
	Region     *RegionInfo
	Connection *Connection
	Raw        types.KeyPairInfo
}

// String prints the key pair as boto does, without its material.
func (k *KeyPair) String() string { return "KeyPair:" + k.Name }

// GoString keeps the private key out of %#v.
func (k *KeyPair) GoString() string { return fmt.Sprintf("&ec2.KeyPair{Name: %q}", k.Name) }

func (c *Connection) keyPair(raw types.KeyPairInfo) *KeyPair {
	return &KeyPair{
		Name: aws.ToString(raw.KeyName), Fingerprint: aws.ToString(raw.KeyFingerprint),
		ID: aws.ToString(raw.KeyPairId), Type: string(raw.KeyType), Tags: tagMap(raw.Tags),
		Region: c.Region, Connection: c, Raw: raw,
	}
}

// GetAllKeyPairs lists key pairs: DescribeKeyPairs (boto: get_all_key_pairs).
// Options: KeyNames, Filters, Filter, DryRun. Code InvalidKeyPair.NotFound
// tells that a name is unknown.
//
// Example: ec2.GetAllKeyPairs()
func (c *Connection) GetAllKeyPairs(opts ...GetAllKeyPairsOption) ([]*KeyPair, error) {
	in := &sdk.DescribeKeyPairsInput{}
	for _, o := range opts {
		if err := o.getAllKeyPairs(in); err != nil {
			return nil, fmt.Errorf("get all key pairs: %w", err)
		}
	}
	out, err := c.Client.DescribeKeyPairs(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("get all key pairs: %w", err)
	}
	var list []*KeyPair
	for _, raw := range out.KeyPairs {
		list = append(list, c.keyPair(raw))
	}
	return list, nil
}

// GetKeyPair gives one key pair, or nil when there is none of that name:
// DescribeKeyPairs (boto: get_key_pair).
//
// Example: ec2.GetKeyPair("paws").Fingerprint
func (c *Connection) GetKeyPair(keyName string) (*KeyPair, error) {
	list, err := c.GetAllKeyPairs(KeyNames(keyName))
	if session.Code(err) == "InvalidKeyPair.NotFound" {
		return nil, nil
	}
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// CreateKeyPair makes a key pair and gives it with the private key:
// CreateKeyPair (boto: create_key_pair). Code InvalidKeyPair.Duplicate tells
// that the name is taken.
//
// Example: pair := ec2.CreateKeyPair("laptop"); pair.Save(".")
func (c *Connection) CreateKeyPair(keyName string) (*KeyPair, error) {
	out, err := c.Client.CreateKeyPair(c.ctx(), &sdk.CreateKeyPairInput{KeyName: aws.String(keyName)})
	if err != nil {
		return nil, fmt.Errorf("create key pair %q: %w", keyName, err)
	}
	k := c.keyPair(types.KeyPairInfo{KeyName: out.KeyName, KeyFingerprint: out.KeyFingerprint, KeyPairId: out.KeyPairId, Tags: out.Tags})
	k.Material = aws.ToString(out.KeyMaterial)
	return k, nil
}

// ImportKeyPair gives EC2 a public key of yours, as text of OpenSSH's form:
// ImportKeyPair (boto: import_key_pair). Codes InvalidKeyPair.Duplicate,
// InvalidKey.Format.
//
// Example: ec2.ImportKeyPair("mine", publicKey)
func (c *Connection) ImportKeyPair(keyName, publicKeyMaterial string) (*KeyPair, error) {
	out, err := c.Client.ImportKeyPair(c.ctx(), &sdk.ImportKeyPairInput{KeyName: aws.String(keyName), PublicKeyMaterial: []byte(publicKeyMaterial)})
	if err != nil {
		return nil, fmt.Errorf("import key pair %q: %w", keyName, err)
	}
	return c.keyPair(types.KeyPairInfo{KeyName: out.KeyName, KeyFingerprint: out.KeyFingerprint, KeyPairId: out.KeyPairId, Tags: out.Tags}), nil
}

// DeleteKeyPair forgets a key pair, known or not: DeleteKeyPair
// (boto: delete_key_pair). It gives true.
//
// Example: ec2.DeleteKeyPair("paws")
func (c *Connection) DeleteKeyPair(keyName string) (bool, error) {
	if _, err := c.Client.DeleteKeyPair(c.ctx(), &sdk.DeleteKeyPairInput{KeyName: aws.String(keyName)}); err != nil {
		return false, fmt.Errorf("delete key pair %q: %w", keyName, err)
	}
	return true, nil
}

// Delete forgets the key pair: DeleteKeyPair (boto: delete).
//
// Example: pair.Delete()
func (k *KeyPair) Delete() (bool, error) { return k.Connection.DeleteKeyPair(k.Name) }

// Save writes the private key to NAME.pem in a directory, readable by its
// owner alone, and never over an existing file (boto: save). Errors:
// fs.ErrExist, and one where the private key is not known.
//
// Example: ec2.CreateKeyPair("laptop").Save(".")
func (k *KeyPair) Save(directoryPath string) (bool, error) {
	if k.Material == "" {
		return false, fmt.Errorf("save key pair %q: its private key is known only from CreateKeyPair", k.Name)
	}
	if strings.ContainsAny(k.Name, `/\`) || k.Name == "." || k.Name == ".." {
		return false, fmt.Errorf("save key pair %q: the name is no file name", k.Name)
	}
	if rest, ok := strings.CutPrefix(directoryPath, "~/"); ok || directoryPath == "~" {
		home, err := os.UserHomeDir()
		if err != nil {
			return false, fmt.Errorf("save key pair %q: %w", k.Name, err)
		}
		directoryPath = filepath.Join(home, rest)
		if rest == "~" {
			directoryPath = home
		}
	}
	path := filepath.Join(directoryPath, k.Name+".pem")
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		if errors.Is(err, fs.ErrExist) {
			return false, fmt.Errorf("save key pair %q: %s exists and is not overwritten: %w", k.Name, path, fs.ErrExist)
		}
		return false, fmt.Errorf("save key pair %q: %w", k.Name, err)
	}
	_, err = f.WriteString(k.Material)
	if err = errors.Join(err, f.Close()); err != nil {
		return false, fmt.Errorf("save key pair %q: %w", k.Name, err)
	}
	return true, nil
}

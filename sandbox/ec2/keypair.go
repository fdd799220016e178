package ec2

import (
	"context"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// keyPair is the public half of a key pair; the private one is handed out
// once and never kept.
type keyPair struct {
	id, name    string
	kind        types.KeyType
	public      string // one line of authorized_keys
	fingerprint string
	created     time.Time
}

const maxKeyName = 255

func checkKeyName(q *call, name *string) error {
	switch n := aws.ToString(name); {
	case n == "":
		return missing("KeyName")
	case utf8.RuneCountInString(n) > maxKeyName || !printable(n):
		return invalid("Value (%s) for parameter keyName is invalid. Character sets beyond ASCII are not supported.", n)
	case q.key(n) != nil:
		return fail("InvalidKeyPair.Duplicate", "The keypair already exists")
	}
	return nil
}

func printable(s string) bool {
	for _, c := range s {
		if c > unicode.MaxASCII || !unicode.IsPrint(c) {
			return false
		}
	}
	return true
}

// createKeyPair makes the key outside the lock: it takes long, and nobody
// else should wait for it.
func (c *Cloud) createKeyPair(ctx context.Context, in *ec2.CreateKeyPairInput) (*ec2.CreateKeyPairOutput, error) {
	check := func(q *call, in *ec2.CreateKeyPairInput) (*ec2.CreateKeyPairOutput, error) {
		if err := checkKeyName(q, in.KeyName); err != nil {
			return nil, err
		}
		if in.KeyType != "" && !slices.Contains(in.KeyType.Values(), in.KeyType) {
			return nil, invalid("Value (%s) for parameter KeyType is invalid. Valid values: [rsa, ed25519]", in.KeyType)
		}
		if in.KeyFormat != "" && !slices.Contains(in.KeyFormat.Values(), in.KeyFormat) {
			return nil, invalid("Value (%s) for parameter KeyFormat is invalid. Valid values: [pem, ppk]", in.KeyFormat)
		}
		if _, err := tagsFor(in.TagSpecifications, types.ResourceTypeKeyPair); err != nil {
			return nil, err
		}
		return nil, dry(in.DryRun)
	}
	if _, err := run(ctx, c, check, in); err != nil {
		return nil, err
	}
	k, private, err := generateKey(in.KeyType, in.KeyFormat, aws.ToString(in.KeyName))
	if err != nil {
		return nil, err
	}
	return run(ctx, c, func(q *call, in *ec2.CreateKeyPairInput) (*ec2.CreateKeyPairOutput, error) {
		if err := checkKeyName(q, in.KeyName); err != nil { // someone was quicker
			return nil, err
		}
		q.addKey(k, in.TagSpecifications)
		return &ec2.CreateKeyPairOutput{
			KeyName: in.KeyName, KeyPairId: aws.String(k.id), KeyFingerprint: aws.String(k.fingerprint),
			KeyMaterial: aws.String(private), Tags: q.tagSet(k.id),
		}, nil
	}, in)
}

func (q *call) addKey(k *keyPair, specs []types.TagSpecification) {
	k.id, k.created = q.env.ID("key"), q.now
	q.keys = append(q.keys, k)
	tags, _ := tagsFor(specs, types.ResourceTypeKeyPair) // checked before
	q.setTags(k.id, tags[types.ResourceTypeKeyPair])
}

func importKeyPair(q *call, in *ec2.ImportKeyPairInput) (*ec2.ImportKeyPairOutput, error) {
	if err := checkKeyName(q, in.KeyName); err != nil {
		return nil, err
	}
	if len(in.PublicKeyMaterial) == 0 {
		return nil, missing("PublicKeyMaterial")
	}
	k, err := parsePublicKey(in.PublicKeyMaterial)
	if err != nil {
		return nil, err
	}
	if _, err := tagsFor(in.TagSpecifications, types.ResourceTypeKeyPair); err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	k.name = *in.KeyName
	q.addKey(k, in.TagSpecifications)
	return &ec2.ImportKeyPairOutput{
		KeyName: in.KeyName, KeyPairId: aws.String(k.id), KeyFingerprint: aws.String(k.fingerprint), Tags: q.tagSet(k.id),
	}, nil
}

var keyFields = fields[*keyPair]{
	"key-name":    func(k *keyPair) []string { return one(k.name) },
	"key-pair-id": func(k *keyPair) []string { return one(k.id) },
	"fingerprint": func(k *keyPair) []string { return one(k.fingerprint) },
}

func describeKeyPairs(q *call, in *ec2.DescribeKeyPairsInput) (*ec2.DescribeKeyPairsOutput, error) {
	if gone := absent(in.KeyNames, func(n string) bool { return q.key(n) != nil }); len(gone) > 0 {
		return nil, notFound("InvalidKeyPair.NotFound", "key pair", gone...)
	}
	if gone := absent(in.KeyPairIds, func(id string) bool { return q.keyByID(id) != nil }); len(gone) > 0 {
		return nil, notFound("InvalidKeyPair.NotFound", "key pair", gone...)
	}
	id := func(k *keyPair) string { return k.id }
	keys := selected(q.keys, in.KeyNames, func(k *keyPair) string { return k.name })
	keys, err := filter(q, keyFields, in.Filters, selected(keys, in.KeyPairIds, id), id)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeKeyPairsOutput{KeyPairs: []types.KeyPairInfo{}}
	for _, k := range keys {
		info := types.KeyPairInfo{
			KeyName: aws.String(k.name), KeyPairId: aws.String(k.id), KeyFingerprint: aws.String(k.fingerprint),
			KeyType: k.kind, CreateTime: aws.Time(k.created), Tags: q.tagSet(k.id),
		}
		if aws.ToBool(in.IncludePublicKey) {
			info.PublicKey = aws.String(k.public)
		}
		out.KeyPairs = append(out.KeyPairs, info)
	}
	return out, nil
}

// deleteKeyPair succeeds for a name that does not exist, as AWS does.
func deleteKeyPair(q *call, in *ec2.DeleteKeyPairInput) (*ec2.DeleteKeyPairOutput, error) {
	if in.KeyName == nil && in.KeyPairId == nil {
		return nil, missing("KeyName or KeyPairId")
	}
	var k *keyPair
	if in.KeyName != nil {
		k = q.key(*in.KeyName)
	} else if k = q.keyByID(*in.KeyPairId); k == nil {
		return nil, notFound("InvalidKeyPair.NotFound", "key pair", *in.KeyPairId)
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DeleteKeyPairOutput{Return: aws.Bool(true)}
	if k != nil {
		out.KeyPairId = aws.String(k.id)
		q.keys = slices.DeleteFunc(q.keys, func(x *keyPair) bool { return x == k })
		delete(q.tags, k.id)
	}
	return out, nil
}

func (r *region) key(name string) *keyPair {
	for _, k := range r.keys {
		if k.name == name {
			return k
		}
	}
	return nil
}

func (r *region) keyByID(id string) *keyPair {
	for _, k := range r.keys {
		if k.id == id {
			return k
		}
	}
	return nil
}

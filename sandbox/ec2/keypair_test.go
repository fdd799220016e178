package ec2

import (
	"crypto/ed25519"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"golang.org/x/crypto/ssh"
)

func TestCreateKeyPairRSA(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out, err := w.c.createKeyPair(w.ctx, &ec2.CreateKeyPairInput{KeyName: aws.String("paws"),
		TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeKeyPair, Tags: tags("team", "cats")}}})
	if err != nil {
		t.Fatal(err)
	}
	block, rest := pem.Decode([]byte(*out.KeyMaterial))
	if block == nil || block.Type != "RSA PRIVATE KEY" || len(rest) != 0 {
		t.Fatalf("no PEM in the answer")
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil || key.N.BitLen() != 2048 {
		t.Fatalf("key: %v", err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha1.Sum(pkcs8); *out.KeyFingerprint != colons(sum[:]) || strings.Count(*out.KeyFingerprint, ":") != 19 {
		t.Errorf("fingerprint %s", *out.KeyFingerprint)
	}
	_, err = w.c.createKeyPair(w.ctx, &ec2.CreateKeyPairInput{KeyName: aws.String("paws")})
	checkError(t, err, "InvalidKeyPair.Duplicate", "already exists")
	got := do(w, describeKeyPairs, &ec2.DescribeKeyPairsInput{Filters: filters("tag:team", "c*"), IncludePublicKey: aws.Bool(true)}).KeyPairs
	if len(got) != 1 || *got[0].KeyName != "paws" || *got[0].KeyFingerprint != *out.KeyFingerprint || !strings.HasPrefix(*got[0].PublicKey, "ssh-rsa ") {
		t.Errorf("described: %v", got)
	}
	signer, err := ssh.ParsePrivateKey([]byte(*out.KeyMaterial))
	if err != nil || strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey()))) != strings.TrimSuffix(*got[0].PublicKey, " paws") {
		t.Errorf("public key does not belong to the private one: %v", err)
	}
}

func TestCreateKeyPairEd25519(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out, err := w.c.createKeyPair(w.ctx, &ec2.CreateKeyPairInput{KeyName: aws.String("k"), KeyType: types.KeyTypeEd25519})
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.ParsePrivateKey([]byte(*out.KeyMaterial))
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.TrimPrefix(ssh.FingerprintSHA256(signer.PublicKey()), "SHA256:"); strings.TrimRight(*out.KeyFingerprint, "=") != want {
		t.Errorf("fingerprint %s, want %s", *out.KeyFingerprint, want)
	}
}

func TestCreateKeyPairRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		in         ec2.CreateKeyPairInput
		code, text string
	}{
		{ec2.CreateKeyPairInput{}, "MissingParameter", "KeyName"},
		{ec2.CreateKeyPairInput{KeyName: aws.String("日本")}, "InvalidParameterValue", "keyName"},
		{ec2.CreateKeyPairInput{KeyName: aws.String(strings.Repeat("x", 256))}, "InvalidParameterValue", "keyName"},
		{ec2.CreateKeyPairInput{KeyName: aws.String("k"), KeyType: "dsa"}, "InvalidParameterValue", "KeyType"},
		{ec2.CreateKeyPairInput{KeyName: aws.String("k"), KeyFormat: "ppk"}, "NotImplemented", "ppk"},
		{ec2.CreateKeyPairInput{KeyName: aws.String("k"), DryRun: aws.Bool(true)}, "DryRunOperation", ""},
		{ec2.CreateKeyPairInput{KeyName: aws.String("k"), TagSpecifications: []types.TagSpecification{{ResourceType: "volume"}}}, "InvalidParameterValue", "'volume' is not a valid taggable resource type"},
	} {
		_, err := w.c.createKeyPair(w.ctx, &tt.in)
		checkError(t, err, tt.code, tt.text)
	}
	if n := len(do(w, describeKeyPairs, &ec2.DescribeKeyPairsInput{}).KeyPairs); n != 0 {
		t.Errorf("%d keys made by refused requests", n)
	}
}

func TestImportKeyPair(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	pub, err := ssh.NewPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	sum := md5.Sum(der)
	ed, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edPub, err := ssh.NewPublicKey(ed)
	if err != nil {
		t.Fatal(err)
	}
	blob := base64.StdEncoding.EncodeToString(pub.Marshal())
	ssh2 := "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"a\\\nb\"\n" + blob[:70] + "\n" + blob[70:] + "\n---- END SSH2 PUBLIC KEY ----\n"
	for _, tt := range []struct{ name, material, want string }{
		{"openssh", string(ssh.MarshalAuthorizedKey(pub)), colons(sum[:])},
		{"commented", "ssh-rsa " + blob + " me@home", colons(sum[:])},
		{"ssh2", ssh2, colons(sum[:])},
		{"der", base64.StdEncoding.EncodeToString(der), colons(sum[:])},
		{"pem", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), colons(sum[:])},
		{"ed25519", string(ssh.MarshalAuthorizedKey(edPub)), sha256Fingerprint(edPub)},
	} {
		out := do(w, importKeyPair, &ec2.ImportKeyPairInput{KeyName: &tt.name, PublicKeyMaterial: []byte(tt.material)})
		if *out.KeyFingerprint != tt.want {
			t.Errorf("%s: fingerprint %s, want %s", tt.name, *out.KeyFingerprint, tt.want)
		}
	}
	odd, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		t.Fatal(err)
	}
	oddPub, err := ssh.NewPublicKey(&odd.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, material, code, text string }{
		{"openssh", string(ssh.MarshalAuthorizedKey(pub)), "InvalidKeyPair.Duplicate", "already exists"},
		{"junk", "hello", "InvalidKey.Format", "Key is not in valid OpenSSH public key format"},
		{"empty", "", "MissingParameter", "PublicKeyMaterial"},
		{"odd", string(ssh.MarshalAuthorizedKey(oddPub)), "InvalidKeyPair.Format", "1024, 2048 or 4096"},
	} {
		refused(w, importKeyPair, &ec2.ImportKeyPairInput{KeyName: &tt.name, PublicKeyMaterial: []byte(tt.material)}, tt.code, tt.text)
	}
}

func TestDescribeAndDeleteKeyPairs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	refused(w, describeKeyPairs, &ec2.DescribeKeyPairsInput{KeyNames: []string{"paws"}}, "InvalidKeyPair.NotFound", "The key pair 'paws' does not exist")
	refused(w, describeKeyPairs, &ec2.DescribeKeyPairsInput{KeyNames: []string{"a", "b"}}, "InvalidKeyPair.NotFound", "The key pairs 'a, b' do not exist")
	out, err := w.c.createKeyPair(w.ctx, &ec2.CreateKeyPairInput{KeyName: aws.String("paws"), KeyType: types.KeyTypeEd25519})
	if err != nil {
		t.Fatal(err)
	}
	w.ctx = in("eu-west-1")
	refused(w, describeKeyPairs, &ec2.DescribeKeyPairsInput{KeyNames: []string{"paws"}}, "InvalidKeyPair.NotFound", "paws")
	w.ctx = in("us-east-1")
	refused(w, deleteKeyPair, &ec2.DeleteKeyPairInput{}, "MissingParameter", "KeyName")
	refused(w, deleteKeyPair, &ec2.DeleteKeyPairInput{KeyName: aws.String("paws"), DryRun: aws.Bool(true)}, "DryRunOperation", "")
	if got := do(w, deleteKeyPair, &ec2.DeleteKeyPairInput{KeyName: aws.String("paws")}); *got.KeyPairId != *out.KeyPairId {
		t.Errorf("deleted %v", got.KeyPairId)
	}
	if got := do(w, deleteKeyPair, &ec2.DeleteKeyPairInput{KeyName: aws.String("paws")}); got.KeyPairId != nil {
		t.Errorf("deleted twice: %v", *got.KeyPairId)
	}
}

package ec2

import (
	"bytes"
	"crypto/ed25519"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"golang.org/x/crypto/ssh"

	"pawsh/sandbox/wire"
)

const rsaBits = 2048

// generateKey makes a key pair and the text of its private half. Keys come
// from the system's randomness always: an injected source would make private
// keys that others can guess.
func generateKey(kind types.KeyType, format types.KeyFormat, name string) (*keyPair, string, error) {
	if format == types.KeyFormatPpk {
		return nil, "", wire.Errorf("NotImplemented", http.StatusNotImplemented, "CreateKeyPair with the key format ppk is not implemented")
	}
	k := &keyPair{name: name, kind: types.KeyTypeRsa}
	var block *pem.Block
	var public any
	if kind == types.KeyTypeEd25519 {
		pub, priv, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return nil, "", fmt.Errorf("make key pair %q: %w", name, err)
		}
		if block, err = ssh.MarshalPrivateKey(priv, ""); err != nil {
			return nil, "", fmt.Errorf("make key pair %q: %w", name, err)
		}
		k.kind, public = kind, pub
	} else {
		priv, err := rsa.GenerateKey(rand.Reader, rsaBits)
		if err != nil {
			return nil, "", fmt.Errorf("make key pair %q: %w", name, err)
		}
		pkcs8, err := x509.MarshalPKCS8PrivateKey(priv)
		if err != nil {
			return nil, "", fmt.Errorf("make key pair %q: %w", name, err)
		}
		sum := sha1.Sum(pkcs8)
		k.fingerprint = colons(sum[:])
		block = &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(priv)}
		public = &priv.PublicKey
	}
	pub, err := ssh.NewPublicKey(public)
	if err != nil {
		return nil, "", fmt.Errorf("make key pair %q: %w", name, err)
	}
	if k.fingerprint == "" {
		k.fingerprint = sha256Fingerprint(pub)
	}
	k.public = authorizedLine(pub, name)
	return k, string(pem.EncodeToMemory(block)), nil
}

func authorizedLine(pub ssh.PublicKey, comment string) string {
	return strings.TrimSpace(strings.TrimSuffix(string(ssh.MarshalAuthorizedKey(pub)), "\n") + " " + comment)
}

// colons writes a digest as openssl does: aa:bb:cc.
func colons(digest []byte) string {
	return strings.ReplaceAll(fmt.Sprintf("% x", digest), " ", ":")
}

func sha256Fingerprint(pub ssh.PublicKey) string {
	sum := sha256.Sum256(pub.Marshal())
	return base64.StdEncoding.EncodeToString(sum[:])
}

// parsePublicKey reads a public key in one of the forms EC2 takes: a line of
// OpenSSH, SSH2 (RFC 4716), or base64 of the DER form with or without armour.
func parsePublicKey(material []byte) (*keyPair, error) {
	bad := fail("InvalidKey.Format", "Key is not in valid OpenSSH public key format")
	text := bytes.TrimSpace(material)
	pub, comment, _, _, err := ssh.ParseAuthorizedKey(text)
	if err != nil {
		if pub, err = parseSSH2(text); err != nil {
			if pub, err = parseDER(text); err != nil {
				return nil, bad
			}
		}
	}
	crypt, ok := pub.(ssh.CryptoPublicKey)
	if !ok {
		return nil, bad
	}
	k := &keyPair{public: authorizedLine(pub, comment)}
	switch key := crypt.CryptoPublicKey().(type) {
	case *rsa.PublicKey:
		if !slices.Contains([]int{1024, 2048, 4096}, key.N.BitLen()) {
			return nil, fail("InvalidKeyPair.Format", "Key length must be 1024, 2048 or 4096 bits")
		}
		der, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			return nil, bad
		}
		sum := md5.Sum(der)
		k.kind, k.fingerprint = types.KeyTypeRsa, colons(sum[:])
	case ed25519.PublicKey:
		k.kind, k.fingerprint = types.KeyTypeEd25519, sha256Fingerprint(pub)
	default:
		return nil, fail("InvalidKeyPair.Format", "Key type %s is not supported", pub.Type())
	}
	return k, nil
}

// parseSSH2 reads the armour of RFC 4716, whose headers may run over lines.
func parseSSH2(text []byte) (ssh.PublicKey, error) {
	lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	if len(lines) < 3 || lines[0] != "---- BEGIN SSH2 PUBLIC KEY ----" || lines[len(lines)-1] != "---- END SSH2 PUBLIC KEY ----" {
		return nil, fmt.Errorf("no SSH2 armour")
	}
	var body strings.Builder
	header := false
	for _, l := range lines[1 : len(lines)-1] {
		if header || strings.Contains(l, ":") {
			header = strings.HasSuffix(l, `\`)
			continue
		}
		body.WriteString(strings.TrimSpace(l))
	}
	blob, err := base64.StdEncoding.DecodeString(body.String())
	if err != nil {
		return nil, err
	}
	return ssh.ParsePublicKey(blob)
}

func parseDER(text []byte) (ssh.PublicKey, error) {
	der := text
	if block, _ := pem.Decode(text); block != nil {
		der = block.Bytes
	} else if b, err := base64.StdEncoding.DecodeString(string(bytes.Join(bytes.Fields(text), nil))); err == nil {
		der = b
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, err
	}
	return ssh.NewPublicKey(key)
}

package iam

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"io"

	"pawsh/sandbox/policy"
	"pawsh/sandbox/wire"
)

// message is what an encoded authorization message holds.
type message struct {
	Allowed           bool  `json:"allowed"`
	ExplicitDeny      bool  `json:"explicitDeny"`
	MatchedStatements items `json:"matchedStatements"`
	Failures          items `json:"failures"`
	Context           struct {
		Principal  messagePrincipal `json:"principal"`
		Action     string           `json:"action"`
		Resource   string           `json:"resource"`
		Conditions items            `json:"conditions"`
	} `json:"context"`
}

type messagePrincipal struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	ARN  string `json:"arn"`
}

type items struct {
	Items []any `json:"items"`
}

// told are the facts that a message lists.
var told = []string{"aws:SourceIp", "aws:UserAgent", "aws:CurrentTime", "aws:SecureTransport", "ec2:Region", "ec2:InstanceType", "ec2:Owner"}

// encode writes why a request was refused so that only DecodeAuthorization
// can read it: it may tell of resources that the caller must not know.
func (c *Cloud) encode(caller wire.Caller, action, resource string, v policy.Verdict, f policy.Facts) string {
	m := message{ExplicitDeny: v.Denied, MatchedStatements: items{[]any{}}, Failures: items{[]any{}}}
	m.Context.Principal = messagePrincipal{caller.UserID, caller.UserName, caller.UserARN}
	m.Context.Action, m.Context.Resource, m.Context.Conditions = action, resource, items{[]any{}}
	for _, key := range told {
		var values items
		for _, value := range f(key) {
			values.Items = append(values.Items, map[string]string{"value": value})
		}
		if values.Items != nil {
			m.Context.Conditions.Items = append(m.Context.Conditions.Items, map[string]any{"key": key, "values": values})
		}
	}
	text, err := json.Marshal(m)
	aead := c.aead()
	if err != nil || aead == nil {
		return ""
	}
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestCompression) // of a valid level: no error
	// a buffer takes everything
	_, _ = w.Write(text)
	_ = w.Close()
	nonce := make([]byte, aead.NonceSize())
	// env panics rather than fails
	_, _ = c.env.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(aead.Seal(nonce, nonce, packed.Bytes(), nil))
}

func (c *Cloud) aead() cipher.AEAD {
	c.mu.RLock()
	defer c.mu.RUnlock()
	block, err := aes.NewCipher(c.seal)
	if err != nil {
		return nil
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil
	}
	return aead
}

// maxMessage bounds a decoded message.
const maxMessage = 64 << 10

// DecodeAuthorization reads an encoded authorization message of this cloud.
func (c *Cloud) DecodeAuthorization(text string) (string, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	aead := c.aead()
	if err != nil || aead == nil || len(raw) < aead.NonceSize() {
		return "", false
	}
	packed, err := aead.Open(nil, raw[:aead.NonceSize()], raw[aead.NonceSize():], nil)
	if err != nil {
		return "", false
	}
	out, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxMessage))
	return string(out), err == nil
}

package cookbook

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strings"

	"pawsh/bindings/boto"
	"pawsh/bindings/iam"
)

// Part is one piece of user data for cloud-init.
type Part struct {
	Name string // of the file it becomes
	Text string
}

// UserData packs parts as cloud-init reads them: a MIME message in several
// parts, compressed. The type of a part is told by its first line, as
// cloud-init does: #!, #cloud-config, #upstart-job, #cloud-boothook, #include.
// EC2 takes 16 KiB. It sends nothing.
func UserData(parts ...Part) (string, error) {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, p := range parts {
		h := textproto.MIMEHeader{}
		h.Set("Content-Type", partType(p.Text)+`; charset="utf-8"`)
		h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", p.Name))
		w, err := m.CreatePart(h)
		if err != nil {
			return "", err
		}
		if _, err := w.Write([]byte(p.Text)); err != nil {
			return "", err
		}
	}
	if err := m.Close(); err != nil {
		return "", err
	}
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	fmt.Fprintf(z, "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=%q\r\n\r\n", m.Boundary())
	if _, err := z.Write(body.Bytes()); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	const limit = 16 << 10
	if out.Len() > limit {
		return "", fmt.Errorf("the user data has %d bytes, EC2 takes %d: put what is large into S3 and #include it", out.Len(), limit)
	}
	return out.String(), nil
}

func partType(text string) string {
	for _, t := range []struct{ begin, mime string }{
		{"#!", "text/x-shellscript"}, {"#cloud-config", "text/cloud-config"}, {"#upstart-job", "text/upstart-job"},
		{"#cloud-boothook", "text/cloud-boothook"}, {"#include", "text/x-include-url"},
	} {
		if strings.HasPrefix(text, t.begin) {
			return t.mime
		}
	}
	return "text/plain"
}

// RestrictedUser makes an IAM user that may do only what a policy says, with an
// access key for a machine's boto.cfg. The secret is in the answer and nowhere
// else. When a step fails the user is deleted. A user of the name that is there
// already is an error, EntityAlreadyExists: whose keys are in use nobody knows.
// Operations: CreateUser, CreateAccessKey, PutUserPolicy.
func RestrictedUser(name, policyJSON string) (_ *iam.AccessKey, err error) {
	c, err := boto.ConnectIAM()
	if err != nil {
		return nil, err
	}
	if _, err := c.CreateUser(name); err != nil {
		return nil, err
	}
	var undo undoing
	defer func() { undo.after(&err) }()
	undo.add(func() error { _, err := c.DeleteUser(name); return err })
	if _, err := c.PutUserPolicy(name, "Restricted", policyJSON); err != nil {
		return nil, err
	}
	undo.add(func() error { _, err := c.DeleteUserPolicy(name, "Restricted"); return err })
	return c.CreateAccessKey(name)
}

// BotoConfig is a boto.cfg with an access key, for a machine's /etc/boto.cfg.
// It holds a secret.
func BotoConfig(key *iam.AccessKey) string {
	return fmt.Sprintf("[Credentials]\naws_access_key_id = %s\naws_secret_access_key = %s\n", key.AccessKeyID, key.SecretAccessKey)
}

package wire

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"net/http"
)

// VerifyForm checks who signed the policy of an upload from a browser's form,
// by signature version 4 or 2. Fields are by lower-case name. A form without
// any of a signature's fields is anonymous.
func (s *Service) VerifyForm(ctx context.Context, fields map[string]string) (Caller, error) {
	nobody := Caller{Region: DefaultRegion}
	if s.verifier == nil {
		return nobody, nil
	}
	v := s.verifier
	v4 := []string{"policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"}
	v2 := []string{"awsaccesskeyid", "policy", "signature"}
	has := func(names []string) bool {
		for _, n := range names {
			if _, ok := fields[n]; ok {
				return true
			}
		}
		return false
	}
	var caller Caller
	var err error
	switch {
	case has(v2[:1]) || has(v2[2:]):
		caller, err = v.formV2(ctx, fields, v2)
	case has(v4):
		caller, err = v.formV4(ctx, fields, v4)
	default:
		return nobody, nil
	}
	if f, ok := err.(fault); ok {
		return Caller{}, f.saidS3()
	}
	return caller, err
}

func needFields(fields map[string]string, names []string) error {
	for _, n := range names {
		if _, ok := fields[n]; !ok {
			return Errorf("InvalidArgument", http.StatusBadRequest, "Bucket POST must contain a field named '%s'.  If it is specified, please check the order of the fields.", n).With("ArgumentName", n)
		}
	}
	return nil
}

func (v *Verifier) formV4(ctx context.Context, fields map[string]string, names []string) (Caller, error) {
	if err := needFields(fields, names); err != nil {
		return Caller{}, err
	}
	arg := func(name, text string) error {
		return Errorf("InvalidArgument", http.StatusBadRequest, "%s", text).With("ArgumentName", name).With("ArgumentValue", fields[name])
	}
	if fields["x-amz-algorithm"] != sigV4Algorithm {
		e := arg("x-amz-algorithm", "Only AWS4-HMAC-SHA256 is supported").(*Error)
		e.Details[0].Value = "X-Amz-Algorithm"
		return Caller{}, e
	}
	c := &credential{stamp: fields["x-amz-date"], signature: fields["x-amz-signature"], token: fields["x-amz-security-token"]}
	if _, err := parseTime(c.stamp); err != nil {
		e := arg("x-amz-date", "X-Amz-Date must be formated via ISO8601 Long format").(*Error)
		e.Details[0].Value = "X-Amz-Date"
		return Caller{}, e
	}
	if err := c.parseScope(fields["x-amz-credential"]); err != nil {
		return Caller{}, arg("x-amz-credential", formText(err))
	}
	if err := c.parseDay(); err != nil {
		return Caller{}, arg("x-amz-credential", formText(err))
	}
	key, caller, err := v.key(ctx, c.accessKeyID, c.token, c.region)
	if err != nil {
		return Caller{}, err
	}
	signer := &chunkSigner{key: signingKey(key.Secret, c)}
	if !hmac.Equal([]byte(signer.sign(fields["policy"])), []byte(c.signature)) {
		return Caller{}, Errorf("SignatureDoesNotMatch", http.StatusForbidden, textMismatchS3).With("AWSAccessKeyId", c.accessKeyID).With("StringToSign", fields["policy"])
	}
	return caller, nil
}

// formText is what S3 says of a credential in a form: the same as in a
// header, without saying that it is one.
func formText(err error) string {
	f, ok := err.(fault)
	if !ok || f.s3 == nil {
		return err.Error()
	}
	const head = "The authorization header is malformed; "
	return f.s3.Message[len(head):]
}

func (v *Verifier) formV2(ctx context.Context, fields map[string]string, names []string) (Caller, error) {
	if err := needFields(fields, names); err != nil {
		return Caller{}, err
	}
	id := fields["awsaccesskeyid"]
	key, caller, err := v.key(ctx, id, fields["x-amz-security-token"], DefaultRegion)
	if err != nil {
		return Caller{}, err
	}
	if !sameMAC(sha1.New, key.Secret, fields["policy"], fields["signature"]) {
		return Caller{}, Errorf("SignatureDoesNotMatch", http.StatusForbidden, textMismatchS3).With("AWSAccessKeyId", id).With("StringToSign", fields["policy"])
	}
	return caller, nil
}

// Invoke runs an operation with an input that was made of a request of
// another form, through all that surrounds the service's calls.
func (s *Service) Invoke(r *http.Request, caller Caller, op string, in any) (any, error) {
	h, err := s.handler(op)
	if err != nil {
		return nil, err
	}
	ctx := context.WithValue(r.Context(), callKey{}, &call{r: r, header: http.Header{}, id: uuid(), caller: caller, op: op})
	return s.invoke(ctx, op, h, in)
}

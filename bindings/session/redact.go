package session

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"regexp"
	"strings"
)

const redacted = "[redacted]"

// secretFields are the members of AWS's shapes that hold secrets, in any
// protocol: XML elements, JSON members, fields of a form, without case. Object
// contents of S3 are not shapes and are not known here.
var secretFields = map[string]bool{
	"keymaterial": true, "privatekey": true, "secretaccesskey": true, "secretkey": true,
	"sessiontoken": true, "securitytoken": true, "token": true, "userdata": true,
	"password": true, "newpassword": true, "oldpassword": true, "passworddata": true,
	"webidentitytoken": true, "samlassertion": true, "tokencode": true,
	"authenticationcode1": true, "authenticationcode2": true, "authenticationcode": true,
	"base32stringseed": true, "qrcodepng": true, "accesstoken": true, "refreshtoken": true,
	"clientsecret": true, "idtoken": true, "platformcredential": true, "platformprincipal": true,
	"signature": true, "x-amz-signature": true, "x-amz-security-token": true, "x-goog-signature": true,
	"servicepassword": true, "servicespecificcredentialsecret": true, "uploadpolicysignature": true,
	"presharedkey": true,
	// what S3 says of a signature that does not agree
	"signatureprovided": true, "canonicalrequest": true, "canonicalrequestbytes": true,
}

// secretHeaders are left out of the log but for their scheme.
var secretHeaders = map[string]bool{
	"authorization": true, "proxy-authorization": true, "cookie": true, "set-cookie": true,
	"x-amz-security-token": true, "x-amz-mfa": true, "x-amz-s3session-token": true,
	"x-amz-server-side-encryption-customer-key":             true,
	"x-amz-copy-source-server-side-encryption-customer-key": true,
	"x-aws-ec2-metadata-token":                              true,
}

// secretField tells whether a form field such as Member.1.SecretKey or
// LaunchSpecification.UserData is secret.
func secretField(name string) bool {
	name = strings.ToLower(name)
	if secretFields[name] {
		return true
	}
	for part := range strings.SplitSeq(name, ".") {
		if secretFields[part] {
			return true
		}
	}
	return false
}

func redactHeader(name, value string) string {
	lower := strings.ToLower(name)
	if !secretHeaders[lower] {
		if lower == "location" || lower == "x-amz-copy-source" || lower == "referer" {
			return redactURL(value)
		}
		return value
	}
	if scheme, _, ok := strings.Cut(value, " "); ok && lower == "authorization" {
		return scheme + " " + redacted
	}
	return redacted
}

// redactURL takes signatures, tokens and a password out of a URL or a path
// with a query.
func redactURL(s string) string {
	if i := strings.Index(s, "://"); i >= 0 {
		rest := s[i+3:]
		end := strings.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		if at := strings.LastIndexByte(rest[:end], '@'); at >= 0 {
			s = s[:i+3] + redacted + rest[at:]
		}
	}
	base, query, ok := strings.Cut(s, "?")
	if !ok {
		return s
	}
	return base + "?" + redactForm(query)
}

// redactForm keeps the order and the escapes of a form's fields.
func redactForm(form string) string {
	fields := strings.Split(form, "&")
	for i, f := range fields {
		name, _, ok := strings.Cut(f, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil {
			plain = name
		}
		if ok && secretField(plain) {
			fields[i] = name + "=" + redacted
		}
	}
	return strings.Join(fields, "&")
}

var privateKey = regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\z)`)

// mask removes the session's own secrets and private keys, wherever they
// stand: the last line of defence behind the redaction by field.
func mask(s string, secrets []string) string {
	for _, secret := range secrets {
		s = strings.ReplaceAll(s, secret, redacted)
		if escaped := url.QueryEscape(secret); escaped != secret {
			s = strings.ReplaceAll(s, escaped, redacted)
		}
	}
	return s
}

// readable gives a body as indented, redacted text; false when it is no text.
func readable(body []byte, contentType string) (string, bool) {
	if strings.HasPrefix(contentType, "application/cbor") {
		return indentCBOR(body)
	}
	if !isText(body) {
		return "", false
	}
	trimmed := bytes.TrimSpace(body)
	text := string(trimmed)
	// A document that can't be taken apart can't be redacted by field either,
	// so it is not shown.
	switch {
	case bytes.HasPrefix(trimmed, []byte("<")):
		pretty, err := indentXML(trimmed)
		if err != nil {
			return "", false
		}
		text = pretty
	case bytes.HasPrefix(trimmed, []byte("{")) || bytes.HasPrefix(trimmed, []byte("[")):
		pretty, err := indentJSON(trimmed)
		if err != nil {
			return "", false
		}
		text = pretty
	case strings.HasPrefix(contentType, "application/x-www-form-urlencoded"):
		text = strings.ReplaceAll(redactForm(text), "&", "\n&")
	}
	return privateKey.ReplaceAllString(text, redacted), true
}

// indentXML prints XML an element a line and hides secret elements. It works
// on tokens, so a name space stays what the sender wrote.
func indentXML(body []byte) (string, error) {
	dec := xml.NewDecoder(bytes.NewReader(body))
	var b strings.Builder
	depth, leaf, hide := 0, false, 0
	line := func() {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.Repeat("  ", depth))
	}
	for {
		start := dec.InputOffset()
		tok, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			if depth != 0 {
				return "", io.ErrUnexpectedEOF
			}
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		raw := strings.TrimSpace(string(body[start:dec.InputOffset()]))
		switch t := tok.(type) {
		case xml.StartElement:
			if hide == 0 {
				line()
				b.WriteString(raw)
			}
			if hide > 0 || secretFields[strings.ToLower(t.Name.Local)] {
				hide++
			}
			depth++
			leaf = true
		case xml.EndElement:
			if depth--; depth < 0 {
				return "", errors.New("unbalanced XML")
			}
			if hide > 0 {
				hide--
				if hide == 0 {
					b.WriteString(redacted + "</" + t.Name.Local + ">")
				}
				leaf = false
				continue
			}
			if raw == "" { // <a/> gives a start and an end at one place
				leaf = false
				continue
			}
			if !leaf {
				line()
			}
			b.WriteString(raw)
			leaf = false
		case xml.CharData:
			if hide == 0 && raw != "" {
				b.WriteString(raw)
			}
		default:
			if hide == 0 {
				line()
				b.WriteString(raw)
			}
		}
	}
}

// indentJSON prints JSON with its numbers as sent and hides secret members.
func indentJSON(body []byte) (string, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return "", err
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(redactJSON(v)); err != nil {
		return "", err
	}
	return out.String(), nil
}

func redactJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if secretFields[strings.ToLower(name)] {
				v[name] = redacted
			} else {
				v[name] = redactJSON(member)
			}
		}
	case []any:
		for i := range v {
			v[i] = redactJSON(v[i])
		}
	}
	return v
}

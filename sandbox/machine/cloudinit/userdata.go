// Package cloudinit reads the user data that a machine is started with: a
// script, a cloud-config document, a multipart message of several, each of
// them packed with gzip or not. It decodes and runs nothing; its input is
// whatever somebody sent.
package cloudinit

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

// Bounds on what user data can unfold to.
const (
	maxSize  = 1 << 20
	maxParts = 32
	maxDepth = 4
)

// Kind is what a part of user data is.
type Kind string

// The kinds of parts.
const (
	Script   Kind = "text/x-shellscript"
	Config   Kind = "text/cloud-config"
	BootHook Kind = "text/cloud-boothook"
	Include  Kind = "text/x-include-url"
	Other    Kind = "application/octet-stream"
)

// Part is one thing to do.
type Part struct {
	Kind Kind
	Name string // file name, when one was given
	Body string
}

// Parse takes user data apart, in the order in which it is to be carried out.
// Empty user data has no parts.
func Parse(raw []byte) ([]Part, error) {
	var out []Part
	left := maxSize
	err := parse(raw, "", "", &out, 0, &left)
	return out, err
}

func parse(raw []byte, kind, name string, out *[]Part, depth int, left *int) error {
	if depth > maxDepth {
		return errors.New("user data: nested too deeply")
	}
	if bytes.HasPrefix(raw, []byte("\x1f\x8b")) {
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return fmt.Errorf("user data: gzip: %w", err)
		}
		unpacked, err := io.ReadAll(io.LimitReader(z, int64(*left)+1))
		if err != nil {
			return fmt.Errorf("user data: gzip: %w", err)
		}
		if len(unpacked) > *left {
			return errors.New("user data: too large when unpacked")
		}
		return parse(unpacked, kind, name, out, depth+1, left)
	}
	if *left -= len(raw); *left < 0 {
		return errors.New("user data: too large")
	}
	text := string(raw)
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if k := told(text); k != "" && (kind == "" || kind == "text/plain" || kind == string(Other)) {
		kind = string(k)
	}
	if lower := strings.ToLower(text); kind == "" && (strings.HasPrefix(lower, "content-type:") || strings.HasPrefix(lower, "mime-version:")) {
		return parseMessage(raw, out, depth, left)
	}
	if len(*out) >= maxParts {
		return errors.New("user data: too many parts")
	}
	switch k := Kind(kind); k {
	case Script, Config, BootHook, Include:
		*out = append(*out, Part{k, name, text})
	default:
		*out = append(*out, Part{Other, name, text})
	}
	return nil
}

// told is the kind that a text says it is.
func told(s string) Kind {
	for _, k := range []struct {
		prefix string
		kind   Kind
	}{{"#!", Script}, {"#cloud-config", Config}, {"#cloud-boothook", BootHook}, {"#include", Include}} {
		if strings.HasPrefix(s, k.prefix) {
			return k.kind
		}
	}
	return ""
}

func parseMessage(raw []byte, out *[]Part, depth int, left *int) error {
	m, err := mail.ReadMessage(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return fmt.Errorf("user data: message: %w", err)
	}
	return parseEntity(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), "", m.Body, out, depth, left)
}

func parseEntity(contentType, encoding, name string, body io.Reader, out *[]Part, depth int, left *int) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil && contentType != "" {
		return fmt.Errorf("user data: content type %q: %w", contentType, err)
	}
	if kind == "" {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		if params["boundary"] == "" {
			return errors.New("user data: a multipart message without boundary")
		}
		if depth >= maxDepth {
			return errors.New("user data: nested too deeply")
		}
		r := multipart.NewReader(body, params["boundary"])
		for {
			p, err := r.NextRawPart()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("user data: multipart: %w", err)
			}
			h := p.Header
			if err := parseEntity(h.Get("Content-Type"), h.Get("Content-Transfer-Encoding"), p.FileName(), p, out, depth+1, left); err != nil {
				return err
			}
		}
	}
	switch strings.ToLower(encoding) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	data, err := io.ReadAll(io.LimitReader(body, int64(*left)+1))
	if err != nil {
		return fmt.Errorf("user data: part: %w", err)
	}
	return parse(data, kind, name, out, depth+1, left)
}

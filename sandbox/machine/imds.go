package machine

import (
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Metadata is what the metadata service knows of a machine by now.
type Metadata struct {
	Values         map[string]string // by path below /latest/meta-data/
	Document       string            // of /latest/dynamic/instance-identity/document
	UserData       []byte
	TokensRequired bool // IMDSv2 only
	Disabled       bool
}

// imds is the metadata service, versions 1 and 2. It is reached from within
// the machine by a call, never by a connection.
type imds struct {
	m *Machine

	mu     sync.Mutex
	tokens map[string]time.Time // until when they are good
}

const (
	maxTokens  = 1000
	maxTTL     = 21600
	tokenPath  = "/latest/api/token"
	tokenField = "X-Aws-Ec2-Metadata-Token"
	ttlField   = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds"
)

func (s *imds) answer(method, path string, head http.Header) (int, string) {
	data := s.m.cfg.Metadata()
	switch {
	case data.Disabled:
		return http.StatusForbidden, page("403 - Forbidden")
	case path == tokenPath:
		return s.token(method, head)
	case method != "GET" && method != "HEAD":
		return http.StatusMethodNotAllowed, page("405 - Method Not Allowed")
	}
	if given := head.Get(tokenField); given != "" || data.TokensRequired {
		s.mu.Lock()
		until, ok := s.tokens[given]
		s.mu.Unlock()
		if !ok || !s.m.now().Before(until) {
			return http.StatusUnauthorized, page("401 - Unauthorized")
		}
	}
	return lookup(data, path)
}

func (s *imds) token(method string, head http.Header) (int, string) {
	if method != "PUT" {
		return http.StatusMethodNotAllowed, page("405 - Method Not Allowed")
	}
	ttl, err := strconv.Atoi(head.Get(ttlField))
	if err != nil || ttl < 1 || ttl > maxTTL || head.Get("X-Forwarded-For") != "" {
		return http.StatusBadRequest, page("400 - Bad Request")
	}
	raw := make([]byte, 20)
	if _, err := s.m.cfg.Rand.Read(raw); err != nil {
		return http.StatusInternalServerError, page("500 - Internal Server Error")
	}
	t := "AQAE" + hex.EncodeToString(raw) + "=="
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.tokens) >= maxTokens || s.tokens == nil {
		s.tokens = map[string]time.Time{}
	}
	s.tokens[t] = s.m.now().Add(time.Duration(ttl) * time.Second)
	return http.StatusOK, t
}

// versions are the ones that answer; the latest comes last.
var versions = []string{"1.0", "2007-12-15", "2009-04-04", "2014-11-05", "2021-07-15", "latest"}

// lookup finds a path: a value, or a list of what is below it.
func lookup(data Metadata, path string) (int, string) {
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	if len(parts) == 0 {
		return http.StatusOK, strings.Join(versions, "\n")
	}
	if !slices.Contains(versions, parts[0]) {
		return missing()
	}
	rest := strings.Join(parts[1:], "/")
	switch rest {
	case "":
		list := []string{"dynamic", "meta-data"}
		if len(data.UserData) > 0 {
			list = append(list, "user-data")
		}
		return http.StatusOK, strings.Join(list, "\n")
	case "user-data":
		if len(data.UserData) == 0 {
			return missing()
		}
		return http.StatusOK, string(data.UserData)
	case "dynamic":
		return http.StatusOK, "instance-identity/"
	case "dynamic/instance-identity":
		return http.StatusOK, "document"
	case "dynamic/instance-identity/document":
		return http.StatusOK, data.Document
	}
	key, ok := strings.CutPrefix(rest+"/", "meta-data/")
	if !ok {
		return missing()
	}
	key = strings.TrimSuffix(key, "/")
	if v, ok := data.Values[key]; ok {
		return http.StatusOK, v
	}
	if key != "" {
		key += "/"
	}
	var below []string
	for k := range data.Values {
		if name, ok := strings.CutPrefix(k, key); ok {
			if first, _, deeper := strings.Cut(name, "/"); deeper {
				name = first + "/"
			}
			if !slices.Contains(below, name) {
				below = append(below, name)
			}
		}
	}
	if len(below) == 0 {
		return missing()
	}
	slices.Sort(below)
	return http.StatusOK, strings.Join(below, "\n")
}

func missing() (int, string) { return http.StatusNotFound, page("404 - Not Found") }

func page(title string) string {
	return "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n<html>\n <head><title>" + title + "</title></head>\n <body><h1>" + title + "</h1></body>\n</html>\n"
}

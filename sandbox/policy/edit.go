package policy

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Permission is what AddPermission of queues and topics lets other accounts do.
type Permission struct {
	Label    string   // the statement's Sid
	Accounts []string // 12 digits each
	Actions  []string // as the statement has them: SQS:SendMessage
	Resource string   // an ARN
}

// written is a document whose statements are left as their owner wrote them.
type written struct {
	Version   string            `json:"Version"`
	ID        string            `json:"Id,omitempty"`
	Statement []json.RawMessage `json:"Statement"`
}

func readWritten(text string) (*written, error) {
	var doc struct {
		Version, ID string
		Statement   json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return nil, fmt.Errorf("read a policy: %w", err)
	}
	w := &written{Version: doc.Version, ID: doc.ID}
	switch raw := strings.TrimSpace(string(doc.Statement)); {
	case raw == "", raw == "null":
	case raw[0] == '{':
		w.Statement = []json.RawMessage{doc.Statement}
	default:
		if err := json.Unmarshal(doc.Statement, &w.Statement); err != nil {
			return nil, fmt.Errorf("read the statements of a policy: %w", err)
		}
	}
	return w, nil
}

func (w *written) text() (string, error) {
	b, err := json.Marshal(w)
	if err != nil {
		return "", fmt.Errorf("write a policy: %w", err)
	}
	return string(b), nil
}

// sid is a statement's Sid, "" of one without.
func sid(statement json.RawMessage) string {
	var s struct{ Sid string }
	if json.Unmarshal(statement, &s) != nil {
		return ""
	}
	return s.Sid
}

// Has reports whether a statement of the document has that Sid, and how many
// statements there are. A text that is no policy has none.
func Has(text, label string) (found bool, statements int) {
	w, err := readWritten(text)
	if err != nil {
		return false, 0
	}
	for _, s := range w.Statement {
		found = found || sid(s) == label
	}
	return found, len(w.Statement)
}

// Grant adds a permission to a document, whose other statements stay as they
// are; "" is a new document, named id.
func Grant(text, id string, p Permission) (string, error) {
	w := &written{Version: "2008-10-17", ID: id}
	if text != "" {
		var err error
		if w, err = readWritten(text); err != nil {
			return "", err
		}
	}
	var principals []string
	for _, a := range p.Accounts {
		principals = append(principals, "arn:aws:iam::"+a+":root")
	}
	s, err := json.Marshal(struct {
		Sid, Effect string
		Principal   map[string]any
		Action      any
		Resource    string
	}{p.Label, "Allow", map[string]any{"AWS": oneOrList(principals)}, oneOrList(p.Actions), p.Resource})
	if err != nil {
		return "", fmt.Errorf("write statement %q: %w", p.Label, err)
	}
	w.Statement = append(w.Statement, s)
	return w.text()
}

// Revoke takes the statements of that Sid away; "" is what is left of a
// document that had no other.
func Revoke(text, label string) (string, error) {
	w, err := readWritten(text)
	if err != nil {
		return "", err
	}
	left := []json.RawMessage{}
	for _, s := range w.Statement {
		if sid(s) != label {
			left = append(left, s)
		}
	}
	if w.Statement = left; len(left) == 0 {
		return "", nil
	}
	return w.text()
}

// oneOrList is how AWS writes a list: one alone stands without brackets.
func oneOrList(list []string) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

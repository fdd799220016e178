package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

type names []string

func (n names) MarshalJSON() ([]byte, error) {
	if len(n) == 1 {
		return json.Marshal(n[0])
	}
	return json.Marshal([]string(n))
}

func (n *names) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*n = names{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(n))
}

type level int

func (l level) MarshalText() ([]byte, error) { return []byte(strings.Repeat("*", int(l))), nil }

func (l *level) UnmarshalText(b []byte) error {
	if strings.Trim(string(b), "*") != "" {
		return errors.New("no level: " + string(b))
	}
	*l = level(len(b))
	return nil
}

type duration struct{ time.Duration }

func (d *duration) UnmarshalJSON(b []byte) (err error) {
	var s string
	if err = json.Unmarshal(b, &s); err == nil {
		d.Duration, err = time.ParseDuration(s)
	}
	return
}

func (d duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

type meta struct {
	ID   int    `json:"id"`
	Note string `json:"note,omitempty"`
}

type job struct {
	meta
	Owners  names            `json:"owners"`
	Level   level            `json:"level"`
	Wait    *duration        `json:"wait,omitempty"`
	Steps   []duration       `json:"steps"`
	ByName  map[string]names `json:"by_name,omitempty"`
	Count   int64            `json:"count,string"`
	private int
}

func main() {
	in := `{"ID": 4, "owners": "me", "level": "***", "wait": "1m30s", "steps": ["1s", "2ms"], "by_name": {"a": ["x", "y"], "b": "z"}, "count": "77", "private": 5, "other": null}`
	var j job
	fmt.Println(json.Unmarshal([]byte(in), &j))
	fmt.Println(j.ID, j.Owners, int(j.Level), j.Wait, j.Steps, j.ByName, j.Count, j.private)
	b, err := json.Marshal(j)
	fmt.Println(string(b), err)
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetIndent("", " ")
	fmt.Println(enc.Encode(map[string]any{"j": &j, "n": names{"only"}, "s": []string{"only"}}))
	fmt.Print(out.String())
	var js []*job
	dec := json.NewDecoder(strings.NewReader(`[{"id": 1, "owners": ["a", "b"], "wait": null}, null]`))
	fmt.Println(dec.Decode(&js), len(js), js[0].Owners, js[0].Wait == nil, js[1] == nil)
	fmt.Println(json.Unmarshal([]byte(`{"level": "high"}`), &j))
	fmt.Println(json.Unmarshal([]byte(`{"level": `), &j) != nil)
	var plain struct{ A, B int }
	fmt.Println(json.NewDecoder(strings.NewReader(`{"a": 1, "B": 2}`)).Decode(&plain), plain)
	var n names
	fmt.Println(json.Unmarshal([]byte(`["p"]`), &n), n)
	json.NewEncoder(os.Stderr)
}

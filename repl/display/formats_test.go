package display

import (
	"encoding/json"
	"go/parser"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestJSON(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		v    any
		want string
	}{
		{"nil", nil, `null`},
		{"text", "a<b>\n", `"a<b>\n"`},
		{"number", 1.5, `1.5`},
		{"no number", math.Inf(1), `"+Inf"`},
		{"bytes", []byte("hi"), `"aGk="`},
		{"nil list", []int(nil), `[]`},
		{"time", day, `"2012-07-01T12:00:00Z"`},
		{"duration", time.Second, `"1s"`},
		{"raw JSON", json.RawMessage(`{"a":1}`), `{"a":1}`},
		{"map", map[int]string{10: "b", 9: "a"}, `{"9":"a","10":"b"}`},
		{"a resource is what AWS said", web(),
			`{"InstanceId":"i-1","InstanceType":"t1.micro","State":{"Code":16,"Name":"running"},"Tags":[{"Key":"Name","Value":"web"}],"LaunchTime":"2012-07-01T12:00:00Z"}`},
		{"a resource without it is its fields", &Reservation{ID: "r-1", Connection: paws}, `{"ID":"r-1"}`},
		{"connection", paws, `"EC2Connection:h"`},
		{"cycle", cycle(), `{"Value":1,"Next":{"Value":2,"Next":null}}`},
		{"function in a struct", struct {
			A int
			F func()
		}{1, func() {}}, `{"A":1}`},
		{"complex", 1i, `"(0+1i)"`},
		{"error", errPaws, `"no paws"`},
		{"session's struct", session(), `{"A":1,"b":"x"}`},
		{"not UTF-8", "a\xff", "\"a\uFFFD\""},
	} {
		got := Render(Value{V: c.v}, Options{Format: FormatJSON})
		var a, b any
		if err := json.Unmarshal([]byte(got), &a); err != nil {
			t.Errorf("%s: %v in %s", c.name, err, got)
			continue
		}
		if err := json.Unmarshal([]byte(c.want), &b); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(b, a); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if got, want := JSON(Value{V: struct{ B, A int }{1, 2}}), "{\n  \"B\": 1,\n  \"A\": 2\n}"; got != want {
		t.Errorf("got %s, want the fields in their order", got)
	}
}

func TestGoLiteral(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		v    any
		want string
	}{
		{"nil", nil, `nil`},
		{"int", 3, `3`},
		{"int64", int64(3), `int64(3)`},
		{"float", 1.0, `float64(1)`},
		{"text", "a", `"a"`},
		{"lines", "a\nb\nc", "`a\nb\nc`"},
		{"list", []string{"a", "b"}, `[]string{"a", "b"}`},
		{"any", []any{int64(1), "a", nil}, `[]any{int64(1), "a", nil}`},
		{"bytes", []byte("hi"), `[]uint8("hi")`},
		{"map", map[string]int{"b": 2, "a": 1}, `map[string]int{"a": 1, "b": 2}`},
		{"time", day, `time.Date(2012, time.July, 1, 12, 0, 0, 0, time.UTC)`},
		{"pointer", new("x"), `new("x")`},
		{"duration", time.Second, `time.Duration(1000000000)`},
		{"struct", Node{Value: 1}, `display.Node{Value: 1}`},
		{"pointer to struct", &Node{Value: 1}, `&display.Node{Value: 1}`},
		{"cycle", cycle(), `&display.Node{Value: 1, Next: &display.Node{Value: 2, Next: nil /* a cycle */}}`},
		{"session's struct", session(), `T{A: 1, b: "x"}`},
		{"session's structs", []any{session()}, `[]any{T{A: 1, b: "x"}}`},
		{"enumeration", InstanceType("x"), `display.InstanceType("x")`},
		{"not a number", math.NaN(), `math.NaN()`},
		{"connection is left out", &Reservation{ID: "r", Connection: paws}, `&display.Reservation{ID: "r"}`},
		{"anonymous", struct{ A int }{1}, `struct{ A int }{A: 1}`},
	} {
		got := Render(Value{V: c.v}, Options{Format: FormatGo})
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	for _, v := range []any{web(), []*Instance{web()}, DescribeInstancesOutput{NextToken: new("t")}, strings.ToUpper, make(chan int),
		map[string]any{"f": math.Inf(-1), "i": InstanceType("x")}, &KeyPair{Name: "k", Material: "secret"}, complex64(1i), [2]bool{true}} {
		got := Render(Value{V: v}, Options{Format: FormatGo})
		if _, err := parser.ParseExpr(got); err != nil {
			t.Errorf("%s\nis no Go: %v", got, err)
		}
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	want := `Reservation:r-1
├─ ID: "r-1"
└─ Instances: (1)
   └─ [0]: Instance:i-1
      ├─ ID: "i-1"
      ├─ Placement: "us-east-1a"
      ├─ State: "running"
      ├─ Size: 8
      ├─ Groups: (1)
      │  └─ [0]: Group:default
      │     ├─ ID: "sg-1"
      │     └─ Name: "default"
      ├─ Tags: (2)
      │  ├─ Name: "web"
      │  └─ team: "日本"
      └─ LaunchTime: 2012-07-01T12:00:00Z`
	got := Render(Value{V: &Reservation{ID: "r-1", Instances: []*Instance{web()}, Connection: paws}}, Options{Format: FormatTree})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		name string
		v    any
		want string
	}{
		{"scalar", 1, "1"},
		{"text", "a\nb", "a\nb"},
		{"nil", nil, "nil"},
		{"cycle", cycle(), "Node\n├─ Value: 1\n└─ Next: Node\n   ├─ Value: 2\n   └─ Next: Node..."},
		{"bounded", []int{1, 2, 3}, "(3)\n├─ [0]: 1\n├─ [1]: 2\n└─ ... 1 more"},
		{"secret", &KeyPair{Name: "k", Material: "m"}, "KeyPair:k\n├─ Name: \"k\"\n└─ Material: <masked>"},
		{"nothing in it", map[string]int{}, "{}"},
		{"hostile key", map[string]int{"a\x1b[2J": 1}, "(1)\n└─ a\\x1b[2J: 1"},
	} {
		if diff := cmp.Diff(c.want, Render(Value{V: c.v}, Options{Format: FormatTree, Items: 2})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestSecretsAreMasked(t *testing.T) {
	t.Parallel()
	const secret = "wJalrXUtnFEMIEXAMPLEKEY"
	type Credentials struct {
		AccessKeyID, SecretAccessKey string
		SessionToken                 *string
		PasswordLastUsed             time.Time
		PasswordData                 []byte
	}
	values := []any{
		Credentials{"AKIA", secret, new(secret), day, []byte(secret)},
		[]*Credentials{{"AKIA", secret, new(secret), day, nil}},
		map[string]any{"secret_access_key": secret, "Authorization": secret, "id": "AKIA"},
		map[string]string{"AWS_SESSION_TOKEN": secret, "id": "AKIA"},
		struct {
			ID string
			K  KeyPair
		}{"AKIA", KeyPair{"paws", secret, nil}},
	}
	for _, v := range values {
		for _, f := range Formats() {
			got := Render(Value{V: v}, Options{Format: Format(f)})
			if strings.Contains(got, secret) || strings.Contains(got, "d0phbH") { // and as base64
				t.Errorf("%s shows the secret:\n%s", f, got)
			}
			if !strings.Contains(got, "AKIA") {
				t.Errorf("%s hides more than secrets:\n%s", f, got)
			}
			if _, nested := v.(struct {
				ID string
				K  KeyPair
			}); !strings.Contains(got, "masked") && !(nested && f == "table") {
				t.Errorf("%s does not say that something is masked:\n%s", f, got)
			}
		}
	}
	for _, v := range append(values, &values[0]) {
		if got := (Value{V: v}).Plain(); strings.Contains(got, secret) || !strings.Contains(got, "AKIA") {
			t.Errorf("%%v shows the secret:\n%s", got)
		}
	}
	if got := (Value{V: web().Raw}).Plain(); strings.Contains(got, "RawInstance{") {
		t.Errorf("what has no secret is not printed by %%v: %s", got)
	}
	for _, f := range Formats() {
		if got := Render(Value{V: secret}, Options{Format: Format(f)}); !strings.Contains(got, secret) {
			t.Errorf("%s masks what was asked for by itself: %s", f, got)
		}
	}
	for name, want := range map[string]bool{"NextToken": false, "KeyName": false, "PasswordLastUsed": false, "Material": true,
		"aws_secret_access_key": true, "DB_PASSWORD": true, "SecretKey": true, "MaterialType": false, "PrivateKey": true} {
		if got := SecretName(name); got != want {
			t.Errorf("SecretName(%q) = %v", name, got)
		}
	}
}

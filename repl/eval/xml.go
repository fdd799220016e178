package eval

import (
	"bytes"
	"encoding/xml"
	"reflect"
	"strings"
)

// xmlMarshal is xml.Marshal, which names elements after types: the types of a
// session have no name for package reflect.
func (d *dynamics) xmlMarshal(x any) ([]byte, error) { return d.xmlMarshalIndent(x, "", "") }

func (d *dynamics) xmlMarshalIndent(x any, prefix, indent string) ([]byte, error) {
	name := xmlName(reflect.TypeOf(x))
	if name == "" {
		if prefix == "" && indent == "" {
			return xml.Marshal(x)
		}
		return xml.MarshalIndent(x, prefix, indent)
	}
	var b bytes.Buffer
	enc := xml.NewEncoder(&b)
	enc.Indent(prefix, indent)
	start := xml.StartElement{Name: xml.Name{Local: name}}
	v := reflect.ValueOf(x)
	if k := v.Kind(); k != reflect.Slice && k != reflect.Array {
		if err := enc.EncodeElement(x, start); err != nil {
			return nil, err
		}
		return b.Bytes(), nil
	}
	for i := range v.Len() {
		if err := enc.EncodeElement(v.Index(i).Interface(), start); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// xmlName is the name of the elements that values of a session type become, ""
// where package xml finds one.
func xmlName(t reflect.Type) string {
	for t != nil && (t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array) {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return ""
	}
	if _, ok := t.FieldByName("XMLName"); ok {
		return ""
	}
	name, _, _ := strings.Cut(tagName(t), "[")
	return name
}

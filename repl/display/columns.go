package display

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// columnOrder lists, for a kind of resource, the fields that tell most, the
// most telling first; names are compared without case, and serve the resources
// of boto's names and the SDK's structs alike. Fields that are not listed
// follow in the order of the struct.
var columnOrder = map[string]string{
	"Instance":       "ID InstanceID Tags[Name] State InstanceType Placement PrivateIPAddress IPAddress PublicIPAddress KeyName ImageID LaunchTime PublicDNSName VPCID SubnetID",
	"Reservation":    "ID ReservationID Instances Groups OwnerID",
	"InstanceStatus": "ID InstanceID StateName InstanceState InstanceStatus SystemStatus Zone AvailabilityZone",
	"Volume":         "ID VolumeID Tags[Name] Status State Size Type VolumeType Zone AvailabilityZone AttachData Attachments SnapshotID CreateTime Encrypted IOPS",
	"Snapshot":       "ID SnapshotID Tags[Name] Status State Progress VolumeID VolumeSize StartTime Description",
	"Image":          "ID ImageID Name State Architecture RootDeviceType VirtualizationType OwnerAlias OwnerID CreationDate IsPublic Description",
	"SecurityGroup":  "ID GroupID Name GroupName Description VPCID Rules",
	"KeyPair":        "Name Fingerprint ID Type",
	"Address":        "PublicIP InstanceID PrivateIPAddress AllocationID Domain",
	"Zone":           "Name State RegionName ZoneID ZoneType",
	"RegionInfo":     "Name Endpoint",
	"Tag":            "ResType ResID Name Key Value",
	"Bucket":         "Name CreationDate",
	"Key":            "Name Size LastModified StorageClass ETag ContentType Owner",
	"Object":         "Key Size LastModified StorageClass ETag",
	"Alarm":          "Name State StateValue MetricName Comparison Threshold Statistic Period",
	"Metric":         "Namespace Name MetricName Dimensions",
	"User":           "UserName UserID ARN Path CreateDate",
	"AccessKey":      "AccessKeyID UserName Status CreateDate",
	"Message":        "ID MessageID Body",
}

// telling are the names of fields that tell most in structs of any kind.
const telling = "ID Name Key State Status Type Size"

// structColumns makes the columns of a list of structs, which may be of
// several types.
func structColumns(rows []reflect.Value) []*column {
	var names []string
	cells := map[string][]string{}
	kind := structName(rows[0].Type())
	for i, r := range rows {
		put := func(name, s string) {
			if cells[name] == nil {
				names = append(names, name)
				cells[name] = make([]string, len(rows))
			}
			cells[name][i] = s
		}
		for _, f := range fieldsOf(r, nil) {
			switch {
			case plumbing(f):
				continue
			case f.secret:
				put(f.name, Masked)
				continue
			}
			if s := inline(f.v); s != "" {
				put(f.name, s)
			}
			if f.name == "Tags" {
				if s := nameTag(f.v); s != "" {
					put(`Tags["Name"]`, s)
				}
			}
		}
	}
	order := strings.Fields(columnOrder[kind])
	if len(order) == 0 {
		order = strings.Fields(telling)
	}
	rank := func(name string) int {
		name = strings.ReplaceAll(name, `"`, "")
		for i, o := range order {
			if strings.EqualFold(o, name) {
				return i
			}
		}
		return len(order)
	}
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	var out []*column
	for _, n := range names {
		out = append(out, &column{name: n, cells: cells[n], right: numeric(cells[n])})
	}
	return out
}

func numeric(cells []string) bool {
	some := false
	for _, s := range cells {
		if s == "" {
			continue
		}
		if _, err := strconv.ParseFloat(s, 64); err != nil {
			return false
		}
		some = true
	}
	return some
}

// nameTag is the value of the tag Name, which people call resources by.
func nameTag(tags reflect.Value) string {
	for _, p := range pairs(tags) {
		if p[0] == "Name" {
			return oneLine(p[1])
		}
	}
	return ""
}

// pairs gives the entries of a map of strings or of a list of structs with Key
// and Value.
func pairs(v reflect.Value) [][2]string {
	v, ok := deref(v)
	if !ok {
		return nil
	}
	var out [][2]string
	switch {
	case v.Kind() == reflect.Map && v.Type().Key().Kind() == reflect.String && v.Type().Elem().Kind() == reflect.String:
		for _, k := range sortedKeys(v) {
			out = append(out, [2]string{k.String(), v.MapIndex(k).String()})
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			s, ok := deref(v.Index(i))
			if !ok || s.Kind() != reflect.Struct {
				return nil
			}
			k, ok1 := deref(s.FieldByName("Key"))
			x, ok2 := deref(s.FieldByName("Value"))
			if !ok1 || !ok2 || k.Kind() != reflect.String || x.Kind() != reflect.String {
				return nil
			}
			out = append(out, [2]string{k.String(), x.String()})
		}
	}
	return out
}

// scalar tells whether a struct is one value to a reader, such as a time.
func scalar(v reflect.Value) bool {
	if v.CanInterface() {
		if _, ok := v.Interface().(time.Time); ok {
			return true
		}
	}
	return len(fieldsOf(v, nil)) == 0
}

// naming are the fields that a struct inside a cell is called by.
var naming = []string{"Name", "ID", "Id", "AvailabilityZone", "Status", "Code", "GroupName", "InstanceId", "VolumeId", "Message"}

// inline writes a value as a cell of a table.
func inline(v reflect.Value) string {
	d, ok := deref(v)
	if !ok {
		return ""
	}
	if ps := pairs(d); len(ps) > 0 {
		parts := make([]string, len(ps))
		for i, p := range ps {
			if parts[i] = p[0] + "=" + p[1]; SecretName(p[0]) {
				parts[i] = p[0] + "=" + Masked
			}
		}
		return oneLine(strings.Join(parts, ", "))
	}
	for _, x := range []reflect.Value{v, d} {
		if s, ok := own(x); ok && d.Kind() != reflect.Slice {
			return oneLine(s)
		}
	}
	switch d.Kind() {
	case reflect.String:
		return oneLine(d.String())
	case reflect.Map:
		if d.Len() == 0 {
			return ""
		}
	case reflect.Slice, reflect.Array:
		if d.Type().Elem().Kind() == reflect.Uint8 {
			break
		}
		parts := make([]string, d.Len())
		for i := range parts {
			parts[i] = inline(d.Index(i))
		}
		return oneLine(strings.Join(parts, ", "))
	case reflect.Struct:
		for _, n := range naming {
			f := d.FieldByName(n)
			if f.IsValid() && f.CanInterface() {
				if s, ok := deref(f); ok && s.Kind() == reflect.String && s.Len() > 0 {
					return oneLine(s.String())
				}
			}
		}
	case reflect.Bool:
		return fmt.Sprint(d.Bool())
	}
	p := printer{width: 1 << 30}
	return oneLine(p.value(d, 0))
}

// oneLine keeps a text from breaking the lines of a table.
func oneLine(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", `\n`), "\n", `\n`)
	return escapeControls(strings.ReplaceAll(s, "\t", `\t`))
}

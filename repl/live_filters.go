package repl

import (
	"regexp"
	"strings"

	"pawsh/bindings/symbols"
	"pawsh/repl/check"
)

// filter is a filter of a call that lists things; name is "" while the name
// itself is being typed.
type filter struct{ operation, name string }

// filterOf tells whether a call names a filter or its value:
// Filters(map[string]string{"NAME": "VALUE"}), Filter("NAME", "VALUE").
func filterOf(c *check.Call) (filter, bool) {
	if c == nil || c.Path != "pawsh/bindings/ec2" || c.Outer == nil {
		return filter{}, false
	}
	f := filter{}
	switch {
	case c.Name == "Filters" && c.Map:
		f.name = c.Key
	case c.Name == "Filter" && c.Param == "name":
	case c.Name == "Filter" && c.First != "":
		f.name = c.First
	default:
		return filter{}, false
	}
	if ops := operations(c.Outer.Path, c.Outer.Name); len(ops) > 0 {
		f.operation = ops[0]
	}
	return f, f.operation != ""
}

// byFilter tells what the values of a filter name.
var byFilter = map[string]liveKind{
	"instance-id": liveInstance, "attachment.instance-id": liveInstance, "volume-id": liveVolume, "snapshot-id": liveSnapshot,
	"image-id": liveImage, "key-name": liveKeyPair, "availability-zone": liveZone, "zone-name": liveZone, "region-name": liveRegion,
	"group-name": liveGroup, "instance.group-name": liveGroup, "group-id": liveGroupID, "instance.group-id": liveGroupID,
	"instance-type": liveInstanceType, "volume-type": liveVolumeType, "public-ip": liveAddress, "allocation-id": liveAllocation,
	"resource-id": liveTagged,
}

// The SDK documents the filters of an operation as a list:
// "- instance-state-name - The state ( pending | running )."
var (
	filterRE = regexp.MustCompile(`- ([a-z][\w.-]*|tag:\S*) - `)
	choiceRE = regexp.MustCompile(`\( ?([\w./-]+(?: \| [\w./-]+)+) ?\)`)
)

// filterTexts lists the filters of an operation, or the values of one where
// the documentation has them all.
func filterTexts(f filter) []value {
	doc := strings.Join(strings.Fields(symbols.Doc(sdkServices+"ec2", f.operation+"Input.Filters")), " ")
	var out []value
	at := filterRE.FindAllStringSubmatchIndex(doc, -1)
	for i, m := range at {
		name, end := doc[m[2]:m[3]], len(doc)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		about := strings.TrimSpace(doc[m[1]:end])
		switch {
		case f.name == "":
			out = append(out, value{text: name, kind: "filter", note: sentence(about)})
		case f.name == name:
			if c := choiceRE.FindStringSubmatch(about); c != nil {
				for _, v := range strings.Split(c[1], " | ") {
					out = append(out, value{text: v, kind: "value of " + name})
				}
			}
		}
	}
	return out
}

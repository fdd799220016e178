package boto

//go:generate go run ./internal/surface/gen

import "strings"

// Counterpart is one of boto's names and what stands for it here.
type Counterpart struct {
	Object     string // boto's class, "boto" for its modules: "EC2Connection"
	Name       string // boto's: "run_instances"
	Go         string // ours: "ec2.Connection.RunInstances"
	Operations string // AWS's, in their order: "RunInstances"
}

// String prints the names beside each other.
func (c Counterpart) String() string {
	text := c.Object + "." + c.Name + " = " + c.Go
	if c.Operations != "" {
		text += ": " + strings.ReplaceAll(c.Operations, " ", ", ")
	}
	return text
}

// Counterparts looks up a name of boto's, "run_instances" or
// "Key.get_contents_as_string", or the name of something here.
//
// Example: boto.Counterparts("run_instances")
func Counterparts(name string) []Counterpart {
	var list []Counterpart
	for _, c := range counterparts {
		if c.Name == name || c.Object+"."+c.Name == name || c.Go == name || strings.HasSuffix(c.Go, "."+name) {
			list = append(list, c)
		}
	}
	return list
}

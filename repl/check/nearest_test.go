package check

import "testing"

func TestNearest(t *testing.T) {
	t.Parallel()
	members := []string{"GetAllZones", "GetAllInstances", "GetAllInstanceStatus", "RunInstances", "Start", "StopInstances"}
	for name, want := range map[string]string{
		"get_all_zones": "GetAllZones", "RunInstance": "RunInstances", "Strat": "Start",
		"GetAllInst": "GetAllInstances", "Ge": "", "Describe": "", "GetAllZones": "",
	} {
		if got := Nearest(name, members); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

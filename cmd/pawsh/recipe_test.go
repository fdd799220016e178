package main

import (
	"flag"
	"net/http"
	"os"
	"os/exec"
	"testing"

	"pawsh/recipes"
)

var compare = flag.Bool("compare", false, "run the recipes on a server of others, too")

// TestRecipes runs every form and every exercise of every recipe, each in a
// fresh sandbox, through the way of a person's typing. `pawsh recipe check
// --dir recipes/data --update` writes the answers anew.
func TestRecipes(t *testing.T) {
	t.Parallel()
	for _, id := range recipes.IDs() {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "recipe", "check", id)
			cmd.Env = []string{"PAWSH_AS_MAIN=1", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir()}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// TestRecipesAtMoto runs the recipes on moto's server, which others wrote: what
// they leave there is what they leave here. Steps that want a machine that boots
// are left out.
func TestRecipesAtMoto(t *testing.T) {
	t.Parallel()
	if !*compare {
		t.Skip("SKIPPED: takes minutes; -compare runs it")
	}
	url := motoServer(t)
	for _, id := range recipes.IDs() {
		t.Run(id, func(t *testing.T) {
			// One after the other: they use the same names.
			if why, ok := notAtMoto[id]; ok {
				t.Skip("SKIPPED: " + why)
			}
			if res, err := http.Post(url+"/moto-api/reset", "", nil); err != nil || res.Body.Close() != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), os.Args[0], "recipe", "check", id, "--form", "steps", "--endpoint", url, "--yes")
			cmd.Env = []string{"PAWSH_AS_MAIN=1", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir(),
				"AWS_ACCESS_KEY_ID=testing", "AWS_SECRET_ACCESS_KEY=testing"}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// notAtMoto tells why a recipe can't be run on moto's server.
var notAtMoto = map[string]string{
	"bucket-location":  "moto takes the location EU at the endpoint of us-east-1 only",
	"get-notified":     "moto has no MonitorInstances",
	"modify-metadata":  "moto drops groups from an access control list that comes as XML",
	"monitor-instance": "moto has no MonitorInstances",
}

package boto_test

import (
	"bytes"
	"os"
	"testing"

	"pawsh/bindings/boto"
	"pawsh/bindings/boto/internal/surface"
)

// TestEveryUsedNameHasACounterpart fails when something of boto's that the
// book, a script, a tutorial or a recipe uses is missing here.
func TestEveryUsedNameHasACounterpart(t *testing.T) {
	t.Parallel()
	rows, err := surface.Build("..", "testdata/surface.tsv")
	if err != nil {
		t.Fatal(err)
	}
	used, found := 0, 0
	for _, r := range rows {
		if !r.Used() {
			continue
		}
		used++
		_, left := surface.LeftOut[r.Object+"."+r.Name]
		switch {
		case r.Go != "":
			found++
		case !left:
			t.Errorf("%s.%s (%s, used by %s) has no counterpart", r.Object, r.Name, r.Kind, r.Marks)
		}
	}
	if used < 250 || found < used-len(surface.LeftOut) {
		t.Errorf("%d used names, %d found", used, found)
	}
}

// TestSurfaceIsGenerated fails when the table or its page is not what the
// source says; go generate ./bindings/boto mends it.
func TestSurfaceIsGenerated(t *testing.T) {
	t.Parallel()
	rows, err := surface.Build("..", "testdata/surface.tsv")
	if err != nil {
		t.Fatal(err)
	}
	code, err := surface.Go(rows)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]byte{"surface_table.go": code, "../../docs/boto.md": surface.Markdown(rows)} {
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not as generated: run go generate ./bindings/boto", path)
		}
	}
}

func TestCounterparts(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"run_instances":          "EC2Connection.run_instances = ec2.Connection.RunInstances: RunInstances",
		"Key.exists":             "Key.exists = s3.Key.Exists: HeadObject",
		"s3.Bucket.Lookup":       "Bucket.lookup = s3.Bucket.Lookup: HeadObject",
		"Bucket.get_all_keys":    "Bucket.get_all_keys = s3.Bucket.GetAllKeys: ListObjectsV2",
		"get_website_endpoint":   "Bucket.get_website_endpoint = s3.Bucket.GetWebsiteEndpoint: GetBucketLocation",
		"ec2.regions":            "boto.ec2.regions = boto.EC2Module.Regions",
		"set_as_logging_target":  "Bucket.set_as_logging_target = s3.Bucket.SetAsLoggingTarget: GetBucketAcl, PutBucketAcl",
		"Instance.instance_type": "Instance.instance_type = ec2.Instance.InstanceType",
	} {
		if list := boto.Counterparts(name); len(list) == 0 || list[0].String() != want {
			t.Errorf("%s: %v, want %s", name, list, want)
		}
	}
	if list := boto.Counterparts("no_such_name"); len(list) != 0 {
		t.Errorf("unknown name: %v", list)
	}
}

func TestRequestLogger(t *testing.T) {
	env := sandboxEnv(t)
	file := t.TempDir() + "/requests.csv"
	hook := must(boto.RequestLogger(file))(t)
	if _, err := boto.RequestLogger(t.TempDir() + "/none/requests.csv"); err == nil {
		t.Error("a folder that is not there was taken")
	}
	boto.Use(env)
	t.Cleanup(func() { boto.Use(nil) })
	c := must(boto.ConnectSTS())(t)
	c.SetRequestHook(hook)
	must(c.GetCallerIdentity())(t)
	text, err := os.ReadFile(file)
	if err != nil || !bytes.Contains(text, []byte(",200,sts,GetCallerIdentity,us-east-1,")) {
		t.Errorf("log %q, %v", text, err)
	}
}

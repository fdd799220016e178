package main

import (
	"bytes"
	"compress/flate"
	"io"
	"os"
	"strings"
	"testing"
)

// TestTablesAreCurrent regenerates everything in memory. It compares texts:
// the compressor's bytes may change with the Go release.
func TestTablesAreCurrent(t *testing.T) {
	t.Parallel()
	var models []*model
	for _, s := range services {
		if _, _, err := module(sdk + s); err != nil {
			t.Skipf("SKIPPED: %v", err)
		}
		m, err := load(s)
		if err != nil {
			t.Fatal(err)
		}
		models = append(models, m)
		packed, err := os.ReadFile("../../tables/" + s + ".tbl.z")
		if err != nil {
			t.Fatal(err)
		}
		have, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
		if err != nil {
			t.Fatal(err)
		}
		if string(have) != m.text() {
			t.Errorf("the table of %s is not what its module says: run go generate ./sandbox/wire", s)
		}
	}
	have, err := os.ReadFile("../../unions_gen.go")
	if err != nil {
		t.Fatal(err)
	}
	want, err := unionSource(models)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Error("unions_gen.go is not what the modules say: run go generate ./sandbox/wire")
	}
}

func TestReproducible(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"sts", "sqs", "cloudwatch", "s3"} {
		if _, _, err := module(sdk + s); err != nil {
			t.Skipf("SKIPPED: %v", err)
		}
		a, errA := load(s)
		b, errB := load(s)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		packA, errA := pack(a.text())
		packB, errB := pack(b.text())
		if errA != nil || errB != nil || !bytes.Equal(packA, packB) {
			t.Errorf("%s: two runs differ (%v, %v)", s, errA, errB)
		}
	}
}

// TestKnownNames looks at the hard cases by hand.
func TestKnownNames(t *testing.T) {
	t.Parallel()
	for s, lines := range map[string][]string{
		"ec2": {
			"T\tTagSpecification\tResourceType|=||resourceType\tTags|Tag|Item|Tag|item|f",
			"O\tRunInstances\n",
		},
		"sns": {"Attributes|=|key/value"},
		"sqs": {
			"E\tQueueDoesNotExist\tAWS.SimpleQueueService.NonExistentQueue\t400",
			"MessageAttributes|MessageAttribute|Name/Value|MessageAttribute|Name/Value|fF|=",
		},
		"cloudwatch": {"U\tEvaluationCriteria\tPromQLCriteria|=||=|||="},
		"s3": {
			"U\tObjectEncryption\tSSEKMS|SSE-KMS",
			"Type|||xsi:type",
			"O\tUploadPart\tPUT\t/{Key+}?x-id=UploadPart\tBody\t-\tnone\t",
			"UploadId=Q!:uploadId",
			"O\tGetBucketPolicy\tGET\t/?policy\t\t\traw:Policy",
			"Bucket=B",
		},
	} {
		m, err := load(s)
		if err != nil {
			t.Skipf("SKIPPED: %v", err)
		}
		for _, want := range lines {
			if !strings.Contains(m.text(), want) {
				t.Errorf("%s: no %q", s, want)
			}
		}
	}
}

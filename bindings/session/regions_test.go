package session

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRegionsAreTheSDKs compares the embedded lists with those in the SDK's
// endpoint rules, so that a new SDK brings its new regions to us.
func TestRegionsAreTheSDKs(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-sdk-go-v2").Output()
	if err != nil {
		t.Skipf("the SDK's source is not here: %v", err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "internal/endpoints/awsrulesfn/partitions.json"))
	if err != nil {
		t.Skipf("the SDK's source is not here: %v", err)
	}
	var file struct {
		Partitions []struct {
			ID          string
			RegionRegex string
			Outputs     struct{ DNSSuffix string }
			Regions     map[string]any
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, p := range file.Partitions {
		i := slices.IndexFunc(partitions, func(ours partition) bool { return ours.id == p.ID })
		if i < 0 {
			if !strings.HasPrefix(p.ID, "aws-iso") { // which nobody reaches from here
				t.Errorf("partition %s is missing", p.ID)
			}
			continue
		}
		seen++
		var want []string
		for r := range p.Regions {
			if !strings.HasSuffix(r, "-global") {
				want = append(want, r)
			}
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, partitions[i].regions); diff != "" {
			t.Errorf("%s (-SDK +ours):\n%s", p.ID, diff)
		}
		if p.Outputs.DNSSuffix != partitions[i].suffix {
			t.Errorf("%s: suffix %s, want %s", p.ID, partitions[i].suffix, p.Outputs.DNSSuffix)
		}
	}
	if seen != len(partitions) {
		t.Errorf("%d of our %d partitions are the SDK's", seen, len(partitions))
	}
}

func TestRegionsOfThePartition(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{"": "us-east-1", "eu-west-1": "us-east-1", "nowhere": "us-east-1", "cn-north-1": "cn-northwest-1", "us-gov-west-1": "us-gov-east-1"} {
		list := Regions(region)
		if !slices.Contains(list, want) || !slices.IsSorted(list) {
			t.Errorf("Regions(%q) = %v, want %s among them, sorted", region, list, want)
		}
	}
}

func TestCheckRegion(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1"} {
		if err := CheckRegion(name); err != nil {
			t.Errorf("CheckRegion(%q): %v", name, err)
		}
	}
	for name, nearest := range map[string]string{"eu-west1": "eu-west-1", "us-esat-1": "us-east-1", "ap-northest-1": "ap-northeast-1", "EU-WEST-1": "eu-west-1", "": ""} {
		err := CheckRegion(name)
		var unknown *UnknownRegionError
		if !errors.As(err, &unknown) {
			t.Errorf("CheckRegion(%q) = %v", name, err)
			continue
		}
		if nearest != "" && unknown.Nearest != nearest {
			t.Errorf("nearest to %q = %q, want %q", name, unknown.Nearest, nearest)
		}
		if !strings.Contains(err.Error(), "sa-east-1") {
			t.Errorf("%v does not list the valid regions", err)
		}
	}
}

func TestRegionOfHost(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"ec2.eu-west-1.amazonaws.com": "eu-west-1", "s3-eu-west-1.amazonaws.com": "eu-west-1", "s3.amazonaws.com": "us-east-1",
		"ec2.amazonaws.com": "us-east-1", "ec2.cn-north-1.amazonaws.com.cn": "cn-north-1", "ec2.us-gov-west-1.amazonaws.com": "us-gov-west-1",
		"s3.dualstack.us-west-2.amazonaws.com": "us-west-2", "cloud.example": "", "127.0.0.1": "", "eu-west-1.example.com": "",
	} {
		if got := regionOfHost(host); got != want {
			t.Errorf("regionOfHost(%q) = %q, want %q", host, got, want)
		}
	}
}

func TestDefaultHost(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		service      Service
		region, want string
	}{
		{EC2, "us-east-1", "ec2.us-east-1.amazonaws.com"}, {EC2, "cn-north-1", "ec2.cn-north-1.amazonaws.com.cn"},
		{S3, "us-east-1", "s3.amazonaws.com"}, {S3, "eu-west-1", "s3.eu-west-1.amazonaws.com"},
		{IAM, "eu-west-1", "iam.amazonaws.com"}, {CloudWatch, "us-west-2", "monitoring.us-west-2.amazonaws.com"},
	} {
		if got := tt.service.DefaultHost(tt.region); got != tt.want {
			t.Errorf("%s in %s: %s, want %s", tt.service.Name, tt.region, got, tt.want)
		}
	}
}

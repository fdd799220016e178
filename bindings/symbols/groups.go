package symbols

import (
	"pawsh/bindings/symbols/aws"
	"pawsh/bindings/symbols/cloudwatch"
	"pawsh/bindings/symbols/cookbook"
	"pawsh/bindings/symbols/ec2"
	"pawsh/bindings/symbols/iam"
	"pawsh/bindings/symbols/internal/table"
	"pawsh/bindings/symbols/pawsh"
	"pawsh/bindings/symbols/s3"
	"pawsh/bindings/symbols/sns"
	"pawsh/bindings/symbols/sqs"
	"pawsh/bindings/symbols/stdbase"
	"pawsh/bindings/symbols/stdcrypto"
	"pawsh/bindings/symbols/stddata"
	"pawsh/bindings/symbols/stdnet"
	"pawsh/bindings/symbols/stdtool"
	"pawsh/bindings/symbols/sts"
)

// A group is a set of packages whose tables, export data and docs go together.
type group struct {
	name     string // of its files in folder data
	packages *[]*table.Package
}

// groups has an entry for each group of internal/gen. Pointers keep it static
// data (TestNothingIsInitialised).
var groups = []group{
	{"stdbase", &stdbase.Packages},
	{"stdcrypto", &stdcrypto.Packages},
	{"stddata", &stddata.Packages},
	{"stdnet", &stdnet.Packages},
	{"stdtool", &stdtool.Packages},
	{"aws", &aws.Packages},
	{"cloudwatch", &cloudwatch.Packages},
	{"ec2", &ec2.Packages},
	{"iam", &iam.Packages},
	{"s3", &s3.Packages},
	{"sns", &sns.Packages},
	{"sqs", &sqs.Packages},
	{"sts", &sts.Packages},
	{"pawsh", &pawsh.Packages},
	{"cookbook", &cookbook.Packages},
}

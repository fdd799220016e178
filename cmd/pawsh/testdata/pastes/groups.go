// want: skipped: rule "icmp:1 from 10.0.0.0/8": protocol icmp
// want: skipped: rule "tcp:x from 10.0.0.0/8": strconv.ParseInt: parsing "x": invalid syntax
// want: skipped: rule "tcp:1": no source
// want: 8000-8080 tcp 53
// want: true true <nil>
// want: true false <nil>
// want: tcp/22 [192.0.2.0/24]
// want: tcp/8000-8080 [0.0.0.0/0]
// want: udp/53 [10.0.0.0/8]
// want: recovered: true
// then: g := SecurityGroups{api: ec2.Client}
// then: id, made, err := g.Ensure(ctx, "late", ParseRule("tcp:443 from 198.51.100.0/24"))
// then: made
// want: true
// then: g.Describe(ctx, id)["tcp/443"]
// want: ["198.51.100.0/24"]
// then: ParseRule("tcp")
// want: rule "tcp": no source
// then: TCP == "tcp"
// want: true
package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"
)

type Protocol string

const (
	TCP Protocol = "tcp"
	UDP Protocol = "udp"
	All Protocol = "-1"
)

type PortRange struct{ From, To int32 }

func (p PortRange) String() string {
	if p.From == p.To {
		return strconv.Itoa(int(p.From))
	}
	return fmt.Sprintf("%d-%d", p.From, p.To)
}

type Rule struct {
	Protocol
	PortRange
	Source netip.Prefix
	Note   string
}

func (r Rule) permission() types.IpPermission {
	return types.IpPermission{
		IpProtocol: aws.String(string(r.Protocol)),
		FromPort:   &r.From, ToPort: &r.To,
		IpRanges: []types.IpRange{{CidrIp: aws.String(r.Source.String()), Description: aws.String(r.Note)}},
	}
}

// ParseRule reads texts such as "tcp:80 from 10.0.0.0/8".
func ParseRule(s string) (r Rule, err error) {
	spec, source, ok := strings.Cut(s, " from ")
	if !ok {
		return r, fmt.Errorf("rule %q: no source", s)
	}
	proto, ports, ok := strings.Cut(spec, ":")
	if !ok {
		return r, fmt.Errorf("rule %q: no ports", s)
	}
	switch r.Protocol = Protocol(proto); r.Protocol {
	case TCP, UDP:
	default:
		return r, fmt.Errorf("rule %q: protocol %v", s, r.Protocol)
	}
	from, to, ranged := strings.Cut(ports, "-")
	if !ranged {
		to = from
	}
	for _, p := range []struct {
		text string
		dst  *int32
	}{{from, &r.From}, {to, &r.To}} {
		n, err := strconv.ParseInt(p.text, 10, 32)
		if err != nil {
			return r, fmt.Errorf("rule %q: %w", s, err)
		}
		*p.dst = int32(n)
	}
	r.Source, err = netip.ParsePrefix(source)
	return
}

type SecurityGroups struct{ api *ec2.Client }

func (g SecurityGroups) Ensure(ctx context.Context, name string, rules ...Rule) (id string, created bool, err error) {
	out, err := g.api.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{GroupName: &name, Description: aws.String(name)})
	var apiErr smithy.APIError
	if errors.As(err, &apiErr) && apiErr.ErrorCode() == "InvalidGroup.Duplicate" {
		found, err := g.api.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupNames: []string{name}})
		if err != nil {
			return "", false, err
		}
		return *found.SecurityGroups[0].GroupId, false, nil
	} else if err != nil {
		return "", false, err
	}
	var permissions []types.IpPermission
	for _, r := range rules {
		permissions = append(permissions, r.permission())
	}
	_, err = g.api.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{GroupId: out.GroupId, IpPermissions: permissions})
	return *out.GroupId, true, err
}

func (g SecurityGroups) Describe(ctx context.Context, id string) map[string][]string {
	out, err := g.api.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{id}})
	if err != nil {
		panic(fmt.Errorf("describe %s: %w", id, err))
	}
	rules := make(map[string][]string)
	for _, p := range out.SecurityGroups[0].IpPermissions {
		ports := PortRange{aws.ToInt32(p.FromPort), aws.ToInt32(p.ToPort)}
		for _, r := range p.IpRanges {
			key := fmt.Sprint(*p.IpProtocol, "/", ports)
			rules[key] = append(rules[key], *r.CidrIp)
		}
	}
	return rules
}

func main() {
	var rules []Rule
	for _, text := range []string{"tcp:22 from 192.0.2.0/24", "tcp:8000-8080 from 0.0.0.0/0", "udp:53 from 10.0.0.0/8", "icmp:1 from 10.0.0.0/8", "tcp:x from 10.0.0.0/8", "tcp:1"} {
		r, err := ParseRule(text)
		if err != nil {
			fmt.Println("skipped:", err)
			continue
		}
		rules = append(rules, r)
	}
	fmt.Println(rules[1].PortRange, rules[1].Protocol, rules[2])
	cfg, err := config.LoadDefaultConfig(context.TODO())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	groups := SecurityGroups{api: ec2.NewFromConfig(cfg)}
	id, created, err := groups.Ensure(context.TODO(), "paws-web", rules...)
	fmt.Println(strings.HasPrefix(id, "sg-"), created, err)
	again, created, err := groups.Ensure(context.TODO(), "paws-web")
	fmt.Println(again == id, created, err)
	found := groups.Describe(context.TODO(), id)
	for _, k := range slices.Sorted(maps.Keys(found)) {
		fmt.Println(k, found[k])
	}
	func() {
		defer func() {
			r := recover()
			fmt.Println("recovered:", strings.Contains(fmt.Sprint(r), "InvalidGroup.NotFound"))
		}()
		groups.Describe(context.TODO(), "sg-0123456789abcdef0")
	}()
}

package ec2

import (
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// address is one Elastic IP address.
type address struct {
	ip, allocation string
	association    string // "" while free
	instance       *instance
}

// maxAddresses is AWS's usual bound, a region.
const maxAddresses = 5

func (r *region) allocation(id string) *address {
	for _, a := range r.elastic {
		if a.allocation == id {
			return a
		}
	}
	return nil
}

func (r *region) addressByIP(ip string) *address {
	for _, a := range r.elastic {
		if a.ip == ip {
			return a
		}
	}
	return nil
}

func allocateAddress(q *call, in *ec2.AllocateAddressInput) (*ec2.AllocateAddressOutput, error) {
	if in.Domain != "" && !slices.Contains(in.Domain.Values(), in.Domain) {
		return nil, invalid("Invalid value '%s' for domain.", in.Domain)
	}
	if in.Address != nil {
		return nil, fail("InvalidAddress.NotFound", "Address '%s' not found.", *in.Address)
	}
	if len(q.elastic) >= maxAddresses {
		return nil, fail("AddressLimitExceeded", "The maximum number of addresses has been reached.")
	}
	tags, err := tagsFor(in.TagSpecifications, types.ResourceTypeElasticIp)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	a := &address{ip: q.cloud.newPublicIP(), allocation: q.env.ID("eipalloc")}
	q.elastic = append(q.elastic, a)
	q.setTags(a.allocation, tags[types.ResourceTypeElasticIp])
	return &ec2.AllocateAddressOutput{AllocationId: aws.String(a.allocation), PublicIp: aws.String(a.ip), Domain: types.DomainTypeVpc,
		PublicIpv4Pool: aws.String("amazon"), NetworkBorderGroup: aws.String(q.Name)}, nil
}

// findAddress finds the address a request names by allocation or by itself.
func (q *call) findAddress(allocation, ip *string) (*address, error) {
	switch {
	case allocation != nil && *allocation != "":
		if a := q.allocation(*allocation); a != nil {
			return a, nil
		}
		return nil, fail("InvalidAllocationID.NotFound", "The allocation ID '%s' does not exist", *allocation)
	case ip != nil && *ip != "":
		if a := q.addressByIP(*ip); a != nil {
			return a, nil
		}
		if _, err := netip.ParseAddr(*ip); err != nil {
			return nil, invalid("Invalid value '%s' for publicIp.", *ip)
		}
		return nil, fail("InvalidAddress.NotFound", "Address '%s' not found.", *ip)
	}
	return nil, fail("MissingParameter", "Either public IP or allocation id must be specified")
}

// associateAddress gives an instance an address. An address that another
// instance has moves only when the request allows it; the same instance may
// be named again.
func associateAddress(q *call, in *ec2.AssociateAddressInput) (*ec2.AssociateAddressOutput, error) {
	a, err := q.findAddress(in.AllocationId, in.PublicIp)
	if err != nil {
		return nil, err
	}
	var x *instance
	switch {
	case in.InstanceId != nil && *in.InstanceId != "":
		named, err := q.named([]string{*in.InstanceId})
		if err != nil {
			return nil, err
		}
		x = named[0]
	case in.NetworkInterfaceId != nil:
		i := slices.IndexFunc(q.instances, func(x *instance) bool { return x.nic == *in.NetworkInterfaceId })
		if i < 0 {
			return nil, notFound("InvalidNetworkInterfaceID.NotFound", "networkInterface ID", *in.NetworkInterfaceId)
		}
		x = q.instances[i]
	default:
		return nil, fail("MissingParameter", "Either instance ID or network interface id must be specified")
	}
	switch s := x.state(q.now); s {
	case types.InstanceStateNameRunning, types.InstanceStateNameStopped, types.InstanceStateNameStopping:
	default:
		return nil, fail("InvalidInstanceID", "The pending instance '%s' is not in a valid state for this operation.", x.id)
	}
	if a.instance != nil && a.instance != x && in.AllowReassociation != nil && !*in.AllowReassociation {
		return nil, fail("Resource.AlreadyAssociated", "resource %s is already associated with associate-id %s", a.allocation, a.association)
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	for _, other := range q.elastic { // an instance's one address takes another's place
		if other.instance == x && other != a {
			other.instance, other.association = nil, ""
		}
	}
	if a.instance != x {
		a.instance, a.association = x, q.env.ID("eipassoc")
	}
	return &ec2.AssociateAddressOutput{AssociationId: aws.String(a.association)}, nil
}

func disassociateAddress(q *call, in *ec2.DisassociateAddressInput) (*ec2.DisassociateAddressOutput, error) {
	var a *address
	if in.AssociationId != nil {
		i := slices.IndexFunc(q.elastic, func(a *address) bool { return a.association == *in.AssociationId && a.association != "" })
		if i < 0 {
			return nil, fail("InvalidAssociationID.NotFound", "The association ID '%s' does not exist", *in.AssociationId)
		}
		a = q.elastic[i]
	} else {
		found, err := q.findAddress(nil, in.PublicIp)
		if err != nil {
			return nil, err
		}
		a = found
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	a.instance, a.association = nil, ""
	return &ec2.DisassociateAddressOutput{}, nil
}

func releaseAddress(q *call, in *ec2.ReleaseAddressInput) (*ec2.ReleaseAddressOutput, error) {
	a, err := q.findAddress(in.AllocationId, in.PublicIp)
	if err != nil {
		return nil, err
	}
	if a.instance != nil {
		return nil, fail("InvalidIPAddress.InUse", "Address %s is in use.", a.ip)
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	q.elastic = slices.DeleteFunc(q.elastic, func(x *address) bool { return x == a })
	delete(q.tags, a.allocation)
	return &ec2.ReleaseAddressOutput{}, nil
}

func onInstance(get func(*instance) string) func(*address) []string {
	return func(a *address) []string {
		if a.instance == nil {
			return nil
		}
		return one(get(a.instance))
	}
}

var addressFields = fields[*address]{
	"allocation-id":        func(a *address) []string { return one(a.allocation) },
	"association-id":       func(a *address) []string { return one(a.association) },
	"public-ip":            func(a *address) []string { return one(a.ip) },
	"domain":               func(*address) []string { return one("vpc") },
	"instance-id":          onInstance(func(x *instance) string { return x.id }),
	"network-interface-id": onInstance(func(x *instance) string { return x.nic }),
	"private-ip-address":   onInstance(func(x *instance) string { return x.private.String() }),
}

func describeAddresses(q *call, in *ec2.DescribeAddressesInput) (*ec2.DescribeAddressesOutput, error) {
	for _, ip := range in.PublicIps {
		if _, err := q.findAddress(nil, &ip); err != nil {
			return nil, err
		}
	}
	for _, id := range in.AllocationIds {
		if _, err := q.findAddress(&id, nil); err != nil {
			return nil, err
		}
	}
	id := func(a *address) string { return a.allocation }
	list := selected(q.elastic, in.PublicIps, func(a *address) string { return a.ip })
	f := fieldsWith(addressFields, "network-interface-owner-id", onInstance(func(*instance) string { return q.account() }))
	f["network-border-group"] = func(*address) []string { return one(q.Name) }
	list, err := filter(q, f, in.Filters, selected(list, in.AllocationIds, id), id)
	if err != nil {
		return nil, err
	}
	if err := dry(in.DryRun); err != nil {
		return nil, err
	}
	out := &ec2.DescribeAddressesOutput{Addresses: []types.Address{}}
	for _, a := range list {
		v := types.Address{AllocationId: aws.String(a.allocation), PublicIp: aws.String(a.ip), Domain: types.DomainTypeVpc,
			PublicIpv4Pool: aws.String("amazon"), NetworkBorderGroup: aws.String(q.Name), Tags: q.tagSet(a.allocation)}
		if x := a.instance; x != nil {
			v.AssociationId, v.InstanceId = aws.String(a.association), aws.String(x.id)
			v.NetworkInterfaceId, v.NetworkInterfaceOwnerId = aws.String(x.nic), aws.String(q.account())
			v.PrivateIpAddress = aws.String(x.private.String())
		}
		out.Addresses = append(out.Addresses, v)
	}
	return out, nil
}

package ec2

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"pawsh/bindings/session"
)

// Address is an elastic IP address (boto: Address).
type Address struct {
	PublicIP           string
	InstanceID         string
	Domain             string // "vpc" or "standard"
	AllocationID       string
	AssociationID      string
	NetworkInterfaceID string
	PrivateIPAddress   string
	Tags               map[string]string
	Region             *RegionInfo
	Connection         *Connection
	Raw                types.Address
}

// String prints the address as boto does.
func (a *Address) String() string { return "Address:" + a.PublicIP }

func (c *Connection) address(raw types.Address) *Address {
	return &Address{
		PublicIP: aws.ToString(raw.PublicIp), InstanceID: aws.ToString(raw.InstanceId), Domain: string(raw.Domain),
		AllocationID: aws.ToString(raw.AllocationId), AssociationID: aws.ToString(raw.AssociationId),
		NetworkInterfaceID: aws.ToString(raw.NetworkInterfaceId), PrivateIPAddress: aws.ToString(raw.PrivateIpAddress),
		Tags: tagMap(raw.Tags), Region: c.Region, Connection: c, Raw: raw,
	}
}

type addressesOption func(*sdk.DescribeAddressesInput)

func (f addressesOption) getAllAddresses(in *sdk.DescribeAddressesInput) error { f(in); return nil }

// Addresses names the addresses to list (boto: addresses).
//
// Example: ec2.GetAllAddresses(Addresses(address.PublicIP))
func Addresses(ips ...string) GetAllAddressesOption {
	return addressesOption(func(in *sdk.DescribeAddressesInput) { in.PublicIps = append(in.PublicIps, ips...) })
}

// AllocationIDs names the addresses to list by their ids
// (boto: allocation_ids).
//
// Example: ec2.GetAllAddresses(AllocationIDs(address.AllocationID))
func AllocationIDs(ids ...string) GetAllAddressesOption {
	return addressesOption(func(in *sdk.DescribeAddressesInput) { in.AllocationIds = append(in.AllocationIds, ids...) })
}

// GetAllAddresses lists the account's addresses: DescribeAddresses
// (boto: get_all_addresses). Options: Addresses, AllocationIDs, Filters,
// Filter, DryRun.
//
// Example: ec2.GetAllAddresses()
func (c *Connection) GetAllAddresses(opts ...GetAllAddressesOption) ([]*Address, error) {
	in := &sdk.DescribeAddressesInput{}
	for _, o := range opts {
		if err := o.getAllAddresses(in); err != nil {
			return nil, fmt.Errorf("get all addresses: %w", err)
		}
	}
	out, err := c.Client.DescribeAddresses(c.ctx(), in)
	if err != nil {
		return nil, fmt.Errorf("get all addresses: %w", err)
	}
	var list []*Address
	for _, raw := range out.Addresses {
		list = append(list, c.address(raw))
	}
	return list, nil
}

// AllocateAddress takes an address for the account, which costs until it is
// released: AllocateAddress (boto: allocate_address). domain is "vpc" or left
// out. Code AddressLimitExceeded.
//
// Example: address := ec2.AllocateAddress()
func (c *Connection) AllocateAddress(domain ...string) (*Address, error) {
	out, err := c.Client.AllocateAddress(c.ctx(), &sdk.AllocateAddressInput{Domain: types.DomainType(strings.Join(domain, ""))})
	if err != nil {
		return nil, fmt.Errorf("allocate address: %w", err)
	}
	return c.address(types.Address{PublicIp: out.PublicIp, AllocationId: out.AllocationId, Domain: out.Domain}), nil
}

// AssociateAddressOption is an argument of AssociateAddress.
type AssociateAddressOption interface {
	associateAddress(*sdk.AssociateAddressInput)
}

type associateOption func(*sdk.AssociateAddressInput)

func (f associateOption) associateAddress(in *sdk.AssociateAddressInput) { f(in) }

// AllocationID names the address by its id (boto: allocation_id).
//
// Example: ec2.AssociateAddress(instance.ID, "", AllocationID(address.AllocationID))
func AllocationID(id string) AssociateAddressOption {
	return associateOption(func(in *sdk.AssociateAddressInput) { in.AllocationId = optional(id) })
}

// NetworkInterfaceID gives the address to an interface, not to an instance
// (boto: network_interface_id).
//
// Example: ec2.AssociateAddress("", address.PublicIP, NetworkInterfaceID("eni-0123456789abcdef0"))
func NetworkInterfaceID(id string) AssociateAddressOption {
	return associateOption(func(in *sdk.AssociateAddressInput) { in.NetworkInterfaceId = optional(id) })
}

// AllowReassociation takes the address from whoever has it
// (boto: allow_reassociation).
//
// Example: ec2.AssociateAddress(instance.ID, address.PublicIP, AllowReassociation(true))
func AllowReassociation(yes bool) AssociateAddressOption {
	return associateOption(func(in *sdk.AssociateAddressInput) { in.AllowReassociation = &yes })
}

// AssociateAddress gives an instance an address: AssociateAddress
// (boto: associate_address). Codes InvalidInstanceID.NotFound,
// InvalidAddress.NotFound, InvalidAllocationID.NotFound.
//
// Example: ec2.AssociateAddress(instance.ID, address.PublicIP)
func (c *Connection) AssociateAddress(instanceID, publicIP string, opts ...AssociateAddressOption) (bool, error) {
	in := &sdk.AssociateAddressInput{InstanceId: optional(instanceID), PublicIp: optional(publicIP)}
	for _, o := range opts {
		o.associateAddress(in)
	}
	if in.AllocationId != nil {
		in.PublicIp = nil
	}
	_, err := c.Client.AssociateAddress(c.ctx(), in)
	// In a VPC, AWS knows addresses by their allocation ids only.
	if code := session.Code(err); (code == "InvalidParameterCombination" || code == "InvalidParameterValue") && in.PublicIp != nil {
		if list, lookup := c.GetAllAddresses(Addresses(publicIP)); lookup == nil && len(list) == 1 && list[0].AllocationID != "" {
			in.PublicIp, in.AllocationId = nil, aws.String(list[0].AllocationID)
			_, err = c.Client.AssociateAddress(c.ctx(), in)
		}
	}
	if err != nil {
		return false, fmt.Errorf("associate address %s with %s: %w", publicIP, instanceID, err)
	}
	return true, nil
}

// DisassociateAddress takes an address, by its text or its association's id,
// off its instance: DisassociateAddress (boto: disassociate_address).
//
// Example: ec2.DisassociateAddress(used.PublicIP)
func (c *Connection) DisassociateAddress(publicIP string) (bool, error) {
	in := &sdk.DisassociateAddressInput{PublicIp: &publicIP}
	if strings.HasPrefix(publicIP, "eipassoc-") {
		in = &sdk.DisassociateAddressInput{AssociationId: &publicIP}
	}
	if _, err := c.Client.DisassociateAddress(c.ctx(), in); err != nil {
		return false, fmt.Errorf("disassociate address %s: %w", publicIP, err)
	}
	return true, nil
}

// ReleaseAddress gives an address back, by its text or its allocation's id:
// ReleaseAddress (boto: release_address). Code InvalidIPAddress.InUse.
//
// Example: ec2.ReleaseAddress(address.PublicIP)
func (c *Connection) ReleaseAddress(publicIP string) (bool, error) {
	in := &sdk.ReleaseAddressInput{PublicIp: &publicIP}
	if strings.HasPrefix(publicIP, "eipalloc-") {
		in = &sdk.ReleaseAddressInput{AllocationId: &publicIP}
	}
	if _, err := c.Client.ReleaseAddress(c.ctx(), in); err != nil {
		return false, fmt.Errorf("release address %s: %w", publicIP, err)
	}
	return true, nil
}

// Associate gives the address to an instance: AssociateAddress
// (boto: associate).
//
// Example: address.Associate(instance.ID)
func (a *Address) Associate(instanceID string) (bool, error) {
	if a.AllocationID != "" {
		return a.Connection.AssociateAddress(instanceID, "", AllocationID(a.AllocationID))
	}
	return a.Connection.AssociateAddress(instanceID, a.PublicIP)
}

// Disassociate takes the address off its instance: DisassociateAddress
// (boto: disassociate).
//
// Example: used.Disassociate()
func (a *Address) Disassociate() (bool, error) {
	if a.AssociationID != "" {
		return a.Connection.DisassociateAddress(a.AssociationID)
	}
	return a.Connection.DisassociateAddress(a.PublicIP)
}

// Release gives the address back to AWS: ReleaseAddress (boto: release).
//
// Example: address.Release()
func (a *Address) Release() (bool, error) {
	if a.AllocationID != "" {
		return a.Connection.ReleaseAddress(a.AllocationID)
	}
	return a.Connection.ReleaseAddress(a.PublicIP)
}

// Delete is Release: ReleaseAddress (boto: delete).
//
// Example: address.Delete()
func (a *Address) Delete() (bool, error) { return a.Release() }

package ec2

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Image is a machine image (boto: Image).
type Image struct {
	ID                 string
	Name               string
	Description        string
	Location           string
	State              string // "pending", "available", "failed", ...
	StateReason        string
	OwnerID            string
	OwnerAlias         string
	IsPublic           bool
	Architecture       string
	Platform           string
	Type               string
	KernelID           string
	RamdiskID          string
	RootDeviceName     string
	RootDeviceType     string
	VirtualizationType string
	Hypervisor         string
	CreationDate       string
	BlockDeviceMapping BlockDeviceMapping
	Tags               map[string]string
	Region             *RegionInfo
	Connection         *Connection
	Raw                types.Image
}

// String prints the image as boto does.
func (i *Image) String() string { return "Image:" + i.ID }

func (c *Connection) image(raw types.Image) *Image {
	i := &Image{Connection: c, Region: c.Region}
	i.fill(raw)
	return i
}

func (i *Image) fill(raw types.Image) {
	*i = Image{
		ID: aws.ToString(raw.ImageId), Name: aws.ToString(raw.Name), Description: aws.ToString(raw.Description),
		Location: aws.ToString(raw.ImageLocation), State: string(raw.State), OwnerID: aws.ToString(raw.OwnerId),
		OwnerAlias: aws.ToString(raw.ImageOwnerAlias), IsPublic: aws.ToBool(raw.Public),
		Architecture: string(raw.Architecture), Platform: string(raw.Platform), Type: string(raw.ImageType),
		KernelID: aws.ToString(raw.KernelId), RamdiskID: aws.ToString(raw.RamdiskId),
		RootDeviceName: aws.ToString(raw.RootDeviceName), RootDeviceType: string(raw.RootDeviceType),
		VirtualizationType: string(raw.VirtualizationType), Hypervisor: string(raw.Hypervisor),
		CreationDate: aws.ToString(raw.CreationDate), BlockDeviceMapping: imageDevices(raw.BlockDeviceMappings),
		Tags: tagMap(raw.Tags), Region: i.Region, Connection: i.Connection, Raw: raw,
	}
	if r := raw.StateReason; r != nil {
		i.StateReason = aws.ToString(r.Message)
	}
}

type imagesOption func(*sdk.DescribeImagesInput)

func (f imagesOption) getAllImages(in *sdk.DescribeImagesInput) error { f(in); return nil }

// ImageIDs names the images to list (boto: image_ids).
//
// Example: ec2.GetAllImages(ImageIDs("ami-7341831a"))
func ImageIDs(ids ...string) GetAllImagesOption {
	return imagesOption(func(in *sdk.DescribeImagesInput) { in.ImageIds = append(in.ImageIds, ids...) })
}

// Owners lists only the images of accounts: numbers, "self", "amazon"
// (boto: owners).
//
// Example: ec2.GetAllImages(Owners("self"))
func Owners(accounts ...string) GetAllImagesOption {
	return imagesOption(func(in *sdk.DescribeImagesInput) { in.Owners = append(in.Owners, accounts...) })
}

// ExecutableBy lists only the images an account may launch: its number,
// "self" or "all" (boto: executable_by).
//
// Example: ec2.GetAllImages(ExecutableBy("self"))
func ExecutableBy(accounts ...string) GetAllImagesOption {
	return imagesOption(func(in *sdk.DescribeImagesInput) { in.ExecutableUsers = append(in.ExecutableUsers, accounts...) })
}

// GetAllImages lists images; without an option all public ones, which are
// many: DescribeImages, all pages (boto: get_all_images). Options: Owners,
// ImageIDs, ExecutableBy, Filters, Filter, DryRun.
//
// Example: ec2.GetAllImages(Owners("amazon"))
func (c *Connection) GetAllImages(opts ...GetAllImagesOption) ([]*Image, error) {
	in := &sdk.DescribeImagesInput{}
	for _, o := range opts {
		if err := o.getAllImages(in); err != nil {
			return nil, fmt.Errorf("get all images: %w", err)
		}
	}
	var list []*Image
	for p := sdk.NewDescribeImagesPaginator(c.Client, in); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all images: %w", err)
		}
		for _, raw := range page.Images {
			list = append(list, c.image(raw))
		}
	}
	return list, nil
}

// GetImage gives one image: DescribeImages (boto: get_image). Code
// InvalidAMIID.NotFound.
//
// Example: ec2.GetImage("ami-7341831a").Name
func (c *Connection) GetImage(imageID string) (*Image, error) {
	list, err := c.GetAllImages(ImageIDs(imageID))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// CreateImage makes an image of an instance and gives its id: CreateImage
// (boto: create_image).
//
// Example: ec2.CreateImage(instance.ID, "web-2012", "the web server", false)
func (c *Connection) CreateImage(instanceID, name, description string, noReboot bool) (string, error) {
	out, err := c.Client.CreateImage(c.ctx(), &sdk.CreateImageInput{
		InstanceId: aws.String(instanceID), Name: aws.String(name), Description: optional(description), NoReboot: aws.Bool(noReboot),
	})
	if err != nil {
		return "", fmt.Errorf("create image of %s: %w", instanceID, err)
	}
	return aws.ToString(out.ImageId), nil
}

// DeregisterImage forgets an image: DeregisterImage (boto: deregister_image).
//
// Example: ec2.DeregisterImage(image.ID)
func (c *Connection) DeregisterImage(imageID string) (bool, error) {
	if _, err := c.Client.DeregisterImage(c.ctx(), &sdk.DeregisterImageInput{ImageId: aws.String(imageID)}); err != nil {
		return false, fmt.Errorf("deregister image %s: %w", imageID, err)
	}
	return true, nil
}

// Run launches instances of the image: RunInstances (boto: run). Options as
// Connection.RunInstances.
//
// Example: image.Run(InstanceType("t1.micro")).Instances
func (i *Image) Run(opts ...RunInstancesOption) (*Reservation, error) {
	return i.Connection.RunInstances(i.ID, opts...)
}

// Update asks EC2 for the image anew and gives its state: DescribeImages
// (boto: update).
//
// Example: image.Update()
func (i *Image) Update() (string, error) {
	out, err := i.Connection.Client.DescribeImages(i.Connection.ctx(), &sdk.DescribeImagesInput{ImageIds: []string{i.ID}})
	if err != nil {
		return "", fmt.Errorf("update image %s: %w", i.ID, err)
	}
	if len(out.Images) == 0 {
		return "", fmt.Errorf("update image %s: EC2 no longer knows it", i.ID)
	}
	i.fill(out.Images[0])
	return i.State, nil
}

// Deregister forgets the image: DeregisterImage (boto: deregister).
//
// Example: image.Deregister()
func (i *Image) Deregister() (bool, error) { return i.Connection.DeregisterImage(i.ID) }

// AddTag sets a tag: CreateTags (boto: add_tag).
//
// Example: image.AddTag("Stage", "test")
func (i *Image) AddTag(key string, value ...string) error {
	return i.Connection.addTag(i.ID, &i.Tags, key, value)
}

// RemoveTag takes a tag away: DeleteTags (boto: remove_tag).
//
// Example: image.RemoveTag("Stage")
func (i *Image) RemoveTag(key string, value ...string) error {
	return i.Connection.removeTag(i.ID, i.Tags, key, value)
}

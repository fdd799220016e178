package ec2

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Tag is a tag with what it hangs on (boto: Tag).
type Tag struct {
	Name    string // its key
	Value   string
	ResID   string
	ResType string // "instance", "volume", ...
	Raw     types.TagDescription
}

// String prints the tag as boto does.
func (t *Tag) String() string { return "Tag:" + t.Name }

// GetAllTags lists the tags of everything: DescribeTags, all pages
// (boto: get_all_tags). Options: Filters, Filter, DryRun.
//
// Example: ec2.GetAllTags(Filter("resource-type", "instance"))
func (c *Connection) GetAllTags(opts ...GetAllTagsOption) ([]*Tag, error) {
	in := &sdk.DescribeTagsInput{}
	for _, o := range opts {
		if err := o.getAllTags(in); err != nil {
			return nil, fmt.Errorf("get all tags: %w", err)
		}
	}
	var list []*Tag
	for p := sdk.NewDescribeTagsPaginator(c.Client, in); p.HasMorePages(); {
		page, err := p.NextPage(c.ctx())
		if err != nil {
			return nil, fmt.Errorf("get all tags: %w", err)
		}
		for _, t := range page.Tags {
			list = append(list, &Tag{
				Name: aws.ToString(t.Key), Value: aws.ToString(t.Value),
				ResID: aws.ToString(t.ResourceId), ResType: string(t.ResourceType), Raw: t,
			})
		}
	}
	return list, nil
}

// CreateTags sets tags on resources named by id: CreateTags
// (boto: create_tags). It gives true.
//
// Example: ec2.CreateTags([]string{instance.ID, volume.ID}, map[string]string{"Stage": "test"})
func (c *Connection) CreateTags(resourceIDs []string, tags map[string]string) (bool, error) {
	if _, err := c.Client.CreateTags(c.ctx(), &sdk.CreateTagsInput{Resources: resourceIDs, Tags: rawTags(tags)}); err != nil {
		return false, fmt.Errorf("create tags on %s: %w", strings.Join(resourceIDs, " "), err)
	}
	return true, nil
}

// DeleteTags takes tags off resources; a tag with a value goes only where it
// has that value, one with an empty value wherever it is: DeleteTags
// (boto: delete_tags). It gives true.
//
// Example: ec2.DeleteTags([]string{instance.ID}, map[string]string{"Stage": ""})
func (c *Connection) DeleteTags(resourceIDs []string, tags map[string]string) (bool, error) {
	in := &sdk.DeleteTagsInput{Resources: resourceIDs, Tags: rawTags(tags)}
	for i := range in.Tags {
		in.Tags[i].Value = optional(*in.Tags[i].Value)
	}
	if _, err := c.Client.DeleteTags(c.ctx(), in); err != nil {
		return false, fmt.Errorf("delete tags of %s: %w", strings.Join(resourceIDs, " "), err)
	}
	return true, nil
}

func (c *Connection) addTag(id string, known *map[string]string, key string, value []string) error {
	tag := map[string]string{key: strings.Join(value, "")}
	if _, err := c.CreateTags([]string{id}, tag); err != nil {
		return err
	}
	if *known == nil {
		*known = map[string]string{}
	}
	(*known)[key] = tag[key]
	return nil
}

func (c *Connection) removeTag(id string, known map[string]string, key string, value []string) error {
	v := strings.Join(value, "")
	if _, err := c.DeleteTags([]string{id}, map[string]string{key: v}); err != nil {
		return err
	}
	if v == "" || known[key] == v {
		delete(known, key)
	}
	return nil
}

func (c *Connection) addTags(id string, known *map[string]string, tags map[string]string) error {
	if _, err := c.CreateTags([]string{id}, tags); err != nil {
		return err
	}
	if *known == nil {
		*known = map[string]string{}
	}
	maps.Copy(*known, tags)
	return nil
}

func (c *Connection) removeTags(id string, known map[string]string, tags map[string]string) error {
	if _, err := c.DeleteTags([]string{id}, tags); err != nil {
		return err
	}
	for key, v := range tags {
		if v == "" || known[key] == v {
			delete(known, key)
		}
	}
	return nil
}

func rawTags(tags map[string]string) []types.Tag {
	keys := make([]string, 0, len(tags))
	for k := range tags {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	list := make([]types.Tag, 0, len(tags))
	for _, k := range keys {
		list = append(list, types.Tag{Key: aws.String(k), Value: aws.String(tags[k])})
	}
	return list
}

func tagMap(raw []types.Tag) map[string]string {
	m := make(map[string]string, len(raw))
	for _, t := range raw {
		m[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return m
}

// AddTags sets several tags: CreateTags (boto: add_tags).
//
// Example: instance.AddTags(map[string]string{"Name": "web", "Stage": "test"})
func (i *Instance) AddTags(tags map[string]string) error {
	return i.Connection.addTags(i.ID, &i.Tags, tags)
}

// RemoveTags takes several tags away, one with a value only where it has that
// value: DeleteTags (boto: remove_tags).
//
// Example: instance.RemoveTags(map[string]string{"Stage": ""})
func (i *Instance) RemoveTags(tags map[string]string) error {
	return i.Connection.removeTags(i.ID, i.Tags, tags)
}

// AddTags sets several tags: CreateTags (boto: add_tags).
//
// Example: volume.AddTags(map[string]string{"Name": "data", "Stage": "test"})
func (v *Volume) AddTags(tags map[string]string) error {
	return v.Connection.addTags(v.ID, &v.Tags, tags)
}

// RemoveTags takes several tags away, one with a value only where it has that
// value: DeleteTags (boto: remove_tags).
//
// Example: volume.RemoveTags(map[string]string{"Stage": ""})
func (v *Volume) RemoveTags(tags map[string]string) error {
	return v.Connection.removeTags(v.ID, v.Tags, tags)
}

// AddTags sets several tags: CreateTags (boto: add_tags).
//
// Example: snapshot.AddTags(map[string]string{"Name": "backup", "Stage": "test"})
func (s *Snapshot) AddTags(tags map[string]string) error {
	return s.Connection.addTags(s.ID, &s.Tags, tags)
}

// RemoveTags takes several tags away, one with a value only where it has that
// value: DeleteTags (boto: remove_tags).
//
// Example: snapshot.RemoveTags(map[string]string{"Stage": ""})
func (s *Snapshot) RemoveTags(tags map[string]string) error {
	return s.Connection.removeTags(s.ID, s.Tags, tags)
}

// AddTags sets several tags: CreateTags (boto: add_tags).
//
// Example: group.AddTags(map[string]string{"Stage": "test"})
func (g *SecurityGroup) AddTags(tags map[string]string) error {
	return g.Connection.addTags(g.ID, &g.Tags, tags)
}

// RemoveTags takes several tags away, one with a value only where it has that
// value: DeleteTags (boto: remove_tags).
//
// Example: group.RemoveTags(map[string]string{"Stage": ""})
func (g *SecurityGroup) RemoveTags(tags map[string]string) error {
	return g.Connection.removeTags(g.ID, g.Tags, tags)
}

// AddTags sets several tags: CreateTags (boto: add_tags).
//
// Example: image.AddTags(map[string]string{"Stage": "test"})
func (i *Image) AddTags(tags map[string]string) error {
	return i.Connection.addTags(i.ID, &i.Tags, tags)
}

// RemoveTags takes several tags away, one with a value only where it has that
// value: DeleteTags (boto: remove_tags).
//
// Example: image.RemoveTags(map[string]string{"Stage": ""})
func (i *Image) RemoveTags(tags map[string]string) error {
	return i.Connection.removeTags(i.ID, i.Tags, tags)
}

package ec2

import (
	"fmt"
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
func (c *Connection) CreateTags(resourceIDs []string, tags map[string]string) (bool, error) {
	if _, err := c.Client.CreateTags(c.ctx(), &sdk.CreateTagsInput{Resources: resourceIDs, Tags: rawTags(tags)}); err != nil {
		return false, fmt.Errorf("create tags on %s: %w", strings.Join(resourceIDs, " "), err)
	}
	return true, nil
}

// DeleteTags takes tags off resources; a tag with a value goes only where it
// has that value, one with an empty value wherever it is: DeleteTags
// (boto: delete_tags). It gives true.
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

// want: [b:1:available c:3:available a:8:available]
// want: 2 12
// want: 4 0.75
// want: true false true 2
// want: true
// want: 0
// then: vs := Volumes{ec2.Client, "us-east-1b"}
// then: id := vs.Create(ctx, WithSize(2), WithTags("Name", "late"))
// then: Map(vs.All(ctx), func(v ec2types.Volume) string { return tag(v, "Name") })
// want: ["late"]
// then: ec2.DeleteVolume(id)
// want: true
// then: len(vs.All(ctx))
// want: 0
// then: Set[int]{}.Add(1)
// want: true
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Filter, Map and Reduce are what every program has somewhere.
func Filter[S ~[]E, E any](s S, keep func(E) bool) S {
	var out S
	for _, e := range s {
		if keep(e) {
			out = append(out, e)
		}
	}
	return out
}

func Map[E, R any](s []E, f func(E) R) []R {
	out := make([]R, len(s))
	for i, e := range s {
		out[i] = f(e)
	}
	return out
}

func Reduce[E, A any](s []E, acc A, f func(A, E) A) A {
	for _, e := range s {
		acc = f(acc, e)
	}
	return acc
}

type Set[T comparable] map[T]struct{}

func (s Set[T]) Add(v T) bool {
	if _, ok := s[v]; ok {
		return false
	}
	s[v] = struct{}{}
	return true
}

func (s Set[T]) Len() int { return len(s) }

type Number interface {
	~int | ~int32 | ~int64 | ~float64
}

func Sum[N Number](ns ...N) (total N) {
	for _, n := range ns {
		total += n
	}
	return
}

type Option func(*ec2.CreateVolumeInput)

func WithSize(gib int32) Option { return func(in *ec2.CreateVolumeInput) { in.Size = &gib } }
func WithType(t types.VolumeType) Option {
	return func(in *ec2.CreateVolumeInput) { in.VolumeType = t }
}
func WithTags(kv ...string) Option {
	return func(in *ec2.CreateVolumeInput) {
		spec := types.TagSpecification{ResourceType: types.ResourceTypeVolume}
		for i := 0; i+1 < len(kv); i += 2 {
			spec.Tags = append(spec.Tags, types.Tag{Key: &kv[i], Value: &kv[i+1]})
		}
		in.TagSpecifications = append(in.TagSpecifications, spec)
	}
}

type Volumes struct {
	client *ec2.Client
	zone   string
}

func (v Volumes) Create(ctx context.Context, opts ...Option) (string, error) {
	in := &ec2.CreateVolumeInput{AvailabilityZone: &v.zone, Size: aws.Int32(1)}
	for _, o := range opts {
		o(in)
	}
	out, err := v.client.CreateVolume(ctx, in)
	if err != nil {
		return "", fmt.Errorf("create volume in %s: %w", v.zone, err)
	}
	w := ec2.NewVolumeAvailableWaiter(v.client, func(o *ec2.VolumeAvailableWaiterOptions) {
		o.MinDelay, o.MaxDelay = 10*time.Millisecond, 50*time.Millisecond
	})
	return *out.VolumeId, w.Wait(ctx, &ec2.DescribeVolumesInput{VolumeIds: []string{*out.VolumeId}}, time.Minute)
}

func (v Volumes) All(ctx context.Context) (all []types.Volume, err error) {
	for p := ec2.NewDescribeVolumesPaginator(v.client, &ec2.DescribeVolumesInput{}); p.HasMorePages(); {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Volumes...)
	}
	return
}

func tag(v types.Volume, key string) string {
	i := slices.IndexFunc(v.Tags, func(t types.Tag) bool { return *t.Key == key })
	if i < 0 {
		return ""
	}
	return *v.Tags[i].Value
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cfg, err := config.LoadDefaultConfig(ctx, config.WithRegion("us-east-1"))
	if err != nil {
		log.Fatal(err)
	}
	vs := Volumes{ec2.NewFromConfig(cfg), "us-east-1a"}
	for i, opts := range [][]Option{
		{WithSize(3), WithTags("Name", "c", "team", "blue")},
		{WithSize(8), WithType(types.VolumeTypeGp3), WithTags("Name", "a", "team", "red")},
		{WithTags("Name", "b", "team", "blue")},
	} {
		if _, err := vs.Create(ctx, opts...); err != nil {
			log.Fatalf("volume %d: %v", i, err)
		}
	}
	all, err := vs.All(ctx)
	if err != nil {
		log.Fatal(err)
	}
	slices.SortFunc(all, func(a, b types.Volume) int {
		return cmp.Or(cmp.Compare(*a.Size, *b.Size), strings.Compare(tag(a, "Name"), tag(b, "Name")))
	})
	fmt.Println(Map(all, func(v types.Volume) string { return fmt.Sprintf("%s:%d:%s", tag(v, "Name"), *v.Size, v.State) }))
	blue := Filter(all, func(v types.Volume) bool { return tag(v, "team") == "blue" })
	fmt.Println(len(blue), Reduce(all, int32(0), func(n int32, v types.Volume) int32 { return n + *v.Size }))
	fmt.Println(Sum(Map(blue, func(v types.Volume) int32 { return *v.Size })...), Sum(0.5, 0.25))
	teams := Set[string]{}
	for _, v := range all {
		fmt.Print(teams.Add(tag(v, "team")), " ")
	}
	fmt.Println(teams.Len())
	if _, err := (Volumes{vs.client, "mars-1a"}).Create(ctx); err != nil {
		fmt.Println(strings.Contains(err.Error(), "create volume in mars-1a: "))
	}
	for _, v := range all {
		if _, err := vs.client.DeleteVolume(ctx, &ec2.DeleteVolumeInput{VolumeId: v.VolumeId}); err != nil {
			log.Fatal(err)
		}
	}
	all, _ = vs.All(ctx)
	fmt.Println(len(all))
}

// want: paws-one.pem -----BEGIN RSA PRIVATE KEY----- true -rw-------
// want: paws-two.pem -----BEGIN RSA PRIVATE KEY----- true -rw-------
// want: other.pem -----BEGIN RSA PRIVATE KEY----- true -rw-------
// want: key pair paws-one: duplicate key pair true true
// want: paws-one true 1 rsa
// want: paws-two true 1 rsa
// want: <nil>
// want: []
// want: <nil>
// then: w := &KeyPairWrapper{client: ec2.Client, dir: os.TempDir()}
// then: w.Delete(ctx, "other")
// want: []
package main

import (
	"bufio"
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"
)

// KeyPairWrapper encapsulates key pair actions.
type KeyPairWrapper struct {
	client *ec2.Client
	dir    string
}

// ErrDuplicate tells that there is a key pair of that name.
var ErrDuplicate = errors.New("duplicate key pair")

type keyError struct {
	name  string
	cause error
}

func (e *keyError) Error() string { return "key pair " + e.name + ": " + e.cause.Error() }
func (e *keyError) Unwrap() error { return e.cause }

func (w *KeyPairWrapper) Create(ctx context.Context, name string) (path string, err error) {
	out, err := w.client.CreateKeyPair(ctx, &ec2.CreateKeyPairInput{
		KeyName: aws.String(name), KeyType: types.KeyTypeRsa,
		TagSpecifications: []types.TagSpecification{
			{ResourceType: types.ResourceTypeKeyPair, Tags: []types.Tag{{Key: aws.String("purpose"), Value: aws.String("demo")}}},
		},
	})
	switch apiErr := smithy.APIError(nil); {
	case errors.As(err, &apiErr) && apiErr.ErrorCode() == "InvalidKeyPair.Duplicate":
		return "", &keyError{name, ErrDuplicate}
	case err != nil:
		return "", &keyError{name, err}
	}
	path = filepath.Join(w.dir, name+".pem")
	return path, os.WriteFile(path, []byte(*out.KeyMaterial), 0o600)
}

func (w *KeyPairWrapper) Each(ctx context.Context, visit func(info types.KeyPairInfo) (stop bool)) error {
	out, err := w.client.DescribeKeyPairs(ctx, &ec2.DescribeKeyPairsInput{
		Filters: []types.Filter{{Name: aws.String("key-name"), Values: []string{"paws-*"}}},
	})
	if err != nil {
		return err
	}
	for _, info := range out.KeyPairs {
		if visit(info) {
			break
		}
	}
	return nil
}

func (w *KeyPairWrapper) Delete(ctx context.Context, names ...string) (failed []error) {
	for _, n := range names {
		if _, err := w.client.DeleteKeyPair(ctx, &ec2.DeleteKeyPairInput{KeyName: &n}); err != nil {
			failed = append(failed, &keyError{name: n, cause: err})
		}
	}
	return
}

func firstLine(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		return sc.Text(), nil
	}
	return "", sc.Err()
}

func main() {
	dir, err := os.MkdirTemp("", "keys")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	w := &KeyPairWrapper{client: ec2.NewFromConfig(cfg), dir: dir}
	for _, name := range [...]string{"paws-one", "paws-two", "other"} {
		path, err := w.Create(ctx, name)
		if err != nil {
			fmt.Println(err)
			continue
		}
		line, _ := firstLine(path)
		raw, _ := os.ReadFile(path)
		block, _ := pem.Decode(raw)
		st, _ := os.Stat(path)
		fmt.Println(filepath.Base(path), line, block != nil, st.Mode().Perm())
	}
	_, err = w.Create(ctx, "paws-one")
	var ke *keyError
	fmt.Println(err, errors.Is(err, ErrDuplicate), errors.As(err, &ke) && ke.name == "paws-one")
	count := 0
	err = w.Each(ctx, func(info types.KeyPairInfo) bool {
		count++
		fmt.Println(*info.KeyName, strings.HasPrefix(*info.KeyPairId, "key-"), len(info.Tags), info.KeyType)
		return count == 2
	})
	fmt.Println(err)
	fmt.Println(w.Delete(ctx, "paws-one", "paws-two", "never-was"))
	err = w.Each(ctx, func(types.KeyPairInfo) bool { panic("there is none left") })
	fmt.Println(err)
}

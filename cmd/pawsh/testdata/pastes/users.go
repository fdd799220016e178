// want: User paws-user does not exist.
// want: true <nil>
// want: paws-user true
// want: true EntityAlreadyExists
// want: [s3:ListAllMyBuckets s3:GetObject] arn:aws:s3:::*
// want: 20 40 Active
// want: [paws-user]
// want: <nil>
// want: User paws-user does not exist.
// want: <nil> <nil>
// then: w := UserWrapper{iam.Client}
// then: w.CreateUser(ctx, "later").Path
// want: "/"
// then: _, err := w.CreateUser(ctx, "later")
// then: errors.As(err, new(*types.EntityAlreadyExistsException))
// want: true
// then: w.Teardown(ctx, "later")
// then: iam.GetAllUsers()
// want: []
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"
)

// UserWrapper encapsulates user actions.
type UserWrapper struct {
	IamClient *iam.Client
}

// PolicyDocument defines a policy document as a Go struct that can be serialized to JSON.
type PolicyDocument struct {
	Version   string
	Statement []PolicyStatement
}

// PolicyStatement defines a statement in a policy document.
type PolicyStatement struct {
	Effect    string
	Action    []string
	Principal map[string]string `json:",omitempty"`
	Resource  *string           `json:",omitempty"`
}

// GetUser gets data about a user.
func (wrapper UserWrapper) GetUser(ctx context.Context, userName string) (*types.User, error) {
	var user *types.User
	result, err := wrapper.IamClient.GetUser(ctx, &iam.GetUserInput{
		UserName: aws.String(userName),
	})
	if err != nil {
		var apiError smithy.APIError
		if errors.As(err, &apiError) {
			switch apiError.(type) {
			case *types.NoSuchEntityException:
				log.Printf("User %v does not exist.\n", userName)
				err = nil
			default:
				log.Printf("Couldn't get user %v. Here's why: %v\n", userName, err)
			}
		}
	} else {
		user = result.User
	}
	return user, err
}

// CreateUser creates a new user with the specified name.
func (wrapper UserWrapper) CreateUser(ctx context.Context, userName string) (*types.User, error) {
	result, err := wrapper.IamClient.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String(userName)})
	if err != nil {
		return nil, fmt.Errorf("create user %v: %w", userName, err)
	}
	return result.User, nil
}

// CreateUserPolicy adds an inline policy to a user.
func (wrapper UserWrapper) CreateUserPolicy(ctx context.Context, userName, policyName string, actions []string, resource string) error {
	policyDoc := PolicyDocument{
		Version:   "2012-10-17",
		Statement: []PolicyStatement{{Effect: "Allow", Action: actions, Resource: aws.String(resource)}},
	}
	policyBytes, err := json.Marshal(policyDoc)
	if err != nil {
		return err
	}
	_, err = wrapper.IamClient.PutUserPolicy(ctx, &iam.PutUserPolicyInput{
		PolicyDocument: aws.String(string(policyBytes)),
		PolicyName:     aws.String(policyName),
		UserName:       aws.String(userName),
	})
	return err
}

// Teardown removes keys, policies and the user.
func (wrapper UserWrapper) Teardown(ctx context.Context, userName string) (err error) {
	defer func() {
		if err == nil {
			_, err = wrapper.IamClient.DeleteUser(ctx, &iam.DeleteUserInput{UserName: &userName})
		}
	}()
	keys, err := wrapper.IamClient.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: &userName})
	if err != nil {
		return err
	}
	for _, key := range keys.AccessKeyMetadata {
		if _, err := wrapper.IamClient.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{AccessKeyId: key.AccessKeyId, UserName: &userName}); err != nil {
			return err
		}
	}
	policies, err := wrapper.IamClient.ListUserPolicies(ctx, &iam.ListUserPoliciesInput{UserName: &userName})
	if err != nil {
		return err
	}
	for _, name := range policies.PolicyNames {
		if _, err := wrapper.IamClient.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: &userName, PolicyName: &name}); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	log.SetFlags(0)
	ctx := context.Background()
	sdkConfig, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		fmt.Println("Couldn't load default configuration. Have you set up your AWS account?")
		fmt.Println(err)
		return
	}
	wrapper := UserWrapper{iam.NewFromConfig(sdkConfig)}
	user, err := wrapper.GetUser(ctx, "paws-user")
	fmt.Println(user == nil, err)
	if user, err = wrapper.CreateUser(ctx, "paws-user"); err != nil {
		log.Fatal(err)
	}
	fmt.Println(*user.UserName, strings.HasSuffix(*user.Arn, ":user/paws-user"))
	_, err = wrapper.CreateUser(ctx, "paws-user")
	var exists *types.EntityAlreadyExistsException
	fmt.Println(errors.As(err, &exists), exists.ErrorCode())
	if err := wrapper.CreateUserPolicy(ctx, "paws-user", "reader", []string{"s3:ListAllMyBuckets", "s3:GetObject"}, "arn:aws:s3:::*"); err != nil {
		log.Fatal(err)
	}
	got, err := wrapper.IamClient.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: aws.String("paws-user"), PolicyName: aws.String("reader")})
	if err != nil {
		log.Fatal(err)
	}
	text, err := url.QueryUnescape(*got.PolicyDocument)
	if err != nil {
		log.Fatal(err)
	}
	var doc PolicyDocument
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%+v %s\n", doc.Statement[0].Action, *doc.Statement[0].Resource)
	key, err := wrapper.IamClient.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: aws.String("paws-user")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(*key.AccessKey.AccessKeyId), len(*key.AccessKey.SecretAccessKey), key.AccessKey.Status)
	pages := iam.NewListUsersPaginator(wrapper.IamClient, &iam.ListUsersInput{MaxItems: aws.Int32(1)})
	var names []string
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			log.Fatal(err)
		}
		for _, u := range page.Users {
			names = append(names, *u.UserName)
		}
	}
	fmt.Println(names)
	fmt.Println(wrapper.Teardown(ctx, "paws-user"))
	user, err = wrapper.GetUser(ctx, "paws-user")
	fmt.Println(user, err)
}

package session

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/aws/smithy-go/middleware"
)

// RawInput makes functions that set what boto never knew into a step of the
// SDK's stack: each set is a func(*ec2.RunInstancesInput), or of another
// operation's input, and is called with every such input before it is sent.
func RawInput(set ...any) (func(*middleware.Stack) error, error) {
	type change struct {
		input reflect.Type
		call  reflect.Value
	}
	var changes []change
	for _, s := range set {
		v := reflect.ValueOf(s)
		if v.Kind() != reflect.Func || v.Type().NumIn() != 1 || v.Type().NumOut() != 0 || v.Type().IsVariadic() || !isInput(v.Type().In(0)) {
			return nil, fmt.Errorf("raw access takes a function of an operation's input, as func(in *ec2.RunInstancesInput), not a %T", s)
		}
		changes = append(changes, change{v.Type().In(0), v})
	}
	return func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("pawsh:raw", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
			v := reflect.ValueOf(in.Parameters)
			for _, c := range changes {
				if v.IsValid() && v.Type() == c.input {
					c.call.Call([]reflect.Value{v})
				}
			}
			return next.HandleInitialize(ctx, in)
		}), middleware.Before)
	}, nil
}

func isInput(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct && strings.HasSuffix(t.Elem().Name(), "Input") &&
		strings.Contains(t.Elem().PkgPath(), "/aws-sdk-go-v2/service/")
}

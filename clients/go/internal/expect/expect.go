// Package expect says what each call was for, and stops at the first surprise.
package expect

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/zscaler/zscaler-sdk-go/v3/zscaler"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/errorx"
)

// Service is a client of the OneAPI as the variables say, without a memory of its own for answers.
func Service(setters ...zscaler.ConfigSetter) *zscaler.Service {
	config, err := zscaler.NewConfiguration(append([]zscaler.ConfigSetter{zscaler.WithCache(false)}, setters...)...)
	OK("configure a client", err)
	service, err := zscaler.NewOneAPIClient(config)
	OK("sign in", err)
	return service
}

// Fail ends the program: what was attempted, and what came instead.
func Fail(step string, why any) {
	fmt.Printf("FAILED %s: %v\n", step, why)
	os.Exit(1)
}

// OK holds when there is no error.
func OK(step string, err error) {
	if err != nil {
		Fail(step, err)
	}
	fmt.Println("ok    ", step)
}

// Equal holds when both are the same.
func Equal[T any](step string, got, wanted T) {
	if !reflect.DeepEqual(got, wanted) {
		Fail(step, fmt.Sprintf("wanted %#v, got %#v", wanted, got))
	}
	fmt.Println("ok    ", step)
}

// True holds when the condition does.
func True(step string, holds bool, why any) {
	if !holds {
		Fail(step, why)
	}
	fmt.Println("ok    ", step)
}

// Refused holds when the call was refused with this status, in words that hold each of the mentions.
func Refused(step string, err error, status int, mentions ...string) {
	var refusal *errorx.ErrorResponse
	if !errors.As(err, &refusal) || refusal.Response == nil || refusal.Response.StatusCode != status {
		Fail(step, fmt.Sprintf("wanted %d, got %v", status, err))
	}
	for _, mention := range mentions {
		if !strings.Contains(err.Error(), mention) {
			Fail(step, fmt.Sprintf("the error does not name %q: %v", mention, err))
		}
	}
	fmt.Println("ok    ", step, "(refused)")
}

// Gone holds when the SDK, and so Terraform, takes the refusal for a record that is not there.
func Gone(step string, err error) {
	var refusal *errorx.ErrorResponse
	if !errors.As(err, &refusal) || !refusal.IsObjectNotFound() {
		Fail(step, fmt.Sprintf("wanted what the SDK takes for gone, got %v", err))
	}
	fmt.Println("ok    ", step)
}

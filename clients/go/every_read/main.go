// Command every_read calls every function of the Go SDK that lists or gets something, of all products.
//
// The functions stand in the files of the products, which `go run ./listing` writes; a release with others is a
// failure until they are written anew. What a record's id and name are is learnt from its package's own list; other
// arguments, and the few answers that are known to be no plain success, stand in known.go. What Zuno does not have
// must say so at once.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zscaler/zscaler-sdk-go/v3/zscaler"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/errorx"
	"zuno.example/clients/internal/expect"
	"zuno.example/clients/internal/sdk"
)

// read is a function of the SDK, with the names of its parameters behind the service.
type read struct {
	name       string
	function   any
	parameters []string
}

// longest is how long a call may take; a client that tries again and again takes longer.
const longest = 20 * time.Second

// atOnce is how many packages are read at once, each by a client of its own: a client lets twenty reads pass in ten
// seconds.
const atOnce = 12

// verdict is what came of a call.
type verdict struct{ kind, name, why string }

func main() {
	tables := map[string][]read{"zcc": zcc, "zdx": zdx, "zia": zia, "zid": zid, "zpa": zpa, "ztw": ztw}
	complete(tables)
	world := make(map[string]string)
	prepare(world)

	packages := map[string][]read{}
	for product, table := range tables {
		for _, each := range table {
			folder := product + "/" + each.name[:strings.LastIndex(each.name, ".")]
			packages[folder] = append(packages[folder], each)
		}
	}
	var wait sync.WaitGroup
	var lock sync.Mutex
	var verdicts []verdict
	places := make(chan struct{}, atOnce)
	for folder, table := range packages {
		wait.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			found := (&reader{folder: folder, world: world}).all(table)
			lock.Lock()
			verdicts = append(verdicts, found...)
			lock.Unlock()
		})
	}
	wait.Wait()
	tell(verdicts)
}

// complete ends the program unless the tables hold all that the SDK has, and no more.
func complete(tables map[string][]read) {
	folder, err := sdk.Folder()
	expect.OK("find the SDK", err)
	for _, product := range sdk.Products {
		functions, err := sdk.Functions(folder, product)
		expect.OK("read the source of "+product, err)
		var existing, named []string
		for _, function := range functions {
			existing = append(existing, function.Key())
		}
		for _, each := range tables[product] {
			named = append(named, runtime.FuncForPC(reflect.ValueOf(each.function).Pointer()).Name())
		}
		slices.Sort(named)
		slices.Sort(existing)
		expect.Equal("the table names every function of "+product+": go run ./listing", named, existing)
	}
}

func tell(verdicts []verdict) {
	slices.SortFunc(verdicts, func(one, other verdict) int {
		return strings.Compare(one.kind+one.name, other.kind+other.name)
	})
	counts := map[string]int{}
	for _, each := range verdicts {
		counts[each.kind]++
		if each.kind == "WRONG" || each.kind == "odd" || len(os.Args) > 1 {
			fmt.Printf("%-7s %s: %s\n", each.kind, each.name, strings.Join(strings.Fields(each.why), " "))
		}
	}
	for name := range odd {
		if !slices.ContainsFunc(verdicts, func(each verdict) bool { return each.name == name }) {
			expect.Fail("known.go", name+" is no function of the SDK")
		}
	}
	expect.Equal("answers that are wrong", counts["WRONG"], 0)
	fmt.Printf("ok     %d functions: %v\n", len(verdicts), counts)
}

// reader reads one package of the SDK.
type reader struct {
	folder  string
	world   map[string]string
	service *zscaler.Service
	// The first record that the package's own lists have.
	record reflect.Value
}

func (r *reader) all(table []read) []verdict {
	config, err := zscaler.NewConfiguration(zscaler.WithCache(false))
	if err == nil {
		r.service, err = zscaler.NewOneAPIClient(config)
	}
	if err != nil {
		return []verdict{{"WRONG", r.folder, err.Error()}}
	}
	defer r.service.Client.Close()
	var verdicts []verdict
	// Lists first: they tell what there is to get.
	for _, lists := range []bool{true, false} {
		for _, each := range table {
			if r.lists(each) == lists {
				verdicts = append(verdicts, r.call(each))
			}
		}
	}
	return verdicts
}

// lists tells whether a function answers with a list and asks for no record of its own package.
func (r *reader) lists(each read) bool {
	kind := reflect.TypeOf(each.function)
	if kind.NumOut() == 0 || kind.Out(0).Kind() != reflect.Slice {
		return false
	}
	for i := range each.parameters {
		if _, given := r.given(each, i); !given && r.asks(each, i) != "" {
			return false
		}
	}
	return true
}

// asks tells what of a record a parameter wants: its id, its name, or nothing.
func (r *reader) asks(each read, i int) string {
	kind, name := reflect.TypeOf(each.function).In(i+2).Kind(), strings.ToLower(each.parameters[i])
	switch {
	case kind != reflect.String && kind != reflect.Int:
		return ""
	case strings.HasSuffix(name, "name"):
		return "Name"
	case strings.HasSuffix(name, "id") || name == "identifier":
		return "ID"
	}
	return ""
}

// given is what known.go says of a parameter, by function and name or by product and name.
func (r *reader) given(each read, i int) (string, bool) {
	product, _, _ := strings.Cut(r.folder, "/")
	for _, key := range []string{product + "/" + each.name + " " + each.parameters[i], product + " " + each.parameters[i]} {
		if value, ok := arguments[key]; ok {
			if known, ok := strings.CutPrefix(value, "$"); ok {
				value = r.world[known]
			}
			return value, true
		}
	}
	return "", false
}

func (r *reader) call(each read) verdict {
	product, _, _ := strings.Cut(r.folder, "/")
	name := product + "/" + each.name
	function := reflect.ValueOf(each.function)
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	arguments := []reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(r.service)}
	wanted, unknown := map[string]any{}, false
	for i := range each.parameters {
		kind := function.Type().In(i + 2)
		if function.Type().IsVariadic() && i+3 == function.Type().NumIn() {
			break
		}
		value := reflect.New(kind).Elem()
		asked := r.asks(each, i)
		if text, ok := r.given(each, i); ok {
			fill(value, text)
		} else if asked != "" {
			if member := r.member(asked); member.IsValid() && member.Kind() == kind.Kind() {
				value.Set(member.Convert(kind))
				wanted[asked] = value.Interface()
			} else {
				fill(value, "999999")
				unknown = true
			}
		} else if kind.Kind() == reflect.Int {
			value.SetInt(1)
		}
		arguments = append(arguments, value)
	}
	started := time.Now()
	results := function.Call(arguments)
	took := time.Since(started)
	err, _ := results[len(results)-1].Interface().(error)
	said := fmt.Sprint(err)
	known, isOdd := odd[name]
	var refusal *errorx.ErrorResponse
	errors.As(err, &refusal)
	switch {
	case isOdd:
		if !strings.Contains(said, known.says) {
			return verdict{"WRONG", name, fmt.Sprintf("wanted %q (%s), got %s", known.says, known.why, said)}
		}
		return verdict{"odd", name, known.why}
	case took > longest/2:
		return verdict{"WRONG", name, fmt.Sprintf("took %s: %s", took, said)}
	case err != nil && unknown:
		if refusal == nil && strings.HasPrefix(said, "no ") || strings.Contains(said, "not found") ||
			refusal != nil && refusal.Response != nil && refusal.Response.StatusCode < 500 {
			return verdict{"nothing", name, said}
		}
		return verdict{"WRONG", name, said}
	case err != nil:
		return verdict{"WRONG", name, fmt.Sprintf("%v: %s", wanted, said)}
	}
	return r.judge(name, results[0], wanted)
}

// judge holds what was answered against what was asked for.
func (r *reader) judge(name string, answered reflect.Value, wanted map[string]any) verdict {
	if answered.Kind() == reflect.Slice {
		if !r.record.IsValid() && len(wanted) == 0 && answered.Len() > 0 && structure(answered.Index(0)).Kind() == reflect.Struct {
			if found := structure(answered.Index(0)); identity(found).IsValid() {
				r.record = found
			}
		}
		return verdict{"list", name, fmt.Sprint(answered.Len())}
	}
	if answered.Kind() == reflect.Pointer && answered.IsNil() {
		return verdict{"WRONG", name, "it answered nil and no error"}
	}
	whole := structure(answered)
	if whole.Kind() == reflect.Struct {
		for member, value := range wanted {
			got := whole.FieldByName(member)
			if member == "ID" {
				got = identity(whole)
			}
			if got.IsValid() && got.Comparable() && !strings.EqualFold(fmt.Sprint(got.Interface()), fmt.Sprint(value)) {
				return verdict{"WRONG", name, fmt.Sprintf("%s should be %v, is %v", member, value, got.Interface())}
			}
		}
	}
	return verdict{"read", name, ""}
}

func (r *reader) member(name string) reflect.Value {
	if !r.record.IsValid() {
		return reflect.Value{}
	}
	member := r.record.FieldByName(name)
	if name == "ID" {
		member = identity(r.record)
	}
	if member.IsValid() && member.IsZero() && name == "Name" {
		return reflect.Value{}
	}
	return member
}

// identity is the member that says which record it is.
func identity(record reflect.Value) reflect.Value {
	for _, name := range []string{"ID", "Id"} {
		if member := record.FieldByName(name); member.IsValid() {
			return member
		}
	}
	return reflect.Value{}
}

func structure(value reflect.Value) reflect.Value {
	for value.Kind() == reflect.Pointer || value.Kind() == reflect.Interface {
		value = value.Elem()
	}
	return value
}

// fill sets an argument from its text; a number from its digits, a list from its words.
func fill(value reflect.Value, text string) {
	switch value.Kind() {
	case reflect.String:
		value.SetString(text)
	case reflect.Int:
		number := 0
		fmt.Sscan(text, &number)
		value.SetInt(int64(number))
	case reflect.Slice:
		value.Set(reflect.ValueOf(strings.Fields(text)).Convert(value.Type()))
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		fill(value.Elem(), text)
	}
}

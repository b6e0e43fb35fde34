// Command zia_chain saves a URL category, a label and a filtering rule that uses both, activates them and takes them
// down again, with the Go SDK.
package main

import (
	"context"
	"slices"

	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/activation"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/common"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/location/locationmanagement"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/rule_labels"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/trafficforwarding/staticips"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/urlcategories"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/urlfilteringpolicies"
	"zuno.example/clients/internal/expect"
)

func main() {
	ctx, service := context.Background(), expect.Service()
	status := func(step, wanted string) {
		found, err := activation.GetActivationStatus(ctx, service)
		expect.OK("read the status", err)
		expect.Equal(step, found.Status, wanted)
	}

	category, err := urlcategories.CreateURLCategories(ctx, service, &urlcategories.URLCategory{
		ConfiguredName: "Go tide tables", SuperCategory: "USER_DEFINED", Type: "URL_CATEGORY", CustomCategory: true,
		Urls: []string{".go-tides.example", "go-almanac.example"}})
	expect.OK("create a URL category", err)
	status("saving is not activating", "PENDING")
	whole := *category
	whole.Urls = []string{"go-moon.example"}
	_, _, err = urlcategories.UpdateURLCategories(ctx, service, category.ID, &whole, "ADD_TO_LIST")
	expect.OK("add a URL", err)
	grown, err := urlcategories.Get(ctx, service, category.ID)
	expect.OK("read the category", err)
	expect.Equal("it has three URLs", len(grown.Urls), 3)

	label, _, err := rule_labels.Create(ctx, service, &rule_labels.RuleLabels{Name: "Go harbour rules", Description: "for pilots"})
	expect.OK("create a rule label", err)
	rule, err := urlfilteringpolicies.Create(ctx, service, &urlfilteringpolicies.URLFilteringRule{
		Name: "Go block tide tables", State: "ENABLED", Order: 1, Rank: 7, Action: "BLOCK", Protocols: []string{"ANY_RULE"},
		RequestMethods: []string{"GET", "HEAD", "POST"}, URLCategories: []string{category.ID},
		Labels: []common.IDNameExtensions{{ID: label.ID}}})
	expect.OK("create a filtering rule", err)
	read, err := urlfilteringpolicies.GetByName(ctx, service, "Go block tide tables")
	expect.OK("find the rule by its name", err)
	expect.Equal("it stands first", read.Order, 1)
	expect.Equal("it names the category", read.URLCategories, []string{category.ID})
	expect.Equal("it wears the label", read.Labels[0].ID, label.ID)
	rule.Description, rule.Labels = "let them look outside", nil
	_, err = urlfilteringpolicies.Update(ctx, service, rule.ID, rule)
	expect.OK("update the rule without the label", err)
	read, err = urlfilteringpolicies.Get(ctx, service, rule.ID)
	expect.OK("read the rule", err)
	expect.Equal("what was left out is gone", len(read.Labels), 0)

	_, err = urlcategories.DeleteURLCategories(ctx, service, category.ID)
	expect.Refused("delete the category in use", err, 409, "RESOURCE_IN_USE")

	address, _, err := staticips.Create(ctx, service, &staticips.StaticIP{IpAddress: "203.0.113.9", Comment: "Go office",
		GeoOverride: true, Latitude: 53.55, Longitude: 9.99, RoutableIP: true})
	expect.OK("reserve a static IP", err)
	address.Comment = "Go harbour office"
	_, _, err = staticips.Update(ctx, service, address.ID, address)
	expect.OK("update it with its own address", err)
	office, err := locationmanagement.Create(ctx, service, &locationmanagement.Locations{Name: "Go harbour office",
		Country: "GERMANY", TZ: "GERMANY_EUROPE_BERLIN", IPAddresses: []string{"203.0.113.9"}})
	expect.OK("create a location", err)
	quay, err := locationmanagement.Create(ctx, service, &locationmanagement.Locations{Name: "Go quay", ParentID: office.ID,
		Country: "GERMANY", TZ: "GERMANY_EUROPE_BERLIN", IPAddresses: []string{"10.21.0.0-10.21.0.255"}})
	expect.OK("create a sublocation", err)
	below, err := locationmanagement.GetSublocations(ctx, service, office.ID)
	expect.OK("list the sublocations", err)
	expect.True("the quay is one", slices.ContainsFunc(below, func(each locationmanagement.Locations) bool {
		return each.ID == quay.ID
	}), below)

	made, err := activation.CreateActivation(ctx, service, activation.Activation{Status: "ACTIVE"})
	expect.OK("activate", err)
	expect.Equal("activation answers", made.Status, "ACTIVE")
	looked, err := urlcategories.GetURLLookup(ctx, service, []string{"www.go-tides.example", "bbc.com"})
	expect.OK("look two URLs up", err)
	expect.Equal("our category is the answer", looked[0].URLClassifications, []string{category.ID})

	for _, id := range []int{quay.ID, office.ID} {
		_, err = locationmanagement.Delete(ctx, service, id)
		expect.OK("delete a location", err)
	}
	_, err = staticips.Delete(ctx, service, address.ID)
	expect.OK("release the static IP", err)
	_, err = urlfilteringpolicies.Delete(ctx, service, rule.ID)
	expect.OK("delete the rule", err)
	_, err = rule_labels.Delete(ctx, service, label.ID)
	expect.OK("delete the label", err)
	_, err = urlcategories.DeleteURLCategories(ctx, service, category.ID)
	expect.OK("delete the category", err)
	_, err = activation.CreateActivation(ctx, service, activation.Activation{Status: "ACTIVE"})
	expect.OK("activate the clean-up", err)
	_, err = rule_labels.Get(ctx, service, label.ID)
	expect.Gone("the label is gone", err)
	status("nothing waits", "ACTIVE")
}

// Command legacy_hosts signs in at the older hosts of internet access, connectors, client connector and digital experience
// with the Go SDK's older clients.
package main

import (
	"context"
	"os"

	"github.com/zscaler/zscaler-sdk-go/v3/zscaler"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zcc"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zcc/services/devices"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zdx"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zdx/services/reports/applications"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/rule_labels"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/ztw"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/ztw/services/ecgroup"
	"zuno.example/clients/internal/expect"
)

func main() {
	ctx := context.Background()

	// It wants to know the cloud before it reads the variables.
	config, err := zia.NewConfiguration(zia.WithCache(false), zia.WithZiaCloud(os.Getenv("ZIA_CLOUD")))
	expect.OK("configure the client of internet access", err)
	service, err := zscaler.NewLegacyZiaClient(config)
	expect.OK("make it", err)
	label, _, err := rule_labels.Create(ctx, service, &rule_labels.RuleLabels{Name: "Go older harbour"})
	expect.OK("sign in, create a label", err)
	found, err := rule_labels.GetRuleLabelByName(ctx, service, "Go older harbour")
	expect.OK("find it by its name", err)
	expect.Equal("it is that label", found.ID, label.ID)
	_, err = rule_labels.Delete(ctx, service, label.ID)
	expect.OK("delete it", err)
	_, err = rule_labels.Get(ctx, service, label.ID)
	expect.Gone("it is gone", err)
	client, err := zia.NewClient(config)
	expect.OK("make another", err)
	expect.OK("sign it in and out", client.Logout(ctx))

	connectors, err := ztw.NewConfiguration(ztw.WithCache(false))
	expect.OK("configure the client of connectors", err)
	service, err = zscaler.NewLegacyZtwClient(connectors)
	expect.OK("make it", err)
	_, err = ecgroup.GetAll(ctx, service)
	expect.OK("sign in, list the groups", err)

	mobile, err := zcc.NewConfiguration()
	expect.OK("configure the client of client connector", err)
	service, err = zscaler.NewLegacyZccClient(mobile)
	expect.OK("sign in", err)
	enrolled, err := devices.GetAll(ctx, service, "", "")
	expect.OK("list the devices", err)
	expect.True("there are some", len(enrolled) > 0, enrolled)

	experience, err := zdx.NewConfiguration()
	expect.OK("configure the client of digital experience", err)
	// The SDK sends its functions for digital experience to the client of private access, which is not there then.
	measuring, err := zdx.NewClient(experience)
	expect.OK("sign in", err)
	var measured []applications.Apps
	_, err = measuring.NewRequestDo(ctx, "GET", "/v1/apps", nil, nil, &measured)
	expect.OK("list the applications", err)
	expect.True("there are some", len(measured) > 0, measured)
}

// Command legacy_zpa signs in at the older private access API with the Go SDK's older client.
package main

import (
	"context"

	"github.com/zscaler/zscaler-sdk-go/v3/zscaler"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/segmentgroup"
	"zuno.example/clients/internal/expect"
)

func main() {
	ctx := context.Background()
	config, err := zpa.NewConfiguration(zpa.WithZPACloud("PRODUCTION"), zpa.WithCache(false))
	expect.OK("configure the older client", err)
	service, err := zscaler.NewLegacyZpaClient(config)
	expect.OK("make it", err)
	group, _, err := segmentgroup.Create(ctx, service, &segmentgroup.SegmentGroup{Name: "Go old harbour", Enabled: true})
	expect.OK("create a segment group", err)
	found, _, err := segmentgroup.GetByName(ctx, service, "Go old harbour")
	expect.OK("find it by its name", err)
	expect.Equal("it is that group", found.ID, group.ID)
	group.Description = "kept"
	_, err = segmentgroup.Update(ctx, service, group.ID, group)
	expect.OK("update it", err)
	read, _, err := segmentgroup.Get(ctx, service, group.ID)
	expect.OK("read it", err)
	expect.Equal("the description is kept", read.Description, "kept")
	_, err = segmentgroup.Delete(ctx, service, group.ID)
	expect.OK("delete it", err)
	_, _, err = segmentgroup.Get(ctx, service, group.ID)
	expect.Gone("it is gone", err)
}

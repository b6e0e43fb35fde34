// Command zcc_chain reads the devices of Client Connector and keeps a trusted network and a forwarding profile for a
// while, with the Go SDK.
package main

import (
	"context"
	"slices"

	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zcc/services/devices"
	profiles "github.com/zscaler/zscaler-sdk-go/v3/zscaler/zcc/services/forwarding_profile"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zcc/services/secrets/getotp"
	networks "github.com/zscaler/zscaler-sdk-go/v3/zscaler/zcc/services/trusted_network"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zcc/services/web_privacy"
	"zuno.example/clients/internal/expect"
)

func main() {
	ctx, service := context.Background(), expect.Service()

	found, err := devices.GetAll(ctx, service, "", "")
	expect.OK("list the devices", err)
	expect.True("there are some", len(found) > 0, found)
	otp, err := getotp.GetOtp(ctx, service, found[0].Udid)
	expect.OK("ask for one-time passwords", err)
	expect.True("there is one", otp.Otp != "" || otp.LogoutOtp != "", otp)
	privacy, err := web_privacy.GetWebPrivacyInfo(ctx, service)
	expect.OK("read what may be collected", err)
	_, err = web_privacy.UpdateWebPrivacyInfo(ctx, service, privacy)
	expect.OK("write it back, with what is not known empty", err)

	network, _, err := networks.CreateTrustedNetwork(ctx, service, &networks.TrustedNetwork{
		NetworkName: "Go harbour office", Active: true, DnsServers: "10.20.0.53,10.20.0.54", TrustedSubnets: "10.20.0.0/16"})
	expect.OK("create a trusted network", err)
	network.Hostnames = "quay.example"
	_, _, err = networks.UpdateTrustedNetwork(ctx, service, network)
	expect.OK("update it", err)
	again, _, err := networks.GetTrustedNetworkByName(ctx, service, "Go harbour office")
	expect.OK("find it by its name", err)
	expect.Equal("its host is kept", again.Hostnames, "quay.example")

	// A client lets few writes pass a day, whatever the server says; another starts counting anew.
	service = expect.Service()
	made, err := profiles.CreateForwardingProfile(ctx, service, &profiles.ForwardingProfileRequest{
		ID: "-1", Name: "Go harbour profile", Active: 1, TrustedNetworkIds: []int{}})
	expect.OK("create a forwarding profile", err)
	expect.Equal("it says so", made.Success, "true")
	listed, err := profiles.GetForwardingProfileByCompanyID(ctx, service, "", nil, nil)
	expect.OK("list the profiles", err)
	expect.True("ours is one", slices.ContainsFunc(listed, func(each profiles.ForwardingProfile) bool {
		return int(each.ID) == made.ID && each.Name == "Go harbour profile" && each.Active == "1"
	}), listed)

	service = expect.Service()
	_, err = profiles.DeleteForwardingProfile(ctx, service, made.ID)
	expect.OK("delete the profile", err)
	_, err = networks.DeleteTrustedNetwork(ctx, service, network.ID)
	expect.OK("delete the network", err)
	_, _, err = networks.GetTrustedNetworkByID(ctx, service, network.ID)
	expect.True("the network is gone", err != nil, "it is still there")
}

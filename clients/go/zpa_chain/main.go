// Command zpa_chain puts a private application behind access rules and takes it down again, with the Go SDK.
//
// One rule is written with the first version of the policy API, which Terraform's older resources use, one with the
// second. Taking it down in the wrong order must be refused, with an error that names who still needs it.
package main

import (
	"context"

	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/appconnectorgroup"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/applicationsegment"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/enrollmentcert"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/policysetcontroller"
	v2 "github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/policysetcontrollerv2"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/provisioningkey"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/segmentgroup"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/servergroup"
	"zuno.example/clients/internal/expect"
)

func main() {
	ctx, service := context.Background(), expect.Service()

	connectors, _, err := appconnectorgroup.Create(ctx, service, appconnectorgroup.AppConnectorGroup{
		Name: "Go harbour connectors", Description: "two in the harbour office", Enabled: true, CityCountry: "Hamburg, DE",
		CountryCode: "DE", Latitude: "53.5507", Longitude: "9.9930", Location: "Hamburg, Germany", UpgradeDay: "SUNDAY",
		UpgradeTimeInSecs: "66600", VersionProfileID: "0", DNSQueryType: "IPV4_IPV6"})
	expect.OK("create a connector group", err)
	cert, _, err := enrollmentcert.GetByName(ctx, service, "Connector")
	expect.OK("find the connectors' certificate", err)
	key, _, err := provisioningkey.Create(ctx, service, "CONNECTOR_GRP", &provisioningkey.ProvisioningKey{
		Name: "Go harbour key", MaxUsage: "2", EnrollmentCertID: cert.ID, ZcomponentID: connectors.ID})
	expect.OK("create a provisioning key", err)
	keys, err := provisioningkey.GetAllByZComponentID(ctx, service, "CONNECTOR_GRP", connectors.ID)
	expect.OK("list the group's keys", err)
	expect.Equal("the group has that key", keys[0].ID, key.ID)

	servers, _, err := servergroup.Create(ctx, service, &servergroup.ServerGroup{Name: "Go harbour servers", Enabled: true,
		DynamicDiscovery: true, AppConnectorGroups: []appconnectorgroup.AppConnectorGroup{{ID: connectors.ID}}})
	expect.OK("create a server group", err)
	group, _, err := segmentgroup.Create(ctx, service, &segmentgroup.SegmentGroup{Name: "Go harbour quay", Enabled: true})
	expect.OK("create a segment group", err)
	wanted := applicationsegment.ApplicationSegmentResource{Name: "Go crane ledger", Enabled: true,
		DomainNames: []string{"ledger.go-harbour.example"}, SegmentGroupID: group.ID, BypassType: "NEVER",
		HealthCheckType: "DEFAULT", HealthReporting: "ON_ACCESS", TCPPortRanges: []string{"8443", "8443"},
		ServerGroups: []servergroup.ServerGroup{{ID: servers.ID}}}
	app, _, err := applicationsegment.Create(ctx, service, wanted)
	expect.OK("create an application segment", err)
	expect.Equal("the segment answers with its group", app.SegmentGroupID, group.ID)

	found, _, err := segmentgroup.GetByName(ctx, service, "go harbour quay")
	expect.OK("find the segment group by its name in another case", err)
	expect.Equal("it is that group", found.ID, group.ID)

	set, _, err := policysetcontroller.GetByPolicyType(ctx, service, "ACCESS_POLICY")
	expect.OK("read the policy set", err)
	allow, _, err := policysetcontroller.CreateRule(ctx, service, &policysetcontroller.PolicyRule{Name: "Go allow ledger",
		Action: "ALLOW", Operator: "AND", PolicySetID: set.ID, Conditions: []policysetcontroller.Conditions{{Operator: "OR",
			Operands: []policysetcontroller.Operands{{ObjectType: "APP", LHS: "id", RHS: app.ID}}}}})
	expect.OK("create a rule, first version", err)
	deny, _, err := v2.CreateRule(ctx, service, &v2.PolicyRule{Name: "Go deny harbour", Action: "DENY", PolicySetID: set.ID,
		Conditions: []v2.PolicyRuleResourceConditions{
			{Operator: "OR", Operands: []v2.PolicyRuleResourceOperands{{ObjectType: "APP_GROUP", Values: []string{group.ID}}}},
			{Operator: "OR", Operands: []v2.PolicyRuleResourceOperands{{ObjectType: "CLIENT_TYPE",
				Values: []string{"zpn_client_type_zapp", "zpn_client_type_exporter"}}}}}})
	expect.OK("create a rule, second version", err)

	_, err = policysetcontroller.Reorder(ctx, service, set.ID, deny.ID, 1)
	expect.OK("move the second rule to the top", err)
	rules, _, err := policysetcontroller.GetAllByType(ctx, service, "ACCESS_POLICY")
	expect.OK("list the rules", err)
	expect.Equal("the moved rule is tried first", rules[0].ID, deny.ID)
	read, _, err := v2.GetPolicyRule(ctx, service, set.ID, deny.ID)
	expect.OK("read the second rule", err)
	expect.Equal("it asks two things", len(read.Conditions), 2)
	first, _, err := policysetcontroller.GetPolicyRule(ctx, service, set.ID, allow.ID)
	expect.OK("read the first rule", err)
	first.Description = "changed without an order"
	first.RuleOrder = ""
	_, err = policysetcontroller.UpdateRule(ctx, service, set.ID, allow.ID, first)
	expect.OK("update the first rule without its order", err)
	after, _, err := policysetcontroller.GetByNameAndType(ctx, service, "ACCESS_POLICY", "Go allow ledger")
	expect.OK("find it by its name", err)
	expect.Equal("its description is kept", after.Description, "changed without an order")

	wanted.ID, wanted.Description, wanted.TCPPortRanges = app.ID, "day book", []string{"8443", "8444"}
	_, err = applicationsegment.Update(ctx, service, app.ID, wanted)
	expect.OK("update the segment", err)
	seen, _, err := applicationsegment.Get(ctx, service, app.ID)
	expect.OK("read the segment", err)
	expect.Equal("its ports are kept", seen.TCPPortRanges, []string{"8443", "8444"})

	_, err = appconnectorgroup.Delete(ctx, service, connectors.ID)
	expect.Refused("delete the connector group first", err, 400, "resource.referenced", "Go harbour key")
	_, err = segmentgroup.Delete(ctx, service, group.ID)
	expect.Refused("delete the segment group next", err, 400, "resource.referenced", "Go crane ledger")

	for _, rule := range []string{allow.ID, deny.ID} {
		_, err = policysetcontroller.Delete(ctx, service, set.ID, rule)
		expect.OK("delete a rule", err)
	}
	_, err = applicationsegment.Delete(ctx, service, app.ID)
	expect.OK("delete the segment", err)
	_, err = segmentgroup.Delete(ctx, service, group.ID)
	expect.OK("delete the segment group", err)
	_, err = servergroup.Delete(ctx, service, servers.ID)
	expect.OK("delete the server group", err)
	_, err = provisioningkey.Delete(ctx, service, "CONNECTOR_GRP", key.ID)
	expect.OK("delete the key", err)
	_, err = appconnectorgroup.Delete(ctx, service, connectors.ID)
	expect.OK("delete the connector group", err)
	_, _, err = applicationsegment.Get(ctx, service, app.ID)
	expect.Gone("the segment is gone", err)
	_, _, err = policysetcontroller.GetPolicyRule(ctx, service, set.ID, allow.ID)
	expect.Gone("the rule is gone", err)
}

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zdx/services/common"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zdx/services/inventory"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zdx/services/reports/applications"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zdx/services/reports/devices"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/adminauditlogs"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/location/locationmanagement"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/rule_labels"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/saas_security_api"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/trafficforwarding/staticips"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/urlcategories"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/appconnectorgroup"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/applicationsegment"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/idpcontroller"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/postureprofile"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/segmentgroup"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/servergroup"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/trustednetwork"
	"zuno.example/clients/internal/expect"
)

// oddity is an answer that is no plain success, and why.
type oddity struct{ says, why string }

// arguments are what a parameter is given, by product and name or by function and name; `$x` is what prepare learnt.
var arguments = map[string]string{
	"zdx appID": "$app", "zdx probeID": "$probe", "zdx softwareKey": "$software",
	"zdx/reports/devices.GetCloudPathAppDevice probeID":      "$path",
	"zdx/reports/devices.GetDeviceAppCloudPathProbe probeID": "$path",
	"zia appType": "YOUTUBE", "zia channel": "USB", "zia md5Hash": "d41d8cd98f00b204e9800998ecf8427e", "zia details": "full",
	"zia itemType": "CHANNEL", "zia product": "ZIA", "zia productType": "ZIA", "zia ruleType": "WEBMAIL", "zia templateType": "EUN",
	"zia/trafficforwarding/region/ip_address.GetByIPAddress ipAddress": "8.8.8.8",
	"zia regionPrefix":  "San J",
	"zia subLocationID": "$quay", "zia subLocatioName": "Go reading quay",
	"zia/location/locationmanagement.GetSubLocation locationID":          "$office",
	"zia/location/locationmanagement.GetSubLocationByNames locationName": "Go reading office",
	"zia urls": "www.example.com",
	"zia/dlp/dlp_engines.GetByPredefinedEngine engineName":  "PCI",
	"zia/saas_security_api.GetCasbTenantTagPolicy tenantID": "$tenant",
	"zpa IdpId": "$idp", "zpa idpID": "$idp", "zpa idpId": "$idp",
	"zpa/applicationsegment.GetApplicationExport outputPath":                "/dev/null",
	"zpa/applicationsegment.GetMultiMatchUnsupportedReferences domainNames": "reading.go.example",
	"zpa/applicationsegmentbytype.GetByApplicationType applicationType":     "INSPECT",
	"zpa/applicationsegmentbytype.GetByApplicationType appName":             "",
	"ztw/policyresources/zparesources.GetByName targetGroup":                "Go reading ledger",
	"zpa associationType": "CONNECTOR_GRP", "zpa netID": "$network", "zpa policyType": "ACCESS_POLICY",
	"zpa policyTypes": "ACCESS_POLICY", "zpa postureUDID": "$posture", "zpa roleID": "12", "zpa version": "OWASP_CRS/3.3.0",
}

// odd are the functions whose answer is known to be no plain success.
var odd = map[string]oddity{
	"zcc/entitlements.GetZdxGroupEntitlements":                      {"cannot unmarshal object", "it reads a list, and one object is recorded"},
	"zcc/entitlements.GetZpaGroupEntitlements":                      {"cannot unmarshal object", "it reads a list, and one object is recorded"},
	"zcc/admin_users.GetSyncZiaZdxAdminUsers":                       {"404", "a bare 404 is recorded"},
	"zcc/admin_users.GetSyncZpaAdminUsers":                          {"404", "a bare 404 is recorded"},
	"zia/adminauditlogs.GetAdminAuditLogsDownload":                  {"invalid character", "it reads JSON, and the file is CSV"},
	"zia/eventlogentryreport.GetAll":                                {"No Report to download", "its way of asking for one refuses what it is given"},
	"zia/adminuserrolemgmt/admins.GetPasswordExpirySettings":        {"Not allowed for one identity enabled tenants", "refused where the identity service signs people in"},
	"zia/adminuserrolemgmt/roles.GetAPIRole":                        {"no api role found", "no role has no name"},
	"zia/adminuserrolemgmt/roles.GetAuditorRole":                    {"no auditor role found", "no role has no name"},
	"zia/adminuserrolemgmt/roles.GetPartnerRole":                    {"no partner role found", "no role has no name"},
	"zid/users.GetUsers":                                            {"404", "it speaks of a group's users, and names a user"},
	"zia/apptotal.GetAppViewsResponse":                              {"404", "an unknown path is recorded"},
	"zia/endpoint_dlp/endpoint_dlp_rules.Get":                       {"RESOURCE_NOT_FOUND", "the package's first list is of types of files"},
	"zia/endpoint_dlp/endpoint_dlp_rules.GetByName":                 {"no endpoint dlp rule found", "the package's first list is of types of files"},
	"zia/filetypecontrol.Get":                                       {"RESOURCE_NOT_FOUND", "the package's first list is of types of files"},
	"zia/filetypecontrol.GetByName":                                 {"no file type control rule found", "the package's first list is of types of files"},
	"zia/intermediatecacertificates.GetDownloadAttestation":         {"not applicable for the Zscaler root certificate", "the only certificate is the vendor's"},
	"zia/intermediatecacertificates.GetDownloadCSR":                 {"not applicable for the Zscaler root certificate", "the only certificate is the vendor's"},
	"zia/intermediatecacertificates.GetDownloadPublicKey":           {"invalid character '-'", "it reads JSON, and a file is recorded"},
	"zia/intermediatecacertificates.GetShowCSR":                     {"not applicable for the Zscaler root certificate", "the only certificate is the vendor's"},
	"zia/intermediatecacertificates.GetShowCert":                    {"not applicable for the Zscaler root certificate", "the only certificate is the vendor's"},
	"zia/iotreport.GetDeviceTypes":                                  {"NOT_SUBSCRIBED", "no fresh tenant has paid for it"},
	"zia/iotreport.GetIOTCategories":                                {"NOT_SUBSCRIBED", "no fresh tenant has paid for it"},
	"zia/iotreport.GetIOTClassifications":                           {"NOT_SUBSCRIBED", "no fresh tenant has paid for it"},
	"zia/iotreport.GetIOTDeviceList":                                {"NOT_SUBSCRIBED", "no fresh tenant has paid for it"},
	"zia/ips_control_policies/ips_signature_rules.Get":              {"RESOURCE_NOT_FOUND", "the package's first list is of categories"},
	"zia/ips_control_policies/ips_signature_rules.GetByName":        {"no IPS signature found", "the package's first list is of categories"},
	"zia/location/locationmanagement.GetLocationSupportedCountries": {"404", "an unknown path is recorded"},
	"zia/devicegroups.GetDeviceGroupByName":                         {"no device group found", "the package's first list is of devices"},
	"zia/devicegroups.GetDevicesByModel":                            {"no device found", "the model is no name of a device"},
	"zia/devicegroups.GetDevicesByOSType":                           {"no device found", "the system is no name of a device"},
	"zia/devicegroups.GetDevicesByOSVersion":                        {"no device found", "the version is no name of a device"},
	"zia/devicegroups.GetDevicesByOwner":                            {"no device found", "the owner is no name of a device"},
	"zia/location/locationgroups.GetGroupType":                      {"no group type found", "the type is no name of a group"},
	"zia/endpoint_dlp/outbound_email_dlp.GetActions":                {"tenantIds cannot be null", "it names no account, and one must be"},
	"zia/forwarding_control_policy/zpa_gateways.Get":                {"No server group is found", "the first gateway is the vendor's, which the cloud tells so"},
	"zia/tenancy_restriction.GetAppItemCount":                       {"cannot unmarshal number", "it reads an object, and a bare number is documented"},
	"zia/partner_integrations.GetPartnerIntegrations":               {"cannot unmarshal array", "it reads one object, and several partners are told"},
	"zia/partner_integrations.GetCrowdstrikeEndpoints":              {"NOT_SUBSCRIBED", "no fresh tenant has paid for it"},
	"zia/partner_integrations.GetCrowdstrikeWhiteListedBaseURL":     {"NOT_SUBSCRIBED", "no fresh tenant has paid for it"},
	"zia/trafficforwarding/dc_exclusions.GetByName":                 {"no dc exclusion found", "the package's first list is of data centers"},
	"zia/trafficforwarding/gretunnelinfo.GetGRETunnelInfo":          {"no information", "there is no tunnel from nowhere"},
	"zia/trafficforwarding/gretunnels.GetByIPAddress":               {"no device group found", "there is no tunnel from nowhere; the words are the SDK's"},
	"zia/trafficforwarding/staticips.GetByIPAddress":                {"no device group found", "there is no such address; the words are the SDK's"},
	"zia/trafficforwarding/sub_clouds.Get":                          {"Provide at-least one DC id", "it asks about a data center and names none"},
	"zia/trafficforwarding/virtualipaddress.GetZscalerVIPs":         {"no datacenter found", "no data center has no name"},
	"zia/usermanagement/groups.GetGroupByName":                      {"no group found", "no group has no name"},
	"zdx/reports/devices.GetGeoLocations":                           {"api.zsapi.netv1", "it leaves a slash out of the address"},
	"zpa/administrator_controller.GetAll":                           {"cannot unmarshal array", "it reads pages, and a bare list is documented"},
	"zpa/bacertificate.GetIssuedByName":                             {"no issued certificate", "it leaves the asterisk of the name out of the search"},
	"zpa/cloud_connector.GetAll":                                    {"cannot unmarshal string", "it reads a number where the same within a group is text to it"},
	"zpa/samlattribute.GetByIdpAndAttributeID":                      {"no saml attribute", "the first attribute is of another provider"},
	"zpa/c2c_ip_ranges.GetByName":                                   {"cannot unmarshal array", "it reads pages, and a bare list is documented"},
	"zpa/client_settings.GetAllClientSettings":                      {"cannot unmarshal array", "it reads one object, and a bare list is documented"},
	"zpa/location_controller.GetLocationExtranetResource":           {"resource.not.found", "a location is no extranet resource"},
	"zpa/location_controller.GetLocationGroupExtranetResource":      {"resource.not.found", "a location is no extranet resource"},
	"zpa/provisioningkey.GetAllByZComponentID":                      {"<nil>", "the key of another kind of component is no key of it"},
	"zpa/role_controller.GetAll":                                    {"cannot unmarshal array", "it reads pages, and a bare list is documented"},
	"zpa/role_controller.GetByName":                                 {"cannot unmarshal array", "it reads pages, and a bare list is documented"},
	"zpa/step_up_auth.GetStepupAuthLevel":                           {"cannot unmarshal object", "it reads words, and objects are what other clients read"},
	"ztw/adminuserrolemgmt/adminroles.GetAPIRole":                   {"no api role found", "no role has no name"},
	"ztw/adminuserrolemgmt/adminroles.GetAuditorRole":               {"no auditor role found", "no role has no name"},
	"ztw/adminuserrolemgmt/adminroles.GetPartnerRole":               {"no auditor role found", "no role has no name"},
	"ztw/provisioning/api_keys.GetPartnerAPIKey":                    {"no partner api key found", "no key is told by its value"},
}

// prepare makes what the lists would lack in a fresh tenant, and learns the ids that stand in arguments.
func prepare(world map[string]string) {
	ctx, service := context.Background(), expect.Service()

	site, _, err := appconnectorgroup.Create(ctx, service, appconnectorgroup.AppConnectorGroup{Name: "Go reading site", Enabled: true,
		CountryCode: "DE", Latitude: "53.5507", Longitude: "9.9930", Location: "Hamburg, Germany"})
	expect.OK("make a connector group", err)
	servers, _, err := servergroup.Create(ctx, service, &servergroup.ServerGroup{Name: "Go reading servers", Enabled: true,
		DynamicDiscovery: true, AppConnectorGroups: []appconnectorgroup.AppConnectorGroup{{ID: site.ID}}})
	expect.OK("make a server group", err)
	group, _, err := segmentgroup.Create(ctx, service, &segmentgroup.SegmentGroup{Name: "Go reading segments", Enabled: true})
	expect.OK("make a segment group", err)
	_, _, err = applicationsegment.Create(ctx, service, applicationsegment.ApplicationSegmentResource{Name: "Go reading ledger",
		Enabled: true, DomainNames: []string{"reading.go.example"}, SegmentGroupID: group.ID, TCPPortRanges: []string{"443", "443"},
		ServerGroups: []servergroup.ServerGroup{{ID: servers.ID}}})
	expect.OK("make a segment", err)
	_, _, err = rule_labels.Create(ctx, service, &rule_labels.RuleLabels{Name: "Go reading label"})
	expect.OK("make a label", err)
	_, err = urlcategories.CreateURLCategories(ctx, service, &urlcategories.URLCategory{ConfiguredName: "Go reading list",
		SuperCategory: "USER_DEFINED", CustomCategory: true, Urls: []string{".reading.go.example"}})
	expect.OK("make a URL category", err)
	_, _, err = staticips.Create(ctx, service, &staticips.StaticIP{IpAddress: "203.0.113.21", RoutableIP: true})
	expect.OK("reserve a static IP", err)
	office, err := locationmanagement.Create(ctx, service, &locationmanagement.Locations{Name: "Go reading office",
		Country: "GERMANY", TZ: "GERMANY_EUROPE_BERLIN", IPAddresses: []string{"203.0.113.21"}})
	expect.OK("make a location", err)
	quay, err := locationmanagement.Create(ctx, service, &locationmanagement.Locations{Name: "Go reading quay", ParentID: office.ID,
		Country: "GERMANY", TZ: "GERMANY_EUROPE_BERLIN", IPAddresses: []string{"10.22.0.0-10.22.0.255"}})
	expect.OK("make a sublocation", err)
	world["office"], world["quay"] = fmt.Sprint(office.ID), fmt.Sprint(quay.ID)

	end := int(time.Now().Add(time.Minute).UnixMilli())
	_, err = adminauditlogs.CreateAdminAuditLogsExport(ctx, service, adminauditlogs.AuditLogEntryRequest{
		StartTime: end - 3_600_000, EndTime: end, Page: 1, PageSize: "100", ActionTypes: []string{"CREATE"}, ActionResult: "SUCCESS"})
	expect.OK("ask for a report of the log", err)
	report := adminauditlogs.AuditLogEntryReportTaskInfo{}
	for report.Status != "COMPLETE" {
		time.Sleep(500 * time.Millisecond)
		report, err = adminauditlogs.GetAll(ctx, service)
		expect.OK("wait for the report", err)
	}
	expect.True("the report has what was made", report.ProgressItemsComplete >= 5, report)

	tenants, err := saas_security_api.GetCasbTenantLite(ctx, service, nil)
	expect.OK("list the tenants at cloud applications", err)
	world["tenant"] = fmt.Sprint(tenants[0].TenantID)

	idps, _, err := idpcontroller.GetAll(ctx, service)
	expect.OK("list the identity providers", err)
	postures, _, err := postureprofile.GetAll(ctx, service)
	expect.OK("list the posture profiles", err)
	networks, _, err := trustednetwork.GetAll(ctx, service)
	expect.OK("list the trusted networks", err)
	world["idp"], world["posture"], world["network"] = idps[0].ID, postures[0].PostureudID, networks[0].NetworkID

	apps, _, err := applications.GetAllApps(ctx, service, common.GetFromToFilters{})
	expect.OK("list the measured applications", err)
	measured, _, err := devices.GetAllDevices(ctx, service, devices.GetDevicesFilters{})
	expect.OK("list the measured devices", err)
	device, app := measured[0].ID, apps[0].ID
	probes, _, err := devices.GetAllWebProbes(ctx, service, device, app, common.GetFromToFilters{})
	expect.OK("list the probes of an application", err)
	paths, _, err := devices.GetAllCloudPathProbes(ctx, service, device, app, common.GetFromToFilters{})
	expect.OK("list the paths to it", err)
	software, _, _, err := inventory.GetSoftware(ctx, service, inventory.GetSoftwareFilters{})
	expect.OK("list the installed software", err)
	world["software"] = software[0].SoftwareKey
	world["app"], world["probe"], world["path"] = fmt.Sprint(app), fmt.Sprint(probes[0].ID), fmt.Sprint(paths[0].ID)
}

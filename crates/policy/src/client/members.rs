//! Which members of records that hold more the client's profiles are read from.

/// What is read of records that hold more: members, and those of `policyExtension`.
pub(crate) const READ: &[(&str, &[&str], &[&str])] = &[(
    "zcc.application_profile",
    &[
        "id",
        "name",
        "deviceType",
        "active",
        "ruleOrder",
        "groupAll",
        "users",
        "userIds",
        "groups",
        "groupIds",
        "enableDeviceGroups",
        "deviceGroups",
        "deviceGroupIds",
        "onNetPolicy",
        "forwardingProfileId",
        "pac_url",
        "policyExtension",
        "bypassCustomAppIds",
        "appServiceIds",
        "bypassAppIds",
        "bypassApps",
    ],
    &[
        "packetTunnelExcludeList",
        "packetTunnelIncludeList",
        "packetTunnelExcludeListForIPv6",
        "packetTunnelIncludeListForIPv6",
        "packetTunnelDnsExcludeList",
        "packetTunnelDnsIncludeList",
        "vpnGateways",
        "sourcePortBasedBypasses",
    ],
)];

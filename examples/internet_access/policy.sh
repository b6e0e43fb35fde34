#!/usr/bin/env bash
# The same as policy.py, with `zuno api` and jq: run it once against a tenant that has none of it yet.
set -euo pipefail

api() { zuno api zia "$@" --json; }

# Web shops are blocked for the contractors.
contractors=$(api group list | jq '.[] | select(.name == "Contractors") | .id')
shops=$(api url-category create --body '{
    "configuredName": "Web shops", "superCategory": "USER_DEFINED", "customCategory": true,
    "urls": [".shop.example", "bazaar.example"] }' | jq -r .id)
api url-filtering-rule create --body '{
    "name": "No shopping", "order": 1, "rank": 7, "state": "ENABLED", "action": "BLOCK", "protocols": ["ANY_RULE"],
    "requestMethods": ["GET", "POST"], "urlCategories": ["'"$shops"'"], "groups": [{ "id": '"$contractors"' }] }'

# Printers are reached through the firewall.
printers=$(api ip-destination-group create --body '{
    "name": "Printers", "type": "DSTN_IP", "addresses": ["192.0.2.0/28"] }' | jq .id)
api firewall-filtering-rule create --body '{
    "name": "Printers", "order": 1, "rank": 7, "state": "ENABLED", "action": "ALLOW",
    "destIpGroups": [{ "id": '"$printers"' }] }'

# Banks stay out of TLS inspection.
api ssl-inspection-rule create --body '{
    "name": "Banks stay private", "order": 1, "rank": 7, "state": "ENABLED", "urlCategories": ["FINANCE"],
    "action": { "type": "DO_NOT_DECRYPT", "doNotDecryptSubActions": {
        "bypassOtherPolicies": false, "serverCertificates": "ALLOW", "ocspCheck": false,
        "blockSslTrafficWithNoSniEnabled": false, "minTLSVersion": "SERVER_TLS_1_0" } } }'

# Card numbers do not leave, by the vendor's own engine for them.
pci=$(api dlp-engine list | jq '.[] | select(.predefinedEngineName == "PCI") | .id')
api web-dlp-rule create --body '{
    "name": "Card numbers", "order": 1, "rank": 7, "state": "ENABLED", "action": "BLOCK", "protocols": ["ANY_RULE"],
    "dlpEngines": [{ "id": '"$pci"' }] }'

# All of it was a draft until now.
zuno activate

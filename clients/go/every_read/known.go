package main

import (
	"context"

	"zuno.example/clients/internal/expect"
)

// oddity is an answer that is no plain success, and why.
type oddity struct{ says, why string }

// arguments are what a parameter is given, by product and name or by function and name; `$x` is what prepare learnt.
var arguments = map[string]string{
	"zpa policyType":  "ACCESS_POLICY",
	"zpa policyTypes": "ACCESS_POLICY",
	"zpa idpId":       "$idp", "zpa IdpId": "$idp", "zpa idpID": "$idp",
	"zpa associationType": "CONNECTOR_GRP",
	"zpa version":         "OWASP_CRS/3.3.0",
}

// odd are the functions whose answer is known to be no plain success.
var odd = map[string]oddity{}

// prepare makes what the lists would lack in a fresh tenant, and learns the ids that stand in arguments.
func prepare(world map[string]string) {
	ctx, service := context.Background(), expect.Service()
	_, _ = ctx, service
}

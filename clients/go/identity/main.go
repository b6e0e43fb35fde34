// Command identity signs in by secret and by key with the Go SDK, and keeps a user and a group for a while.
package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"

	"github.com/zscaler/zscaler-sdk-go/v3/zscaler"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zia/services/rule_labels"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zid/services/groups"
	servers "github.com/zscaler/zscaler-sdk-go/v3/zscaler/zid/services/resource_servers"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zid/services/users"
	"zuno.example/clients/internal/expect"
)

func main() {
	ctx, admin := context.Background(), expect.Service()

	user, _, err := users.Create(ctx, admin, &users.Users{LoginName: "go.pilot@acme.example", DisplayName: "Go Pilot",
		FirstName: "Go", LastName: "Pilot", PrimaryEmail: "go.pilot@acme.example", Status: true})
	expect.OK("create a user", err)
	group, _, err := groups.Create(ctx, admin, &groups.Groups{Name: "Go pilots", Description: "they know the way"})
	expect.OK("create a group", err)
	_, err = groups.AddUserToGroup(ctx, admin, group.ID, user.ID)
	expect.OK("add the user to it", err)
	of, err := users.GetGroupsByUser(ctx, admin, user.ID, nil)
	expect.OK("list the user's groups", err)
	expect.True("that group is one", slices.ContainsFunc(of.Records, func(each groups.Groups) bool { return each.ID == group.ID }), of)
	user.DisplayName = "Go Harbour Pilot"
	_, _, err = users.Update(ctx, admin, user.ID, user)
	expect.OK("give the user another name", err)
	read, err := users.GetUser(ctx, admin, user.ID)
	expect.OK("read the user", err)
	expect.Equal("the name is kept", read.DisplayName, "Go Harbour Pilot")
	found, err := groups.GetByName(ctx, admin, "go pil")
	expect.OK("find the group by a part of its name", err)
	expect.Equal("it is that group", found[0].ID, group.ID)
	_, err = groups.Delete(ctx, admin, group.ID)
	expect.OK("delete the group", err)
	_, err = users.Delete(ctx, admin, user.ID)
	expect.OK("delete the user", err)
	_, err = users.GetUser(ctx, admin, user.ID)
	expect.Gone("the user is gone", err)

	key, err := rsa.GenerateKey(rand.Reader, 2048)
	expect.OK("make a key", err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	expect.OK("write it", err)
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	expect.OK("write its public half", err)
	armour := func(kind string, bytes []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}))
	}
	id := register(ctx, admin, armour("PUBLIC KEY", public))

	signer := expect.Service(zscaler.WithClientID(id), zscaler.WithClientSecret(""),
		zscaler.WithPrivateKey(armour("PRIVATE KEY", private)))
	label, _, err := rule_labels.Create(ctx, signer, &rule_labels.RuleLabels{Name: "Go by key"})
	expect.OK("create a label by key", err)
	_, err = rule_labels.Delete(ctx, signer, label.ID)
	expect.OK("delete it by key", err)

	_, _, _, err = admin.Client.ExecuteRequest(ctx, "DELETE", "/admin/api/v1/api-clients/"+id, nil, nil, "")
	expect.OK("delete the API client", err)
	config, err := zscaler.NewConfiguration(zscaler.WithClientSecret("wrong"))
	expect.OK("configure a client with a wrong secret", err)
	_, err = zscaler.NewOneAPIClient(config)
	expect.True("it gets no token", err != nil, "it got one")
}

// register makes an API client that signs in with a key; the SDK has no function for it, and carries the call.
func register(ctx context.Context, admin *zscaler.Service, public string) string {
	known, err := servers.GetAll(ctx, admin, nil)
	expect.OK("list the resource servers", err)
	var scopes []map[string]string
	for _, each := range known[0].ServiceScopes {
		for _, scope := range each.Scopes {
			if each.Service.Name == "ZIA" && !strings.Contains(strings.ToLower(scope.Name), "only") {
				scopes = append(scopes, map[string]string{"id": scope.ID, "name": scope.Name})
			}
		}
	}
	expect.True("a role of internet access is offered", len(scopes) > 0, known[0])
	body, err := json.Marshal(map[string]any{
		"name": "Go signer", "status": true, "accessTokenLifeTime": 3600,
		"clientAuthentication": map[string]any{"authType": "PUBKEYCERT",
			"publicKeys": []map[string]string{{"keyName": "go", "keyValue": public}}},
		"clientResources": []map[string]any{{"id": known[0].ID, "name": known[0].Name, "defaultApi": true,
			"selectedScopes": scopes[:1]}}})
	expect.OK("write the API client", err)
	answer, _, _, err := admin.Client.ExecuteRequest(ctx, "POST", "/admin/api/v1/api-clients", strings.NewReader(string(body)), nil, "")
	expect.OK("create an API client with a public key", err)
	var made struct{ ID string }
	expect.OK("read what was made", json.Unmarshal(answer, &made))
	expect.True("it has an id", made.ID != "", fmt.Sprint(string(answer)))
	return made.ID
}

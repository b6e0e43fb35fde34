// npm oidc-provider as a token server in its fastest shape: one process for each core, tokens that are not stored.
// Environment: PORT, ALG (RS256 or ES256), CLIENT_JWK (public key of the client that signs its assertions).
import cluster from 'node:cluster';
import { availableParallelism } from 'node:os';
import * as jose from 'jose';

const alg = process.env.ALG;
if (cluster.isPrimary) {
  const pair = await jose.generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  const key = JSON.stringify({ ...(await jose.exportJWK(pair.privateKey)), use: 'sig', alg, kid: 'k1' });
  for (let n = 0; n < availableParallelism(); n += 1) cluster.fork({ KEY: key });
  process.on('SIGTERM', () => { for (const each of Object.values(cluster.workers)) each.kill(); process.exit(0); });
} else {
  const { Provider } = await import('oidc-provider');
  const issuer = 'http://idp.example'; // the assertions name it; nothing is ever fetched from it
  const client = { grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
    id_token_signed_response_alg: alg };
  const clientKey = JSON.parse(process.env.CLIENT_JWK);
  new Provider(issuer, {
    clients: [
      { ...client, client_id: 'by-secret', client_secret: 'bench', token_endpoint_auth_method: 'client_secret_post' },
      { ...client, client_id: 'by-key', token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: alg, jwks: { keys: [clientKey] } },
    ],
    jwks: { keys: [JSON.parse(process.env.KEY)] },
    clientAuthMethods: ['client_secret_post', 'private_key_jwt'],
    features: {
      clientCredentials: { enabled: true }, devInteractions: { enabled: false },
      resourceIndicators: { enabled: true, defaultResource: () => 'https://api.zscaler.com',
        getResourceServerInfo: () => ({ scope: 'api', audience: 'https://api.zscaler.com', accessTokenTTL: 3600,
          accessTokenFormat: 'jwt', jwt: { sign: { alg } } }) },
    },
  }).listen(Number(process.env.PORT), '127.0.0.1');
}

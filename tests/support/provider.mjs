// A real OpenID provider (npm oidc-provider) on loopback. Whoever signs in as NAME is NAME@example.org, by any password.
// Arguments: the folder of the package, and the address to come back to. Prints `issuer` and its own when it listens.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, ...redirects] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(join(folder, 'lib', 'index.js')));

const claimsOf = (name) => ({ sub: name, email: `${name}@example.org`, email_verified: true, name: `${name} Brandt`, preferred_username: name });
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'homemedia', client_secret: 'client-secret', redirect_uris: redirects }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
    findAccount: (_context, name) => ({ accountId: name, claims: () => claimsOf(name) }),
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['for tests'] },
  });
  server.on('request', provider.callback());
  console.log(`issuer ${issuer}`);
});

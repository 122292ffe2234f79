// A certified OpenID provider with its default settings, as several services at once. Who signs in is typed into its
// own forms; what differs from the defaults is told as JSON: accounts (claims by sub), and of each service its port,
// clients, and where wanted algorithm, ahead (seconds), pkce.

import { AsyncLocalStorage } from "node:async_hooks";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const { accounts, services } = JSON.parse(process.argv[2]);

// A clock that is wrong, while the service that has it answers.
const clock = new AsyncLocalStorage();
const rightly = Date.now;
Date.now = () => rightly() + (clock.getStore() ?? 0) * 1000;

function newKey(algorithm) {
  const made = algorithm === "ES256"
    ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...made.privateKey.export({ format: "jwk" }), kid: randomUUID(), alg: algorithm, use: "sig" };
}

function newProvider({ port, clients, algorithm = "RS256", pkce = false }) {
  return new Provider(`http://127.0.0.1:${port}`, {
    clients: clients.map((client) => ({ ...client, id_token_signed_response_alg: algorithm })),
    claims: { email: ["email", "email_verified"] },
    enabledJWA: { idTokenSigningAlgValues: [algorithm], userinfoSigningAlgValues: [algorithm] },
    features: { jwtUserinfo: { enabled: true } },
    jwks: { keys: [newKey(algorithm)] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
    ...(pkce ? { pkce: { required: () => true } } : {}),
  }).callback();
}

function serve(service) {
  let answer = newProvider(service);
  const server = createServer((request, response) => clock.run(service.ahead ?? 0, () => {
    if (request.url === "/new-keys") {
      answer = newProvider(service);
      response.end();
    } else {
      answer(request, response);
    }
  }));
  return new Promise((up) => server.listen(service.port, "127.0.0.1", up));
}

await Promise.all(services.map(serve));
console.log("up");

// A certified OpenID provider with its default settings. Who signs in is typed into its own forms; what differs from
// the defaults is told as JSON: port, accounts (claims by sub), clients, and where wanted algorithm, ahead, pkce.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const { port, accounts, clients, algorithm = "RS256", ahead = 0, pkce = false } = JSON.parse(process.argv[2]);

// A clock that is wrong, by so many seconds.
const rightly = Date.now;
Date.now = () => rightly() + ahead * 1000;

function newKey() {
  const made = algorithm === "ES256"
    ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...made.privateKey.export({ format: "jwk" }), kid: randomUUID(), alg: algorithm, use: "sig" };
}

function newProvider() {
  return new Provider(`http://127.0.0.1:${port}`, {
    clients: clients.map((client) => ({ ...client, id_token_signed_response_alg: algorithm })),
    claims: { email: ["email", "email_verified"] },
    enabledJWA: { idTokenSigningAlgValues: [algorithm] },
    jwks: { keys: [newKey()] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
    ...(pkce ? { pkce: { required: () => true } } : {}),
  }).callback();
}

let answer = newProvider();

createServer((request, response) => {
  if (request.url === "/new-keys") {
    answer = newProvider();
    response.end();
  } else {
    answer(request, response);
  }
}).listen(port, "127.0.0.1", () => console.log("up"));

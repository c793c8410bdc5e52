"""The key login as a foreign program sees it: Node.js with tweetnacl and bs58, over the network."""

import json
from typing import Any

from aiohttp.test_utils import TestClient

from tests.accounts.porch import Porch
from tests.support.node import run_node

CLIENT = r"""
const nacl = require('tweetnacl');
const bs58 = require('bs58').default || require('bs58');
const [, base, seed] = process.argv;
const pair = nacl.sign.keyPair.fromSeed(new Uint8Array(32).fill(Number(seed)));
const own = bs58.encode(pair.publicKey);
const bytes = (text) => new TextEncoder().encode(text);
async function post(path, body, token) {
  const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body ?? {}) });
  return { status: answer.status, body: await answer.json() };
}
async function signed(secret = pair.secretKey) {
  const { body } = await post('/api/auth/create_session', { public_key: own });
  return { message: body.challenge, signature: bs58.encode(nacl.sign.detached(bytes(body.challenge), secret)) };
}
(async () => {
  const asked = bs58.encode(nacl.randomBytes(32));
  const first = await signed();
  const entered = await post('/api/auth/verify_session', { public_key: own, ...first, server_challenge: asked });
  const { server_signature: theirs, server_public_key: server, accessToken, refreshToken } = entered.body;
  const isServer = nacl.sign.detached.verify(bytes(asked), bs58.decode(theirs), bs58.decode(server));
  const me = await post('/api/me', {}, accessToken);
  const renewed = await post('/api/auth/refresh_token', {}, refreshToken);
  const still = await post('/api/me', {}, renewed.body.accessToken);
  const replayed = await post('/api/auth/verify_session', { public_key: own, ...first });
  const other = nacl.sign.keyPair().secretKey;
  const wrong = await post('/api/auth/verify_session', { public_key: own, ...(await signed(other)) });
  const second = await signed();
  const key = await post('/api/auth/verify_key',
    { public_key: own, message: second.message, signed_message: second.signature });
  console.log(JSON.stringify({ own, entered: entered.status, isServer, me: me.body, still: still.status,
    replayed: replayed.body.code, wrong: wrong.body.code, key: Object.keys(key.body) }));
})();
"""


async def test_signature_made_by_tweetnacl_signs_in(porch: Porch, client: TestClient[Any, Any]) -> None:
    base = str(client.make_url("")).rstrip("/")

    told = json.loads(await run_node(CLIENT, base, "7", packages=("tweetnacl", "bs58")))

    assert (told["entered"], told["isServer"], told["still"]) == (200, True, 200)
    assert (told["replayed"], told["wrong"]) == ("challenge_invalid", "bad_signature")
    assert told["me"]["public_keys"] == [told["own"]]
    assert told["key"] == [
        "success",
        "verified",
        "approval_required",
        "access_token",
        "refresh_token",
        "expires_in",
        "server_public_key",
    ]

"""The photo API's own client library, as its programs use it, on everything that is a member's account."""

import json
from typing import Any

from aiohttp.test_utils import TestClient

from tests.accounts.porch import PASSWORD, Porch
from tests.support.node import node_package, run_node

Client = TestClient[Any, Any]
SDK = "@immich/sdk"
# Each call leaves its status and answer under a name; the library itself throws on what it cannot read.
PROGRAM = """
const [file, baseUrl, ...rest] = process.argv.slice(1);
(async () => {
  const sdk = await import(file);
  const seen = {};
  const call = async (name, made) => {
    try { seen[name] = [200, await made()]; } catch (error) {
      if (!error.status) throw error;
      seen[name] = [error.status, typeof error.data === 'string' && error.data ? JSON.parse(error.data) : error.data];
    }
    return seen[name][1];
  };
  await (async () => { BODY })();
  console.log(JSON.stringify(seen));
})().catch((error) => { console.error(error); process.exit(1); });
"""
WITH_SESSION = """
  sdk.init({ baseUrl });
  const [email, password] = rest;
  const { accessToken } = await call('login', () => sdk.login({ loginCredentialDto: { email, password } }));
  await call('wrong', () => sdk.login({ loginCredentialDto: { email, password: 'no' } }));
  sdk.init({ baseUrl, headers: { Authorization: `Bearer ${accessToken}` } });
  await call('validate', () => sdk.validateAccessToken());
  const me = await call('me', () => sdk.getMyUser());
  await call('rename', () => sdk.updateMyUser({ userUpdateMeDto: { name: 'Aunt Ann', avatarColor: 'green' } }));
  await call('preferences', () => sdk.updateMyPreferences({ userPreferencesUpdateDto: { memories: { duration: 9 } } }));
  await call('onboarded', () => sdk.setUserOnboarding({ onboardingDto: { isOnboarded: true } }));
  await call('forgot', () => sdk.deleteUserOnboarding());
  await call('licence', () => sdk.getUserLicense());
  await call('pin', () => sdk.setupPinCode({ pinCodeSetupDto: { pinCode: '123456' } }));
  await call('pinAgain', () => sdk.setupPinCode({ pinCodeSetupDto: { pinCode: '123456' } }));
  await call('unlock', () => sdk.unlockAuthSession({ sessionUnlockDto: { pinCode: '123456' } }));
  await call('unlocked', () => sdk.getAuthStatus());
  await call('lock', () => sdk.lockAuthSession());
  await call('pinGone', () => sdk.resetPinCode({ pinCodeResetDto: { password } }));
  const cli = { name: 'cli', permissions: ['user.read'] };
  const key = await call('key', () => sdk.createApiKey({ apiKeyCreateDto: cli }));
  await call('keys', () => sdk.getApiKeys());
  await call('rotated', () => sdk.rotateApiKey({ id: key.id }));
  await call('keyChanged', () => sdk.updateApiKey({ id: key.id, apiKeyUpdateDto: { name: 'other' } }));
  await call('noKey', () => sdk.getMyApiKey());
  await call('keyGone', () => sdk.deleteApiKey({ id: key.id }));
  await call('keyNowhere', () => sdk.getApiKey({ id: key.id }));
  const tv = await call('session', () => sdk.createSession({ sessionCreateDto: { duration: 60, deviceType: 'TV' } }));
  await call('reset', () => sdk.updateSession({ id: tv.id, sessionUpdateDto: { isPendingSyncReset: true } }));
  await call('locked', () => sdk.lockSession({ id: tv.id }));
  await call('sessionGone', () => sdk.deleteSession({ id: tv.id }));
  const ben = await call('add', () => sdk.createUserAdmin({ userAdminCreateDto: {
    email: 'ben@example.org', password: 'correct horse', name: 'Ben', quotaSizeInBytes: 10, notify: true } }));
  await call('addAgain', () => sdk.createUserAdmin({ userAdminCreateDto: {
    email: 'ben@example.org', password: 'correct horse', name: 'Ben' } }));
  await call('change', () => sdk.updateUserAdmin({ id: ben.id, userAdminUpdateDto: { quotaSizeInBytes: null } }));
  await call('theirs', () => sdk.getUserPreferencesAdmin({ id: ben.id }));
  await call('counts', () => sdk.getUserStatisticsAdmin({ id: ben.id }));
  await call('devices', () => sdk.getUserSessionsAdmin({ id: ben.id }));
  await call('gone', () => sdk.deleteUserAdmin({ id: ben.id, userAdminDeleteDto: {} }));
  await call('all', () => sdk.searchUsersAdmin({ withDeleted: true }));
  await call('back', () => sdk.restoreUserAdmin({ id: ben.id }));
  await call('shown', () => sdk.getUser({ id: ben.id }));
  await call('noId', () => sdk.getUser({ id: 'nope' }));
  await call('everybody', () => sdk.searchUsers());
  await call('own', () => sdk.deleteUserAdmin({ id: me.id, userAdminDeleteDto: {} }));
  await call('password', () => sdk.changePassword({ changePasswordDto: { password, newPassword: 'battery staple' } }));
  await call('out', () => sdk.logout());
  await call('after', () => sdk.getMyUser());
"""
WITH_KEY = """
  sdk.init({ baseUrl, apiKey: rest[0] });
  await call('me', () => sdk.getMyUser());
  await call('key', () => sdk.getMyApiKey());
  await call('sessions', () => sdk.getSessions());
  await call('validate', () => sdk.validateAccessToken());
  await call('more', () => sdk.createApiKey({ apiKeyCreateDto: { name: 'x', permissions: ['all'] } }));
  sdk.init({ baseUrl, apiKey: 'nonsense' });
  await call('wrong', () => sdk.getMyUser());
"""


async def run(client: Client, body: str, *rest: str) -> dict[str, Any]:
    file = node_package(SDK) / "build" / "index.js"
    told = await run_node(PROGRAM.replace("BODY", body), str(file), str(client.make_url("/api")), *rest)
    return dict(json.loads(told))


def refusals(seen: dict[str, Any]) -> dict[str, tuple[int, str]]:
    return {name: (status, answer["message"]) for name, (status, answer) in seen.items() if status != 200}


async def test_its_client_library_takes_every_answer_on_accounts(porch: Porch, client: Client) -> None:
    node_package(SDK)
    await porch.claim(client, username="ann")
    seen = await run(porch.device(), WITH_SESSION, "ann@homemedia.invalid", PASSWORD)

    assert refusals(seen) == {
        "wrong": (401, "Incorrect email or password"),
        "licence": (404, "There is no licence: this program is free."),
        "pinAgain": (400, "User already has a PIN code"),
        "noKey": (403, "Not authenticated with an API Key"),
        "keyNowhere": (400, "API Key not found"),
        "addAgain": (400, "User exists"),
        "noId": (400, "Invalid UUID"),
        "own": (403, "Cannot delete your own account"),
        "after": (401, "Invalid user token"),
    }
    assert seen["rename"][1]["name"] == "Aunt Ann"
    assert seen["preferences"][1]["memories"]["duration"] == 9
    assert seen["unlocked"][1]["isElevated"] is True
    assert seen["reset"][1]["isPendingSyncReset"] is True
    assert [one["status"] for one in sorted(seen["all"][1], key=lambda one: one["name"])] == ["active", "deleted"]
    assert seen["out"][1] == {"successful": True, "redirectUri": "/auth/login?autoLaunch=0"}


async def test_its_client_library_comes_in_with_a_key(porch: Porch, client: Client) -> None:
    node_package(SDK)
    await porch.claim(client, username="ann")
    words = ["user.read", "apiKey.create"]
    made = await (await client.post("/api/api-keys", json={"permissions": words})).json()
    seen = await run(porch.device(), WITH_KEY, made["secret"])

    assert refusals(seen) == {
        "sessions": (403, "Missing required permission: session.read"),
        "validate": (403, "Missing required permission: all"),
        "more": (400, "Cannot grant permissions you do not have"),
        "wrong": (401, "Invalid API key"),
    }
    assert seen["key"][1]["permissions"] == words

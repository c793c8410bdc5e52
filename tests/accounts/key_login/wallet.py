"""A foreign client with a key of its own: asks for challenges and shows what it signed."""

import base64
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from nacl.signing import SigningKey

from homemedia.accounts.keys import base58

Client = TestClient[Any, Any]


class Wallet:
    """An Ed25519 key and the requests its owner makes."""

    def __init__(self, client: Client, seed: int = 1) -> None:
        self.client = client
        self._key = SigningKey(seed.to_bytes(32, "big"))

    @property
    def public_key(self) -> str:
        return base58(self._key.verify_key.encode())

    def sign(self, message: str) -> str:
        return base58(self._key.sign(message.encode()).signature)

    def sign_64(self, message: str) -> str:
        return base64.b64encode(self._key.sign(message.encode()).signature).decode()

    async def challenge(self, **body: Any) -> str:
        answer = await self.client.post("/api/auth/create_session", json={"public_key": self.public_key} | body)
        assert answer.status == 200, await answer.text()
        return str((await answer.json())["challenge"])

    async def show(self, message: str, headers: dict[str, str] | None = None, **body: Any) -> ClientResponse:
        """Show a signature over a challenge at verify_session."""
        shown = {"public_key": self.public_key, "message": message, "signature": self.sign(message)} | body
        return await self.client.post("/api/auth/verify_session", json=shown, headers=headers)

    async def show_key(self, message: str, headers: dict[str, str] | None = None, **body: Any) -> ClientResponse:
        """Show a signature over a challenge at verify_key."""
        shown = {"public_key": self.public_key, "message": message, "signed_message": self.sign(message)} | body
        return await self.client.post("/api/auth/verify_key", json=shown, headers=headers)

    async def enter(self, status: int = 200, headers: dict[str, str] | None = None, **body: Any) -> dict[str, Any]:
        """A whole sign-in; what it answers."""
        answer = await self.show(await self.challenge(), headers, **body)
        found: dict[str, Any] = await answer.json()
        assert answer.status == status, found
        return found


async def problem(answer: ClientResponse) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status, (await answer.json())["code"]


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}

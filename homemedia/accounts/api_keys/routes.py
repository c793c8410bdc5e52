"""HTTP of API keys."""

from aiohttp import web

from homemedia.accounts.api_keys.service import ApiKeyService
from homemedia.accounts.api_keys.wire import KeyBody, KeyCard, NewKeyAnswer, NewKeyBody, key_card, new_key_answer
from homemedia.accounts.models import Caller
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import Routes

CREATED = 201
NO_CONTENT = 204


class ApiKeyRoutes:
    """A member's own keys, and what a key may know of itself."""

    routes = Routes("accounts", prefix="/api/api-keys", family=Family.PHOTOS)

    def __init__(self, keys: ApiKeyService) -> None:
        self._keys = keys

    @routes.get("", permission="apiKey.read")
    async def list_keys(self, actor: Caller) -> list[KeyCard]:
        """List the caller's API keys, the newest first."""
        return [key_card(one) for one in await self._keys.of(actor)]

    @routes.post("", status=CREATED, permission="apiKey.create")
    async def add_key(self, actor: Caller, body: NewKeyBody) -> NewKeyAnswer:
        """Make an API key; its secret is told this once."""
        return new_key_answer(await self._keys.add(actor, body.name, body.permissions))

    @routes.get("/me", permission="")
    async def get_own_key(self, actor: Caller) -> KeyCard:
        """Show the API key that the request came with."""
        return key_card(await self._keys.own(actor))

    @routes.get("/{id}", permission="apiKey.read")
    async def get_key(self, actor: Caller, id: str) -> KeyCard:
        """Show one of the caller's API keys."""
        return key_card(await self._keys.get(actor, checked_uuid(id)))

    @routes.put("/{id}", permission="apiKey.update")
    async def change_key(self, actor: Caller, id: str, body: KeyBody) -> KeyCard:
        """Change name or permissions of an API key; fields that are left out stay."""
        return key_card(await self._keys.change(actor, checked_uuid(id), name=body.name, words=body.permissions))

    @routes.delete("/{id}", status=NO_CONTENT, permission="apiKey.delete")
    async def remove_key(self, actor: Caller, id: str) -> web.Response:
        """End an API key."""
        await self._keys.remove(actor, checked_uuid(id))
        return web.Response(status=NO_CONTENT)

    @routes.post("/{id}/rotate", status=CREATED, permission="apiKey.rotate")
    async def rotate_key(self, actor: Caller, id: str) -> NewKeyAnswer:
        """Give an API key another secret, told this once; the one before ends."""
        return new_key_answer(await self._keys.rotate(actor, checked_uuid(id)))

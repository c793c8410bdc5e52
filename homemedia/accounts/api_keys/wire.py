"""Bodies and answers of the routes on API keys (photos §9.12)."""

from typing import Annotated

import msgspec

from homemedia.accounts.api_keys.service import Made
from homemedia.accounts.api_keys.store import ApiKey
from homemedia.accounts.api_keys.words import MAX_WORDS
from homemedia.accounts.wire import iso
from homemedia.core.http.wire import Wire

_Words = Annotated[list[str], msgspec.Meta(min_length=1, max_length=MAX_WORDS)]


class NewKeyBody(Wire, frozen=True, kw_only=True):
    """A key to be made; `permissions` are words like "asset.read", or "all"."""

    permissions: _Words
    name: str | None = None


class KeyBody(Wire, frozen=True, kw_only=True):
    """What to change of a key; a field that is left out stays."""

    permissions: _Words | None = None
    name: str | None = None


class KeyCard(Wire, frozen=True, kw_only=True):
    """A key without its secret. Times as ISO text."""

    id: str
    name: str
    permissions: tuple[str, ...]
    created_at: str
    updated_at: str
    last_used_at: str | None


class NewKeyAnswer(KeyCard, frozen=True, kw_only=True):
    """A key and, this once, its secret; its fields also at the top, for callers of both habits."""

    secret: str
    api_key: KeyCard


def key_card(one: ApiKey) -> KeyCard:
    return KeyCard(
        id=one.api_key_id,
        name=one.name,
        permissions=one.permissions,
        created_at=iso(one.created_at),
        updated_at=iso(one.updated_at),
        last_used_at=None if one.last_used_at is None else iso(one.last_used_at),
    )


def new_key_answer(made: Made) -> NewKeyAnswer:
    card = key_card(made.key)
    fields = {name: getattr(card, name) for name in KeyCard.__struct_fields__}
    return NewKeyAnswer(secret=made.secret, api_key=card, **fields)

"""How a member wants to hear of things: pushes and the digest by kind, quiet hours. The inbox has everything always."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from homemedia.accounts import preferences_store
from homemedia.core.db import Database, Write
from homemedia.core.kept import kept
from homemedia.core.problems import BadRequest
from homemedia.notifications.kinds import CLIP_KINDS, KINDS
from homemedia.notifications.models import NO_WISHES, Digest, Quiet, Wishes
from homemedia.notifications.quiet import is_pushed, is_zone

AREA = "notifications"


class WishChange(msgspec.Struct, frozen=True, kw_only=True):
    """What to change; what is UNSET stays."""

    push: dict[str, bool] = {}
    mail: dict[str, bool] = {}
    quiet: Quiet | UnsetType | None = UNSET
    digest: Digest | UnsetType = UNSET


class NoticePreferences:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, user_id: str) -> Wishes:
        """What a member said of notices."""
        return kept(await preferences_store.document(self._db.read, user_id, AREA), Wishes, NO_WISHES)

    async def change(self, user_id: str, change: WishChange) -> Wishes:
        """Merge into a member's own.

        Raises:
            BadRequest: there is no such kind, or no such time zone.
        """
        for part, given in (("push", change.push), ("mail", change.mail)):
            for name in given:
                if name not in KINDS:
                    raise BadRequest("There is no such kind of notice.", field=f"{part}.{name[:40]}")
        if isinstance(change.quiet, Quiet) and not is_zone(change.quiet.time_zone):
            raise BadRequest("This time zone is not known here.", field="quiet.timeZone")

        def changed(before: Wishes) -> Wishes:
            return Wishes(
                push={**before.push, **change.push},
                mail={**before.mail, **change.mail},
                quiet=before.quiet if isinstance(change.quiet, UnsetType) else change.quiet,
                digest=before.digest if isinstance(change.digest, UnsetType) else change.digest,
            )

        return await self._keep(user_id, changed)

    async def clips_of(self, user_id: str) -> dict[str, bool]:
        """The five switches of the clip API."""
        return clip_switches(await self.of(user_id))

    async def change_clips(self, user_id: str, given: Mapping[str, Any]) -> dict[str, bool]:
        """Change some of these five; what is none of them or no boolean is passed over.

        Raises:
            BadRequest: nothing is left then.
        """
        usable = {name: value for name in CLIP_KINDS if isinstance(value := given.get(name), bool)}
        if not usable:
            raise BadRequest("No valid preferences to change.")
        return clip_switches(
            await self._keep(user_id, lambda before: msgspec.structs.replace(before, push={**before.push, **usable}))
        )

    async def _keep(self, user_id: str, change: Callable[[Wishes], Wishes]) -> Wishes:
        async with self._db.write() as tx:
            return await _kept(tx, user_id, change)


def clip_switches(wishes: Wishes) -> dict[str, bool]:
    """Five switches by name."""
    return {name: is_pushed(wishes, KINDS[name]) for name in CLIP_KINDS}


async def _kept(tx: Write, user_id: str, change: Callable[[Wishes], Wishes]) -> Wishes:
    before = kept(await preferences_store.document(tx.rows, user_id, AREA), Wishes, NO_WISHES)
    after = change(before)
    await preferences_store.keep(tx, user_id, AREA, msgspec.json.encode(after).decode())
    return after

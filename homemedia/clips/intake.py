"""How links come in (clips §3, 4, 6.2, 6.12): checked, written down once, and left to the download.

Threat: a link is all that a stranger with the household's token can bring, and it is fetched by this server; what it
may be is said in `addresses`. Each change of state names the state it comes from, so two who do the same start one
download.
"""

from collections.abc import Awaitable, Callable, Collection

import msgspec

from homemedia.accounts.family import store as family
from homemedia.accounts.family.store import GroupRow
from homemedia.clips import intake_store as store
from homemedia.clips.addresses import Link, read_link
from homemedia.clips.events import ClipsChanged
from homemedia.clips.intake_store import Known, NewClip
from homemedia.clips.models import ContentType, caption_of
from homemedia.clips.platforms import is_wanted
from homemedia.clips.reasons import MEBIBYTE
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.ids import new_uuid
from homemedia.core.problems import BadRequest, Conflict, NotFound, StorageFull, Unavailable

NO_PROVIDER = "No download provider is active. The host chooses one in the settings of the feed."


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """What a member sends in. `message` becomes the first comment."""

    url: object
    title: str | None = None
    message: str | None = None


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """A clip whose download waits."""

    clip_id: str
    content_type: ContentType


class Intake:
    """Takes links in.

    Attributes:
        is_provided: whether anything here downloads.
        download: leaves the download of a clip with a transaction: (tx, clip_id).
    """

    def __init__(self, db: Database, private_hosts: Collection[str] = (), clock: Clock | None = None) -> None:
        self._db = db
        self._private_hosts = frozenset(host.lower() for host in private_hosts)
        self._clock = clock or Clock()
        self.is_provided: Callable[[], Awaitable[bool]] = _never
        self.download: Callable[[Write, str], Awaitable[None]] = _nothing

    async def require_provider(self) -> None:
        """Raises BadRequest where nothing here downloads."""
        if not await self.is_provided():
            raise BadRequest(NO_PROVIDER, code="no_provider")

    async def submit(self, user_id: str, sent: Submission) -> Submitted:
        """Take a link in. One that has failed, or whose time was over, is fetched once more.

        Raises:
            BadRequest: it is no link of a site that the household takes.
            Conflict: `already_added`; the body says by whom in `addedBy`.
            StorageFull: all clips take what they may.
        """
        group = await self._group()
        link = self._link(sent.url, group)
        caption, message = caption_of(sent.title), caption_of(sent.message)
        async with self._db.write(durable=True) as tx:
            known = await store.of_url(tx.rows, link.url)
            if known is not None and known.status in {"downloading", "ready"}:
                raise already(known)
            await self._check_room(tx, group)
            now = self._clock.now_ms()
            if known is None:
                made = await self._add(tx, user_id, link, caption, now)
            else:
                made = await self._again(tx, user_id, known, caption, now)
            if message is not None:
                await store.comment(tx, new_uuid(), made.clip_id, user_id, message, now)
            await self.download(tx, made.clip_id)
        return made

    async def retry(self, clip_id: str) -> None:
        """Fetch once more what has failed.

        Raises:
            NotFound: there is no such clip.
            BadRequest: it has not failed.
            StorageFull: all clips take what they may.
        """
        group = await self._group()
        async with self._db.write(durable=True) as tx:
            known = await store.of_id(tx.rows, clip_id)
            if known is None:
                raise NotFound("Clip not found.")
            if known.status != "failed":
                raise BadRequest("Only a clip whose download has failed can be tried again.", code="not_failed")
            await self._check_room(tx, group)
            await store.try_again(tx, clip_id)
            tx.announce(ClipsChanged(clip_ids=(clip_id,), what="status"))
            await self.download(tx, clip_id)

    async def _add(self, tx: Write, user_id: str, link: Link, caption: str | None, now: int) -> Submitted:
        clip = NewClip(
            clip_id=new_uuid(),
            added_by=user_id,
            url=link.url,
            platform=link.platform.key,
            content_type=link.platform.content_type,
            caption=caption,
        )
        await store.add(tx, clip, now)
        await store.watched(tx, clip.clip_id, user_id, now)
        tx.announce(ClipsChanged(clip_ids=(clip.clip_id,), what="added"))
        return Submitted(clip_id=clip.clip_id, content_type=clip.content_type)

    async def _again(self, tx: Write, user_id: str, known: Known, caption: str | None, now: int) -> Submitted:
        if known.status == "failed":
            await store.try_again(tx, known.clip_id, caption)
            tx.announce(ClipsChanged(clip_ids=(known.clip_id,), what="status"))
        else:
            await store.bring_back(tx, known.clip_id, added_by=user_id, caption=caption, now=now)
            await store.watched(tx, known.clip_id, user_id, now)
            tx.announce(ClipsChanged(clip_ids=(known.clip_id,), what="added"))
        return Submitted(clip_id=known.clip_id, content_type=known.content_type)

    def _link(self, url: object, group: GroupRow) -> Link:
        if not isinstance(url, str) or not url.strip():
            raise BadRequest("URL required.", field="url", reason="is required")
        link = read_link(url, self._private_hosts)
        if link is None:
            raise BadRequest(
                "Unsupported link: it leads to none of the sites that clips come from.",
                code="unsupported_link",
                field="url",
                reason="is no link of a known site",
            )
        listed = None if group.platform_list is None else msgspec.json.decode(group.platform_list, type=list[str])
        if not is_wanted(link.platform.key, group.platform_mode, listed):
            raise BadRequest(
                f"{link.platform.label} links are not taken in this household.", code="platform_not_wanted", field="url"
            )
        return link

    async def _group(self) -> GroupRow:
        group = await family.group(self._db.read)
        if group is None:
            raise Unavailable("The server is still starting.", code="starting", retry_after_s=2)
        return group

    async def _check_room(self, tx: Write, group: GroupRow) -> None:
        most = group.max_storage_mb
        if most is not None and await store.total_bytes(tx.rows) >= most * MEBIBYTE:
            raise StorageFull(
                f"The feed has used the {most} MB it may take. The host can delete clips, or let them take more.",
                code="feed_full",
            )


def already(known: store.Known) -> Conflict:
    more = {"addedBy": known.added_by, "clipId": known.clip_id}
    return Conflict("This link has already been added to the feed.", code="already_added", more=more)


async def _never() -> bool:
    return False


async def _nothing(_tx: Write, _clip_id: str) -> None:
    return None

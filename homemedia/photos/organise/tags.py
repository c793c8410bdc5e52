"""Tags, each member's own: names in levels ("Places/Rome"), on photos (photos §9.11)."""

import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence

from homemedia.accounts import Member
from homemedia.core.clock import Clock
from homemedia.core.db import Database, Write
from homemedia.core.http.photo_words import NOT_VALID
from homemedia.core.ids import new_uuid
from homemedia.core.problems import BadRequest
from homemedia.media.photo_models import PhotoFacts
from homemedia.photos import visible
from homemedia.photos.bulk import BulkResult, Fault, batches, results
from homemedia.photos.events import PhotosChanged
from homemedia.photos.organise import tags_store as store
from homemedia.photos.organise.events import TagsChanged
from homemedia.photos.settle_store import Owed
from homemedia.photos.visible import refused

MAX_VALUE = 1000
MAX_LEVELS = 20
BATCH = 2000
_COLOR = re.compile(r"#?(?P<digits>[0-9a-fA-F]{3}|[0-9a-fA-F]{4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


class Tags:
    """Members' tags.

    Attributes:
        after_edit: told, in the same transaction, of photos that were given tags or lost some by hand.
    """

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self.after_edit: Callable[[Write, Sequence[str]], Awaitable[None]] = _nothing

    async def listed(self, actor: Member) -> list[sqlite3.Row]:
        """A member's tags by their whole names."""
        return await store.listed(self._db.read, actor.user_id)

    async def get(self, actor: Member, tag_id: str, word: str = "tag.read") -> sqlite3.Row:
        """A tag of a member's own.

        Raises:
            NotFound: there is none, or it is another's.
        """
        found = (await store.own(self._db.read, actor.user_id, [tag_id])).get(tag_id)
        if found is None:
            raise refused(word)
        return found

    async def create(self, actor: Member, name: str, parent_id: str | None, color: str | None) -> sqlite3.Row:
        """Make a tag, below another or on top.

        Raises:
            BadRequest: it has no name, or there is one already; the colour is none.
            NotFound: the tag it is to be below is not there, or another's.
        """
        above = "" if parent_id is None else f"{(await self.get(actor, parent_id))['value']}/"
        value, shade = clean(above + name), checked_color(color)
        if not clean_levels(name):
            raise no_name()
        async with self._db.write() as tx:
            if await store.by_value(tx.rows, actor.user_id, value) is not None:
                raise BadRequest("A tag with that name already exists")
            tag_id = await self._made(tx, actor.user_id, value)
            await store.set_color(tx, tag_id, shade, now=self._clock.now_ms())
            tx.announce(TagsChanged(owner_id=actor.user_id))
        return await self.get(actor, tag_id)

    async def upsert(self, actor: Member, values: Sequence[str]) -> list[sqlite3.Row]:
        """Have these tags, with all above them; those that are there already stay.

        Raises:
            BadRequest: one has no name.
        """
        wanted = [clean(value) for value in values]
        async with self._db.write() as tx:
            ids = [await self._made(tx, actor.user_id, value) for value in wanted]
            tx.announce(TagsChanged(owner_id=actor.user_id))
        found = await store.own(self._db.read, actor.user_id, ids)
        return [found[tag_id] for tag_id in dict.fromkeys(ids) if tag_id in found]

    async def paint(self, actor: Member, tag_id: str, color: str | None) -> sqlite3.Row:
        """Give a tag another colour, or none.

        Raises:
            NotFound: there is no such tag, or it is another's.
            BadRequest: the colour is none.
        """
        shade = checked_color(color)
        await self.get(actor, tag_id, "tag.update")
        async with self._db.write() as tx:
            await store.set_color(tx, tag_id, shade, now=self._clock.now_ms())
            tx.announce(TagsChanged(owner_id=actor.user_id))
        return await self.get(actor, tag_id, "tag.update")

    async def rename(self, actor: Member, tag_id: str, name: str) -> sqlite3.Row:
        """Give a tag another name; "Places/Rome" puts it below another, and what lies below it goes along.

        Raises:
            NotFound: there is no such tag, or it is another's.
            BadRequest: it has no name, or there is one already, or it would lie below itself.
        """
        value = clean(name)
        async with self._db.write() as tx:
            found = (await store.own(tx.rows, actor.user_id, [tag_id])).get(tag_id)
            if found is None:
                raise refused("tag.update")
            before: str = found["value"]
            if value != before:
                if value.startswith(f"{before}/"):
                    raise BadRequest("A tag cannot lie below itself", field="name")
                if await store.by_value(tx.rows, actor.user_id, value) is not None:
                    raise BadRequest("A tag with that name already exists", field="name")
                above, _, _ = value.rpartition("/")
                parent_id = await self._made(tx, actor.user_id, above) if above else None
                await store.rename(tx, actor.user_id, before, value, now=self._clock.now_ms())
                await store.set_parent(tx, tag_id, parent_id)
                await self._said(tx, actor.user_id, await store.below(tx.rows, tag_id))
                tx.announce(TagsChanged(owner_id=actor.user_id))
        return await self.get(actor, tag_id, "tag.update")

    async def remove(self, actor: Member, tag_id: str) -> None:
        """Remove a tag and all below it; the photos stay.

        Raises:
            NotFound: there is no such tag, or it is another's.
        """
        await self.get(actor, tag_id, "tag.delete")
        async with self._db.write() as tx:
            bearing = await store.below(tx.rows, tag_id)
            await store.drop(tx, tag_id)
            await self._said(tx, actor.user_id, bearing)
            tx.announce(TagsChanged(owner_id=actor.user_id))

    async def tag(self, actor: Member, tag_id: str, photo_ids: Sequence[str]) -> list[BulkResult]:
        """Tag one's photos; what became of each.

        Raises:
            NotFound: there is no such tag, or it is another's.
        """
        await self.get(actor, tag_id, "tag.asset")
        own = await self._own(actor, photo_ids)
        bearing = await store.tagged(self._db.read, tag_id, own)
        new = [one for one in dict.fromkeys(photo_ids) if one in own and one not in bearing]
        await self._put(actor, [tag_id], new)
        faults: dict[str, Fault] = {one: "duplicate" if one in bearing else "no_permission" for one in photo_ids}
        return results(photo_ids, faults, done=set(new))

    async def untag(self, actor: Member, tag_id: str, photo_ids: Sequence[str]) -> list[BulkResult]:
        """Take a tag off photos; what became of each.

        Raises:
            NotFound: there is no such tag, or it is another's.
        """
        await self.get(actor, tag_id, "tag.asset")
        bearing = await store.tagged(self._db.read, tag_id, photo_ids)
        async with self._db.write() as tx:
            await store.untag(tx, tag_id, bearing)
            await self._said(tx, actor.user_id, bearing)
        return results(photo_ids, {}, done=bearing)

    async def tag_all(self, actor: Member, tag_ids: Sequence[str], photo_ids: Sequence[str]) -> int:
        """Give photos several tags; how many pairs are new. What is another's is passed over."""
        own = await store.own(self._db.read, actor.user_id, tag_ids)
        allowed = await self._own(actor, photo_ids)
        return await self._put(actor, list(own), [one for one in dict.fromkeys(photo_ids) if one in allowed])

    async def take_keywords(self, tx: Write, photo: Owed, facts: PhotoFacts) -> None:
        """Tag a photo with what its file says, unless somebody did it by hand; for `Settle.after_facts`."""
        if await store.is_locked(tx.rows, photo.photo_id):
            return
        values = dict.fromkeys("/".join(levels) for word in facts.keywords if (levels := clean_levels(word)))
        for value in values:
            if len(value) <= MAX_VALUE:
                tag_id = await self._made(tx, photo.owner_id, value)
                await store.tag(tx, tag_id, [photo.photo_id])
        if values:
            tx.announce(TagsChanged(owner_id=photo.owner_id))

    async def forget(self, tx: Write, user_id: str) -> None:
        """Drop the tags of a member who is purged."""
        await store.forget(tx, user_id)

    async def _own(self, actor: Member, photo_ids: Iterable[str]) -> set[str]:
        return await visible.permitted(self._db.read, visible.own(actor, self._clock.now_ms()), photo_ids)

    async def _put(self, actor: Member, tag_ids: Iterable[str], photo_ids: Sequence[str]) -> int:
        count = 0
        for tag_id in tag_ids:
            for some in batches(photo_ids, BATCH):
                async with self._db.write() as tx:
                    count += await store.tag(tx, tag_id, some)
                    await self._said(tx, actor.user_id, some)
        return count

    async def _made(self, tx: Write, owner_id: str, value: str) -> str:
        """The id of a tag, made with all above it where it is not there."""
        parent_id: str | None = None
        levels = value.split("/")
        for count in range(1, len(levels) + 1):
            part = "/".join(levels[:count])
            found = await store.by_value(tx.rows, owner_id, part)
            if found is not None:
                parent_id = found["tag_id"]
                continue
            new = new_uuid()
            await store.add(tx, new, owner_id, part, parent_id=parent_id, color=None, now=self._clock.now_ms())
            parent_id = new
        if parent_id is None:
            raise no_name()
        return parent_id

    async def _said(self, tx: Write, owner_id: str, photo_ids: Iterable[str]) -> None:
        if ids := tuple(photo_ids):
            await self.after_edit(tx, ids)
            tx.announce(PhotosChanged(owner_id=owner_id, photo_ids=ids))


async def _nothing(_tx: Write, _photo_ids: Sequence[str]) -> None:
    return None


def clean_levels(value: str) -> list[str]:
    """The levels of a tag's name without blanks around them; those without a name are left out."""
    return [level for part in value.split("/") if (level := " ".join(part.split()))][:MAX_LEVELS]


def clean(value: str) -> str:
    """A tag's whole name.

    Raises:
        BadRequest: it has none, or one of more than 1000 characters.
    """
    cleaned = "/".join(clean_levels(value))
    if not cleaned:
        raise no_name()
    if len(cleaned) > MAX_VALUE:
        reason = f"Too big: expected string to have <={MAX_VALUE} characters"
        raise BadRequest(NOT_VALID, field="name", reason=reason)
    return cleaned


def checked_color(color: str | None) -> str | None:
    """A colour as "#rrggbb", or None for none; the hash may be left out.

    Raises:
        BadRequest: it is no colour.
    """
    if color is None or color == "":
        return None
    match = _COLOR.fullmatch(color)
    if match is None:
        raise BadRequest(NOT_VALID, field="color", reason="Invalid input: expected hex color")
    return f"#{match['digits'].lower()}"


def no_name() -> BadRequest:
    return BadRequest(NOT_VALID, field="name", reason="Too small: expected string to have >=1 characters")

"""A household at random: members, films, shows, folders, photos, albums, and grants of all of them, also such as nobody
could make. The rules of who sees what are written down here once more, in Python and one by one.
"""

import random
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from homemedia.accounts import Member, MemberState
from homemedia.core.db import Database
from homemedia.sharing.rights import Right
from tests.support.builders import NEW_YEAR, Builders, Item
from tests.support.photos import photos

HOUSE = "house"
HOUR_MS = 3_600_000
OF_HOUSE = ("system", "library_access", "invite")


class Film(msgspec.Struct):
    """Anything of a library; `above` is itself and what it hangs below, `folders` those of its files."""

    item: Item
    above: list[str]
    folders: set[int] = msgspec.field(default_factory=set)


class Photo(msgspec.Struct):
    photo_id: str
    owner: str
    visibility: str
    is_deleted: bool


class Album(msgspec.Struct):
    album_id: str
    owner: str
    photos: list[str]
    is_deleted: bool


class Grant(msgspec.Struct):
    share_id: str
    origin: str
    owner: str
    maker: str
    parent: str | None
    target_type: str
    target_id: str
    recipient: str
    rights: int
    inherits: bool
    expires_at: int | None
    is_revoked: bool = False
    items: list[str] = msgspec.field(default_factory=list)
    hidden_by: set[str] = msgspec.field(default_factory=set)


class World:
    """Made by `a_world`; changed by `turn`; asked by `sees_film` and `sees_photo`."""

    def __init__(self, db: Database, seed: int) -> None:
        self.db = db
        self.rng = random.Random(seed)  # noqa: S311 - no secret
        self.now = NEW_YEAR
        self.members: list[Member] = []
        self.films: list[Film] = []
        self.photos: list[Photo] = []
        self.albums: list[Album] = []
        self.grants: dict[str, Grant] = {}
        self.folders: dict[int, int | None] = {}
        self.libraries: list[str] = []

    # Making

    async def make(self, members: int, things: int) -> None:
        build = Builders(self.db)
        rng = self.rng
        for number in range(members):
            is_free = number % 7 != 3
            member = await build.a_member(is_admin=number < 2, sees_all_libraries=int(is_free))
            self.members.append(msgspec.structs.replace(member, sees_all_libraries=is_free))
        for number in range(4):
            await self._library(build, "show" if number % 2 else "movie", things // 8)
        for member in self.members:
            wanted = [
                {
                    "visibility": rng.choice(["timeline", "timeline", "archive", "locked"]),
                    "deleted_at": rng.choice([None, None, None, 1]),
                }
                for _ in range(max(1, things // 2 // members))
            ]
            ids = await photos(self.db, member.user_id, wanted)
            self.photos += [
                Photo(photo_id, member.user_id, str(facts["visibility"]), facts["deleted_at"] is not None)
                for photo_id, facts in zip(ids, wanted, strict=True)
            ]
            await self._album(build, member.user_id)

    async def _library(self, build: Builders, kind: str, count: int) -> None:
        rng = self.rng
        library = await build.a_library(f"Library {len(self.libraries)}", kind=kind)
        self.libraries.append(library.library_id)
        async with self.db.write() as tx:
            await tx.run("DELETE FROM share WHERE origin = 'system'")
        self.folders[library.folder_id] = None
        own = [library.folder_id]
        for number in range(4):
            parent = rng.choice(own)
            row = {"root_id": library.root_id, "parent_id": parent, "path": f"f{number}"}
            own.append(await build.insert("folder", row))
            self.folders[own[-1]] = parent
        while count > 0:
            if kind == "movie":
                film = await build.an_item(library)
                await self._put(build, library, [self._film(film, [])], rng.choice(own))
                count -= 1
                continue
            show = self._film(await build.an_item(library), [])
            season = self._film(await build.an_item(library, kind="season", parent=show.item), show.above)
            count -= 2
            for _ in range(rng.randint(1, 4)):
                episode = await build.an_item(library, kind="episode", parent=season.item)
                await self._put(build, library, [self._film(episode, season.above), season, show], rng.choice(own))
                count -= 1

    def _film(self, item: Item, above: Sequence[str]) -> Film:
        film = Film(item, [item.key, *above])
        self.films.append(film)
        return film

    async def _put(self, build: Builders, library: object, films: Sequence[Film], folder_id: int) -> None:
        await build.a_file(library, films[0].item, folder_id=folder_id)  # type: ignore[arg-type]
        for film in films:
            film.folders.add(folder_id)

    async def _album(self, build: Builders, owner: str) -> None:
        rng = self.rng
        own = [photo.photo_id for photo in self.photos if photo.owner == owner]
        album = Album(f"album-{owner}", owner, rng.sample(own, min(len(own), 3)), rng.random() < 0.1)
        self.albums.append(album)
        await build.insert(
            "album",
            {
                "album_id": album.album_id,
                "owner_id": owner,
                "name": "Album",
                "created_at": 0,
                "updated_at": 0,
                "deleted_at": 1 if album.is_deleted else None,
                "stamp": 0,
            },
        )
        for photo_id in album.photos:
            row = {"album_id": album.album_id, "photo_id": photo_id, "added_by": owner, "added_at": 0, "stamp": 0}
            await build.insert("album_photo", row)

    # Turning

    async def turn(self, grants: int) -> None:
        """Time passes; things are granted, passed on, narrowed and revoked; members come, go and lose their rank."""
        rng = self.rng
        self.now += rng.choice([0, HOUR_MS, 3 * HOUR_MS])
        for _ in range(grants):
            standing = [one for one in self.grants.values() if not one.is_revoked]
            if standing and rng.random() < 0.4:
                await self._pass_on(rng.choice(standing))
            else:
                await self._grant()
        self._change_grants()
        self._change_members()
        for album in self.albums:
            if album.photos and rng.random() < 0.1:
                album.photos.pop()
        await self._write()

    def _change_grants(self) -> None:
        rng = self.rng
        for one in self.grants.values():
            if rng.random() < 0.08:
                one.is_revoked = True
            if rng.random() < 0.1:
                one.rights = self._rights()
            if rng.random() < 0.1:
                one.hidden_by ^= {rng.choice(self.members).user_id}

    def _change_members(self) -> None:
        rng = self.rng
        for number, member in enumerate(self.members):
            changed = member
            if rng.random() < 0.1:
                state = MemberState.DISABLED if member.state is MemberState.ACTIVE else MemberState.ACTIVE
                changed = msgspec.structs.replace(changed, state=state)
            if rng.random() < 0.04:
                changed = msgspec.structs.replace(changed, is_admin=not changed.is_admin)
            if rng.random() < 0.05:
                changed = msgspec.structs.replace(changed, sees_all_libraries=not changed.sees_all_libraries)
            self.members[number] = changed

    def _rights(self) -> int:
        return 1 | self.rng.choice([0, 2, 64, 66, 98, 128 | 2 | 32])

    def _target(self) -> tuple[str, str, str, list[str]]:
        """A kind, an id, whose it is, and the things of a set."""
        rng = self.rng
        photo, album = rng.choice(self.photos), rng.choice(self.albums)
        own = [one.photo_id for one in self.photos if one.owner == photo.owner]
        return rng.choice(
            [
                ("library", rng.choice(self.libraries), HOUSE, []),
                ("folder", str(rng.choice(list(self.folders))), HOUSE, []),
                ("media", rng.choice(self.films).item.key, HOUSE, []),
                ("media", photo.photo_id, photo.owner, []),
                ("collection", album.album_id, album.owner, []),
                ("user_library", photo.owner, photo.owner, []),
                ("media_set", "", HOUSE, [one.item.key for one in rng.sample(self.films, 3)]),
                ("media_set", "", photo.owner, rng.sample(own, min(3, len(own)))),
            ]
        )

    async def _grant(self) -> None:
        rng = self.rng
        kind, target_id, owner, items = self._target()
        maker = rng.choice(self.members).user_id
        if rng.random() < 0.85:
            admins = [member.user_id for member in self.members if member.is_admin]
            maker = owner if owner != HOUSE else rng.choice(admins or [maker])
        self._add(kind, target_id, owner, maker, None, items)

    async def _pass_on(self, given: Grant) -> None:
        rng = self.rng
        maker = given.recipient if given.recipient != HOUSE else rng.choice(self.members).user_id
        kind, target_id, items = given.target_type, given.target_id, given.items
        if kind in {"library", "folder"}:
            film = rng.choice(self.films)
            kind, target_id = "media", film.item.key
        elif kind in {"collection", "user_library"} and rng.random() < 0.7:
            photo = rng.choice(self.photos)
            kind, target_id = "media", photo.photo_id
        self._add(kind, target_id, given.owner, maker, given.share_id, items)

    def _add(self, kind: str, target_id: str, owner: str, maker: str, parent: str | None, items: list[str]) -> None:
        rng = self.rng
        share_id = f"share-{len(self.grants)}"
        recipient = HOUSE if rng.random() < 0.12 else rng.choice(self.members).user_id
        target_id = share_id if kind == "media_set" else target_id
        for one in self.grants.values():
            if (one.maker, one.target_type, one.target_id, one.recipient) == (maker, kind, target_id, recipient):
                return
        self.grants[share_id] = Grant(
            share_id=share_id,
            origin=rng.choice(["share"] * 9 + ["library_access"]) if kind == "library" else "share",
            owner=owner,
            maker=maker,
            parent=parent,
            target_type=kind,
            target_id=target_id,
            recipient=recipient,
            rights=self._rights(),
            inherits=rng.random() < 0.7,
            expires_at=rng.choice([None, None, self.now + HOUR_MS, self.now + 4 * HOUR_MS]),
            items=items if kind == "media_set" else [],
        )

    async def _write(self) -> None:
        """Everything that turns, as rows."""
        async with self.db.write() as tx:
            await tx.run("DELETE FROM share_item")
            await tx.run("DELETE FROM share_member_state")
            await tx.many(ADD, (_row(one, self.now) for one in self.grants.values()))
            for one in self.grants.values():
                for position, item in enumerate(one.items):
                    args = {"share_id": one.share_id, "media_id": item, "position": position}
                    await tx.run("INSERT INTO share_item VALUES (:share_id, :media_id, :position)", args)
                for user_id in one.hidden_by:
                    args = {"share_id": one.share_id, "user_id": user_id}
                    await tx.run(
                        "INSERT INTO share_member_state (share_id, user_id, hidden) VALUES (:share_id, :user_id, 1)",
                        args,
                    )
            for member in self.members:
                args = {
                    "user_id": member.user_id,
                    "state": member.state.value,
                    "is_admin": int(member.is_admin),
                    "sees_all": int(member.sees_all_libraries),
                }
                await tx.run(
                    "UPDATE user SET state = :state, is_admin = :is_admin, sees_all_libraries = :sees_all"
                    " WHERE user_id = :user_id",
                    args,
                )
            for album in self.albums:
                held = msgspec.json.encode(album.photos).decode()
                await tx.run(
                    "DELETE FROM album_photo WHERE album_id = :album_id"
                    " AND photo_id NOT IN (SELECT value FROM json_each(:held))",
                    {"album_id": album.album_id, "held": held},
                )

    # The rules

    def _is_active(self, user_id: str) -> bool:
        return any(one.user_id == user_id and one.state is MemberState.ACTIVE for one in self.members)

    def _is_admin(self, user_id: str) -> bool:
        return any(one.user_id == user_id and one.is_admin for one in self.members)

    def gives(self, grant: Grant, depth: int = 1) -> int:
        """The bits that a grant gives at this moment."""
        if grant.is_revoked or (grant.expires_at is not None and grant.expires_at <= self.now) or depth > 3:
            return 0
        if grant.parent is None:
            if grant.origin in OF_HOUSE:
                return grant.rights
            is_own = grant.maker == grant.owner or (grant.owner == HOUSE and self._is_admin(grant.maker))
            return grant.rights if is_own and self._is_active(grant.maker) else 0
        above = self.gives(self.grants[grant.parent], depth + 1)
        return grant.rights & above if self._is_active(grant.maker) and above & Right.RESHARE else 0

    def _given(self, member: Member, right: Right, *, is_opened: bool, is_of_house: bool) -> Iterator[Grant]:
        """The grants that name a member, or the household with him in it, and give a right."""
        for grant in self.grants.values():
            if grant.recipient == HOUSE:
                if is_of_house and not member.sees_all_libraries:
                    continue
            elif grant.recipient != member.user_id:
                continue
            if not is_opened and member.user_id in grant.hidden_by:
                continue
            if self.gives(grant) & right == right:
                yield grant

    def _inside(self, folder_id: int, top: int, *, inherits: bool) -> bool:
        if not inherits:
            return folder_id == top
        at: int | None = folder_id
        while at is not None and at != top:
            at = self.folders[at]
        return at == top

    def films_seen(self, member: Member, right: Right, *, is_opened: bool) -> set[int]:
        if member.is_admin:
            return {film.item.item_id for film in self.films}
        given = list(self._given(member, right, is_opened=is_opened, is_of_house=True))
        return {film.item.item_id for film in self.films if any(self._covers_film(one, film) for one in given)}

    def _covers_film(self, grant: Grant, film: Film) -> bool:
        match grant.target_type:
            case "library":
                return film.item.library_id == grant.target_id
            case "folder":
                top = int(grant.target_id)
                return any(self._inside(one, top, inherits=grant.inherits) for one in film.folders)
            case "media":
                return grant.target_id in film.above
            case "media_set":
                return any(item in film.above for item in grant.items)
        return False

    def photos_seen(self, member: Member, right: Right) -> set[str]:
        given = list(self._given(member, right, is_opened=True, is_of_house=False))
        return {photo.photo_id for photo in self.photos if self._sees_photo(member, photo, given)}

    def _sees_photo(self, member: Member, photo: Photo, given: Iterable[Grant]) -> bool:
        if photo.owner == member.user_id:
            return photo.visibility != "locked"
        if photo.is_deleted or photo.visibility == "locked":
            return False
        return any(self._covers_photo(grant, photo) for grant in given)

    def _covers_photo(self, grant: Grant, photo: Photo) -> bool:
        if not self._is_active(photo.owner):
            return False
        match grant.target_type:
            case "collection":
                return self._is_in(photo, grant.target_id)
            case "user_library":
                return grant.target_id == photo.owner and photo.visibility == "timeline"
            case "media_set":
                return photo.photo_id in grant.items
            case "media":
                return grant.target_id == photo.photo_id and self._is_shown_still(grant, photo)
        return False

    def _is_in(self, photo: Photo, album_id: str) -> bool:
        album = next(one for one in self.albums if one.album_id == album_id)
        return photo.photo_id in album.photos and not album.is_deleted and self._is_active(album.owner)

    def _is_shown_still(self, grant: Grant, photo: Photo) -> bool:
        """Whether who passed a photo on is shown it himself."""
        if grant.parent is None:
            return True
        above = self.grants[grant.parent]
        if above.target_type == "collection":
            album = next(one for one in self.albums if one.album_id == above.target_id)
            return photo.photo_id in album.photos
        return above.target_type != "user_library" or photo.visibility == "timeline"


ADD = """
    INSERT INTO share (share_id, origin, owner_id, created_by, parent_share_id, target_type, target_id, recipient_type,
                       recipient_id, permissions, inherit_to_children, expires_at, created_at, updated_at, revoked_at)
    VALUES (:share_id, :origin, :owner, :maker, :parent, :target_type, :target_id, :recipient_type, :recipient,
            :rights, :inherits, :expires_at, 0, 0, :revoked_at)
    ON CONFLICT (share_id) DO UPDATE SET permissions = excluded.permissions, revoked_at = excluded.revoked_at
"""


def _row(one: Grant, now: int) -> dict[str, object]:
    return {
        "share_id": one.share_id,
        "origin": one.origin,
        "owner": one.owner,
        "maker": one.maker,
        "parent": one.parent,
        "target_type": one.target_type,
        "target_id": one.target_id,
        "recipient_type": "group" if one.recipient == HOUSE else "user",
        "recipient": one.recipient,
        "rights": one.rights,
        "inherits": int(one.inherits),
        "expires_at": one.expires_at,
        "revoked_at": now if one.is_revoked else None,
    }

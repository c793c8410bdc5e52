"""A small house with albums and what photos are put in order by, over a real database, for tests of who may do what.

Four members stand for the rows of the contract's table: `ann` owns things, `ed` edits, `vic` views, `pat` is her
partner; `sam` has nothing to do with any of it, though he runs the house. All are signed in.
"""

from contextlib import AbstractAsyncContextManager
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

from homemedia.accounts import Member
from homemedia.accounts.models import Device
from homemedia.accounts.photo_account.preferences import PhotoPreferenceService
from homemedia.accounts.photo_account.store import accounts
from homemedia.library.rendition import KeptRenditions
from homemedia.media.tools import MediaTools
from homemedia.photos.albums.activities import Activities
from homemedia.photos.albums.activity_routes import ActivityRoutes
from homemedia.photos.albums.contents import Contents
from homemedia.photos.albums.members import Members
from homemedia.photos.albums.partner_routes import PartnerRoutes
from homemedia.photos.albums.partners import Partners
from homemedia.photos.albums.routes import AlbumRoutes
from homemedia.photos.albums.service import Albums
from homemedia.photos.albums.telling import Teller
from homemedia.photos.index import PhotoIndex
from homemedia.photos.organise.duplicate_routes import DuplicateRoutes
from homemedia.photos.organise.duplicates import Duplicates
from homemedia.photos.organise.faces import Faces
from homemedia.photos.organise.memories import Memories
from homemedia.photos.organise.memory_routes import MemoryRoutes
from homemedia.photos.organise.people import People
from homemedia.photos.organise.people_routes import PeopleRoutes
from homemedia.photos.organise.portraits import Portraits
from homemedia.photos.organise.stack_routes import StackRoutes
from homemedia.photos.organise.stacks import Stacks
from homemedia.photos.organise.tag_routes import TagRoutes
from homemedia.photos.organise.tags import Tags
from homemedia.photos.search import Search
from homemedia.photos.search_routes import SearchRoutes
from homemedia.photos.timeline import Timeline
from homemedia.photos.timeline_routes import TimelineRoutes
from homemedia.sharing import Grants
from tests.accounts.porch import Porch
from tests.support.photos import a_photo, photos

PEOPLE = ("ann", "ed", "vic", "pat", "sam")
NOBODY = "00000000-0000-4000-8000-000000000000"


class Gallery:
    """The running house, and what a test asks of it."""

    def __init__(self, porch: Porch) -> None:
        self.porch = porch
        self.db = porch.db
        self.clock = porch.clock
        self.ids: dict[str, str] = {}
        self._tokens: dict[str, str] = {}
        self._device: TestClient[Any, Any]
        db, clock = porch.db, porch.clock
        grants = self.grants = Grants(db, clock)
        self.contents = Contents(db, grants, clock)
        self.members = Members(db, grants, clock)
        preferences = PhotoPreferenceService(db, porch.preferences)
        self.albums = Albums(db, grants, self.contents, self.members, preferences.album_order, clock)
        self.partners = Partners(db, grants, clock)
        self.tags, self.stacks, self.faces = Tags(db, clock), Stacks(db, clock), Faces(db, clock)
        self.people = People(db, preferences.least_faces, clock)
        self.memories, self.duplicates = Memories(db, clock), Duplicates(db)
        self.tools = MediaTools()
        self.kept = KeptRenditions(porch.folder / "renditions")
        search = Search(db, PhotoIndex(db), clock)
        porch.more_owners += [
            AlbumRoutes(db, self.albums, self.contents, self.members, Teller(grants, clock), clock),
            ActivityRoutes(db, Activities(db, grants, clock)),
            PartnerRoutes(db, self.partners),
            TagRoutes(self.tags),
            StackRoutes(db, self.stacks),
            PeopleRoutes(self.people, self.faces, Portraits(db, self.kept, self.tools)),
            MemoryRoutes(db, self.memories, clock),
            DuplicateRoutes(db, self.duplicates),
            SearchRoutes(search),
            TimelineRoutes(Timeline(db, search, clock)),
        ]

    async def member(self, who: str) -> Member:
        """Somebody as the guard lets him in."""
        return (await accounts(self.db.read, user_id=self.ids[who]))[0].member

    async def close(self) -> None:
        await self.tools.close()

    async def open(self) -> None:
        await self.porch.open()
        for name in PEOPLE:
            self.ids[name] = user_id = await self.porch.add_member(name, None, is_admin=name == "sam")
            member = (await accounts(self.db.read, user_id=user_id))[0].member
            async with self.db.write() as tx:
                signed_in = await self.porch.sessions.open(tx, member, way="test", device=Device())
            self._tokens[name] = signed_in.token
        self._device = self.porch.device()

    async def ask(self, who: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of an answer; None for one without a body."""
        headers = {"Authorization": f"Bearer {self._tokens[who]}"}
        sent = {} if body is None else {"json": body}
        async with self._device.request(method, f"/api{path}", headers=headers, **sent) as answer:
            raw = await answer.read()
            return answer.status, await answer.json() if raw else None

    def raw(self, who: str, path: str, **headers: str) -> AbstractAsyncContextManager[ClientResponse]:
        """An answer as it comes, for what is no JSON."""
        headers["Authorization"] = f"Bearer {self._tokens[who]}"
        return self._device.get(f"/api{path}", headers=headers)

    async def get(self, who: str, path: str) -> Any:
        return await self.done(who, "GET", path)

    async def done(self, who: str, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        """What somebody is answered who may."""
        found, answer = await self.ask(who, method, path, body)
        assert found == status, f"{who} {method} {path}: {found} {answer}"
        return answer

    async def refused(self, who: str, method: str, path: str, body: Any = None, *, status: int = 400) -> str:
        """The sentence somebody is refused with."""
        found, answer = await self.ask(who, method, path, body)
        assert found == status, f"{who} {method} {path}: {found} {answer}"
        assert (answer["statusCode"], bool(answer["error"])) == (status, True)
        details = answer.get("details") or [{}]
        return str(answer["message"] if "reason" not in details[0] else details[0]["reason"])

    async def photo(self, who: str, **facts: Any) -> str:
        return await a_photo(self.db, self.ids[who], **facts)

    async def photos(self, who: str, count: int, **facts: Any) -> list[str]:
        return list(await photos(self.db, self.ids[who], [dict(facts) for _ in range(count)]))

    async def album(self, who: str = "ann", *photo_ids: str, **roles: str) -> str:
        """The id of a new album with these photos; `roles` are other members'."""
        users = [{"userId": self.ids[name], "role": role} for name, role in roles.items()]
        body = {"albumName": "Trip", "assetIds": list(photo_ids), "albumUsers": users}
        return str((await self.done(who, "POST", "/albums", body, status=201))["id"])

    async def shared_album(self, *photo_ids: str) -> str:
        """One of Ann's that Ed edits and Vic views."""
        return await self.album("ann", *photo_ids, ed="editor", vic="viewer")

    async def seen(self, who: str, album_id: str) -> list[str]:
        """The ids of the photos somebody is shown in an album, in order."""
        return [one["id"] for one in (await self.get(who, f"/albums/{album_id}"))["assets"]]

    async def found(self, who: str, **wanted: Any) -> list[str]:
        """The ids of the photos that a search by facts finds."""
        answer = await self.done(who, "POST", "/search/metadata", wanted)
        return [one["id"] for one in answer["assets"]["items"]]

    async def counted(self, who: str, query: str) -> int:
        """How many photos a timeline holds."""
        return sum(month["count"] for month in await self.get(who, f"/timeline/buckets?{query}"))

    async def partner(self, by: str, to: str) -> None:
        """Somebody begins to show another all his photos."""
        await self.done(by, "POST", f"/partners/{self.ids[to]}", status=201)

    async def rows(self, sql: str, **args: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.db.read(sql, args)]

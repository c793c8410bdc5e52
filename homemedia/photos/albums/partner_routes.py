"""HTTP of partners."""

from typing import Literal

from aiohttp import web

from homemedia.accounts import Member
from homemedia.accounts.models import Caller
from homemedia.accounts.photo_account.wire import PublicUser
from homemedia.core.db import Database
from homemedia.core.http.families import Family
from homemedia.core.http.photo_words import checked_uuid
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Query, Wire
from homemedia.photos import people_of
from homemedia.photos.albums.partners import Partners
from homemedia.photos.visible import refused

CREATED = 201
NO_CONTENT = 204


class PartnerAnswer(PublicUser, frozen=True, kw_only=True):
    """The other one. `inTimeline`: whether who is shown the photos has them among his own."""

    in_timeline: bool


class PartnersQuery(Query, frozen=True, kw_only=True):
    direction: Literal["shared-by", "shared-with"]


class NewPartnerBody(Wire, frozen=True, kw_only=True):
    shared_with_id: str


class PartnerBody(Wire, frozen=True, kw_only=True):
    in_timeline: bool


class PartnerRoutes:
    """Partners, in both directions."""

    routes = Routes("photos", prefix="/api/partners", family=Family.PHOTOS)

    def __init__(self, db: Database, partners: Partners) -> None:
        self._db = db
        self._partners = partners

    @routes.get("", permission="partner.read")
    async def listed(self, actor: Caller, query: PartnersQuery) -> list[PartnerAnswer]:
        """List whom the caller shows his photos to, or who shows him theirs."""
        asked = self._partners.shown_by if query.direction == "shared-by" else self._partners.shown_to
        known = await people_of.members(self._db.read)
        return [
            _answer(known[user_id], in_timeline=in_timeline)
            for user_id, in_timeline in await asked(actor.user_id)
            if user_id in known
        ]

    @routes.post("", status=CREATED, permission="partner.create")
    async def create(self, actor: Caller, body: NewPartnerBody) -> PartnerAnswer:
        """Show one's photos to somebody."""
        return await self._start(actor, checked_uuid(body.shared_with_id, "sharedWithId"))

    @routes.post("/{userId}", status=CREATED, permission="partner.create")
    async def start(self, actor: Caller, userId: str) -> PartnerAnswer:  # noqa: N803 - a name of the contract
        """Show one's photos to the member of this address."""
        return await self._start(actor, checked_uuid(userId, "userId"))

    @routes.put("/{userId}", permission="partner.update")
    async def place(self, actor: Caller, userId: str, body: PartnerBody) -> PartnerAnswer:  # noqa: N803
        """Have a partner's photos among one's own, or no more."""
        user_id = checked_uuid(userId, "userId")
        await self._partners.place(actor, user_id, in_timeline=body.in_timeline)
        return await self._shown(user_id, "partner.update", in_timeline=body.in_timeline)

    @routes.delete("/{userId}", status=NO_CONTENT, permission="partner.delete")
    async def end(self, actor: Caller, userId: str) -> web.Response:  # noqa: N803 - a name of the contract
        """Show one's photos to somebody no more."""
        await self._partners.end(actor, checked_uuid(userId, "userId"))
        return web.Response(status=NO_CONTENT)

    async def _start(self, actor: Member, user_id: str) -> PartnerAnswer:
        in_timeline = await self._partners.start(actor, user_id)
        return await self._shown(user_id, "partner.create", in_timeline=in_timeline)

    async def _shown(self, user_id: str, word: str, *, in_timeline: bool) -> PartnerAnswer:
        found = (await people_of.members(self._db.read)).get(user_id)
        if found is None:
            raise refused(word)
        return _answer(found, in_timeline=in_timeline)


def _answer(user: PublicUser, *, in_timeline: bool) -> PartnerAnswer:
    return PartnerAnswer(
        **{name: getattr(user, name) for name in PublicUser.__struct_fields__}, in_timeline=in_timeline
    )

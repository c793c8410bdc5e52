"""HTTP of what comes in: links by members and by phones, and what is tried again (clips §6.2, 6.3, 6.12)."""

import contextlib
from collections.abc import Awaitable, Callable, Iterator

from aiohttp import web

from homemedia.accounts.models import Admin, Caller, Member
from homemedia.accounts.site import Site
from homemedia.accounts.wire import iso
from homemedia.clips.intake import Intake, Submission, Submitted
from homemedia.clips.intake_wire import (
    RefetchAnswer,
    RetryAnswer,
    ShareAnswer,
    ShareBody,
    ShareQuery,
    ShareToken,
    ShareTokenState,
    SubmitAnswer,
    SubmitBody,
    SubmittedClip,
)
from homemedia.clips.models import shown_title
from homemedia.clips.refetch import Refetch
from homemedia.clips.share_door import ShareDoor
from homemedia.core.clock import Clock
from homemedia.core.http.families import Family
from homemedia.core.http.limits import RateLimit, limit_key
from homemedia.core.http.routes import Routes
from homemedia.core.http.wire import Later
from homemedia.core.problems import AppError, BadRequest, Conflict

CREATED = 201
SHARES_A_MINUTE = 10
MINUTE_S = 60.0
# Who asks a route that asks nobody to sign in; None for nobody.
Maybe = Callable[[web.Request], Awaitable[Member | None]]


class IntakeRoutes:
    """What members send in."""

    routes = Routes("clips", prefix="/api/clips", family=Family.CLIPS)

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    @routes.post("", status=CREATED)
    async def submit(self, actor: Caller, body: Later[SubmitBody]) -> SubmitAnswer:
        """Send a link in; it is fetched in the background."""
        await self._intake.require_provider()
        given = await body.read()
        wish = Submission(url=given.url, title=given.title, message=given.message)
        made = await self._intake.submit(actor.user_id, wish)
        return SubmitAnswer(clip=SubmittedClip(id=made.clip_id, content_type=made.content_type))

    @routes.post("/{id}/retry")
    async def retry(self, actor: Caller, id: str) -> RetryAnswer:  # noqa: ARG002 - any member may
        """Fetch once more what could not be fetched."""
        await self._intake.require_provider()
        await self._intake.retry(id)
        return RetryAnswer()


class RefetchRoutes:
    """What a source says, read once more."""

    routes = Routes("clips", prefix="/api/clips/{id}/refetch", family=Family.CLIPS)

    def __init__(self, intake: Intake, refetch: Refetch) -> None:
        self._intake = intake
        self._refetch = refetch

    @routes.post("")
    async def refetch(self, actor: Admin, id: str) -> RefetchAnswer:  # noqa: ARG002 - any administrator may
        """Read anew what the source says of a clip."""
        await self._intake.require_provider()
        clip = await self._refetch.refetch(id)
        return RefetchAnswer(
            title=shown_title(clip),
            creator_name=clip.creator_name,
            creator_url=clip.creator_url,
            source_view_count=clip.source_view_count,
        )


class ShareRoutes:
    """What phones send in by a token."""

    routes = Routes("clips", prefix="/api/clips/share", family=Family.CLIPS)

    def __init__(self, intake: Intake, door: ShareDoor, site: Site, maybe: Maybe, clock: Clock) -> None:
        self._intake = intake
        self._door = door
        self._site = site
        self._maybe = maybe
        self._pace = RateLimit(SHARES_A_MINUTE, MINUTE_S, clock=clock)

    @routes.post("", status=CREATED, public=True)
    async def share(self, request: web.Request, query: ShareQuery, body: Later[ShareBody]) -> ShareAnswer:
        """Send a link in from a phone's share sheet, by the household's token and a number, or one's own token."""
        with _for_phones():
            self._pace.check(limit_key(self._site.address(request)), "Too many links at once. Wait a minute.")
            made = await self._share(await self._maybe(request), query.token, body)
        return ShareAnswer(message="Clip shared", clip_id=made.clip_id)

    async def _share(self, member: Member | None, token: str, body: Later[ShareBody]) -> Submitted:
        # A member who is signed in needs neither token nor number, and may send both all the same.
        user_id = None if member is not None and not token else await self._door.sender(token)
        given = await body.read()
        if not isinstance(given.url, str) or not given.url.strip():
            raise BadRequest("URL required.", field="url", reason="is required")
        if user_id is None:
            phones = _phones(given)
            if member is None or (token and phones):
                user_id = await self._door.member_of(phones)
            else:
                user_id = member.user_id
        await self._intake.require_provider()
        return await self._intake.submit(user_id, Submission(url=given.url))


class ShareTokenRoutes:
    """The caller's own share token."""

    routes = Routes("clips", prefix="/api/home/clips/share-token", family=Family.CLIPS)

    def __init__(self, door: ShareDoor) -> None:
        self._door = door

    @routes.get("")
    async def state(self, actor: Caller) -> ShareTokenState:
        """Say whether the caller has a share token of his own."""
        made_at = await self._door.made_at(actor.user_id)
        return ShareTokenState(exists=made_at is not None, created_at=None if made_at is None else iso(made_at))

    @routes.post("", status=CREATED)
    async def give(self, actor: Caller) -> ShareToken:
        """Make a new share token of the caller's own; the one before is over."""
        return ShareToken(token=await self._door.give(actor.user_id))

    @routes.delete("")
    async def take(self, actor: Caller) -> ShareTokenState:
        """End the caller's own share token."""
        await self._door.take(actor.user_id)
        return ShareTokenState(exists=False, created_at=None)


def _phones(given: ShareBody) -> list[object]:
    """Every number a body names, in either form."""
    many = given.phones if isinstance(given.phones, list) else [given.phones]
    return [phone for phone in (*many, given.phone) if phone is not None]


@contextlib.contextmanager
def _for_phones() -> Iterator[None]:
    """What is refused carries the fields that phones look for."""
    try:
        yield
    except Conflict as err:
        words = "This clip is already in the feed"
        raise Conflict(words, code=err.code, more={**err.more, "success": 0}) from err
    except AppError as err:
        err.more["success"] = 0
        raise

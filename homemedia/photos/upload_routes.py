"""HTTP of what comes in: uploads, and what need not be uploaded."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Annotated, Literal

import msgspec
from aiohttp import web
from msgspec import UNSET, UnsetType

from homemedia.accounts.models import Anybody, Caller, Guest
from homemedia.core.clock import Clock
from homemedia.core.http.families import Family
from homemedia.core.http.multipart import check_form
from homemedia.core.http.routes import FileName, Routes
from homemedia.core.http.wire import Reply, Wire
from homemedia.core.problems import Unauthorized
from homemedia.core.uploads import Staging
from homemedia.photos.intake import Intake, Kept, checksum_of
from homemedia.photos.upload_form import read_form
from homemedia.sharing.rights import Right

CREATED = 201
OK = 200
BODY_BYTES = 32 << 20
MOST_CHECKED = 10_000
CHECKSUM = "x-immich-checksum"


class Uploaded(Wire, frozen=True, kw_only=True):
    """Which photo stands for the bytes now, and whether it did before."""

    id: str
    status: Literal["created", "duplicate"]
    duplicate: bool


class ToCheck(Wire, frozen=True, kw_only=True):
    """`id` is any text; `checksum` a SHA-1 in hex or base64."""

    id: str
    checksum: str


class CheckBody(Wire, frozen=True, kw_only=True):
    assets: Annotated[list[ToCheck], msgspec.Meta(max_length=MOST_CHECKED)]


class CheckResult(Wire, frozen=True, kw_only=True):
    id: str
    action: Literal["accept", "reject"]
    reason: Literal["duplicate", "unsupported-format"] | UnsetType = UNSET
    asset_id: str | UnsetType = UNSET
    is_trashed: bool | UnsetType = UNSET


class CheckAnswer(Wire, frozen=True, kw_only=True):
    results: list[CheckResult]


class ExistBody(Wire, frozen=True, kw_only=True):
    device_id: str
    device_asset_ids: list[str]


class ExistAnswer(Wire, frozen=True, kw_only=True):
    existing_ids: list[str]


class UploadRoutes:
    """What phones and scripts send their pictures to.

    Attributes:
        receive: takes in what somebody with a link brings.
    """

    routes = Routes("photos", prefix="/api/assets", family=Family.PHOTOS)

    def __init__(self, intake: Intake, staging: Staging, clock: Clock) -> None:
        self._intake = intake
        self._staging = staging
        self._clock = clock
        self.receive: Callable[[Guest, web.Request], Awaitable[Kept]] | None = None

    @routes.post("", status=CREATED, also=(OK,), permission="asset.upload")
    async def upload(self, actor: Anybody, request: web.Request) -> Reply[Uploaded]:
        """Take a picture or video in: a form with the file `assetData` and what is said of it."""
        if isinstance(actor, Guest):
            return _answer(await self._of_guest(actor, request))
        check_form(request)
        checksum = checksum_of(request.headers.get(CHECKSUM, "").strip())
        if checksum is not None and (held := await self._intake.held(actor.user_id, [checksum])):
            # Answered before the body is read; the connection reads past what still comes.
            return _answer(Kept(held[checksum].photo_id, is_new=False))
        room = await self._intake.room(actor.user_id)
        if request.content_length is not None:
            await self._staging.check_room(request.content_length)
        async with AsyncExitStack() as stack:
            form = await read_form(request, self._staging, stack, room=room, clock=self._clock)
            return _answer(await self._intake.keep(actor.user_id, form.file, form.wish, form.sidecar))

    async def _of_guest(self, guest: Guest, request: web.Request) -> Kept:
        """What somebody with a link brings; what he sent is read by nobody before it is known that he may.

        Raises:
            Unauthorized: his link takes nothing in.
        """
        if self.receive is None or not guest.rights & Right.ADD:
            raise Unauthorized("Shared link does not allow uploads")
        return await self.receive(guest, request)

    @routes.post("/bulk-upload-check", permission="asset.upload", max_body=BODY_BYTES)
    async def check(self, actor: Caller, body: CheckBody) -> CheckAnswer:
        """Say which of these files need not be sent."""
        sums = [checksum_of(asset.checksum) for asset in body.assets]
        held = await self._intake.held(actor.user_id, [one for one in set(sums) if one is not None])
        results = []
        for asset, checksum in zip(body.assets, sums, strict=True):
            found = held.get(checksum) if checksum is not None else None
            results.append(
                CheckResult(id=asset.id, action="accept")
                if found is None
                else CheckResult(
                    id=asset.id,
                    action="reject",
                    reason="duplicate",
                    asset_id=found.photo_id,
                    is_trashed=found.is_trashed,
                )
            )
        return CheckAnswer(results=results)

    @routes.post("/exist", permission="asset.upload", max_body=BODY_BYTES)
    async def exist(self, actor: Caller, body: ExistBody) -> ExistAnswer:
        """Say which of a device's own ids are known."""
        known = await self._intake.on_device(actor.user_id, body.device_id, body.device_asset_ids)
        return ExistAnswer(existing_ids=known)

    @routes.get("/device/{deviceId}")
    async def of_device(self, actor: Caller, deviceId: FileName) -> list[str]:  # noqa: N803 - a name of the contract
        """List a device's own ids of what it uploaded."""
        return await self._intake.of_device(actor.user_id, deviceId)


def _answer(kept: Kept) -> Reply[Uploaded]:
    status: Literal["created", "duplicate"] = "created" if kept.is_new else "duplicate"
    body = Uploaded(id=kept.photo_id, status=status, duplicate=not kept.is_new)
    return Reply(body, status=CREATED if kept.is_new else OK)

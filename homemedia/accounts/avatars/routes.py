"""HTTP of the members' pictures, as the photo API and the clip API each have it. One picture stands behind both."""

from collections.abc import AsyncIterator

from aiohttp import web

from homemedia.accounts.avatars.initials import initial
from homemedia.accounts.avatars.service import AvatarService
from homemedia.accounts.models import Caller
from homemedia.accounts.wire import iso
from homemedia.core.http.families import Family
from homemedia.core.http.multipart import file_of
from homemedia.core.http.ranges import send_file
from homemedia.core.http.routes import FileName, Routes
from homemedia.core.http.wire import Wire
from homemedia.core.problems import BadRequest, Forbidden, NotFound, TooLarge

CREATED = 201
NO_CONTENT = 204
JPEG = "image/jpeg"
SVG = "image/svg+xml"
# What phones make in one shot; an uncompressed DNG of 24 megapixels has 48 MiB.
PHOTO_BYTES = 50 << 20
PHOTO_KINDS = frozenset({"avif", "heif", "jpeg", "png", "tiff", "webp"})
CLIP_BYTES = 5 << 20
CLIP_KINDS = frozenset({"jpeg", "png", "webp"})
ENDING = ".jpg"


class ProfileImage(Wire, frozen=True, kw_only=True):
    user_id: str
    profile_image_path: str
    profile_changed_at: str


class AvatarAnswer(Wire, frozen=True, kw_only=True):
    avatar_path: str


class Ok(Wire, frozen=True, kw_only=True):
    ok: bool = True


class ProfileImageRoutes:
    """As the photo API has it (photos §9.1)."""

    routes = Routes("accounts", prefix="/api/users", family=Family.PHOTOS)

    def __init__(self, avatars: AvatarService) -> None:
        self._avatars = avatars

    @routes.post("/profile-image", status=CREATED, permission="userProfileImage.update")
    async def put_image(self, actor: Caller, request: web.Request) -> ProfileImage:
        """Show oneself in another picture: the field `file` of a form, 50 MiB at most."""
        changed_at = await self._avatars.take(actor, file_of(request, "file", limit=PHOTO_BYTES), PHOTO_KINDS)
        return ProfileImage(
            user_id=actor.user_id, profile_image_path=f"{actor.user_id}{ENDING}", profile_changed_at=iso(changed_at)
        )

    @routes.delete("/profile-image", status=NO_CONTENT, permission="userProfileImage.delete")
    async def drop_image(self, actor: Caller) -> web.Response:
        """Show oneself without a picture."""
        if not await self._avatars.drop(actor):
            raise BadRequest("You have no picture.", code="no_picture")
        return web.Response(status=NO_CONTENT)

    @routes.get("/{id}/profile-image", permission="userProfileImage.read", produces=JPEG)
    async def get_image(self, actor: Caller, id: str, request: web.Request) -> web.StreamResponse:
        """Send a member's picture."""
        path = await self._avatars.of(actor, id)
        return await send_file(
            request, path, content_type=JPEG, cache_control="private, no-cache, no-transform", filename=path.name
        )


class AvatarRoutes:
    """As the clip API has it (clips §7.5)."""

    routes = Routes("accounts", prefix="/api/profile/avatar", family=Family.CLIPS)

    def __init__(self, avatars: AvatarService) -> None:
        self._avatars = avatars

    @routes.post("")
    async def put_avatar(self, actor: Caller, request: web.Request) -> AvatarAnswer:
        """Show oneself in another picture: the field `avatar` of a form, JPEG, PNG or WebP, 5 MiB at most."""
        await self._avatars.take(actor, _at_most(file_of(request, "avatar", limit=CLIP_BYTES)), CLIP_KINDS)
        return AvatarAnswer(avatar_path=f"{actor.user_id}{ENDING}")

    @routes.delete("")
    async def drop_avatar(self, actor: Caller) -> Ok:
        """Show oneself without a picture, also when there was none."""
        await self._avatars.drop(actor)
        return Ok()

    @routes.get("/initials/{username}", public=True, produces=SVG)
    async def get_initial(self, username: FileName) -> web.Response:
        """Draw the letter a name begins with, whether or not a member bears it."""
        return web.Response(
            text=initial(username), content_type=SVG, headers={"Cache-Control": "public, max-age=86400"}
        )

    @routes.get("/{filename}", produces=JPEG)
    async def get_avatar(self, actor: Caller, filename: FileName, request: web.Request) -> web.StreamResponse:
        """Send the picture of a member by its name."""
        if any(sign in filename for sign in ("/", "\\", "..", "\0")):
            raise Forbidden("This is no name of a picture.")
        if not filename.endswith(ENDING):
            raise NotFound("There is no such picture.")
        path = await self._avatars.of(actor, filename.removesuffix(ENDING))
        return await send_file(
            request, path, content_type=JPEG, cache_control="private, max-age=86400", filename=path.name
        )


async def _at_most(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The clip API answers what is too large as it answers everything else that is wrong with a picture."""
    try:
        async for chunk in chunks:
            yield chunk
    except TooLarge as err:
        raise BadRequest("The picture may have 5 MiB at most.", code="picture_too_large", field="avatar") from err

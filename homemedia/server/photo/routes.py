"""HTTP of what the photo API's clients ask of the server (photos §6.8, 10.4, 10.5)."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from msgspec import UNSET

from homemedia.accounts import Admin, Caller
from homemedia.accounts.household import HouseholdService
from homemedia.accounts.wire import iso
from homemedia.core.db import Database
from homemedia.core.http.families import Family
from homemedia.core.http.routes import Routes
from homemedia.core.problems import NotFound
from homemedia.core.threads import Lane
from homemedia.photos.kinds import IMAGES, RAW, SIDECAR, VIDEOS
from homemedia.server.info import space_of
from homemedia.server.photo import store
from homemedia.server.photo.config import PhotoConfig
from homemedia.server.photo.document import DEFAULTS, Document
from homemedia.server.photo.wire import (
    VERSION,
    About,
    AdminOnboarding,
    ApkLinks,
    Features,
    Info,
    MediaTypes,
    Pong,
    ServerConfig,
    Storage,
    Usage,
    UsageOfOne,
    VersionAnswer,
    VersionCheck,
    VersionLine,
    info,
    storage,
)

NO_CONTENT = 204
BODY_BYTES = 1 << 20
PROJECT = "homemedia"


class PhotoServerRoutes:
    """Facts about this server.

    Args:
        db: for what members keep.
        household: whether anybody runs it.
        config: the settings document.
        folder: whose disk keeps the photos.
        lane: threads for disks that may not answer.
        ffmpeg: answers the version of ffmpeg, None without one.
        has_places: whether positions get names here.
    """

    routes = Routes("server", prefix="/api/server", family=Family.PHOTOS)

    def __init__(
        self,
        db: Database,
        household: HouseholdService,
        config: PhotoConfig,
        folder: Path,
        lane: Lane,
        ffmpeg: Callable[[], Awaitable[str | None]],
        has_places: Callable[[], Awaitable[bool]],
    ) -> None:
        self._db = db
        self._household = household
        self._config = config
        self._folder = folder
        self._lane = lane
        self._ffmpeg = ffmpeg
        self._has_places = has_places

    @routes.get("/ping", public=True)
    async def ping(self) -> Pong:
        """Answer."""
        return Pong()

    @routes.get("/version", public=True)
    async def version(self) -> VersionAnswer:
        """Say which version of the photo API this speaks."""
        return VersionAnswer()

    @routes.get("/version-history", public=True)
    async def version_history(self) -> list[VersionLine]:
        """List the versions there have been: the one there is."""
        began_at = await store.began_at(self._db.read)
        household = await self._household.read()
        return [VersionLine(id=household.household_id, created_at=iso(began_at or 0), version=VERSION)]

    @routes.get("/version-check", permission="server.versionCheck")
    async def version_check(self, actor: Caller) -> VersionCheck:  # noqa: ARG002 - any member may
        """Say that nobody is asked whether there is a newer version."""
        return VersionCheck()

    @routes.get("/media-types", public=True)
    async def media_types(self) -> MediaTypes:
        """List the endings of file names that are taken."""
        return MediaTypes(image=sorted({*IMAGES, *RAW}), video=sorted(VIDEOS), sidecar=[SIDECAR])

    @routes.get("/about", permission="server.about")
    async def about(self, actor: Caller) -> About:  # noqa: ARG002 - any member may
        """Say what this server is made of."""
        return About(
            version=f"v{VERSION}",
            version_url="",
            licensed=False,
            repository=PROJECT,
            repository_url="",
            ffmpeg=await self._ffmpeg() or UNSET,
        )

    @routes.get("/storage", permission="server.storage")
    async def storage(self, actor: Caller) -> Storage:  # noqa: ARG002 - any member may
        """Say how full the disk is that keeps the photos."""
        return storage(await self._lane.run(space_of, self._folder))

    @routes.get("/info", permission="server.about")
    async def info(self, actor: Caller) -> Info:  # noqa: ARG002 - any member may
        """Say which version this is and how full its disk."""
        return info(await self._lane.run(space_of, self._folder))

    @routes.get("/features", public=True)
    async def features(self) -> Features:
        """Say what can be done here."""
        document = self._config.document
        return Features(
            smart_search=True,
            facial_recognition=True,
            duplicate_detection=True,
            map=document["map"]["enabled"],
            reverse_geocoding=document["reverseGeocoding"]["enabled"] and await self._has_places(),
            import_faces=document["metadata"]["faces"]["import"],
            sidecar=True,
            search=True,
            trash=self._config.trash_days > 0,
            oauth=document["oauth"]["enabled"],
            oauth_auto_launch=document["oauth"]["autoLaunch"],
            password_login=self._config.has_password_login,
            config_file=False,
            email=False,
            ocr=False,
            realtime_transcoding=False,
            clip_encode=True,
        )

    @routes.get("/config", public=True)
    async def config(self) -> ServerConfig:
        """Say how this server is set up, as far as strangers may know."""
        document = self._config.document
        household = await self._household.read()
        return ServerConfig(
            login_page_message=document["server"]["loginPageMessage"],
            trash_days=document["trash"]["days"],
            user_delete_delay=document["user"]["deleteDelay"],
            oauth_button_text=document["oauth"]["buttonText"],
            is_initialized=household.is_claimed,
            is_onboarded=household.is_claimed and self._config.is_onboarded,
            external_domain=document["server"]["externalDomain"],
            public_users=document["server"]["publicUsers"],
            maintenance_mode=False,
            min_faces=document["machineLearning"]["facialRecognition"]["minFaces"],
            map_dark_style_url=document["map"]["darkStyle"],
            map_light_style_url=document["map"]["lightStyle"],
        )

    @routes.get("/statistics", permission="server.statistics")
    async def statistics(self, actor: Admin) -> Usage:  # noqa: ARG002 - any administrator may
        """Say what each member keeps."""
        members = [
            UsageOfOne(
                user_id=row["user_id"],
                user_name=row["display_name"],
                photos=row["photos"],
                videos=row["videos"],
                usage=row["photo_bytes"] + row["video_bytes"],
                usage_photos=row["photo_bytes"],
                usage_videos=row["video_bytes"],
                quota_size_in_bytes=row["quota_bytes"],
            )
            for row in await store.usage(self._db.read)
        ]
        return Usage(
            photos=sum(one.photos for one in members),
            videos=sum(one.videos for one in members),
            usage=sum(one.usage for one in members),
            usage_photos=sum(one.usage_photos for one in members),
            usage_videos=sum(one.usage_videos for one in members),
            usage_by_user=members,
        )

    @routes.get("/apk-links", permission="server.apkLinks")
    async def apk_links(self, actor: Caller) -> ApkLinks:  # noqa: ARG002 - any member may
        """Say where the app for Android is to be had."""
        return ApkLinks()

    @routes.get("/license", permission="serverLicense.read")
    async def license(self, actor: Admin) -> None:  # noqa: ARG002 - any administrator may
        """Say that nobody needs a licence."""
        raise NotFound("There is no licence: this program is free.", code="no_licence")


class PhotoConfigRoutes:
    """The settings document."""

    routes = Routes("server", prefix="/api", family=Family.PHOTOS)

    def __init__(self, config: PhotoConfig) -> None:
        self._config = config

    @routes.get("/public/config", public=True)
    async def public_config(self) -> dict[str, Any]:
        """Say what a sign-in page needs to know."""
        document = self._config.document
        return _public(document)

    @routes.get("/config", permission="userConfig.read")
    async def user_config(self, actor: Caller) -> dict[str, Any]:  # noqa: ARG002 - any member may
        """Say what of the settings concerns members."""
        document = self._config.document
        learning = document["machineLearning"]
        return _public(document) | {
            "image": {name: {"size": document["image"][name]["size"]} for name in ("thumbnail", "preview")}
            | {"fullsize": {"enabled": document["image"]["fullsize"]["enabled"]}},
            "reverseGeocoding": document["reverseGeocoding"],
            "server": document["server"],
            "map": document["map"],
            "trash": document["trash"],
            "user": document["user"],
            "ffmpeg": {"realtime": document["ffmpeg"]["realtime"]},
            "machineLearning": {
                "enabled": learning["enabled"],
                "clip": {"enabled": learning["clip"]["enabled"]},
                "duplicateDetection": {"enabled": learning["duplicateDetection"]["enabled"]},
                "facialRecognition": {
                    "enabled": learning["facialRecognition"]["enabled"],
                    "minFaces": learning["facialRecognition"]["minFaces"],
                },
                "ocr": {"enabled": learning["ocr"]["enabled"]},
            },
        }

    @routes.get("/system-config", permission="systemConfig.read")
    async def get_system_config(self, actor: Admin) -> dict[str, Any]:  # noqa: ARG002 - any administrator may
        """Show all settings."""
        return self._config.document

    @routes.put("/system-config", permission="systemConfig.update", max_body=BODY_BYTES)
    async def put_system_config(self, actor: Admin, body: dict[str, Any]) -> dict[str, Any]:
        """Replace all settings; they hold at once."""
        return await self._config.put(body, by=actor.user_id)

    @routes.get("/system-config/defaults", permission="systemConfig.read")
    async def get_defaults(self, actor: Admin) -> dict[str, Any]:  # noqa: ARG002 - any administrator may
        """Show how settings are unless somebody changes them."""
        return DEFAULTS

    @routes.get("/admin/config", permission="adminConfig.read")
    async def get_admin_config(self, actor: Admin) -> dict[str, Any]:  # noqa: ARG002 - any administrator may
        """Show all settings, by the newer address."""
        return self._config.document

    @routes.put("/admin/config", permission="adminConfig.update", max_body=BODY_BYTES)
    async def put_admin_config(self, actor: Admin, body: dict[str, Any]) -> dict[str, Any]:
        """Replace all settings, by the newer address."""
        return await self._config.put(body, by=actor.user_id)

    @routes.get("/admin/config/defaults", permission="adminConfig.read")
    async def get_admin_defaults(self, actor: Admin) -> dict[str, Any]:  # noqa: ARG002 - any administrator may
        """Show how settings are unless somebody changes them, by the newer address."""
        return DEFAULTS

    @routes.get("/system-metadata/admin-onboarding", permission="systemMetadata.read")
    async def get_onboarding(self, actor: Admin) -> AdminOnboarding:  # noqa: ARG002 - any administrator may
        """Say whether an administrator has seen what newcomers are told."""
        return AdminOnboarding(is_onboarded=self._config.is_onboarded)

    @routes.post("/system-metadata/admin-onboarding", status=NO_CONTENT, permission="systemMetadata.update")
    async def put_onboarding(self, actor: Admin, body: AdminOnboarding) -> web.Response:
        """Keep whether an administrator has seen what newcomers are told."""
        await self._config.set_onboarded(is_onboarded=body.is_onboarded, by=actor.user_id)
        return web.Response(status=NO_CONTENT)


def _public(document: Document) -> dict[str, Any]:
    oauth = document["oauth"]
    return {
        "oauth": {name: oauth[name] for name in ("enabled", "autoLaunch", "buttonText")},
        "passwordLogin": {"enabled": document["passwordLogin"]["enabled"]},
        "server": {"loginPageMessage": document["server"]["loginPageMessage"]},
        "theme": {"customCss": document["theme"]["customCss"]},
    }

"""Answers of the server routes of the photo API (photos §6.8, 10.4)."""

from collections.abc import Sequence

from msgspec import UNSET, UnsetType, field

from homemedia.core.http.wire import Wire
from homemedia.server.info import Disk

# Which of upstream's versions this speaks as (photos §1.20).
MAJOR, MINOR, PATCH = 3, 2, 2
VERSION = f"{MAJOR}.{MINOR}.{PATCH}"
APKS = f"https://github.com/immich-app/immich/releases/download/v{VERSION}/app-"
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_STEP = 1024


class Pong(Wire, frozen=True, kw_only=True):
    res: str = "pong"


class VersionAnswer(Wire, frozen=True, kw_only=True):
    major: int = MAJOR
    minor: int = MINOR
    patch: int = PATCH
    prerelease: int | None = None


class VersionLine(Wire, frozen=True, kw_only=True):
    id: str
    created_at: str
    version: str


class VersionCheck(Wire, frozen=True, kw_only=True):
    """Nobody is asked whether there is a newer one."""

    checked_at: str | None = None
    release_version: str | None = None


class About(Wire, frozen=True, kw_only=True):
    """What this is; `ffmpeg` where there is one."""

    version: str
    version_url: str
    licensed: bool
    repository: str
    repository_url: str
    ffmpeg: str | UnsetType = UNSET


class Storage(Wire, frozen=True, kw_only=True):
    """The disk that keeps the photos."""

    disk_size: str
    disk_use: str
    disk_available: str
    disk_size_raw: int
    disk_use_raw: int
    disk_available_raw: int
    disk_usage_percentage: float


class Info(Storage, frozen=True, kw_only=True):
    version: str


class MediaTypes(Wire, frozen=True, kw_only=True):
    """Endings of file names, each with its dot."""

    image: Sequence[str]
    video: Sequence[str]
    sidecar: Sequence[str]


class Features(Wire, frozen=True, kw_only=True):
    smart_search: bool
    facial_recognition: bool
    duplicate_detection: bool
    map: bool
    reverse_geocoding: bool
    import_faces: bool
    sidecar: bool
    search: bool
    trash: bool
    oauth: bool
    oauth_auto_launch: bool
    password_login: bool
    config_file: bool
    email: bool
    ocr: bool
    realtime_transcoding: bool
    clip_encode: bool


class ServerConfig(Wire, frozen=True, kw_only=True):
    login_page_message: str
    trash_days: int
    user_delete_delay: int
    oauth_button_text: str
    is_initialized: bool
    is_onboarded: bool
    external_domain: str
    public_users: bool
    maintenance_mode: bool
    min_faces: int
    map_dark_style_url: str
    map_light_style_url: str


class UsageOfOne(Wire, frozen=True, kw_only=True):
    user_id: str
    user_name: str
    photos: int
    videos: int
    usage: int
    usage_photos: int
    usage_videos: int
    quota_size_in_bytes: int | None


class Usage(Wire, frozen=True, kw_only=True):
    photos: int
    videos: int
    usage: int
    usage_photos: int
    usage_videos: int
    usage_by_user: Sequence[UsageOfOne]


class ApkLinks(Wire, frozen=True, kw_only=True):
    arm64v8a: str = f"{APKS}arm64-v8a-release.apk"
    armeabiv7a: str = f"{APKS}armeabi-v7a-release.apk"
    universal: str = f"{APKS}release.apk"
    x86_64: str = field(name="x86_64", default=f"{APKS}x86_64-release.apk")


class AdminOnboarding(Wire, frozen=True, kw_only=True):
    is_onboarded: bool


def storage(disk: Disk) -> Storage:
    total, free = disk.total or 0, disk.free or 0
    used = max(total - free, 0)
    return Storage(
        disk_size=human(total),
        disk_use=human(used),
        disk_available=human(free),
        disk_size_raw=total,
        disk_use_raw=used,
        disk_available_raw=free,
        disk_usage_percentage=round(used / total * 100, 2) if total else 0.0,
    )


def info(disk: Disk) -> Info:
    shown = storage(disk)
    return Info(version=VERSION, **{name: getattr(shown, name) for name in Storage.__struct_fields__})


def human(size_bytes: int) -> str:
    """A size as people read it: "100.0 GiB"."""
    size, unit = float(size_bytes), 0
    while size >= _STEP and unit < len(_UNITS) - 1:
        size, unit = size / _STEP, unit + 1
    return f"{size:.1f} {_UNITS[unit]}" if unit else f"{size_bytes} B"

"""Which device asks, read from its headers (photos §2.2). Pure; only for people to recognise their own devices by."""

import re
from collections.abc import Mapping

from homemedia.accounts.models import Device

MAX_CHARS = 80
_APP = re.compile(r"^immich-(?P<kind>android|ios|cli|go)/(?P<version>[\w.+-]{1,32})", re.IGNORECASE)
_APPS = {"android": ("Immich", "Android"), "ios": ("Immich", "iOS"), "cli": ("immich-cli", ""), "go": ("immich-go", "")}
# In this order: televisions name the browser they are made of, and each browser also those it descends from.
_BROWSERS = (
    ("Tizen", "Samsung TV"),
    ("Web0S", "LG TV"),
    ("webOS.TV", "LG TV"),
    ("BRAVIA", "Sony TV"),
    ("; AFT", "Fire TV"),
    ("CrKey", "Chromecast"),
    ("SMART-TV", "TV"),
    ("SmartTV", "TV"),
    ("HbbTV", "TV"),
    ("Android TV", "Android TV"),
    ("PlayStation", "PlayStation"),
    ("Xbox", "Xbox"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Tizen", "Tizen"),
    ("Web0S", "webOS"),
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_of(headers: Mapping[str, str], address: str) -> Device:
    """What the headers tell of the device; "" for what they do not."""
    agent = headers.get("User-Agent", "")
    app = _APP.match(agent)
    if app is not None:
        kind, system = _APPS[app["kind"].lower()]
        version = app["version"]
    else:
        kind = next((name for mark, name in _BROWSERS if mark in agent), "")
        system = next((name for mark, name in _SYSTEMS if mark in agent), "")
        version = ""
    return Device(
        device_type=_clean(headers.get("deviceType", "")) or kind,
        device_os=_clean(headers.get("deviceModel", "")) or system,
        app_version=version,
        address=address,
    )


def updated_app(headers: Mapping[str, str], known: str) -> Device | None:
    """An app that has another version than was known of it; of its device, what it says at this request."""
    app = _APP.match(headers.get("User-Agent", ""))
    if app is None or app["version"] == known:
        return None
    return Device(
        device_type=_clean(headers.get("deviceType", "")),
        device_os=_clean(headers.get("deviceModel", "")),
        app_version=app["version"],
    )


def _clean(text: str) -> str:
    return "".join(char for char in text if char.isprintable())[:MAX_CHARS].strip()

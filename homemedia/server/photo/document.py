"""The settings document of the photo API: its defaults, and which documents are taken (photos §10.5). Pure."""

import copy
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from homemedia.core.problems import BadRequest
from homemedia.photos.template import read_template
from homemedia.server.backup.service import daily

Document = dict[str, Any]
MOST_BYTES: Final = 1 << 20
NOT_VALID: Final = "Validation failed"
_WORDS: Final = {bool: "boolean", str: "string", int: "number", float: "number", list: "array", dict: "object"}

DEFAULTS: Final[Document] = {
    # Every night at two, seven kept (design §7.57).
    "backup": {"database": {"enabled": True, "cronExpression": "0 02 * * *", "keepLastAmount": 7}},
    "ffmpeg": {
        "crf": 23,
        "threads": 0,
        "preset": "ultrafast",
        "targetVideoCodec": "h264",
        "acceptedVideoCodecs": ["h264"],
        "targetAudioCodec": "aac",
        "acceptedAudioCodecs": ["aac", "mp3", "opus"],
        "acceptedContainers": ["mov", "ogg", "webm"],
        "targetResolution": "720",
        "maxBitrate": "0",
        "bframes": -1,
        "refs": 0,
        "gopSize": 0,
        "temporalAQ": False,
        "cqMode": "auto",
        "twoPass": False,
        "preferredHwDevice": "auto",
        "transcode": "required",
        "tonemap": "hable",
        "accel": "disabled",
        "accelDecode": False,
        "realtime": {"enabled": False, "resolutions": [], "videoCodecs": []},
    },
    "image": {
        "thumbnail": {"format": "webp", "size": 250, "quality": 80, "progressive": False},
        "preview": {"format": "jpeg", "size": 1440, "quality": 80, "progressive": False},
        "fullsize": {"enabled": False, "format": "jpeg", "quality": 80, "progressive": False},
        "colorspace": "p3",
        "extractEmbedded": False,
    },
    "machineLearning": {
        "enabled": False,
        "urls": [],
        "clip": {"enabled": False, "modelName": ""},
        "duplicateDetection": {"enabled": False, "maxDistance": 0.01},
        "facialRecognition": {"enabled": False, "modelName": "", "minScore": 0.7, "maxDistance": 0.5, "minFaces": 3},
        "ocr": {
            "enabled": False,
            "modelName": "",
            "minDetectionScore": 0.5,
            "minRecognitionScore": 0.8,
            "maxResolution": 736,
        },
        "availabilityChecks": {"enabled": False, "timeout": 2000, "interval": 30000},
    },
    "map": {"enabled": True, "lightStyle": "/api/map/style/light.json", "darkStyle": "/api/map/style/dark.json"},
    "metadata": {"faces": {"import": True}},
    "newVersionCheck": {"enabled": False, "channel": "stable"},
    "oauth": {
        "enabled": False,
        "autoLaunch": False,
        "autoRegister": False,
        "buttonText": "Login with OAuth",
        "issuerUrl": "",
        "clientId": "",
        "clientSecret": "",
        "mobileOverrideEnabled": False,
        "mobileRedirectUri": "",
        "endSessionEndpoint": "",
        "prompt": "",
        "allowInsecureRequests": False,
        "scope": "openid email profile",
        "signingAlgorithm": "RS256",
        "profileSigningAlgorithm": "none",
        "tokenEndpointAuthMethod": "client_secret_post",
        "timeout": 30000,
        "defaultStorageQuota": None,
        "storageLabelClaim": "preferred_username",
        "storageQuotaClaim": "immich_quota",
        "roleClaim": "",
    },
    "passwordLogin": {"enabled": True},
    "reverseGeocoding": {"enabled": True},
    "server": {"externalDomain": "", "loginPageMessage": "", "publicUsers": True},
    "storageTemplate": {
        "enabled": False,
        "hashVerificationEnabled": True,
        "template": "{{y}}/{{y}}-{{MM}}-{{dd}}/{{filename}}",
    },
    "theme": {"customCss": ""},
    "trash": {"enabled": True, "days": 30},
    "user": {"deleteDelay": 7},
}
_RANGES: Final[dict[tuple[str, ...], tuple[float, float]]] = {
    ("backup", "database", "keepLastAmount"): (1, 1000),
    ("trash", "days"): (0, 36_500),
    ("user", "deleteDelay"): (1, 36_500),
    ("image", "thumbnail", "quality"): (1, 100),
    ("image", "thumbnail", "size"): (64, 4096),
    ("image", "preview", "quality"): (1, 100),
    ("image", "preview", "size"): (64, 8192),
    ("image", "fullsize", "quality"): (1, 100),
    ("ffmpeg", "crf"): (0, 51),
    ("ffmpeg", "threads"): (0, 256),
    ("machineLearning", "facialRecognition", "minFaces"): (1, 1000),
    ("machineLearning", "facialRecognition", "minScore"): (0.1, 1),
    ("machineLearning", "facialRecognition", "maxDistance"): (0.1, 2),
}
_PICTURES: Final = ("jpeg", "webp")
_CHOICES: Final[dict[tuple[str, ...], tuple[str, ...]]] = {
    ("image", "thumbnail", "format"): _PICTURES,
    ("image", "preview", "format"): _PICTURES,
    ("image", "fullsize", "format"): _PICTURES,
    ("image", "colorspace"): ("srgb", "p3"),
    ("newVersionCheck", "channel"): ("stable", "releaseCandidate"),
    ("ffmpeg", "targetVideoCodec"): ("h264", "hevc", "vp9", "av1"),
    ("ffmpeg", "targetAudioCodec"): ("mp3", "aac", "opus", "libopus", "pcm_s16le"),
    ("ffmpeg", "transcode"): ("all", "optimal", "bitrate", "required", "disabled"),
    ("ffmpeg", "tonemap"): ("hable", "mobius", "reinhard", "disabled"),
    ("ffmpeg", "accel"): ("nvenc", "qsv", "vaapi", "rkmpp", "disabled"),
    ("ffmpeg", "cqMode"): ("auto", "cqp", "icq"),
}


def whole(stored: Document) -> Document:
    """A stored document with the defaults where it says nothing; sections nobody knows stay in it."""
    return _over(copy.deepcopy(DEFAULTS), stored)


def _over(below: Document, above: Document) -> Document:
    for name, value in above.items():
        known = below.get(name)
        below[name] = _over(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return below


def check(document: Document) -> None:
    """Let a document pass.

    Raises:
        BadRequest: a field that is known has a value of another type, or one out of its range.
    """
    _check(document, DEFAULTS, ())


def _check(document: Document, model: Document, steps: tuple[str, ...]) -> None:
    for name, value in document.items():
        if name not in model:
            continue
        place, wanted = (*steps, name), model[name]
        if isinstance(wanted, dict) and isinstance(value, dict):
            _check(value, wanted, place)
        elif not _is_like(value, wanted):
            expected = "number" if wanted is None else _WORDS[type(wanted)]
            reason = f"Invalid input: expected {expected}, received {_word(value)}"
            raise BadRequest(NOT_VALID, field=".".join(place), reason=reason)
        elif place in _CHOICES and value not in _CHOICES[place]:
            options = "|".join(f'"{one}"' for one in _CHOICES[place])
            raise BadRequest(NOT_VALID, field=".".join(place), reason=f"Invalid option: expected one of {options}")
        elif place in _CHECKS:
            _CHECKS[place](".".join(place), value)
        elif place in _RANGES and not _RANGES[place][0] <= value <= _RANGES[place][1]:
            low, high = _RANGES[place]
            raise BadRequest(NOT_VALID, field=".".join(place), reason=f"must be between {low} and {high}")


def address(field: str, value: str) -> str:
    """An address at which others reach this server, without a slash at its end; "" for none.

    Raises:
        BadRequest: it is none.
    """
    text = value.strip().rstrip("/")
    if not text:
        return ""
    try:
        parts = urlsplit(text)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_one = False
    if not is_one or parts.query or parts.fragment or parts.path or parts.username is not None:
        raise BadRequest(NOT_VALID, field=field, reason="is no address like https://photos.example.com")
    return text


def _template(field: str, value: str) -> None:
    try:
        read_template(value)
    except ValueError as err:
        raise BadRequest(NOT_VALID, field=field, reason=str(err)) from err


def _once_a_day(field: str, value: str) -> None:
    if daily(value) is None:
        raise BadRequest(NOT_VALID, field=field, reason='is no time of day like "0 02 * * *"')


_CHECKS: Final[dict[tuple[str, ...], Callable[[str, str], object]]] = {
    ("backup", "database", "cronExpression"): _once_a_day,
    ("server", "externalDomain"): address,
    ("storageTemplate", "template"): _template,
}


def _is_like(value: object, wanted: object) -> bool:
    """Whether a value is of a kind with the default; where that is null, a number will do."""
    if wanted is None:
        return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
    if isinstance(wanted, bool):
        return isinstance(value, bool)
    if isinstance(wanted, int | float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(wanted, list):
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, type(wanted))


def _word(value: object) -> str:
    return "null" if value is None else _WORDS.get(type(value), "unknown")

"""The settings document of the photo API: its defaults, and which documents are taken (photos §10.5). Pure."""

import copy
from typing import Any, Final

from homemedia.core.problems import BadRequest

Document = dict[str, Any]
MOST_BYTES: Final = 1 << 20
NOT_VALID: Final = "Validation failed"
_WORDS: Final = {bool: "boolean", str: "string", int: "number", float: "number", list: "array", dict: "object"}

DEFAULTS: Final[Document] = {
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
_RANGES: Final[dict[tuple[str, ...], tuple[int, int]]] = {
    ("trash", "days"): (0, 36_500),
    ("user", "deleteDelay"): (1, 36_500),
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
        elif place in _RANGES and not _RANGES[place][0] <= value <= _RANGES[place][1]:
            low, high = _RANGES[place]
            raise BadRequest(NOT_VALID, field=".".join(place), reason=f"must be between {low} and {high}")


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

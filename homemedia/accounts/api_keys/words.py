"""The words an API key may carry (photos §10.4). An open set: any verb of a known area passes."""

import re
from collections.abc import Iterable

from homemedia.core.http.families import ALL

_AREAS = """
    activity album albumAsset albumUser apiKey archive asset asset.edit assetFile auth authDevice adminAuth adminConfig
    adminSession adminUser backup clusterGroup duplicate face folder job library maintenance map memory memoryAsset
    notification partner person pinCode plugin queue queueJob server serverLicense session sharedLink stack sync
    syncCheckpoint systemConfig systemMetadata tag timeline user userConfig userLicense userOnboarding userPreference
    userProfileImage workflow
"""
AREAS = frozenset(_AREAS.split())
MAX_WORDS = 300
_VERB = re.compile(r"[A-Za-z]{1,40}")


def is_word(text: str) -> bool:
    """Whether a key may carry this: "all", or an area and a verb."""
    area, _, verb = text.rpartition(".")
    return text == ALL or (area in AREAS and _VERB.fullmatch(verb) is not None)


def covers(held: Iterable[str] | None, wanted: Iterable[str]) -> bool:
    """Whether who holds these words may give those away; None for who needs no words."""
    if held is None:
        return True
    own = set(held)
    return ALL in own or own.issuperset(wanted)

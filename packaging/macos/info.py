"""What macOS is told of the program: the values of Info.plist, and the sentences of its questions.

`build.spec` hands `info(version)` to BUNDLE. Without the sentences macOS refuses folders and network in silence.
"""

import re
from typing import Any

IDENTIFIER = "org.homemedia.HomeMedia"
# The oldest for which there are wheels of everything that is bundled.
OLDEST_MACOS = "14.0"
READS = (
    "HomeMedia shows the films, photos and music that lie here to your household. It moves and changes none of them."
)


def info(version: str) -> dict[str, Any]:
    """The values beside those that PyInstaller writes by itself (name, executable, icon)."""
    numbers = re.match(r"\d+(\.\d+){0,2}", version)
    short = numbers[0] if numbers else "0"
    return {
        "CFBundleIdentifier": IDENTIFIER,
        "CFBundleName": "HomeMedia",
        "CFBundleDisplayName": "HomeMedia",
        "CFBundleShortVersionString": short,
        "CFBundleVersion": short,
        "CFBundlePackageType": "APPL",
        "CFBundleInfoDictionaryVersion": "6.0",
        "CFBundleDevelopmentRegion": "en",
        "LSApplicationCategoryType": "public.app-category.video",
        "LSMinimumSystemVersion": OLDEST_MACOS,
        # It lives beside the clock: no sign in the Dock, no menu bar of its own.
        "LSUIElement": True,
        # PyInstaller says True of every program that can write to a terminal, and such a one may show no icon.
        "LSBackgroundOnly": False,
        "LSMultipleInstancesProhibited": False,  # the program itself sees to it, and its workers are instances too
        "NSHighResolutionCapable": True,
        "NSSupportsAutomaticTermination": False,
        "NSSupportsSuddenTermination": False,
        # A server without a window is not put to sleep between two requests.
        "LSAppNapIsDisabled": True,
        "NSHumanReadableCopyright": "GPL-3.0-or-later",
        # Asked once, when it first speaks to the network.
        "NSLocalNetworkUsageDescription": "Phones, tablets and TVs in your home open HomeMedia through your network.",
        "NSBonjourServices": ["_homemedia._tcp", "_http._tcp"],
        # Asked once for each kind of folder, when a library there is read for the first time.
        "NSDesktopFolderUsageDescription": READS,
        "NSDocumentsFolderUsageDescription": READS,
        "NSDownloadsFolderUsageDescription": READS,
        "NSRemovableVolumesUsageDescription": READS,
        "NSNetworkVolumesUsageDescription": READS,
    }

"""Why a device refused, in words that help. Pure.

Source:
    Messages of ffmpeg 5.1 and 9.0 and of the drivers behind it.
"""

import re

TOO_SLOW = "The trial did not end within 10 seconds."
NOTHING = "Nothing came out, and no reason was given."
_PATH = re.compile(r"(?:[A-Za-z]:)?[\\/](?:[^\s:'\"]+[\\/])+[^\s:'\"]*")
_PREFIX = re.compile(r"^(?:\[[^\]]*\]\s*)+")

# What is said, and what it means; the first that fits.
_MEANINGS: tuple[tuple[str, str], ...] = (
    (
        r"minimum required Nvidia driver for nvenc is (?P<version>[\d.]+)",
        (
            "The NVIDIA driver is too old for this ffmpeg: update the driver to {version} or newer, or install your "
            "system's ffmpeg."
        ),
    ),
    (
        r"Driver does not support the required nvenc API version",
        "The NVIDIA driver is too old for this ffmpeg: update the driver, or install your system's ffmpeg.",
    ),
    (
        r"No capable devices found|unsupported device \(2\)|OpenEncodeSessionEx failed: unsupported device",
        "No capable devices found: this card has no encoder (cards for data centres only decode).",
    ),
    (
        r"OpenEncodeSessionEx failed: out of memory|incompatible client key",
        "All encoders of this card are in use, or its driver allows no more of them at once.",
    ),
    (
        r"Cannot load (?:lib)?(?:nvidia-encode|nvcuvid|cuda|nvcuda|nvEncodeAPI)|Could not dynamically load CUDA",
        "The NVIDIA driver is not installed, or this container was not given it.",
    ),
    (
        r"CUDA_ERROR_NO_DEVICE|no CUDA-capable device",
        "The NVIDIA driver finds no card.",
    ),
    (
        r"Permission denied|Access denied",
        "The server may not open this device: its user has to be in the group that owns it (`render` or `video`).",
    ),
    (
        r"No usable encoding (?:profile|entrypoint) found|Encoding entrypoint not found",
        "This device does not encode this codec.",
    ),
    (
        r"No VA display found|Failed to initiali[sz]e VAAPI|Cannot open (?:a )?VA display|vaInitialize failed",
        "The graphics driver offers no video (VA-API): install intel-media-va-driver or mesa-va-drivers.",
    ),
    (
        r"Error (?:creating a|initializing an internal) MFX session|Failed to create .*MFX|No MFX|libvpl|mfxLoad",
        "Quick Sync does not start: install Intel's runtime (libmfx-gen or intel-media-driver).",
    ),
    (
        r"DLL amfrt\S* failed to open|libamfrt\S*",
        "AMD's driver for video is not installed.",
    ),
    (
        r"Could not find a valid device|Could not find any devices",
        "No encoder of this kind was found.",
    ),
    (
        r"Unknown encoder|Encoder not found|Option not found|Unrecognized hwaccel|Unknown decoder",
        "This ffmpeg was built without it.",
    ),
    (
        r"No device available for|Device creation failed|Failed to set value '\S+' for option 'init_hw_device'",
        "The device does not answer.",
    ),
)


def meaning(said: str) -> str:
    """Say in one sentence why a trial failed.

    Args:
        said: the last lines of ffmpeg's stderr.

    Returns:
        A sentence of ours where we know the message, else ffmpeg's own last line, without paths.
    """
    for pattern, sentence in _MEANINGS:
        found = re.search(pattern, said, re.IGNORECASE)
        if found:
            return sentence.format(**found.groupdict())
    lines = [_PREFIX.sub("", line).strip() for line in said.splitlines()]
    last = next((line for line in reversed(lines) if line and not line.startswith("Conversion failed")), "")
    return _PATH.sub("…", last)[:300] or NOTHING

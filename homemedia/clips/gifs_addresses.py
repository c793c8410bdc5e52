"""Which addresses of pictures a comment may hold: GIPHY's own, and nothing that only looks like one. Pure."""

import re

from homemedia.clips.models import MAX_URL

# Spelled out from the first to the last character: whoever reads an address otherwise than we do (`\` as `/`, a name
# before `@`) could be led elsewhere. Browsers load it in every member's name, so it is https or nothing.
_GIPHY = re.compile(
    r"https://(?:[a-z0-9-]{1,63}\.){0,4}giphy\.com(?:/[A-Za-z0-9._~!$&'()*+,;=:@/%?-]*)?", re.IGNORECASE
)


def is_gif(address: object) -> bool:
    """Whether this is the address of a picture at GIPHY."""
    return isinstance(address, str) and len(address) <= MAX_URL and _GIPHY.fullmatch(address) is not None

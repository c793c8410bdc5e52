"""The letter that stands for a member without a picture. Pure.

Threat: anybody may ask for any name. One letter of it is drawn, escaped, and nothing else of it is repeated.
"""

import hashlib
import unicodedata
from html import escape

# Dark enough for a white letter (4.5 : 1), and apart from one another.
COLOURS = ("#b3401f", "#8a5a00", "#3f7a1f", "#0f766e", "#1d6fa5", "#4f5bd5", "#8b3fc4", "#b02a6b")
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">'
    '<rect width="96" height="96" fill="{colour}"/>'
    '<text x="48" y="48" dy=".36em" text-anchor="middle" fill="#fff" font-family="system-ui, sans-serif" '
    'font-size="44" font-weight="600">{letter}</text></svg>'
)


def initial(username: str) -> str:
    """A picture of the first letter or digit of a name, as SVG; the same name has always the same colour."""
    letter = next((char for char in unicodedata.normalize("NFC", username) if char.isalnum()), "?").upper()[:1]
    colour = COLOURS[hashlib.sha256(username.encode(errors="replace")).digest()[0] % len(COLOURS)]
    return _SVG.format(colour=colour, letter=escape(letter))

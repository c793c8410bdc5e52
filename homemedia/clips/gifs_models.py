"""Moving pictures of GIPHY as the feed knows them, and what can go wrong when it asks there."""

from typing import ClassVar

import msgspec

from homemedia.core.problems import AppError, BadRequest, Unavailable


class Gif(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that was found. Addresses at GIPHY; width and height in pixels of `url`.

    Attributes:
        url: moves, 200 pixels wide.
        still_url: its first picture.
        share_url: what a comment holds; larger.
    """

    id: str
    title: str
    url: str
    still_url: str
    share_url: str
    width: int
    height: int


class KeyState(msgspec.Struct, frozen=True, kw_only=True):
    """What may be told of the key.

    Attributes:
        is_fixed: it comes from outside and cannot be changed here.
        is_ok: whether GIPHY took it when it was last asked; None while it was not asked since the start.
    """

    is_configured: bool
    is_fixed: bool
    is_ok: bool | None


class NotConfigured(Unavailable):
    """There is no key."""

    default_code = "gif_not_configured"

    def __init__(self) -> None:
        super().__init__("GIF search is not configured. An administrator can enter a GIPHY key in the feed's settings.")


class GiphyError(AppError):
    """GIPHY does not answer, or not as GIPHY does."""

    status: ClassVar[int] = 502
    default_code = "gif_unreachable"


class KeyRefused(BadRequest):
    """GIPHY does not take a key, or it is none."""

    default_code = "gif_key_refused"

"""Numbers of an address, as the clip contract reads them (clips §1): nothing that stands there is an error."""


def number(text: str | None, usual: int) -> int:
    """A number of an address; what is none, and what is below nought, is the usual one."""
    if text is None or not text.isascii() or not text.isdigit():
        return usual
    return int(text[:18])

"""An address as a QR code."""

import io


def svg_of(address: str) -> str:
    """The code as an SVG of its own, dark on light whatever the page's colours: cameras need it so."""
    import segno  # noqa: PLC0415 - only who invites needs it

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, dark="#000", light="#fff"
    )
    return out.getvalue().decode("utf-8").strip()

"""Makes every icon from the drawings in assets/: run by hand when a drawing changes, and commit what it writes.

    python packaging/make_icons.py [--chromium /usr/bin/chromium]

Needs the developer tools (playwright with a Chromium, Pillow). Writes
    homemedia/web/client/icons/     the web client's
    homemedia/desktop/pictures/     the tray's, one PNG a state and size; `-template` is macOS' black form
    assets/homemedia.{ico,icns}     the programs' on Windows and macOS
    assets/hicolor/SIZE/            the desktop entry's on Linux
    assets/nsis/                    the pictures of the Windows installer
"""

import argparse
import asyncio
import io
import math
import re
import shutil
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, async_playwright

REPOSITORY = Path(__file__).resolve().parent.parent
ASSETS = REPOSITORY / "assets"
SOURCE = ASSETS / "icon.svg"
CLIENT = REPOSITORY / "homemedia" / "web" / "client" / "icons"
TRAY = REPOSITORY / "homemedia" / "desktop" / "pictures"
# Launchers cut a maskable icon to any shape inside the middle 80 %, so its mark is smaller and its ground square.
MARK_SCALE = "scale(2.5)"
MASKABLE_SCALE = "scale(2)"
# At 32 px and below the mark fills more of its ground, or its strokes fall between the pixels.
SMALL_SCALE = "scale(3)"
SMALL_SIDE = 32

STATES = ("starting", "ready", "scanning", "streaming", "attention")
TRAY_SIDES = (22, 32, 44, 64)
TEMPLATE_SIDES = (18, 36)  # points of a menu bar, and a screen of double density
STEPS = 8
PART = re.compile(r'<path id="part" d="M([\d.]+) ([\d.]+)V([\d.]+)A[^"]*"')

ICO_SIDES = (256, 128, 64, 48, 40, 32, 24, 20, 16)
HICOLOR_SIDES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
# macOS draws an icon inside a margin of about a tenth: the ground of ours is made to fit its grid of 824 in 1024.
ICNS_SIDES = (16, 32, 64, 128, 256, 512, 1024)
ICNS_MARGIN = 100 / 1024

# The sizes are the Modern UI's of NSIS; it takes bitmaps without transparency only.
NSIS_HEADER = (150, 57)
NSIS_SIDE = (164, 314)
NSIS_PAGE = """<body style="margin:0;background:{ground};width:{width}px;height:{height}px;position:relative;
overflow:hidden;font:600 19px Inter,'DejaVu Sans',sans-serif;color:#f8fdfd">{inner}</body>"""


def square(svg: str) -> str:
    """The same picture with a ground that reaches the corners."""
    return re.sub(r' rx="\d+"', "", svg)


def pie(svg: str, step: int) -> str:
    """The scanning picture with `step` eighths of its badge filled; none at 0, all at `STEPS`."""
    found = PART.search(svg)
    if found is None:
        raise SystemExit("scanning.svg no longer holds its part")
    x, y, top = (float(text) for text in found.groups())
    radius = y - top
    if step == 0:
        shape = ""
    elif step == STEPS:
        shape = f"M{x} {top}A{radius} {radius} 0 0 1 {x} {y + radius}A{radius} {radius} 0 0 1 {x} {top}z"
    else:
        angle = 2 * math.pi * step / STEPS
        end_x, end_y = x + radius * math.sin(angle), y - radius * math.cos(angle)
        shape = f"M{x} {y}V{top}A{radius} {radius} 0 {int(step * 2 > STEPS)} 1 {end_x:.3f} {end_y:.3f}z"
    return PART.sub(f'<path id="part" d="{shape}"', svg)


def sized(svg: str, side: int, style: str = "display:block") -> str:
    return svg.replace("<svg ", f'<svg width="{side}" height="{side}" style="{style}" ', 1)


async def photo(browser: Browser, html: str, width: int, height: int) -> Image.Image:
    """A page at 1:1, transparent where it paints nothing."""
    page = await browser.new_page(viewport={"width": width, "height": height})
    await page.set_content(html)
    png = await page.screenshot(omit_background=True)
    await page.close()
    return Image.open(io.BytesIO(png))


async def drawn(browser: Browser, svg: str, side: int) -> Image.Image:
    """The picture at `side` pixels, transparent around it."""
    return await photo(browser, f'<body style="margin:0">{sized(svg, side)}</body>', side, side)


async def make_client(browser: Browser, svg: str) -> None:
    full = square(svg)
    for side in (192, 512):
        (await drawn(browser, svg, side)).save(CLIENT / f"icon-{side}.png", optimize=True)
    maskable = full.replace(MARK_SCALE, MASKABLE_SCALE)
    (await drawn(browser, maskable, 512)).convert("RGB").save(CLIENT / "icon-maskable-512.png", optimize=True)
    (await drawn(browser, full, 180)).convert("RGB").save(CLIENT / "apple-touch-icon.png", optimize=True)
    small = [await drawn(browser, svg, side) for side in (48, 32, 16)]
    small[0].save(CLIENT / "favicon.ico", sizes=[(48, 48), (32, 32), (16, 16)], append_images=small[1:])
    (CLIENT / "favicon.svg").write_text(svg)


async def make_tray(browser: Browser) -> None:
    for suffix, sides in (("", TRAY_SIDES), ("-template", TEMPLATE_SIDES)):
        for state in STATES:
            svg = (ASSETS / "tray" / f"{state}{suffix}.svg").read_text()
            forms = {state: svg}
            if state == "scanning":
                forms |= {f"scanning-{step}": pie(svg, step) for step in range(STEPS + 1)}
            for name, form in forms.items():
                for side in sides:
                    (await drawn(browser, form, side)).save(TRAY / f"{name}{suffix}-{side}.png", optimize=True)


async def make_programs(browser: Browser, svg: str) -> None:
    small = svg.replace(MARK_SCALE, SMALL_SCALE)

    async def at(side: int) -> Image.Image:
        return await drawn(browser, small if side <= SMALL_SIDE else svg, side)

    ico = [await at(side) for side in ICO_SIDES]
    # Windows' older dialogues cannot read the packed form of an entry.
    ico[0].save(
        ASSETS / "homemedia.ico", sizes=[(side, side) for side in ICO_SIDES], append_images=ico[1:], bitmap_format="bmp"
    )
    for side in HICOLOR_SIDES:
        folder = ASSETS / "hicolor" / f"{side}x{side}"
        folder.mkdir(parents=True, exist_ok=True)
        (await at(side)).save(folder / "homemedia.png", optimize=True)
    icns = []
    for side in ICNS_SIDES:
        margin = round(side * ICNS_MARGIN)
        whole = Image.new("RGBA", (side, side))
        whole.paste(await at(side - 2 * margin), (margin, margin))
        icns.append(whole)
    icns[-1].save(ASSETS / "homemedia.icns", append_images=icns[:-1])


async def make_nsis(browser: Browser, svg: str) -> None:
    mark = re.sub(r"<rect [^>]*/>", "", svg)
    header = NSIS_PAGE.format(
        ground="#ffffff",
        width=NSIS_HEADER[0],
        height=NSIS_HEADER[1],
        inner=sized(svg, 41, "position:absolute;right:8px;top:8px"),
    )
    side = NSIS_PAGE.format(
        ground="linear-gradient(165deg,#00757a,#00474b)",
        width=NSIS_SIDE[0],
        height=NSIS_SIDE[1],
        inner=sized(mark, 380, "position:absolute;left:-28px;bottom:-92px;opacity:.13")
        + sized(mark, 116, "position:absolute;left:24px;top:34px")
        + '<div style="position:absolute;left:0;right:0;top:150px;text-align:center">HomeMedia</div>',
    )
    folder = ASSETS / "nsis"
    folder.mkdir(exist_ok=True)
    for name, page, (width, height) in (("header", header, NSIS_HEADER), ("side", side, NSIS_SIDE)):
        (await photo(browser, page, width, height)).convert("RGB").save(folder / f"{name}.bmp")


async def make(chromium: str) -> None:
    """Writes every file."""
    svg = SOURCE.read_text()
    if MARK_SCALE not in svg:
        raise SystemExit(f"{SOURCE} no longer holds {MARK_SCALE}; the maskable icon cannot be made from it")
    for folder in (CLIENT, TRAY):
        folder.mkdir(exist_ok=True)
    async with async_playwright() as tools:
        browser = await tools.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        await make_client(browser, svg)
        await make_tray(browser)
        await make_programs(browser, svg)
        await make_nsis(browser, svg)
        await browser.close()
    written = [CLIENT, TRAY, ASSETS / "hicolor", ASSETS / "nsis"]
    files = [file for folder in written for file in folder.rglob("*") if file.is_file()]
    for file in sorted([*files, *ASSETS.glob("homemedia.*")]):
        print(f"{file.relative_to(REPOSITORY)}  {file.stat().st_size} bytes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make every icon from the drawings in assets/.")
    parser.add_argument("--chromium", default=shutil.which("chromium") or "/usr/bin/chromium")
    asyncio.run(make(parser.parse_args().chromium))

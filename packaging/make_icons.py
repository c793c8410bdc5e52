"""Makes the client's icons from assets/icon.svg: run by hand when the mark changes, and commit what it writes.

    python packaging/make_icons.py [--chromium /usr/bin/chromium]

Needs the developer tools (playwright with a Chromium, Pillow). Writes homemedia/web/client/icons/.
"""

import argparse
import asyncio
import io
import re
import shutil
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, async_playwright

REPOSITORY = Path(__file__).resolve().parent.parent
SOURCE = REPOSITORY / "assets" / "icon.svg"
TARGET = REPOSITORY / "homemedia" / "web" / "client" / "icons"
# Launchers cut a maskable icon to any shape inside the middle 80 %, so its mark is smaller and its ground square.
MARK_SCALE = "scale(2.5)"
MASKABLE_SCALE = "scale(2)"


def square(svg: str) -> str:
    """The same picture with a ground that reaches the corners."""
    return re.sub(r' rx="\d+"', "", svg)


async def drawn(browser: Browser, svg: str, side: int) -> Image.Image:
    """The picture at `side` pixels, transparent around it."""
    page = await browser.new_page(viewport={"width": side, "height": side})
    sized = svg.replace("<svg ", f'<svg width="{side}" height="{side}" style="display:block" ', 1)
    await page.set_content(f'<body style="margin:0">{sized}</body>')
    png = await page.screenshot(omit_background=True)
    await page.close()
    return Image.open(io.BytesIO(png))


async def make(chromium: str) -> None:
    """Writes every file."""
    svg = SOURCE.read_text()
    if MARK_SCALE not in svg:
        raise SystemExit(f"{SOURCE} no longer holds {MARK_SCALE}; the maskable icon cannot be made from it")
    full = square(svg)
    TARGET.mkdir(exist_ok=True)
    async with async_playwright() as tools:
        browser = await tools.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for side in (192, 512):
            (await drawn(browser, svg, side)).save(TARGET / f"icon-{side}.png", optimize=True)
        maskable = full.replace(MARK_SCALE, MASKABLE_SCALE)
        (await drawn(browser, maskable, 512)).convert("RGB").save(TARGET / "icon-maskable-512.png", optimize=True)
        (await drawn(browser, full, 180)).convert("RGB").save(TARGET / "apple-touch-icon.png", optimize=True)
        small = [await drawn(browser, svg, side) for side in (48, 32, 16)]
        small[0].save(TARGET / "favicon.ico", sizes=[(48, 48), (32, 32), (16, 16)], append_images=small[1:])
        await browser.close()
    (TARGET / "favicon.svg").write_text(svg)
    for file in sorted(TARGET.iterdir()):
        print(f"{file.relative_to(REPOSITORY)}  {file.stat().st_size} bytes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the client's icons from assets/icon.svg.")
    parser.add_argument("--chromium", default=shutil.which("chromium") or "/usr/bin/chromium")
    asyncio.run(make(parser.parse_args().chromium))

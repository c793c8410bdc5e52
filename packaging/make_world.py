"""Makes the map's outlines from Natural Earth: run by hand when they change, and commit what it writes.

    cd "$(mktemp -d)" && npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python <repository>/packaging/make_world.py package

Countries at 1 : 50 million, of the npm package world-atlas (ISC, Michael Bostock), which holds Natural Earth's data
(public domain) as TopoJSON. Writes homemedia/web/client/vendor/world.json: arcs that countries share, rounded to a
hundredth of a degree (about 1 km; the data is no finer), each as letters: differences, five bits a letter, as in the
"encoded polyline" of many maps.
"""

import argparse
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "homemedia" / "web" / "client" / "vendor"
SCALE = 100
BITS, MORE, FIRST = 5, 32, 63
# Too small to be seen at the closest the map goes, in square degrees.
SPECK = 0.0004
# Its ring goes around the pole; the map ends before it.
NOT_SHOWN = "Antarctica"

Point = tuple[float, float]


def letters(numbers: Iterable[int]) -> str:
    """Whole numbers of either sign as text."""
    text = []
    for number in numbers:
        left = number << 1 if number >= 0 else ~(number << 1)
        while left >= MORE:
            text.append(chr((MORE | left & MORE - 1) + FIRST))
            left >>= BITS
        text.append(chr(left + FIRST))
    return "".join(text)


def degrees(atlas: dict[str, Any]) -> list[list[Point]]:
    """The arcs of a TopoJSON as longitudes and latitudes."""
    (scale_x, scale_y), (from_x, from_y) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    arcs = []
    for arc in atlas["arcs"]:
        x = y = 0
        points = []
        for by_x, by_y in arc:
            x, y = x + by_x, y + by_y
            points.append((x * scale_x + from_x, y * scale_y + from_y))
        arcs.append(points)
    return arcs


def rounded(arc: Sequence[Point]) -> list[tuple[int, int]]:
    """In hundredths of a degree, without points that fall together; two at least."""
    points: list[tuple[int, int]] = []
    for lon, lat in arc:
        point = (round(lon * SCALE), round(lat * SCALE))
        if not points or points[-1] != point:
            points.append(point)
    return points if len(points) > 1 else points * 2


def ring(arcs: Sequence[Sequence[Point]], indices: Sequence[int]) -> list[Point]:
    """The points of a ring; ~n is arc n backwards."""
    points: list[Point] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else list(reversed(arcs[~index]))
        points += arc[1:] if points else arc
    return whole(points)


def whole(points: Sequence[Point]) -> list[Point]:
    """A ring without jumps: beyond 180 degrees it goes on."""
    found = [points[0]]
    for lon, lat in points[1:]:
        turns = round((found[-1][0] - lon) / 360)
        found.append((lon + 360 * turns, lat))
    return found


def area(points: Sequence[Point]) -> float:
    """Of a ring, in square degrees as wide as at the equator."""
    middle = sum(lat for _, lat in points) / len(points)
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2 * math.cos(math.radians(middle))


def middle_of(points: Sequence[Point]) -> Point:
    """Where a country's name stands: the middle of the widest stretch inside, of seven across its height."""
    low, high = min(lat for _, lat in points), max(lat for _, lat in points)
    best = (0.0, points[0])
    for part in (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7):
        lat = low + (high - low) * part
        cuts = []
        for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
            if (y1 > lat) != (y2 > lat):
                cuts.append(x1 + (lat - y1) * (x2 - x1) / (y2 - y1))
        cuts.sort()
        for left, right in zip(cuts[::2], cuts[1::2], strict=False):
            best = max(best, (right - left, ((left + right) / 2, lat)))
    return best[1]


def country(arcs: Sequence[Sequence[Point]], shape: dict[str, Any]) -> dict[str, Any]:
    """One country: its name, where that stands, how wide its main land is, and its polygons, each as rings of arcs."""
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    sized = [(area(ring(arcs, polygon[0])), polygon) for polygon in polygons]
    sized = [one for one in sized if one[0] > SPECK] or [max(sized, key=lambda one: one[0])]
    largest = max(sized, key=lambda one: one[0])[1]
    land = ring(arcs, largest[0])
    lon, lat = middle_of(land)
    longitudes = [one for one, _ in land]
    return {
        "name": shape["properties"]["name"],
        "at": [round((lon + 180) % 360 - 180, 2), round(lat, 2)],
        "wide": round(max(longitudes) - min(longitudes), 2),
        "shapes": [polygon for _, polygon in sized],
    }


def flat(shapes: Sequence[Sequence[Sequence[int]]]) -> Iterable[int]:
    """The arcs of polygons."""
    return (index for polygon in shapes for indices in polygon for index in indices)


def make(package: Path) -> None:
    """Writes the file, and the licence of the package beside it."""
    atlas = json.loads((package / "countries-50m.json").read_text())
    version = json.loads((package / "package.json").read_text())["version"]
    arcs = degrees(atlas)
    countries = [
        country(arcs, shape)
        for shape in atlas["objects"]["countries"]["geometries"]
        if shape.get("type") is not None and shape["properties"]["name"] != NOT_SHOWN
    ]
    used = {index if index >= 0 else ~index for one in countries for index in flat(one["shapes"])}
    texts = []
    for number, arc in enumerate(arcs):
        if number not in used:
            texts.append("")
            continue
        numbers, before = [], (0, 0)
        for point in rounded(arc):
            numbers += [point[0] - before[0], point[1] - before[1]]
            before = point
        texts.append(letters(numbers))
    about = f"Natural Earth, public domain; by world-atlas {version} (ISC, Michael Bostock). See world.txt."
    made = {"about": about, "scale": SCALE, "arcs": texts, "countries": countries}
    target = TARGET / "world.json"
    target.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n")
    note = (
        "world.json is made by packaging/make_world.py from Natural Earth's countries at 1 : 50 million, which are in\n"
        "the public domain (naturalearthdata.com), as the npm package world-atlas has them under this licence:\n\n"
    )
    licence = (package / "LICENSE").read_text()
    (TARGET / "world.txt").write_text(note + licence.strip() + "\n")
    print(f"{target}  {len(countries)} countries, {len(arcs)} arcs, {target.stat().st_size} bytes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the map's outlines from Natural Earth.")
    parser.add_argument("package", type=Path, help="the unpacked npm package world-atlas")
    make(parser.parse_args().package)

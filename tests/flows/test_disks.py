"""Disks that go, come back, move, hang or have names of their own: nothing is lost, and somebody says what to do."""

import os
import shutil
import threading
import unicodedata
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from homemedia.library import jobs
from homemedia.library import watching as watching_module
from homemedia.library.scan import disks, probing, roots, scanner
from tests.support.app import House, a_house
from tests.support.keepsakes import a_copy, count, leave_traces, probed, titles, traces

HARBOUR, SALT = "Harbour Lights (2011)", "Salt Road (2015)"


def _films(folder: Path, films: int = 2) -> Path:
    for number, name in enumerate((HARBOUR, SALT, "The Brook (2023)", "Ember (1988)")[:films], start=1):
        a_copy(folder / name / f"{name}.mp4", number)
    return folder


async def _last(house: House, library: dict[str, Any]) -> dict[str, Any]:
    found = (await house.get("/api/scan-status"))["last"]
    return next(one for one in found if one["libraryId"] == library["id"] and one["kind"] == "scan")


async def _is_available(house: House, library: dict[str, Any]) -> bool:
    found = (await house.get("/api/libraries"))["libraries"]
    return bool(next(one["available"] for one in found if one["id"] == library["id"]))


async def _missing(house: House) -> int:
    rows = await house.server.db.read("SELECT count(*) AS n FROM file WHERE missing_since_at IS NOT NULL")
    return int(rows[0]["n"])


@pytest.fixture
def other_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on another file system."""
    monkeypatch.setattr(roots, "PSEUDO", ())
    memory = Path("/dev/shm")  # noqa: S108 - nothing secret, and removed after
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    folder = memory / f"homemedia-{os.getpid()}-{tmp_path.name}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


# Away and back


@pytest.mark.parametrize("loss", ["moved away", "empty folder", "other disk", "no folder"])
async def test_root_that_is_away_for_a_while_loses_nothing(claimed: House, other_disk: Path, loss: str) -> None:
    films = _films(claimed.media / "Films")
    library = await claimed.add_library("Films", "movie", films)
    keys = await titles(claimed, library)
    before = await leave_traces(claimed, keys["Harbour Lights"])
    when = await probed(claimed)

    away = claimed.media / "away"
    films.rename(away)
    if loss == "empty folder":
        films.mkdir()
    if loss == "other disk":
        a_copy(other_disk / "Strange (2001)" / "Strange (2001).mp4", 9)
        films.symlink_to(other_disk)
    if loss == "no folder":
        films.write_bytes(b"")
    await claimed.scan(library["id"])
    gone = await _last(claimed, library)
    was_available = await _is_available(claimed, library)
    listed = await titles(claimed, library)
    while_away = await traces(claimed, keys["Harbour Lights"])
    if loss in {"other disk", "no folder"}:
        films.unlink()
    if loss == "empty folder":
        films.rmdir()
    away.rename(films)
    await claimed.scan(library["id"])

    assert (gone["result"], was_available) == ("unavailable", False)
    assert "Nothing was removed" in gone["why"]
    assert listed == await titles(claimed, library) == keys
    assert while_away == await traces(claimed, keys["Harbour Lights"]) == before
    assert await _is_available(claimed, library)
    assert await probed(claimed) == when


async def test_film_renamed_while_its_disk_was_away_is_still_the_same(claimed: House) -> None:
    films = _films(claimed.media / "Films")
    library = await claimed.add_library("Films", "movie", films)
    keys = await titles(claimed, library)
    before = await leave_traces(claimed, keys["Harbour Lights"])
    films.rename(claimed.media / "away")
    await claimed.scan(library["id"])

    (claimed.media / "away" / HARBOUR / f"{HARBOUR}.mp4").rename(claimed.media / "away" / HARBOUR / "Lights (2012).mp4")
    (claimed.media / "away" / HARBOUR).rename(claimed.media / "away" / "Lights (2012)")
    (claimed.media / "away").rename(films)
    await claimed.scan(library["id"])

    assert (await titles(claimed, library))["Lights"] == keys["Harbour Lights"]
    assert await traces(claimed, keys["Harbour Lights"]) == before
    assert await _missing(claimed) == 0


# Moved to another disk


@pytest.mark.parametrize("way", ["renamed", "copied", "copied without times", "deeper", "higher", "disk and deeper"])
async def test_library_moved_to_another_place_keeps_everything(claimed: House, other_disk: Path, way: str) -> None:
    films = _films(claimed.media / "Old" / "Films", 4)
    (films / HARBOUR / "poster.jpg").write_bytes(b"")
    library = await claimed.add_library("Films", "movie", films)
    keys = await titles(claimed, library)
    before = {key: await leave_traces(claimed, key) for key in keys.values()}
    when, files = await probed(claimed), await count(claimed, "file")

    new = claimed.media / "New"
    if way == "renamed":
        films.rename(new)
        await claimed.scan(library["id"])
    if way == "copied":
        new = other_disk / "films"
        shutil.copytree(films, new)
    if way == "copied without times":
        new = other_disk / "films"
        shutil.copytree(films, new, copy_function=shutil.copyfile)
        for file in new.rglob("*.mp4"):
            os.utime(file, (1_650_000_000, 1_650_000_000))
    if way == "deeper":
        new.mkdir()
        films.rename(new / "All my films")
    if way == "higher":
        new = films.parent
    if way == "disk and deeper":
        new = other_disk
        shutil.copytree(films, new / "films")
        shutil.rmtree(films)
    await claimed.send("PUT", f"/api/libraries/{library['id']}", {"paths": [str(new)]})
    await claimed.idle()

    last = await _last(claimed, library)
    assert (last["result"], last["errors"]) == ("ok", [])
    assert await titles(claimed, library) == keys
    assert {key: await traces(claimed, key) for key in before} == before
    assert sorted((await probed(claimed)).values()) == sorted(when.values())
    assert await _missing(claimed) == 0
    assert await count(claimed, "file") == files


async def test_pictures_and_nfo_are_found_at_the_new_place(claimed: House) -> None:
    films = _films(claimed.media / "Films", 1)
    from PIL import Image  # noqa: PLC0415 - the server itself never loads it

    Image.new("RGB", (200, 300), "teal").save(films / HARBOUR / "poster.jpg")
    (films / HARBOUR / "movie.nfo").write_text("<movie><plot>By the sea.</plot></movie>")
    library = await claimed.add_library("Films", "movie", films)
    (key,) = (await titles(claimed, library)).values()

    films.rename(claimed.media / "Movies")
    await claimed.send("PUT", f"/api/libraries/{library['id']}", {"paths": [str(claimed.media / "Movies")]})
    await claimed.idle()

    found = await claimed.get(f"/api/media/{key}")
    assert found["summary"] == "By the sea."
    assert found["thumbKind"] == "poster"
    async with claimed.client.get(found["thumb"], params={"w": "320"}) as answer:
        assert answer.status == 200
    rows = await claimed.server.db.read("SELECT path FROM artwork WHERE source = 'local'")
    assert [row["path"] for row in rows] == [str(claimed.media / "Movies" / HARBOUR / "poster.jpg")]


async def test_one_of_several_folders_moves_and_one_goes(claimed: House) -> None:
    one, two, three = (claimed.media / name for name in ("one", "two", "three"))
    a_copy(one / HARBOUR / f"{HARBOUR}.mp4", 1)
    a_copy(two / SALT / f"{SALT}.mp4", 2)
    a_copy(three / "Ember (1988)" / "Ember (1988).mp4", 3)
    library = await claimed.add_library("Films", "movie", one, two, three)
    keys = await titles(claimed, library)
    before = {key: await leave_traces(claimed, key) for key in keys.values()}
    when = await probed(claimed)

    two.rename(claimed.media / "zwei")
    paths = [str(one), str(claimed.media / "zwei")]
    await claimed.send("PUT", f"/api/libraries/{library['id']}", {"paths": paths})
    await claimed.idle()
    listed = await titles(claimed, library)
    kept = {key: await traces(claimed, key) for key in listed.values()}
    await claimed.send("PUT", f"/api/libraries/{library['id']}", {"paths": [*paths, str(three)]})
    await claimed.idle()

    assert listed == {title: key for title, key in keys.items() if title != "Ember"}
    assert kept == {key: before[key] for key in listed.values()}
    assert (await probed(claimed))[f"{SALT}/{SALT}.mp4"] == when[f"{SALT}/{SALT}.mp4"]
    assert await titles(claimed, library) == keys
    assert {key: await traces(claimed, key) for key in before} == before


async def test_new_disk_at_the_same_place_is_asked_about_when_it_is_strange_and_goes_on_with_force(
    claimed: House, other_disk: Path
) -> None:
    films = _films(claimed.media / "Films")
    library = await claimed.add_library("Films", "movie", films)
    keys = await titles(claimed, library)
    before = await leave_traces(claimed, keys["Salt Road"])

    films.rename(claimed.media / "away")
    a_copy(other_disk / "Sorted" / SALT / f"{SALT}.mp4", 2)
    a_copy(other_disk / "Sorted" / "Strange (2001)" / "Strange (2001).mp4", 9)
    films.symlink_to(other_disk)
    await claimed.scan(library["id"])
    asked = await _last(claimed, library)
    await claimed.scan(library["id"], force=True)

    assert asked["result"] == "unavailable"
    assert "another disk" in asked["why"]
    assert [error["code"] for error in asked["errors"]] == ["root_other_device"]
    assert (await titles(claimed, library))["Salt Road"] == keys["Salt Road"]
    assert await traces(claimed, keys["Salt Road"]) == before
    assert {"Strange"} < (await titles(claimed, library)).keys()


# Slow, hanging, failing


class Dead:
    """A disk that stops answering: whoever reads below `path` hangs until it is let go."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = str(path)
        self.hung = 0
        self._goes_on = threading.Event()
        self._real = os.scandir
        monkeypatch.setattr(os, "scandir", self._scandir)

    def _scandir(self, path: Any = ".") -> Any:
        if str(path).startswith(self.path) and not self._goes_on.is_set():
            self.hung += 1
            self._goes_on.wait(60)
        return self._real(path)

    def let_go(self) -> None:
        self._goes_on.set()


@pytest.fixture
async def hasty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """A server that waits for disks for a moment only."""
    monkeypatch.setattr(disks, "LIMIT_S", 0.4)
    async with a_house(tmp_path) as house:
        await house.claim()
        yield house


async def test_dead_disk_stops_its_own_library_and_no_other(hasty: House, monkeypatch: pytest.MonkeyPatch) -> None:
    films, more = _films(hasty.media / "Films"), _films(hasty.media / "More", 1)
    library = await hasty.add_library("Films", "movie", films)
    other = await hasty.add_library("More", "movie", more)
    keys = await titles(hasty, library)
    before = await leave_traces(hasty, keys["Salt Road"])

    dead = Dead(films, monkeypatch)
    for _ in range(6):
        await hasty.scan(library["id"])
    silent = await _last(hasty, library)
    a_copy(more / "Ember (1988)" / "Ember (1988).mp4", 7)
    await hasty.scan(other["id"])
    refused = await hasty.send(
        "POST", "/api/libraries", {"name": "Again", "type": "movie", "paths": [str(films / SALT)]}, 400
    )
    hung = dead.hung
    was_available = await _is_available(hasty, library)
    listed = await titles(hasty, library)
    dead.let_go()
    await hasty.until(_answers(hasty, library))

    assert (silent["result"], was_available) == ("unavailable", False)
    assert "did not answer" in silent["why"]
    assert [error["code"] for error in silent["errors"]] == ["disk_silent"]
    assert hung <= 2, "each look would cost a thread"
    assert refused["code"] in {"path_overlap", "path_not_readable"}
    assert "Ember" in await titles(hasty, other)
    assert listed == await titles(hasty, library) == keys
    assert await traces(hasty, keys["Salt Road"]) == before
    assert await _is_available(hasty, library)
    assert (await _last(hasty, library))["errors"] == []


def _answers(house: House, library: dict[str, Any]) -> Any:
    async def answers() -> bool:
        await house.scan(library["id"])
        return bool((await _last(house, library))["result"] == "ok")

    return answers


@pytest.mark.parametrize("error", [116, 5, 107, 13, 112], ids=["ESTALE", "EIO", "ENOTCONN", "EACCES", "EHOSTDOWN"])
@pytest.mark.parametrize("where", ["folder", "root"])
async def test_share_that_fails_in_mid_walk_loses_nothing(
    claimed: House, monkeypatch: pytest.MonkeyPatch, error: int, where: str
) -> None:
    films = _films(claimed.media / "Films", 3)
    library = await claimed.add_library("Films", "movie", films)
    keys = await titles(claimed, library)
    real, asked = os.scandir, []
    broken = str(films if where == "root" else films / SALT)

    def fail(path: Any = ".") -> Any:
        asked.append(str(path))
        # The look before the walk is answered: it breaks in the midst.
        if str(path) == broken and (where == "folder" or asked.count(broken) == 2):
            raise OSError(error, os.strerror(error), str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", fail)
    await claimed.scan(library["id"])
    monkeypatch.setattr(os, "scandir", real)
    told = await _last(claimed, library)
    missing = await _missing(claimed)
    await claimed.scan(library["id"])

    assert asked.count(broken) >= 1
    assert missing == 0
    assert told["removed"] == 0
    assert told["result"] == ("unavailable" if where == "root" else "ok")
    assert told["errors"]
    assert await titles(claimed, library) == keys
    assert (await _last(claimed, library))["errors"] == []


async def test_disk_that_goes_while_files_are_looked_into_leaves_no_film_called_broken(
    claimed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    films = _films(claimed.media / "Films", 2)
    real = probing.probe_all

    async def pull_out(*args: Any) -> None:
        films.chmod(0o700)
        films.rename(claimed.media / "away")
        films.symlink_to(films)  # a loop: neither there nor gone
        await real(*args)

    monkeypatch.setattr(scanner, "probe_all", pull_out)
    library = await claimed.add_library("Films", "movie", films)
    monkeypatch.setattr(scanner, "probe_all", real)
    during = await _last(claimed, library)
    rows = await claimed.server.db.read("SELECT count(*) AS n FROM file WHERE probe_error IS NOT NULL")
    films.unlink()
    (claimed.media / "away").rename(films)
    await claimed.scan(library["id"])

    assert during["result"] == "unavailable"
    assert rows[0]["n"] == 0
    items = (await claimed.get(f"/api/libraries/{library['id']}/items"))["items"]
    assert [item["available"] for item in items] == [True, True]


# Losses in slices


@pytest.fixture
async def watching(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path, watch=True) as house:
        await house.claim()
        yield house


async def test_many_films_deleted_one_after_another_are_asked_about(claimed: House) -> None:
    films = claimed.media / "Films"
    names = [f"Film {number} (2001)" for number in range(100)]
    for number, name in enumerate(names):
        a_copy(films / f"{name}.mp4", number)
    library = await claimed.add_library("Films", "movie", films)

    results = []
    for start in range(0, 60, 20):
        for name in names[start : start + 20]:
            (films / f"{name}.mp4").unlink()
        await claimed.scan(library["id"], path=str(films))
        results.append((await _last(claimed, library))["result"])
    missing = await _missing(claimed)
    why = (await _last(claimed, library))["why"]
    await claimed.scan(library["id"], force=True)
    accepted = await _missing(claimed)
    (films / f"{names[60]}.mp4").unlink()
    await claimed.scan(library["id"])

    assert results == ["ok", "ok", "unavailable"]
    assert missing == 40
    assert "60 of 100 files are gone" in why
    assert accepted == 60
    assert (await _last(claimed, library))["result"] == "ok"
    assert await _missing(claimed) == 61


# Names


async def test_rename_of_letter_case_keeps_everything(claimed: House) -> None:
    films = claimed.media / "Films"
    old = a_copy(films / "harbour lights (2011)" / "harbour lights (2011).mp4", 1)
    library = await claimed.add_library("Films", "movie", films)
    (key,) = (await titles(claimed, library)).values()
    before = await leave_traces(claimed, key)
    when = await probed(claimed)

    old.rename(old.with_name(f"{HARBOUR}.mp4"))
    old.parent.rename(films / HARBOUR)
    await claimed.scan(library["id"])

    assert await titles(claimed, library) == {"Harbour Lights": key}
    assert await traces(claimed, key) == before
    assert await probed(claimed) == {f"{HARBOUR}/{HARBOUR}.mp4": next(iter(when.values()))}


async def test_names_of_a_mac_are_the_same_titles_as_anywhere_else(claimed: House) -> None:
    films = claimed.media / "Films"
    name = "Amélie à Montmartre (2001)"
    apart, whole = (unicodedata.normalize(form, name) for form in ("NFD", "NFC"))
    old = a_copy(films / apart / f"{apart}.mp4", 1)
    beside = films / apart / f"{whole}.de.srt"
    beside.write_text("1\n00:00:00,000 --> 00:00:01,000\nHallo\n")
    os.utime(beside, (1_600_000_000, 1_600_000_000))
    library = await claimed.add_library("Films", "movie", films)
    (title, key), *_ = (await titles(claimed, library)).items()
    before = await leave_traces(claimed, key)
    detail = await claimed.get(f"/api/media/{key}")

    old.rename(old.with_name(f"{whole}.mp4"))
    old.parent.rename(films / whole)
    await claimed.scan(library["id"])

    assert title == unicodedata.normalize("NFC", "Amélie à Montmartre")
    assert detail["files"][0]["subtitleLanguages"] == ["de"]
    assert await titles(claimed, library) == {title: key}
    assert await traces(claimed, key) == before
    assert await _missing(claimed) == 0


STRANGE = {
    "line break": "Two\nLines (2001)",
    "escape": "Red\x1b[31m (2002)",
    "right to left": "\u202eevitanretla\u202c (2003)",
    "hebrew": "\u200f\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd (2004)",
    "quotes": 'It\'s "%" $(x) `y` & <b> (2005)',
    "emoji": "🎬 Family 👨‍👩‍👧 (2006)",
    "long": "L" * 200 + " (2007)",
    "blank end": "Blank  (2008) ",
    "backslash": "Back\\slash (2009)",
    "percent": "100%41 (2010)",
    "separator": "Unit\x1fSeparator (2011)",
}


async def test_strange_names_are_listed_found_and_played(claimed: House) -> None:
    films = claimed.media / "Films"
    for number, name in enumerate(STRANGE.values()):
        a_copy(films / name / f"{name}.mp4", number)
    bad = os.fsencode(films) + b"/caf\xe9 (1999)"
    os.mkdir(bad)  # noqa: PTH102 - bytes
    shutil.copy(os.fsencode(films / STRANGE["long"] / f"{STRANGE['long']}.mp4"), bad + b"/caf\xe9 (1999).mp4")
    library = await claimed.add_library("Films", "movie", films)

    last = await _last(claimed, library)
    items = (await claimed.get(f"/api/libraries/{library['id']}/items"))["items"]
    rows = await claimed.server.db.read("PRAGMA integrity_check")

    assert last["result"] == "ok"
    assert [(error["code"], Path(error["path"]).name) for error in last["errors"]] == [
        ("name_not_utf8", "caf\ufffd (1999)")
    ]
    assert len(items) == len(STRANGE)
    for item in items:
        assert not set(item["title"]) & set("\n\x1b\x1f\u202e\u200f"), item["title"]
        detail = await claimed.get(f"/api/media/{item['id']}")
        async with claimed.client.get(detail["files"][0]["streamUrl"]) as answer:
            assert answer.status == 200, item["title"]
    assert [row[0] for row in rows] == ["ok"]


# Watching


async def test_name_that_is_no_utf8_does_not_end_the_watching(watching: House) -> None:
    films = _films(watching.media / "Films", 1)
    library = await watching.add_library("Films", "movie", films)
    await _listening(watching, films)

    bad = os.fsencode(films) + b"/caf\xe9"
    os.mkdir(bad)  # noqa: PTH102 - bytes
    os.close(os.open(bad + b"/caf\xe9.mp4", os.O_CREAT | os.O_WRONLY))
    a_copy(films / SALT / f"{SALT}.mp4", 2)

    await watching.until(_lists(watching, library, "Salt Road"), patience_s=15)
    await watching.until(_tells(watching, library, "name_not_utf8"), patience_s=15)


async def _listening(house: House, folder: Path) -> None:
    async def is_on() -> bool:
        rows = await house.server.db.read("SELECT watching FROM root WHERE path = :path", {"path": str(folder)})
        return bool(rows[0]["watching"] == "on")

    await house.until(is_on)


def _lists(house: House, library: dict[str, Any], title: str) -> Any:
    async def lists() -> bool:
        page = await house.get(f"/api/libraries/{library['id']}/items")
        return any(item["title"] == title for item in page["items"])

    return lists


def _tells(house: House, library: dict[str, Any], code: str) -> Any:
    async def tells() -> bool:
        return any(error["code"] == code for error in (await _last(house, library))["errors"])

    return tells


async def test_linked_folder_is_watched_like_the_library_itself(watching: House) -> None:
    films = _films(watching.media / "Films", 1)
    linked = watching.media / "elsewhere"
    linked.mkdir()
    (films / "more").symlink_to(linked)
    library = await watching.add_library("Films", "movie", films)
    await _listening(watching, films)
    await watching.idle()

    a_copy(linked / SALT / f"{SALT}.mp4", 2)
    await watching.until(_lists(watching, library, "Salt Road"), patience_s=15)
    keys = await titles(watching, library)
    (linked / SALT / f"{SALT}.mp4").rename(linked / SALT / "Pepper Road (2016).mp4")
    (linked / SALT).rename(linked / "Pepper Road (2016)")
    await watching.until(_lists(watching, library, "Pepper Road"), patience_s=15)

    assert (await titles(watching, library))["Pepper Road"] == keys["Salt Road"]


async def test_limit_of_watches_is_told_and_the_folder_looked_through_by_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inotify = pytest.importorskip("watchdog.observers.inotify_c")

    def refuse(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(inotify.InotifyFD, "add_callback", refuse)
    monkeypatch.setattr(jobs, "POLL_EVERY_MS", 0)
    monkeypatch.setattr(jobs, "LOOK_EVERY_S", 0.05)
    async with a_house(tmp_path, watch=True) as house:
        await house.claim()
        films = _films(house.media / "Films", 1)
        library = await house.add_library("Films", "movie", films)
        (told,) = (await house.get("/api/libraries"))["libraries"][0]["watching"]
        a_copy(films / SALT / f"{SALT}.mp4", 2)
        await house.until(_lists(house, library, "Salt Road"), patience_s=15)

    assert told["path"] == str(films)
    assert "max_user_watches" in told["why"]


async def test_lost_events_are_made_good_by_looking_at_everything(
    watching: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    films = _films(watching.media / "Films", 1)
    ears: list[watching_module.Ears] = []
    listen = watching_module.Ears.listen

    def listen_too(self: watching_module.Ears, number: int, path: str) -> None:
        ears.append(self)
        listen(self, number, path)

    monkeypatch.setattr(watching_module.Ears, "listen", listen_too)
    library = await watching.add_library("Films", "movie", films)
    await _listening(watching, films)
    monkeypatch.setattr(watching_module.Handler, "dispatch", lambda _self, _event: None)
    a_copy(films / SALT / f"{SALT}.mp4", 2)
    monkeypatch.undo()
    ears[0]._on_lost(str(films))

    await watching.until(_lists(watching, library, "Salt Road"), patience_s=15)


async def test_watched_library_is_looked_through_once_at_the_start(tmp_path: Path) -> None:
    async with a_house(tmp_path, watch=True) as house:
        await house.claim()
        films = _films(house.media / "Films", 1)
        library = await house.add_library("Films", "movie", films)
        await _listening(house, films)
        await house.idle()
    a_copy(films / SALT / f"{SALT}.mp4", 2)
    async with a_house(tmp_path, watch=True) as house:
        async with house.client.post("/api/auth/login", json={"username": "admin", "password": "correct horse"}) as ok:
            assert ok.status == 200
        await house.until(_lists(house, library, "Salt Road"), patience_s=15)
        await _listening(house, films)
        await house.idle()
        rows = await house.server.db.read("SELECT max(job_id) AS last, count(*) AS n FROM job WHERE kind = 'scan'")

    assert rows[0]["n"] == 2

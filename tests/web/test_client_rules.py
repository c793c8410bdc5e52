"""The client's files, read as text: what its content policy and plain http forbid, and that everything named exists."""

import re
from pathlib import Path

import pytest

CLIENT = Path(__file__).parents[2] / "homemedia" / "web" / "client"
OURS = sorted(path for path in CLIENT.rglob("*.js") if "vendor" not in path.parts)
IDS = [str(path.relative_to(CLIENT)) for path in OURS]

IMPORT = re.compile(
    r"""(?:^|[\s;(])(?:import|export)\s*(?:[\w*${}\s,]+?\s+from\s*)?\(?\s*['"]([^'"]+)['"]""", re.MULTILINE
)
ADDRESS = re.compile(r"\b(?:https?|wss?):\/\/[^\s'\"`<>)]+")
# Names of XML vocabularies are not addresses anybody fetches.
VOCABULARIES = ("http://www.w3.org/",)
INLINE = [
    (re.compile(r"<[a-z][^>`]*\sstyle=(?!\{)", re.IGNORECASE), "a style attribute"),
    (re.compile(r"<style[\s>]", re.IGNORECASE), "a style element"),
    (re.compile(r"<[a-z][^>`]*\son[a-z]+=", re.IGNORECASE), "an inline handler"),
    (re.compile(r"\beval\(|new Function\("), "code made from text"),
    (re.compile(r"setAttribute\(\s*['\"]style['\"]"), "a style attribute set by script"),
    (re.compile(r"unsafeHTML|innerHTML\s*="), "text turned into elements"),
]
WITHHELD = re.compile(
    r"navigator\.(?:clipboard|serviceWorker|wakeLock|share|locks|storage)\b|crypto\.(?:subtle|randomUUID)|\bcaches\."
)
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\\'\"`])//[^\n]*", re.DOTALL)


def code_of(path: Path) -> str:
    """The file without its comments."""
    return COMMENT.sub("", path.read_text())


def icon_names() -> set[str]:
    """The names of ui/icons.js."""
    text = (CLIENT / "ui" / "icons.js").read_text()
    body = text.split("export const icons = {", 1)[1].split("\n};", 1)[0]
    return set(re.findall(r"^  '?([a-z0-9-]+)'?(?::|,$)", body, re.MULTILINE))


@pytest.mark.parametrize("path", OURS, ids=IDS)
def test_module_holds_nothing_inline(path: Path) -> None:
    text = code_of(path)
    for pattern, what in INLINE:
        found = pattern.search(text)
        assert not found, f"{what}: {found.group(0) if found else ''}"


@pytest.mark.parametrize("path", OURS, ids=IDS)
def test_every_import_is_relative_and_leads_to_a_file(path: Path) -> None:
    for target in IMPORT.findall(code_of(path)):
        assert target.startswith(("./", "../")), f"{target} is not relative"
        assert (path.parent / target).resolve().is_file(), f"{target} does not exist"


@pytest.mark.parametrize("path", OURS, ids=IDS)
def test_no_module_names_a_foreign_address(path: Path) -> None:
    foreign = [found for found in ADDRESS.findall(code_of(path)) if not found.startswith(VOCABULARIES)]
    foreign = [found for found in foreign if "${" not in found]
    assert foreign == []


@pytest.mark.parametrize("path", OURS, ids=IDS)
def test_only_the_platform_module_touches_what_plain_http_withholds(path: Path) -> None:
    if path.name == "platform.js":
        return
    assert WITHHELD.findall(code_of(path)) == []


@pytest.mark.parametrize("path", OURS, ids=IDS)
def test_every_icon_that_is_named_exists(path: Path) -> None:
    text = path.read_text()
    named = set(re.findall(r"<hm-icon[^>]*\sname=\"([a-z0-9-]+)\"", text))
    named |= set(re.findall(r"\sicon=\"([a-z0-9-]+)\"", text))
    named |= set(re.findall(r"\bicon: '([a-z0-9-]+)'", text))
    assert named - icon_names() == set()


def test_shell_holds_nothing_inline_and_names_only_files_that_exist() -> None:
    shell = (CLIENT / "index.html").read_text()
    assert " style=" not in shell
    assert not re.search(r"<script(?![^>]*\ssrc=)", shell)
    assert not re.search(r"<style", shell)
    assert ADDRESS.findall(shell) == []
    for target in re.findall(r"\{\{assets\}\}/([^\"]+)", shell):
        assert (CLIENT / target).is_file(), target


def test_manifest_names_only_icons_that_exist() -> None:
    manifest = (CLIENT / "manifest.webmanifest").read_text()
    targets = re.findall(r"\{\{assets\}\}/([^\"]+)", manifest)
    assert len(targets) == 3
    assert all((CLIENT / target).is_file() for target in targets)


def test_dark_values_stand_twice_and_alike() -> None:
    tokens = (CLIENT / "ui" / "tokens.css").read_text()
    chosen = re.search(r'^\[data-theme="dark"\] \{(.*?)^\}', tokens, re.MULTILINE | re.DOTALL)
    device = re.search(r"^  :root:not\(\[data-theme\]\) \{(.*?)^  \}", tokens, re.MULTILINE | re.DOTALL)
    assert chosen
    assert device
    assert chosen.group(1).split() == device.group(1).split()


def test_light_and_dark_name_the_same_tokens() -> None:
    tokens = (CLIENT / "ui" / "tokens.css").read_text()
    light = tokens.split(':root, [data-theme="light"] {', 1)[1].split("}", 1)[0]
    dark = tokens.split('\n[data-theme="dark"] {', 1)[1].split("}", 1)[0]
    assert re.findall(r"--[\w-]+(?=:)", light) == re.findall(r"--[\w-]+(?=:)", dark)


def test_vendored_module_says_its_version_and_licence() -> None:
    for path in (CLIENT / "vendor").glob("*.js"):
        head = path.read_text()[:400]
        assert re.search(r"\b\d+\.\d+\.\d+\b", head), path.name
        assert re.search(r"BSD|MIT|Apache|ISC", head), path.name


def test_every_widget_of_the_page_of_widgets_is_told_of_in_the_readme() -> None:
    told = (CLIENT / "ui" / "README.md").read_text()
    defined = {
        name
        for path in (CLIENT / "ui").glob("*.js")
        for name in re.findall(r"define\('(hm-[a-z-]+)'", path.read_text())
    }
    private = {"hm-app", "hm-toasts", "hm-confirm"}
    assert {name for name in defined - private if f"`{name}`" not in told} == set()

"""What the documents say is what the program does."""

import re
from pathlib import Path

from homemedia import settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_ci_runs_the_test_command_of_the_readme() -> None:
    block = re.search(r"```sh\n([^`]*pytest[^`]*)\n```", README)

    assert block is not None
    assert block[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_setting_stands_in_the_docs_with_its_default() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    missing = [name for name, _, _ in settings.listed() if f"| `{name}` |" not in text]

    assert not missing


def test_docs_name_no_setting_that_does_not_exist() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z_.]+)` \|", text, re.MULTILINE))

    assert named == {name for name, _, _ in settings.listed()}


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert not broken


def test_every_runtime_dependency_has_its_reason_written_down() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[\n(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    reasons = (ROOT / "docs" / "decisions" / "dependencies.md").read_text(encoding="utf-8").lower()

    assert listed is not None
    names = re.findall(r'"([a-z0-9-]+)', listed[1])
    assert [name for name in names if f"| {name} |" not in reasons] == []

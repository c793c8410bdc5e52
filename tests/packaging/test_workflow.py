"""The workflow for the three systems: what it names is there, and it may do no more than it must."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / ".github" / "workflows" / "build.yml").read_text()


def test_every_script_it_runs_is_there() -> None:
    named = set(re.findall(r"\bpackaging/[\w./-]+\.(?:py|sh|nsi)\b|packaging/container/Containerfile", TEXT))

    assert len(named) >= 6
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_every_action_is_named_by_the_commit_it_was_looked_at() -> None:
    actions = re.findall(r"uses: +(\S+)(.*)", TEXT)

    assert actions
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name) and " # v" in note for name, note in actions)
    assert len(dict(name.split("@") for name, _ in actions)) == len({name for name, _ in actions})


def test_no_job_may_write_and_no_checkout_keeps_its_key() -> None:
    assert "\npermissions: {}\n" in TEXT
    assert set(re.findall(r"^ {6}(\w+): (\w+)$", TEXT, re.MULTILINE)) >= {("contents", "read")}
    assert "write" not in re.findall(r": (read|write)\b", TEXT)
    assert TEXT.count("actions/checkout@") == TEXT.count("persist-credentials: false")


def test_nothing_a_stranger_may_write_becomes_a_command() -> None:
    spoken = re.findall(r"\$\{\{ *([\w.]+)", TEXT)

    assert not [name for name in spoken if name.startswith(("github.event.", "github.head_ref"))]

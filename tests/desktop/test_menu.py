"""The lines of the icon's menu."""

from typing import Any

from homemedia.desktop.facts import STARTING, facts_of
from homemedia.desktop.menu import Entry, entries
from tests.support.desktop_door import a_state


def lines(state: str = "ready", *, starts_by_itself: bool | None = False, **changes: Any) -> dict[str, Entry]:
    menu = entries(facts_of(a_state(state, **changes)), starts_by_itself=starts_by_itself)
    return {entry.text or "-": entry for entry in menu}


def test_menu_of_a_household() -> None:
    menu = entries(facts_of(a_state("ready")), starts_by_itself=False)

    assert [(entry.text or "-", entry.what, entry.address) for entry in menu] == [
        ("HomeMedia \N{EN DASH} Attic", None, ""),
        ("Open", "open", "/"),
        ("Invite somebody…", "open", "/admin/invites?new=1"),
        ("Who is watching", None, ""),
        ("Pause scanning", "pause", ""),
        ("Add a folder…", "open", "/admin/libraries/new"),
        ("-", None, ""),
        ("Start with the computer", "autostart", ""),
        ("Show logs", "open", "/admin/log"),
        ("Check this computer", "check", ""),
        ("-", None, ""),
        ("Restart", "restart", ""),
        ("Quit", "quit", ""),
    ]
    assert [entry.text for entry in menu if entry.is_default] == ["Open"]


def test_a_click_without_menu_opens_the_first_page_of_a_new_server() -> None:
    menu = lines(isClaimed=False)

    assert [(text, entry.address) for text, entry in menu.items() if entry.is_default] == [("Set up HomeMedia…", "/")]
    assert not {"Open", "Invite somebody…", "Add a folder…", "Show logs"} & menu.keys()
    assert "Quit" in menu


def test_before_any_answer_only_the_log_s_files_and_the_end_can_be_pressed() -> None:
    menu = entries(STARTING, starts_by_itself=True)

    assert [(entry.text, entry.what) for entry in menu if entry.what] == [("Show logs", "logs"), ("Quit", "quit")]


def test_paused_scanning_goes_on() -> None:
    menu = lines(isScanningPaused=True)

    assert menu["Go on scanning"].what == "go-on"
    assert "Pause scanning" not in menu


def test_who_watches_is_told_by_name_and_leads_to_the_activity() -> None:
    watching = lines("streaming")["Who is watching (2)"]

    assert [(entry.text, entry.address) for entry in watching.children if not entry.is_separator] == [
        ("Anna: Heat (Living room)", "/admin/activity"),
        ("Ben & Tom: The Wire", "/admin/activity"),
        ("Show activity", "/admin/activity"),
    ]


def test_a_full_house_does_not_fill_the_screen() -> None:
    many = [{"who": f"Guest {number}", "what": "Heat " * 30, "device": ""} for number in range(20)]

    watching = lines("streaming", streams=20, watching=many)["Who is watching (20)"]

    assert watching.children[8].text == "and 12 more"
    assert len(watching.children) == 11
    assert max(len(entry.text) for entry in watching.children) <= 70


def test_nobody_watching_is_said() -> None:
    watching = lines()["Who is watching"]

    assert watching.children[0] == Entry("Nobody right now")


def test_what_needs_attention_comes_first_and_leads_to_its_page() -> None:
    menu = list(lines("attention", update={"version": "0.2.0"}).values())

    assert [(entry.text, entry.address) for entry in menu[1:3]] == [
        ("The disk of Films is gone.", "/admin/libraries"),
        ("Version 0.2.0 is there…", "/admin/updates"),
    ]


def test_autostart_is_checked_as_it_is_and_left_out_where_it_cannot_be_switched() -> None:
    assert lines(starts_by_itself=True)["Start with the computer"].is_checked is True
    assert lines(starts_by_itself=False)["Start with the computer"].is_checked is False
    assert "Start with the computer" not in lines(starts_by_itself=None)


def test_percent_alone_leaves_the_menu_as_it_is() -> None:
    def at(percent: int) -> tuple[Entry, ...]:
        scans = [{"library": "Films", "phase": "reading", "percent": percent}]
        return entries(facts_of(a_state("scanning", percent=percent, scans=scans)), starts_by_itself=False)

    assert at(3) == at(97)

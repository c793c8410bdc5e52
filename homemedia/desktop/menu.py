"""The menu of the icon as plain data: what the server tells → entries. Drawing it is done in `backends`.

What changes every second (percent) does not stand in here: a menu that is made anew closes under the hand.
Standard library only, Python 3.9 and newer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from homemedia.desktop.facts import DASH, Facts, shortened

ACTIVITY = "/admin/activity"
INVITE = "/admin/invites?new=1"
ADD_FOLDER = "/admin/libraries/new"
LOG = "/admin/log"
UPDATES = "/admin/updates"
LONGEST = 70
MOST_LINES = 8


@dataclass(frozen=True)
class Entry:
    """One line. `what` names what it does, `address` the page for "open"; without `what` it cannot be pressed."""

    text: str = ""
    what: str | None = None
    address: str = ""
    is_default: bool = False
    is_checked: bool | None = None
    is_separator: bool = False
    children: tuple[Entry, ...] = field(default=())


SEPARATOR = Entry(is_separator=True)


def entries(facts: Facts, *, starts_by_itself: bool | None, checks: bool = True) -> tuple[Entry, ...]:
    """The whole menu.

    Args:
        facts: what the server told last.
        starts_by_itself: whether it starts with the computer; None where that cannot be switched from here.
        checks: whether this computer can be checked from here.
    """
    title = f"HomeMedia {DASH} {facts.name}" if facts.name and facts.name != "HomeMedia" else "HomeMedia"
    lines = [Entry(shortened(title, LONGEST))]
    if not facts.url:
        # No page opens now: what the log says is read as files.
        return (*lines, Entry("Starting…"), SEPARATOR, Entry("Show logs", "logs"), Entry("Quit", "quit"))
    if not facts.is_claimed:
        lines.append(Entry("Set up HomeMedia…", "open", "/", is_default=True))
    else:
        lines += _of_a_household(facts)
    lines.append(SEPARATOR)
    if starts_by_itself is not None:
        lines.append(Entry("Start with the computer", "autostart", is_checked=starts_by_itself))
    if facts.is_claimed:
        lines.append(Entry("Show logs", "open", LOG))
    if checks:
        lines.append(Entry("Check this computer", "check"))
    lines += [SEPARATOR, Entry("Restart", "restart"), Entry("Quit", "quit")]
    return tuple(lines)


def _of_a_household(facts: Facts) -> list[Entry]:
    lines = [
        Entry(shortened(trouble.message, LONGEST), "open", trouble.address) for trouble in facts.attention[:MOST_LINES]
    ]
    if facts.update:
        lines.append(Entry(f"Version {shortened(facts.update, 20)} is there…", "open", UPDATES))
    if lines:
        lines.append(SEPARATOR)
    lines += [
        Entry("Open", "open", "/", is_default=True),
        Entry("Invite somebody…", "open", INVITE),
        Entry(_who_watches(facts), children=_watching(facts)),
        Entry("Go on scanning", "go-on") if facts.is_scanning_paused else Entry("Pause scanning", "pause"),
        Entry("Add a folder…", "open", ADD_FOLDER),
    ]
    return lines


def _who_watches(facts: Facts) -> str:
    return f"Who is watching ({facts.streams})" if facts.streams else "Who is watching"


def _watching(facts: Facts) -> tuple[Entry, ...]:
    lines = []
    for one in facts.watching[:MOST_LINES]:
        where = f" ({one.device})" if one.device else ""
        lines.append(Entry(shortened(f"{one.who}: {one.what}{where}", LONGEST), "open", ACTIVITY))
    if len(facts.watching) > MOST_LINES:
        lines.append(Entry(f"and {len(facts.watching) - MOST_LINES} more", "open", ACTIVITY))
    if not lines:
        lines.append(Entry("Nobody right now"))
    return (*lines, SEPARATOR, Entry("Show activity", "open", ACTIVITY))

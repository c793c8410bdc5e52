"""The kinds of notices that members switch on and off, and which type belongs to which; pure."""

import msgspec


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A switch of the page of preferences.

    Attributes:
        push: whether it is pushed unless a member says otherwise.
        mail: likewise, whether the digest holds it.
        is_for_admins: told to administrators alone.
    """

    name: str
    push: bool = True
    mail: bool = True
    is_for_admins: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind(name="shares"),
        Kind(name="visits", mail=False),
        Kind(name="albums"),
        Kind(name="albumTalk"),
        # The names of these five are the clip API's (clips §8.1).
        Kind(name="newAdds", mail=False),
        Kind(name="reactions", mail=False),
        Kind(name="comments"),
        Kind(name="mentions"),
        Kind(name="dailyReminder", push=False, mail=False),
        Kind(name="security"),
        Kind(name="members"),
        Kind(name="server", is_for_admins=True),
    )
}
CLIP_KINDS = ("newAdds", "reactions", "comments", "mentions", "dailyReminder")
# What is told under a type that no line below names.
OTHER = "shares"

KIND_OF = {
    ("share", "share_created"): "shares",
    ("share", "share_updated"): "shares",
    ("share", "share_revoked"): "shares",
    ("share", "share_expiring"): "shares",
    ("share", "share_expired"): "shares",
    ("share", "share_accessed"): "visits",
    ("share", "share_link_locked"): "visits",
    ("photo", "album_photos"): "albums",
    ("photo", "album_comment"): "albumTalk",
    ("photo", "album_like"): "albumTalk",
    ("clip", "new_clip"): "newAdds",
    ("clip", "reaction"): "reactions",
    ("clip", "comment"): "comments",
    ("clip", "reply"): "comments",
    ("clip", "mention"): "mentions",
    ("clip", "daily_reminder"): "dailyReminder",
    ("member", "signed_in"): "security",
    ("member", "member_joined"): "members",
    ("member", "member_waiting"): "members",
    ("server", "library_offline"): "server",
    ("server", "scan_problems"): "server",
    ("server", "disk_full"): "server",
    ("server", "backup_failed"): "server",
    ("server", "update_found"): "server",
}


def kind_of(family: str, type_: str) -> Kind:
    """The switch that a type of notice hangs on."""
    return KINDS[KIND_OF.get((family, type_), OTHER)]

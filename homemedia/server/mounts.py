"""Which disks are there and which of them lie across the network, from the kernel's own table: nothing is touched.

A `stat` on a dead network disk never returns; the table tells of it without asking the disk.
"""

import sys
from pathlib import Path

import msgspec

NETWORK_KINDS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "fuse.rclone", "fuse.davfs", "davfs", "afpfs", "ceph"}
)
DISK_KINDS = frozenset(
    {
        "ext2",
        "ext3",
        "ext4",
        "xfs",
        "btrfs",
        "zfs",
        "f2fs",
        "vfat",
        "exfat",
        "ntfs",
        "ntfs3",
        "fuseblk",
        "hfsplus",
        "apfs",
    }
)
_TABLE = Path("/proc/self/mountinfo")
# Octal escapes of the table: blank, tab, line break, backslash (proc(5)).
_ESCAPES = {"\\040": " ", "\\011": "\t", "\\012": "\n", "\\134": "\\"}


class Mount(msgspec.Struct, frozen=True):
    """A file system in the tree: where, and of which kind ("ext4", "nfs4")."""

    path: str
    kind: str

    @property
    def is_remote(self) -> bool:
        return self.kind in NETWORK_KINDS

    @property
    def is_disk(self) -> bool:
        """Whether it can hold somebody's films, unlike the kernel's own trees."""
        return self.kind in DISK_KINDS or self.is_remote


def parse_mounts(table: str) -> list[Mount]:
    """The mounts of a mountinfo table, in its order; lines of another form are left out."""
    found = []
    for line in table.splitlines():
        left, dash, right = line.partition(" - ")
        fields = left.split(" ")
        if not dash or len(fields) < 5 or not right:
            continue
        path = fields[4]
        for escape, char in _ESCAPES.items():
            path = path.replace(escape, char)
        found.append(Mount(path, right.split(" ", 1)[0]))
    return found


def mounts() -> list[Mount]:
    """What is mounted now; empty where the system has no such table."""
    if not sys.platform.startswith("linux"):
        return []
    try:
        return parse_mounts(_TABLE.read_text(encoding="utf-8", errors="surrogateescape"))
    except OSError:
        return []


def remote_paths() -> frozenset[str]:
    """Where network disks are mounted."""
    return frozenset(mount.path for mount in mounts() if mount.is_remote)

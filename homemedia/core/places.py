"""Where things lie on this machine. Nothing is made here but the folders themselves."""

from pathlib import Path

import msgspec


class Places(msgspec.Struct, frozen=True):
    """The folders of one household; all below the data folder unless told otherwise."""

    data_dir: Path
    transcode_dir: Path

    @property
    def database(self) -> Path:
        return self.data_dir / "homemedia.db"

    @property
    def lock(self) -> Path:
        return self.data_dir / "homemedia.lock"

    @property
    def door(self) -> Path:
        """Where the icon beside the clock reads how to speak to us; there while the server runs."""
        return self.data_dir / "desktop.json"

    @property
    def keys_dir(self) -> Path:
        return self.data_dir / "keys"

    @property
    def cache_dir(self) -> Path:
        return self.data_dir / "cache"

    @property
    def artwork_dir(self) -> Path:
        """Frame grabs and embedded covers: derived, but dear to make again."""
        return self.data_dir / "artwork"

    @property
    def avatars_dir(self) -> Path:
        """The members' own pictures."""
        return self.data_dir / "avatars"

    @property
    def renditions_dir(self) -> Path:
        """Pictures made of photos and clips: derived, but dear to make again."""
        return self.data_dir / "renditions"

    @property
    def sidecars_dir(self) -> Path:
        """What members said of photos in scanned folders, where it cannot stand beside them."""
        return self.data_dir / "sidecars"

    @property
    def backup_dir(self) -> Path:
        return self.data_dir / "backups"

    @property
    def log_dir(self) -> Path:
        return self.data_dir / "logs"

    @property
    def media_dir(self) -> Path:
        """The managed root: what was uploaded or downloaded."""
        return self.data_dir / "media"

    def make(self) -> None:
        """Make the folders, readable by their owner alone.

        Raises:
            OSError: a folder cannot be made or written.
        """
        made = (self.data_dir, self.keys_dir, self.cache_dir, self.artwork_dir, self.avatars_dir, self.backup_dir)
        for folder in (*made, self.log_dir):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def owns(self, path: Path) -> bool:
        """Whether `path` lies inside our own folders, where no library may lie and no scan may look."""
        return any(path.is_relative_to(own.resolve()) for own in (self.data_dir, self.transcode_dir))

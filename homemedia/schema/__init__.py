"""The database's history: dated `.sql` steps in one line, applied in order, never edited once released."""

from homemedia.schema.history import DamagedDatabase, NewerDatabase, check, migrate, pending, versions

__all__ = ["DamagedDatabase", "NewerDatabase", "check", "migrate", "pending", "versions"]

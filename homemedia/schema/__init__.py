"""The database's history: dated `.sql` steps in one line, applied in order, never edited once released."""

from homemedia.schema.history import DamagedDatabase, check, migrate, pending

__all__ = ["DamagedDatabase", "check", "migrate", "pending"]

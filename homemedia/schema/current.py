"""The schema as all steps together make it, for people to read and for tests to compare: `current.sql`."""

import sqlite3
from contextlib import closing
from pathlib import Path

from homemedia.schema.history import statements, steps

HEAD = "-- Generated: python -m homemedia.schema.current. The history that makes it lies in migrations/.\n"
OBJECTS = (
    "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE '%\\_search\\_%' ESCAPE '\\' ORDER BY name"
)


def current_schema() -> str:
    """Every table and index, by name, as SQL text."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for _, sql in steps():
            for statement in statements(sql):
                connection.execute(statement)
        return HEAD + "".join(f"\n{row[0]};\n" for row in connection.execute(OBJECTS))


if __name__ == "__main__":
    Path(__file__).with_name("current.sql").write_text(current_schema(), encoding="utf-8")

"""The generated picture of the schema is what the migrations make."""

from pathlib import Path

from homemedia.schema.current import current_schema

COMMITTED = Path(__file__).parents[2] / "homemedia" / "schema" / "current.sql"


def test_current_schema_is_what_the_steps_make() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == current_schema(), "run: python -m homemedia.schema.current"

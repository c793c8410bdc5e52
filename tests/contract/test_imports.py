"""Floors: a folder imports from lower floors only (the contract stands in pyproject.toml)."""

from importlinter.cli import lint_imports


def test_imports_point_downwards() -> None:
    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == 0

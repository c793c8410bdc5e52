"""The worker for documents that are large or have to be built: `homemedia worker heaps`."""

from typing import Final

from homemedia.core.worker_child import Operation, serve_worker
from homemedia.heaps import building, deriving

OPERATIONS: Final[dict[str, Operation]] = {
    "merge": building.merge,
    "grow": building.grow,
    "vector": building.vector,
    "compare": building.compare,
    "edit_meta": building.edit_meta,
    "edit_roots": building.edit_roots,
    "shrink": building.shrink,
    "derive": deriving.derive,
    "xml": deriving.xml,
}


def main() -> None:
    """Answer until the parent is gone."""
    serve_worker(OPERATIONS)

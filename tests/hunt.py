"""Hunt for a case that no test has: laws with random seeds and many examples.

    python -m tests.hunt tests/core/merge
    python -m tests.hunt --examples 20000 tests/core/merge/test_laws.py::test_records

The tests are those of pytest. Their own number of examples is raised to `--examples`, and each run
begins somewhere else. A case that it finds belongs into a test of its own.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser

import pytest

EXAMPLES = 20_000


class Hunt:
    """The pytest plugin that gives every law more examples, and seeds of its own."""

    def __init__(self, examples: int) -> None:
        self.examples = examples

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        from hypothesis import HealthCheck, settings  # pytest wants to see it first

        hunting = settings(
            max_examples=self.examples,
            derandomize=False,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        laws = [item for item in items if self._is_law(item)]
        for item in laws:
            # No public way leads to the settings of a test that has some already.
            item.obj._hypothesis_internal_use_settings = hunting  # type: ignore[attr-defined]
        items[:] = laws

    @staticmethod
    def _is_law(item: pytest.Item) -> bool:
        return getattr(getattr(item, "obj", None), "is_hypothesis_test", False)


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.hunt", description=__doc__)
    parser.add_argument("paths", nargs="+", help="tests, as pytest takes them")
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="of each law")
    words = parser.parse_args()
    return pytest.main(["-n", "0", "-q", *words.paths], plugins=[Hunt(words.examples)])


if __name__ == "__main__":
    sys.exit(main())

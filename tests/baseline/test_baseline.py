"""Numbers move only on purpose: refresh with `python -m tests.baseline` and a line in CHANGELOG.md.

Equal to the last bit on one machine; the tolerance allows for other mathematical libraries.
"""

import pytest

from tests.baseline.numbers import current, stored


@pytest.fixture(scope="module")
def now():
    return current()


@pytest.mark.parametrize("scenario", sorted(stored()))
def test_numbers_are_as_stored(scenario: str, now) -> None:
    assert now[scenario].keys() == stored()[scenario].keys()
    for measure, value in stored()[scenario].items():
        assert now[scenario][measure] == (value if value is None else pytest.approx(value, rel=1e-6, abs=1e-9)), measure

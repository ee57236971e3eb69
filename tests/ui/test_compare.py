"""The page Compare without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")


from cxsim.ui.compare import Compare
from cxsim.ui.runs import Workers
from cxsim.ui.widgets import ChartPanel, HeaderPanel, SheetPanel, StatusPanel, VariantPanel
from tests.ui.pages import DrawnPage

WORLD = "scenario=workshop&customers=100&days=60"
TWO = "&variant=name%3Dtwo%26desks.counter.servers%3D2"


class Page(DrawnPage):
    """The page Compare."""

    asked_panel = VariantPanel

    def __init__(self, workers: Workers, query: str) -> None:
        super().__init__(query, workers=workers)

    def drawn(self) -> Any:
        return Compare(self.visit)

    def settle(self, worlds: int, replications: int = 8) -> dict[str, Any]:
        """The table once it has so many worlds and replications."""

        def there() -> bool:
            sheets = self.panels(SheetPanel)
            told = sheets[0] if sheets else {}
            return len(told.get("head", [])) == 3 * worlds and told["revision"].startswith(f"{replications} ")

        self.until(there)
        return dict(self.data(SheetPanel))


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Shared, as on a server: what one page has lived, the next one knows."""
    begun = Workers(2)
    yield begun
    begun.close()


@pytest.fixture
def page(workers: Workers) -> Iterator[Page]:
    begun = Page(workers, WORLD + TWO)
    yield begun
    begun.close()


def test_worlds_stand_side_by_side_with_differences(page: Page) -> None:
    told = page.settle(2)
    wait = next(row for row in told["rows"] if row[0] == "Mean wait")
    place = told["rows"].index(wait)
    assert wait[4].startswith("-")
    assert told["verdicts"][place][4] == "better"
    names = {panel["name"] for panel in page.panels(ChartPanel)}
    assert names == {"differences-by-measure", "chance-best", "satisfaction-by-variant"}


def test_variants_are_added_renamed_removed_and_undone(page: Page) -> None:
    page.settle(2)
    page.visit.session.move("company.tracking", 0.9, settled=True)
    page.ask(do="variant-add")
    told = page.settle(3)
    assert told["head"][6] == "B: tracking 0.9"
    page.ask(do="variant-add")
    page.until(lambda: "already" in page.data(StatusPanel)["problem"])
    page.ask(do="variant-rename", place=1, name="followed")
    page.until(lambda: "followed" in page.data(HeaderPanel)["query"])
    assert page.settle(3)["head"][6] == "B: followed"
    page.ask(do="variant-rename", place=1, name="two")
    page.until(lambda: "'two' is taken" in page.data(StatusPanel)["problem"])
    page.ask(do="variant-remove", place=0)
    assert page.settle(2)["head"][3] == "A: followed"
    page.visit.session.undo()
    assert page.settle(3)["head"][3] == "A: two"
    page.ask(do="then", message={"do": "variant-take", "place": 0})
    page.visit.session.start()
    page.until(lambda: page.visit.session.setup.value.changes == {"desks.counter.servers": "2"})


def test_measure_and_replications_are_in_the_address(page: Page) -> None:
    page.settle(2)
    page.ask(do="measure", value="defection_rate")
    page.ask(do="replications", value="16")
    page.settle(2, 16)
    assert page.data(HeaderPanel)["state"] == {"measure": "defection_rate", "replications": "16"}
    best = page.panels(ChartPanel)
    assert any(one["finding"].startswith("Defection") for one in best)


def test_files_and_commands_are_made_when_asked_for(page: Page) -> None:
    page.settle(2)
    page.visit.session.sharing.value = True
    page.until(lambda: "shared" in page.data(HeaderPanel))
    told = {one["id"]: one for one in page.data(HeaderPanel)["shared"]}
    assert told["sweep"]["text"] == "cxsim sweep workshop-variants.yaml --seed 1 --replications 8"
    assert "two:" in told["experiment"]["text"]


def test_without_variants_it_says_what_to_do(workers: Workers) -> None:
    page = Page(workers, WORLD)
    try:
        assert not page.data(StatusPanel)["running"]
        assert not page.panels(SheetPanel)
        page.ask(do="variant-add")
        page.until(lambda: "Move a lever first" in page.data(StatusPanel)["problem"])
        page.ask(do="fly")
        page.ask(do="variant-remove")
        page.until(lambda: "did not work" in page.data(StatusPanel)["problem"])
    finally:
        page.close()

"""The comparison that answers while it is lived: paired, growing, dropped when outdated, stopped, bounded."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

import cxsim
from cxsim.scenario.ready import find_scenario
from cxsim.scenario.schema import Scenario
from cxsim.studies.simulate import live_once
from cxsim.ui.live import VARIANT, LiveComparison, News, pair
from cxsim.ui.runs import RunCache, Workers


def world(**values: object) -> Scenario:
    return cxsim.load(find_scenario("workshop"), {"population.customers": 100, "horizon": "60 days", **values})


class Heard:
    """News as they come."""

    def __init__(self) -> None:
        self.all: list[News] = []
        self.end = threading.Event()

    def __call__(self, news: News) -> None:
        self.all.append(news)
        if news.finished or news.stopped or news.problem:
            self.end.set()


@pytest.fixture
def live():
    heard, workers = Heard(), Workers(2)
    comparison = LiveComparison(workers, heard)
    yield comparison, heard, workers
    comparison.close()
    workers.close()


def test_it_gives_what_compare_gives(live) -> None:
    comparison, heard, _ = live
    base, variant = world(), world(**{"desks.counter.servers": 2})
    comparison.ask(pair(base, variant, 1, 4))
    assert heard.end.wait(60)
    found = heard.all[-1].comparison
    assert found is not None
    study = cxsim.compare(base, {"two": variant}, replications=4, seed=1)
    for measure in ("satisfaction", "wait_minutes_mean"):
        assert found.difference(VARIANT, measure) == study.difference("two", measure)
    counts = [news.count for news in heard.all if news.count]
    assert counts == sorted(counts)
    assert counts[-1] == 4


def test_the_baseline_is_lived_once(live) -> None:
    comparison, heard, workers = live
    base = world()
    comparison.ask(pair(base, world(**{"desks.counter.servers": 2}), 1, 2))
    assert heard.end.wait(60)
    kept = workers.cache.get((base.digest(), 1, 0))
    heard.end.clear()
    comparison.ask(pair(base, world(**{"desks.counter.servers": 3}), 1, 2))
    assert heard.end.wait(60)
    found = heard.all[-1].comparison
    assert found is not None
    assert found.results["as it is"]._runs[0] is kept


def test_the_outdated_is_dropped(live) -> None:
    comparison, heard, _ = live
    long = world(**{"population.customers": 12_000, "horizon": "1000 days"})
    wanted = world(**{"desks.counter.servers": 2})
    comparison.ask(pair(long, long, 1, 8))
    time.sleep(0.3)
    begun = time.monotonic()
    comparison.ask(pair(world(), wanted, 1, 2))
    assert heard.end.wait(60)
    assert heard.all[-1].question.worlds[VARIANT] is wanted
    assert time.monotonic() - begun < 20
    assert not any(news.count for news in heard.all if news.question.worlds[VARIANT] is long)


def test_it_can_be_stopped_and_keeps_what_is_known(live) -> None:
    comparison, heard, _ = live
    long = world(**{"population.customers": 3000, "horizon": "1000 days"})
    comparison.ask(pair(long, long, 1, 50))
    time.sleep(0.3)
    comparison.stop()
    assert heard.end.wait(20)
    assert heard.all[-1].stopped
    assert heard.all[-1].count < 50


def test_a_failure_is_told_and_the_next_question_answered(live, monkeypatch) -> None:
    comparison, heard, _ = live
    monkeypatch.setattr("cxsim.ui.live.live_once", lambda *_: 1 / 0)
    comparison.ask(pair(world(), world(), 1, 2))
    assert heard.end.wait(20)
    assert "division by zero" in heard.all[-1].problem
    monkeypatch.undo()
    heard.end.clear()
    comparison.ask(pair(world(), world(), 1, 2))
    assert heard.end.wait(60)
    assert heard.all[-1].count == 2


def test_closing_ends_the_thread(live) -> None:
    comparison, heard, _ = live
    comparison.ask(pair(world(), world(), 1, 1))
    assert heard.end.wait(60)
    thread = comparison._thread
    comparison.close()
    thread.join(5)
    assert not thread.is_alive()


def test_the_kept_runs_are_bounded() -> None:
    scenario = world()
    runs = [live_once(scenario, 1, number) for number in range(3)]
    cache = RunCache(most_bytes=sum(_size(cache_of(run)) for run in runs) - 1)
    for number, run in enumerate(runs):
        cache.keep(("a", 1, number), run)
    assert cache.get(("a", 1, 0)) is None, "the longest unused made room"
    assert cache.get(("a", 1, 2)) is runs[2]
    assert cache.size_bytes <= cache._most


def cache_of(run) -> RunCache:
    cache = RunCache()
    cache.keep(("one", 1, 0), run)
    return cache


def _size(cache: RunCache) -> int:
    assert np.isfinite(cache.size_bytes)
    return cache.size_bytes


def test_no_question_is_taken_for_an_earlier_one() -> None:
    """What is drawn for one must not be kept for the next, though the earlier one's memory is used anew."""
    same = world()
    keys = {News(pair(same, same, 1, 8), None, 1).key for _ in range(100)}
    assert len(keys) == 100

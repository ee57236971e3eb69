"""Sweeps: the same tables whatever the jobs, however often killed; failed runs are rows."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pandas as pd
import pytest

import cxsim
from cxsim.results.measures import estimate
from cxsim.studies.experiment_files import load_experiment
from cxsim.studies.journal import FileJournal
from cxsim.studies.plan import make_plan
from cxsim.studies.saved import load_saved
from cxsim.studies.study import JOURNAL, TABLES, Study
from cxsim.studies.sweep import forecast, gather, run_plan, sweep
from tests.cli.program import PROGRAM, environment, inside
from tests.studies.small import small_experiment, write_experiment


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Path]:
    folder = tmp_path_factory.mktemp("sweep") / "out"
    return sweep(small_experiment(), jobs=2, out=folder), folder


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}


def same_tables(left: Path, right: Path) -> bool:
    first, second = read_tables(left), read_tables(right)
    return all(first[name].equals(second[name]) for name in TABLES)


def test_tables_by_level(whole: tuple[Study, Path]) -> None:
    study, folder = whole
    assert [len(study.points), len(study.runs), len(study.measures), len(study.policies)] == [10, 20, 20, 10]
    assert (study.runs["reason"] == "").all()
    assert study.runs["satisfaction"].between(0, 100).all()
    runs = study.runs[study.runs["point"] == 3]["satisfaction"]
    row = study.measures[(study.measures["point"] == 3) & (study.measures["outcome"] == "satisfaction")].iloc[0]
    assert row["mean"] == pytest.approx(runs.mean())
    for name, table in read_tables(folder).items():
        pd.testing.assert_frame_equal(table, study.table(name), check_exact=True)
    loaded = cxsim.load_study(folder)
    assert isinstance(load_saved(folder), Study)
    with pytest.raises(cxsim.ScenarioError, match="holds no complete study"):
        load_saved(folder.parent)
    assert all(loaded.table(name).equals(study.table(name)) for name in TABLES)
    assert loaded.experiment.levers == study.experiment.levers
    summary = json.loads((folder / "summary.json").read_text())
    assert (summary["kind"], summary["runs"], summary["failed"]) == ("sweep", 20, 0)


def test_where_the_scenario_has_no_option_the_tables_have_none() -> None:
    options = {"few": {"desks.counter.servers": 1}, "many": {"desks.counter.servers": 7}}
    loaded = load_experiment(small_experiment(levers={"team": {"options": options}}), {"desks.counter.servers": 3})
    table = make_plan(loaded).points.drop_duplicates("policy")
    assert table["team"].isna().tolist() == [True, False, False]
    assert table["team"].tolist()[1:] == ["few", "many"]


def test_policies_pair_differences_over_worlds_and_luck(whole: tuple[Study, Path]) -> None:
    study, _ = whole
    runs = study.runs.set_index(["policy", "world", "replication"])["abandonment_rate"]
    paired = estimate((runs.loc[4] - runs.loc[0]).tolist())
    row = study.policies[(study.policies["policy"] == 4) & (study.policies["outcome"] == "abandonment_rate")].iloc[0]
    assert (row["servers"], row["promise"]) == (2, 6)
    assert row["difference"] == pytest.approx(paired.mean)
    assert (row["difference_low"], row["difference_high"]) == pytest.approx((paired.low, paired.high))
    assert row["worst"] == pytest.approx(runs.loc[4].groupby("world").mean().max())
    chances = study.policies[study.policies["outcome"] == "abandonment_rate"]["chance_best"]
    assert chances.sum() == pytest.approx(1)


def test_the_same_with_one_job_in_memory_and_as_single_runs(whole: tuple[Study, Path]) -> None:
    study, _ = whole
    alone = sweep(small_experiment(), jobs=1)
    assert alone.runs.equals(study.runs)
    assert alone.points.equals(study.points)
    plan = make_plan(load_experiment(small_experiment()))
    result = cxsim.simulate(plan.scenario_at(7), replications=2, seed=plan.seed)
    there = study.runs[study.runs["point"] == 7]["satisfaction"].tolist()
    assert result.runs["satisfaction"].tolist() == there


def test_more_replications_keep_the_finished_runs(whole: tuple[Study, Path], tmp_path: Path) -> None:
    study, _ = whole
    sweep(small_experiment(replications=1), jobs=1, out=tmp_path / "out")
    done: list[int] = []
    more = sweep(small_experiment(), jobs=1, out=tmp_path / "out", progress=done.append)
    assert done[0] == 10, "half of the runs were there"
    assert sum(done) == 20
    assert more.runs.equals(study.runs)


def test_killed_and_gone_on_with_ends_the_same(whole: tuple[Study, Path], tmp_path: Path) -> None:
    """The real program, killed twice without warning, each time with a line of its journal cut short."""
    write_experiment(tmp_path / "small.yaml")
    journal = tmp_path / "out" / JOURNAL
    for wanted in (3, 9):
        with subprocess.Popen(
            [str(PROGRAM), "sweep", "small.yaml", "--out", "out", "--jobs", "1", "--quiet"], cwd=tmp_path,
            env=environment(), start_new_session=True,
        ) as process:  # fmt: skip
            until = time.monotonic() + 60
            while not journal.exists() or journal.read_bytes().count(b"\n") < wanted:
                assert process.poll() is None, "it ended before it could be killed"
                assert time.monotonic() < until
                time.sleep(0.002)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        assert not (tmp_path / "out" / "runs.parquet").exists()
        journal.write_bytes(journal.read_bytes()[:-25])
    told = inside("sweep", "small.yaml", "--out", "out", "--jobs", "1", cwd=tmp_path).stderr
    assert "going on with" in told
    assert same_tables(tmp_path / "out", whole[1])


def test_a_corrupt_journal_is_told_and_mended(whole: tuple[Study, Path], tmp_path: Path) -> None:
    write_experiment(tmp_path / "small.yaml")
    inside("sweep", "small.yaml", "--out", "out", "--jobs", "1", "--quiet", cwd=tmp_path)
    journal = tmp_path / "out" / JOURNAL
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:5]) + b"\x00rubbish" + b"".join(lines[6:]))
    told = inside("sweep", "small.yaml", "--out", "out", "--jobs", "1", cwd=tmp_path).stderr
    assert "1 broken lines; their runs are done again" in told
    assert same_tables(tmp_path / "out", whole[1])


def test_failed_runs_are_rows_and_tried_again(tmp_path: Path) -> None:
    loaded = load_experiment(small_experiment(uncertainties={}, replications=1))
    plan = make_plan(loaded)
    keys = [key for _, _, key in plan.run_keys()]
    (tmp_path / "out").mkdir()
    with FileJournal(tmp_path / "out" / JOURNAL) as journal:
        run_plan(plan, journal, jobs=1)
        journal.add(keys[1], {"reason": "out of memory"})  # as a run that had too little memory leaves it
        study = gather(loaded, plan, journal)
    assert study.failed["point"].tolist() == [1]
    assert study.failed["reason"].tolist() == ["out of memory"]
    assert study.runs["satisfaction"].isna().tolist() == [False, True, False, False, False]
    assert study.policies[study.policies["policy"] == 1]["mean"].isna().all()
    assert study.policies[study.policies["policy"] != 1]["mean"].notna().all()
    done: list[int] = []
    again = sweep(loaded, jobs=1, out=tmp_path / "out", progress=done.append)
    assert done == [4, 1]
    assert again.failed.empty


def test_exit_code_tells_of_failed_runs(tmp_path: Path) -> None:
    """Runs whose worker is not let have the memory they need fail, each with its reason; the others are kept."""
    import resource

    write_experiment(tmp_path / "small.yaml", uncertainties={}, replications=1,
                     levers={"customers": {"path": "population.customers", "values": [40, 6_000_000]}})  # fmt: skip
    limit = 3 * 2**30
    done = subprocess.run(
        [str(PROGRAM), "sweep", "small.yaml", "--out", "out", "--jobs", "1", "--quiet"], cwd=tmp_path,
        env=environment(), capture_output=True, text=True, timeout=120, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    runs = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    assert done.returncode == 1
    assert "of 2 runs failed" in done.stderr
    assert (runs["reason"] != "").tolist() == [False, True]
    assert "Traceback" not in done.stderr


def test_folders_that_are_not_ours_are_refused(tmp_path: Path) -> None:
    write_experiment(
        tmp_path / "small.yaml", replications=1, uncertainties={}, design={"kind": "list", "settings": [{}]}
    )
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("precious")
    for arguments in ([], ["--overwrite"]):
        done = inside("sweep", "small.yaml", "--out", "mine", *arguments, cwd=tmp_path, code=2)
        assert "mine: holds something else than results of cxsim" in done.stderr
    assert (tmp_path / "mine" / "notes.txt").read_text() == "precious"
    inside("sweep", "small.yaml", "--out", "out", "--jobs", "1", "--quiet", cwd=tmp_path)
    write_experiment(tmp_path / "other.yaml", name="other", replications=1)
    done = inside("sweep", "other.yaml", "--out", "out", cwd=tmp_path, code=2)
    assert "out: holds the study 'small', not 'other'; choose another folder with --out" in done.stderr
    done = inside("sweep", "small.yaml", "--out", "small.yaml/x", cwd=tmp_path, code=2)
    assert "small.yaml is no folder" in done.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_told_before_the_work(tmp_path: Path) -> None:
    write_experiment(tmp_path / "small.yaml")
    (tmp_path / "closed").mkdir(mode=0o555)
    done = inside("sweep", "small.yaml", "--out", "closed/out", cwd=tmp_path, code=2)
    assert "no permission to write" in done.stderr


def test_dry_run_counts_and_runs_nothing(tmp_path: Path) -> None:
    write_experiment(tmp_path / "small.yaml")
    done = inside("sweep", "small.yaml", "--dry-run", "--json", "--jobs", "2", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert (told["points"], told["runs"], told["done"], told["jobs"]) == (10, 20, 0, 2)
    assert told["seconds"] > 0
    assert "one run of 40 customers" in told["basis"]
    assert not (tmp_path / "results").exists()


def test_the_forecast_is_of_the_right_size() -> None:
    loaded = load_experiment(small_experiment())
    plan = make_plan(loaded, replications=8)
    expected = forecast(plan, jobs=1).seconds
    begun = time.monotonic()
    sweep(loaded, replications=8, jobs=1)
    taken = time.monotonic() - begun
    assert expected / 5 < taken < 5 * expected + 15  # the workers' start is not part of it

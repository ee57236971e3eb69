"""Commands that ask a scenario the questions a strategist would."""

from __future__ import annotations

from cxsim.cli.options import Jobs, Json, Quiet, Replications, ScenarioText, Seed, Sets, load_given


def moments(
    scenario: ScenarioText,
    sets: Sets = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Rank the moments of truth: how many customers would stay if nothing ever went wrong at a touchpoint."""
    from cxsim.cli import show

    base = load_given(scenario, sets, quiet)
    count = base.replications if replications is None else replications
    total = count * base.days * (1 + len(base.touchpoints))
    with show.progress(f"Making {len(base.touchpoints)} touchpoints flawless in turn", total, quiet) as advance:
        from cxsim.studies.moments import moments_of_truth

        found = moments_of_truth(base, replications=count, seed=seed, jobs=jobs, progress=advance)
    table = found.table
    if json:
        show.json({"scenario": base.name, "finding": found.finding, "touchpoints": show.records(table)})
    elif not quiet:
        rows = [
            [
                row["label"], f"{row['saved']:.1f}", f"{row['low']:.1f} to {row['high']:.1f}",
                f"{100 * row['saved_share']:.0f} %", f"{row['satisfaction_gain']:+.1f}", f"{row['profit_gain']:+.2f}",
            ]
            for row in table.to_dict("records")
        ]  # fmt: skip
        head = ["touchpoint", "kept per 1,000 customer-years", "95 % interval", "of all who leave", "satisfaction",
                "profit per customer-year"]  # fmt: skip
        show.rows("Moments of truth: what nothing ever going wrong there would do", head, rows)
        show.say(found.finding)

"""The report of a sweep, a sensitivity study or an optimisation, as text."""

from __future__ import annotations

from html import escape
from itertools import groupby

from cxsim.charts.look import is_empty
from cxsim.charts.search_charts import wanted
from cxsim.charts.studies import ANSWER, study_charts, study_findings
from cxsim.charts.study_words import lever_label, ordered_outcomes
from cxsim.report.frame import chart, document, file_to_save, formulas, made_with, words
from cxsim.report.study_tables import indices_tables, plans_tables, settings_tables
from cxsim.results.folders import SCENARIO
from cxsim.results.result import current_versions, scenario_text, yaml_text
from cxsim.studies.experiment import Design
from cxsim.studies.optimise import Optimisation
from cxsim.studies.saved import Searched
from cxsim.studies.sensitivity import Sensitivity
from cxsim.studies.study import EXPERIMENT, Study


def study_page(found: Searched) -> str:
    """The whole report of a study."""
    study = found if isinstance(found, Study) else found.study
    experiment = study.experiment
    tables = (
        indices_tables(found) if isinstance(found, Sensitivity)
        else plans_tables(found) if isinstance(found, Optimisation) else settings_tables(study)
    )  # fmt: skip
    title = experiment.title or experiment.name
    parts = [_heading(found, study, title), _charts(found), tables, _reproduce(found, study)]
    return document(title, [*parts, formulas(ordered_outcomes(study)), made_with(current_versions())])


def _heading(found: Searched, study: Study, title: str) -> str:
    """The question, the finding, and what was done."""
    experiment, scenario = study.experiment, study.scenario
    first, *others = study_findings(found)
    more = "".join(f"<li>{words(sentence)}.</li>" for sentence in others)
    failed = f" {len(study.failed)} of {len(study.runs)} runs failed and are left out." if len(study.failed) else ""
    return (
        f"<header><h1>{escape(title)}</h1>"
        + (f"<p class='what'>{escape(experiment.question.strip())}</p>" if experiment.question.strip() else "")
        + f"<p class='finding'>{words(first)}.</p>" + (f"<ul class='finding'>{more}</ul>" if more else "")
        + f"<p>{escape(_done(found, study))} Scenario: {escape(scenario.title or scenario.name)}, "
        f"{scenario.population.customers:,} customers over {int(scenario.horizon)} days, after a warm-up of "
        f"{int(scenario.warm_up)} days; seed {study.seed}. All settings are lived with the same luck.{failed}</p>"
        "</header>"
    )  # fmt: skip


def _done(found: Searched, study: Study) -> str:
    """What was tried, in words."""
    levers = ", ".join(lever_label(study.experiment, name) for name in study.experiment.levers)
    runs = f"{study.replications} replication{'s' if study.replications != 1 else ''} each"
    if isinstance(found, Sensitivity):
        method = "Morris screening" if found.method == "morris" else "Sobol indices"
        return f"{method} of {len(study.experiment.inputs)} inputs: {len(study.points)} points with {runs}."
    if isinstance(found, Optimisation):
        return f"Sought: {wanted(found)}. {len(found.trials) - 1} trials ({levers}), {runs}."
    worlds = study.points["world"].nunique()
    unknown = ", ".join(lever_label(study.experiment, name) for name in study.experiment.uncertainties)
    in_worlds = f" in each of {worlds} worlds ({unknown} are not known)" if worlds > 1 else ""
    return f"{study.points['policy'].nunique()} settings ({levers}){in_worlds}, {runs}."


def _charts(found: Searched) -> str:
    """All charts; those that answer the question first and open."""
    parts = []
    for group, charts in groupby(study_charts(found), key=lambda one: one.group):
        figures = list(charts)
        drawn = "".join(
            chart(one.name, one.figure, is_wide=one.is_wide or len(figures) == 1)
            for one in figures if not is_empty(one.figure)
        )  # fmt: skip
        notes = "".join(
            f"<p class='lacking'>{escape(one.figure.layout.meta['finding'])}</p>"
            for one in figures if is_empty(one.figure)
        )  # fmt: skip
        state = " open" if group == ANSWER else ""
        parts.append(f"<section><details{state}><summary><h2>{escape(group)}</h2></summary><div class='charts'>{drawn}"
                     f"</div>{notes}</details></section>")  # fmt: skip
    return "".join(parts)


def experiment_text(study: Study) -> str:
    """The experiment as a file that stands beside its scenario and needs no other."""
    experiment = study.experiment
    if experiment.design.kind == "csv":
        rows = study.points[~study.points["is_baseline"]].drop_duplicates("policy")[study.levers].to_dict("records")
        design = Design(kind="list", settings=[{str(name): value for name, value in row.items()} for row in rows])
        experiment = experiment.model_copy(update={"design": design})
    return yaml_text({**experiment.document(), "scenario": SCENARIO, "constants": {}})


def _reproduce(found: Searched, study: Study) -> str:
    command = str(found.summary()["command"])
    return (
        "<section><h2>Run it again</h2><p>Save both files below into one folder, then, in it:</p>"
        f"<pre>{escape(command)}</pre>{file_to_save(EXPERIMENT, experiment_text(study))}"
        f"{file_to_save(SCENARIO, scenario_text(study.scenario), f' (hash {study.scenario.digest()})')}</section>"
    )

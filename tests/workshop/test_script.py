"""Scripts: all problems at once, each with its line; and nothing that knows beforehand how a chapter ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxsim.scenario.errors import ScenarioError
from cxsim.workshop.loading import find_script, load_script, ready_scripts
from cxsim.workshop.script import Script

from .scripts import loaded, small, written


def problems(folder: Path, data: dict) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_script(written(folder, data))
    assert all(problem.line > 0 for problem in caught.value.problems), caught.value
    lines = [problem.line for problem in caught.value.problems]
    assert lines == sorted(lines)
    return [f"{problem.path}: {problem.sentence}" for problem in caught.value.problems]


@pytest.mark.parametrize("name", sorted(ready_scripts()))
def test_ready_scripts_are_sound_and_fit_a_meeting(name: str) -> None:
    script = load_script(name).script
    assert script.name == name
    assert 20 <= script.minutes <= 30
    assert 5 <= len(script.chapters) <= 6
    for chapter in script.chapters:
        assert chapter.lesson.source
        assert 1 <= len(chapter.levers) <= 2
        assert not chapter.prediction.cases or isinstance(chapter.lesson.text, dict)


def test_everything_that_is_wrong_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    data = small()
    first, second = data["chapters"]
    first["prediction"]["measure"] = "wait_minute_mean"
    first["reveal"]["measures"] = ["satisfactoin"]
    first["reveal"]["says"]["lower"] = "Shorter by {valeu}."
    first["worlds"]["two"]["changes"] = {"desks.counter.server": 2}
    first["levers"]["talk"]["worlds"] = ["three"]
    second["lesson"]["claim"] = "upstream-breakdwn"
    second["run"]["worlds"] = ["mende"]
    told = problems(tmp_path, data)
    for part in ("no measure 'wait_minute_mean'; did you mean 'wait_minutes_mean'?", "no measure 'satisfactoin'",
                 "no place 'valeu'; did you mean 'value'?", "did you mean 'servers'?", "no world 'three'",
                 "no claim 'upstream-breakdwn'; did you mean 'upstream-breakdown'?",
                 "no world 'mende'; did you mean 'mended'?"):  # fmt: skip
        assert any(part in one for one in told), (part, told)


def test_wrong_shapes_are_told_with_the_nearest_key(tmp_path: Path) -> None:
    data = small()
    data["chapters"][0]["minuts"] = 3
    data["chapters"][0]["minutes"] = "long"
    data["chapters"][1]["worlds"]["hands"]["lable"] = "x"
    told = problems(tmp_path, data)
    assert "chapters[0].minuts: unknown key 'minuts'; did you mean 'minutes'?" in told
    assert any(one.startswith("chapters[0].minutes: read 'long'") for one in told)
    assert any("unknown key 'lable'; did you mean 'label'?" in one for one in told)


def test_a_lesson_may_not_know_how_its_chapter_ends(tmp_path: Path) -> None:
    data = small()
    data["chapters"][0]["lesson"]["text"] = "Always hire."
    del data["chapters"][1]["lesson"]["text"]["hands"]
    data["chapters"][1]["prediction"]["options"]["both"] = "Both"
    told = problems(tmp_path, data)
    assert any("says the same whatever comes out" in one for one in told)
    assert any("'hands' is missing" in one for one in told)
    assert any("no case 'both'" in one for one in told)


def test_levers_and_scenarios_are_tried_before_the_room_is_there(tmp_path: Path) -> None:
    data = small()
    data["chapters"][0]["levers"]["talk"]["values"] = ["8 min", "-3 min"]
    data["chapters"][1]["scenario"] = "bicycles"
    told = problems(tmp_path, data)
    assert any(one.startswith("chapters[0].levers.talk: desks.counter.service") for one in told)
    assert any(one.startswith("chapters[1].scenario: no such file and no ready scenario") for one in told)
    data = small()
    data["constants"]["population.customer"] = 3
    assert any(one.startswith("constants.population.customer") for one in problems(tmp_path, data))


def test_odd_predictions_are_refused(tmp_path: Path) -> None:
    data = small()
    data["chapters"][0]["prediction"]["options"] = {"higher": "x"}
    data["chapters"][1]["prediction"]["world"] = "hands"
    told = problems(tmp_path, data)
    assert any("either 'number' or 'options'" in one for one in told)
    assert any("either 'world'" in one for one in told)


def test_a_script_survives_its_document(tmp_path: Path) -> None:
    script = loaded(tmp_path).script
    again = Script.model_validate(script.document())
    assert again == script
    assert again.digest() == script.digest()


def test_names_that_are_none() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'whose_queue'"):
        find_script("whose_queu")

import json
from pathlib import Path

from tests.cli.program import inside

CLAIM = "before-first-contact"


def test_claims_are_listed_without_living_any(tmp_path: Path) -> None:
    assert "early-late" in inside("claims", "--list", cwd=tmp_path).stdout
    listed = json.loads(inside("claims", "--list", "--json", cwd=tmp_path).stdout)
    assert len(listed) == 35


def test_a_wrong_name_ends_with_a_sentence(tmp_path: Path) -> None:
    done = inside("claims", "early-lat", "--json", cwd=tmp_path, code=2)
    assert done.stdout == ""
    assert "early-late" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_claim_is_judged_kept_and_reported(tmp_path: Path) -> None:
    done = inside("claims", CLAIM, "--json", "--jobs", "1", "--out", "kept", cwd=tmp_path)
    (found,) = json.loads(done.stdout)
    assert {"id", "claim", "holds", "effect", "low", "high", "unit", "fails_without", "robust_share"} <= set(found)
    assert found["id"] == CLAIM
    assert found["holds"] is True
    assert found["fails_without"] is True
    assert found["low"] < found["effect"] < found["high"]
    assert "seconds" in done.stderr
    inside("report", "kept", "--out", "claims.html", cwd=tmp_path)
    page = (tmp_path / "claims.html").read_text(encoding="utf-8")
    assert f"id='claim-{CLAIM}'" in page
    assert "The claim holds." in page
    assert "http://" not in page.split("</style>")[1].split("<script>")[0]
    refused = inside("claims", CLAIM, "--out", "kept", cwd=tmp_path, code=2)
    assert "--overwrite" in refused.stderr


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "letter.txt").write_text("dear")
    inside("claims", CLAIM, "--out", "kept", "--overwrite", cwd=tmp_path, code=2)
    assert (tmp_path / "kept" / "letter.txt").read_text() == "dear"


def test_a_single_claim_is_told_in_full(tmp_path: Path) -> None:
    out = inside("claims", CLAIM, "--jobs", "1", cwd=tmp_path).stdout
    assert "Is the same visit judged alike?" in out
    assert "Without the mechanism" in out


def test_a_broken_file_of_claims_is_told(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "claims.json").write_text("{}")
    assert "no claims of cxsim" in inside("report", "kept", cwd=tmp_path, code=2).stderr

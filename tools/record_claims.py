"""Record the verdicts of the claims: `python tools/record_claims.py [--robustness FOLDER] [--draws N]`.

Without --robustness the recorded robustness is kept. Tell why under "Numbers changed" in CHANGELOG.md.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from cxsim.evidence.claims.judging import SEED, judge
from cxsim.evidence.claims.registry import CLAIMS
from cxsim.evidence.claims.robustness import DRAWS, REPLICATIONS, basis, robustness
from cxsim.evidence.claims.saved import RECORDED, RECORDED_VALUES, record_of, values_record

TARGET = Path(__file__).parent.parent / "cxsim" / "evidence" / "claims" / RECORDED
VALUES = TARGET.with_name(RECORDED_VALUES)


def main() -> None:
    """Judge every claim and write down what came out."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--robustness", type=Path, metavar="FOLDER", help="study robustness too; goes on there")
    options.add_argument("--draws", type=int, default=DRAWS)
    given = options.parse_args()
    old = json.loads(TARGET.read_text(encoding="utf-8")) if TARGET.exists() else {}
    begun = time.perf_counter()
    judged = judge(CLAIMS.values())
    found = {"seed": SEED, "claims": record_of(judged), "robustness": old.get("robustness", {}),
             "robustness_basis": old.get("robustness_basis", "")}  # fmt: skip
    print(f"judged in {time.perf_counter() - begun:.0f} s")
    if given.robustness is not None:
        studied = robustness(list(CLAIMS.values()), draws=given.draws, out=given.robustness,
                             progress=lambda _: print(".", end="", flush=True))  # fmt: skip
        found["robustness"] = {one.claim.id: one.record() for one in studied}
        found["robustness_basis"] = basis(given.draws, REPLICATIONS)
    TARGET.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    VALUES.write_text(json.dumps({"claims": values_record(judged)}, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"wrote {TARGET.name} and {VALUES.name}")


if __name__ == "__main__":
    main()

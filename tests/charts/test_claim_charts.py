import plotly.graph_objects as go
import pytest

from cxsim.charts.claims import claim_chart, finding
from cxsim.charts.look import is_empty
from cxsim.evidence.claims.claim import Values
from cxsim.evidence.claims.judging import Judged, judged_from
from cxsim.evidence.claims.registry import CLAIMS


def lived(claim, **shifts: float) -> Values:
    """Made-up readings: all names of a claim's worlds are hard to know, so any name is answered."""

    class Any(dict):
        def __missing__(self, name: str) -> float:
            return 1.0 + shifts.get("by", 0.0)

    return Values({world: [Any(first=1.0 + 0.1 * place + 0.01 * luck) for luck in range(4)]
                   for place, world in enumerate(claim.variants)})  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["outside-delay", "urgent-anger", "moments-of-truth", "initiatives-22"])
def test_one_function_draws_every_claim(name: str, theme) -> None:
    claim = CLAIMS[name]
    judged = judged_from(claim, lived(claim), lived(claim, by=0.5) if claim.without else None)
    chart = claim_chart(judged, theme)
    go.Figure(chart.to_dict())  # raises on what Plotly does not know
    assert chart.layout.meta["finding"] == finding(judged)
    assert chart.layout.meta["finding"].lower().startswith(judged.verdict)
    drawn = {
        str(label).replace("<br>", " ") for trace in chart.data for label in (trace.y if trace.y is not None else ())
    }
    assert len(claim.variants) > 16 or set(claim.variants) <= drawn


def test_a_claim_not_yet_judged_says_why() -> None:
    chart = claim_chart(Judged(CLAIMS["switching-89"], reason="the scenario is not there"))
    assert is_empty(chart)
    assert "the scenario is not there" in chart.layout.meta["finding"]

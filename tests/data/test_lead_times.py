"""Lead times: what is drawn from known parameters is found again."""

import numpy as np
import pytest

from cxsim.data.lead_times import fit_lead_times
from tests.data.made_up import CARRIER, HANDLING, PROMISE, RHO, order_table


def test_moments_and_correlation_are_found_again() -> None:
    rows = order_table(20_000)
    columns = [rows[name].to_numpy() for name in ("promised_days", "handover_days", "actual_days")]
    fit = fit_lead_times(*columns)
    for found, (mean, sd) in ((fit.promise, PROMISE), (fit.handling, HANDLING), (fit.carrier, CARRIER)):
        assert found is not None
        assert found[0] == pytest.approx(mean, abs=4 * sd / 20_000**0.5 + 0.01)
        assert found[1] == pytest.approx(sd, rel=0.06)
    assert fit.carrier_correlation == pytest.approx(RHO, abs=0.04)
    assert fit.handling_correlation == pytest.approx(0.0, abs=0.04)
    assert fit.simulated["late_share"] == pytest.approx(fit.observed["late_share"], abs=0.004)


def test_without_handing_over_all_is_the_carriers() -> None:
    rows = order_table(5000)
    fit = fit_lead_times(rows["promised_days"].to_numpy(), None, rows["actual_days"].to_numpy())
    assert fit.handling is None
    assert fit.carrier[0] == pytest.approx(rows["actual_days"].mean(), abs=0.01)
    assert fit.simulated["late_share"] == pytest.approx(fit.observed["late_share"], abs=0.006)


def test_a_promise_that_is_always_the_same() -> None:
    rows = order_table(5000)
    fit = fit_lead_times(np.full(5000, 8.0), None, rows["actual_days"].to_numpy())
    assert fit.promise == (8.0, 0.0)
    assert fit.carrier_correlation == 0.0
    assert fit.simulated["late_share"] == pytest.approx(fit.observed["late_share"], abs=0.03)

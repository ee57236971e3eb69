"""Memory that a scenario needs and that this machine has."""

from __future__ import annotations

import os
from pathlib import Path

from cxsim.scenario.schema import Scenario

BYTES_PER_CUSTOMER = 480
"""Record, agenda, lists of the day and place in the queues of one customer; a test holds it to the engine's arrays."""
BYTES_PER_CUSTOMER_AND_TOUCHPOINT = 6
"""Ledger and visits of one customer at one touchpoint; a test holds it to the engine's arrays."""


def customers_ever(scenario: Scenario) -> int:
    """Established customers and the most newcomers to expect (mean and six standard deviations)."""
    expected = scenario.population.newcomers * scenario.days / 365.0
    return scenario.population.customers + (int(expected + 6 * expected**0.5) + 1 if expected else 0)


def needed_bytes(scenario: Scenario) -> int:
    """Bytes that one replication holds at a time."""
    per_customer = BYTES_PER_CUSTOMER + BYTES_PER_CUSTOMER_AND_TOUCHPOINT * len(scenario.touchpoints)
    return customers_ever(scenario) * per_customer


def available_bytes() -> int:
    """Memory free on this machine, or 0 if that cannot be told."""
    try:
        with Path("/proc/meminfo").open(encoding="ascii") as lines:
            for line in lines:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0

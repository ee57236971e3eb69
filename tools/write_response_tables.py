"""Write the aggregated tables that `cxsim.evidence.responses` holds the fitted scenarios against.

Set CXSIM_DATA to a folder that holds ``olist_orders`` and ``bank_calls`` (each with ``train.parquet``). Only aggregates
are written, never rows. The fitted scenarios beside them are written by `cxsim fit`, see the README there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cxsim.data.call_lines import call_lines
from cxsim.data.calls import read_calls
from cxsim.data.lines import Line, as_table
from cxsim.data.order_lines import answering_lines, lead_time_lines, response_lines
from cxsim.data.orders import read_orders

TABLES = Path(__file__).parent.parent / "cxsim" / "evidence" / "tables"


def tables(data: Path) -> dict[str, list[Line]]:
    """Lines of every data set, by the name of its table."""
    orders = read_orders(data / "olist_orders" / "train.parquet")
    calls = read_calls(data / "bank_calls" / "train.parquet")
    return {
        "olist_orders": [
            *lead_time_lines(orders.timed), *response_lines(orders.rows),
            *answering_lines(orders.rows, orders.grace_days),
        ],
        "bank_calls": call_lines(calls.rows),
    }  # fmt: skip


def main() -> int:
    """Write the tables; return the exit code."""
    place = os.environ.get("CXSIM_DATA")
    if not place:
        print("Set CXSIM_DATA to the folder that holds olist_orders and bank_calls.", file=sys.stderr)
        return 2
    for name, lines in tables(Path(place)).items():
        table = as_table([line for line in lines if line.count > 0])
        table.to_csv(TABLES / f"{name}.csv", index=False, float_format="%.6g", lineterminator="\n")
        print(f"{name}: {len(table)} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())

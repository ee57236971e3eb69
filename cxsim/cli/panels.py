"""The groups of `cxsim --help`: which commands stand together, in the order in which one meets them."""

from __future__ import annotations

import typer

PANELS: dict[str, tuple[str, ...]] = {
    "Begin here": ("demo", "ui", "workshop", "run", "compare"),
    "Look into a world": ("story", "moments", "scorecard", "audit", "dimensions", "journey-map", "lost",
                          "start-small", "report"),
    "Study many worlds": ("sweep", "sensitivity", "optimise"),
    "Bring your own": ("scenario", "fit", "calibrate", "factors"),
    "Judge the model": ("validate", "claims", "bench"),
    "Hand data on": ("encounters", "export-log"),
    "House-keeping": ("cache",),
}  # fmt: skip
OTHERS = "More"
"""Group of a command that no other group names."""


def arrange(app: typer.Typer) -> None:
    """Put every command of the application into its group, in the order of the groups."""
    panel_of = {name: panel for panel, names in PANELS.items() for name in names}
    order = list(panel_of)

    def place(entry: typer.models.CommandInfo | typer.models.TyperInfo) -> int:
        name = name_of(entry)
        entry.rich_help_panel = panel_of.get(name, OTHERS)
        return order.index(name) if name in panel_of else len(order)

    app.registered_commands.sort(key=place)
    app.registered_groups.sort(key=place)


def name_of(entry: typer.models.CommandInfo | typer.models.TyperInfo) -> str:
    """Name under which a command or a group of commands is called."""
    function = getattr(entry.callback, "__name__", "")
    return str(entry.name or function)

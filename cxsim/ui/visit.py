"""One visit: what its pages share, and what each page keeps while another is open."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cxsim.ui.drafts import Drafts
from cxsim.ui.session import Session
from cxsim.ui.setup import Setup, page_state

if TYPE_CHECKING:
    from cxsim.ui.calibration import Calibrating
    from cxsim.ui.editing import Editing
    from cxsim.ui.gallery import Gallery
    from cxsim.ui.jobs import Jobs
    from cxsim.ui.lever_study import LeverStudy
    from cxsim.ui.readings import Readings
    from cxsim.ui.runs import Workers
    from cxsim.ui.side_by_side import SideBySide


class Visit:
    """One visitor's pages.

    Attributes:
        session: world, changes and variants, with undo and redo.
        workers: threads that live replications, shared by all visitors.
        jobs: studies and readings under way, shared by all visitors.
        drafts: texts that are edited, shared by whoever has their key.
        state: what the address told of pages beside the world, by key.
    """

    def __init__(
        self, workers: Workers, jobs: Jobs, opened: Setup, query: str = "", drafts: Drafts | None = None
    ) -> None:
        self.workers, self.jobs, self.drafts = workers, jobs, drafts or Drafts()
        self.session = Session(workers, opened, query, self.drafts)
        self.state = page_state(query)

    @cached_property
    def side_by_side(self) -> SideBySide:
        """State of Compare."""
        from cxsim.ui.side_by_side import SideBySide

        return SideBySide(self)

    @cached_property
    def readings(self) -> Readings:
        """State of Instruments."""
        from cxsim.ui.readings import Readings

        return Readings(self)

    @cached_property
    def lever_study(self) -> LeverStudy:
        """State of Levers."""
        from cxsim.ui.lever_study import LeverStudy

        return LeverStudy(self)

    @cached_property
    def editing(self) -> Editing:
        """State of Journey."""
        from cxsim.ui.editing import Editing

        return Editing(self)

    @cached_property
    def gallery(self) -> Gallery:
        """State of Claims."""
        from cxsim.ui.gallery import Gallery

        return Gallery(self)

    @cached_property
    def calibrating(self) -> Calibrating:
        """State of Calibrate."""
        from cxsim.ui.calibration import Calibrating

        return Calibrating(self)

    def close(self) -> None:
        """End of the visit."""
        self.session.close()
        if "side_by_side" in self.__dict__:
            self.side_by_side.close()
        if "editing" in self.__dict__:
            self.editing.close()
        if "calibrating" in self.__dict__:
            self.calibrating.close()

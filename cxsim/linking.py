"""How compiled functions are put together: linked first, then optimised and turned into machine code once.

Left alone, numba makes machine code of every function of the engine, each with copies of all that it calls, and throws
all but the outermost away; and as any of them could be called from elsewhere, none may change how its arguments are
passed. Here a part is kept for linking only. A whole, which Python calls, links each part that it rests on once and for
itself alone, so that the optimiser may fold what is called from one place, pass what is needed and drop the rest.

It rests on numba's `CodeLibrary`, which is not part of its documented interface (docs/decisions/0005).
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

_Library: Any = JITCodeLibrary
_Compiler: Any = Compiler


class _Linked(_Library):  # type: ignore[misc]
    """Code of one function, and of all parts that it rests on."""

    def add_linking_library(self, library: Any) -> None:
        """Add what a called function needs; callers come first, since the linker drops what nobody has called yet."""
        parts = library._linking_libraries if isinstance(library, _Part) else []
        for needed in (library, *parts):
            if needed not in self._linking_libraries:
                super().add_linking_library(needed)


class _Part(_Linked):
    """Code that becomes part of its callers and has no machine code of its own."""

    def finalize(self) -> None:
        """Stay as it is: nothing to link, to optimise or to load."""
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:  # noqa: ARG002
        """No address: numba asks for the way in from Python, which a part has not."""
        return 0

    @property
    def codegen(self) -> Any:
        """Stands in where numba hands the machine code its Python environment, which a part never needs."""
        return self

    def set_env(self, name: str, environment: Any) -> None:
        """Take no environment."""


class _Whole(_Linked):
    """Code that is called from Python, with its parts."""

    def finalize(self) -> None:
        """Link, optimise and load; what was linked can be called from nowhere else."""
        module = self._final_module
        self._own = {each.name for each in (*module.functions, *module.global_variables) if not each.is_declaration}
        super().finalize()

    def _optimize_final_module(self) -> None:
        module = self._final_module
        for defined in (*module.functions, *module.global_variables):
            if not defined.is_declaration and defined.name not in self._own:
                defined.linkage = "internal"
        super()._optimize_final_module()


class _Linking(_Compiler):  # type: ignore[misc]
    """numba's compiler, with code kept in our way."""

    library: type[_Linked]

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.state.library = self.library(self.state.targetctx.codegen(), f"cxsim.{id(self)}")
        self.state.library.enable_object_caching()


class PartCompiler(_Linking):
    """Compiles a function that only compiled functions call."""

    library = _Part


class WholeCompiler(_Linking):
    """Compiles a function that Python calls."""

    library = _Whole

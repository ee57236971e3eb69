"""How compiled functions are put together: all parts are linked first, and optimised and turned into machine code once.

Left alone, numba makes machine code of each of the engine's functions on its own, with a copy of everything that it
calls, and throws all but the outermost away. And since each copy could be called from anywhere, the compiler must keep
every function's arguments as they are. Here a part is only kept for linking, and a whole links each part once, for
itself alone.
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

_Library: Any = JITCodeLibrary
_Compiler: Any = Compiler


class _Gathering(_Library):
    """Code that links what its parts rest on, too."""

    def add_linking_library(self, library: Any) -> None:
        needed = [library, *library._linking_libraries] if isinstance(library, PartLibrary) else [library]
        for each in needed:
            if each not in self._linking_libraries:
                super().add_linking_library(each)


class PartLibrary(_Gathering):
    """Code that becomes part of its callers and has no machine code of its own."""

    @property
    def codegen(self) -> Any:
        return _NoEnvironment

    def finalize(self) -> None:
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        return 0


class _NoEnvironment:
    """Takes the Python environment of a function and forgets it: a part never runs on its own."""

    @staticmethod
    def set_env(name: str, environment: Any) -> None:
        pass


class WholeLibrary(_Gathering):
    """Code that is called from Python, with its parts."""

    def _optimize_final_module(self) -> None:
        own = self._own_functions
        for function in self._final_module.functions:
            if not function.is_declaration and function.name not in own:
                function.linkage = "internal"
        import os
        mode = os.environ.get("LX", "")
        if not mode:
            super()._optimize_final_module()
            return
        import llvmlite.binding as ll
        cg = self._codegen
        pto = ll.create_pipeline_tuning_options()
        o = dict(x.split("=") for x in mode.split(","))
        pto.speed_level = int(o.get("O", 3))
        pto.loop_vectorization = o.get("V", "1") == "1"
        pto.slp_vectorization = o.get("S", "0") == "1"
        pto.loop_unrolling = o.get("U", "1") == "1"
        if "T" in o:
            pto.inlining_threshold = int(o["T"])
        pb = ll.create_pass_builder(cg._tm, pto)
        if "A" in o:
            for f in self._final_module.functions:
                if not f.is_declaration and f.name not in own:
                    f.add_function_attribute(o["A"])
        for _ in range(int(o.get("N", 1))):
            pm = pb.getModulePassManager()
            pm.run(self._final_module, pb)

    def finalize(self) -> None:
        self._own_functions = {f.name for f in self._final_module.functions if not f.is_declaration}
        super().finalize()


class _Parts(_Compiler):
    """Compiles a function as a part."""

    library_class = PartLibrary

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        state = self.state
        if state.library is None:
            state.library = self.library_class(state.targetctx.codegen(), "cxsim%d" % id(self))
            state.library.enable_object_caching()


class PartCompiler(_Parts):
    pass


class WholeCompiler(_Parts):
    """Compiles a function as a whole."""

    library_class = WholeLibrary

"""Compilation of the rules and the engine by numba, with a cache that cannot go stale.

numba notices a change in the file of a function, not in the files of the functions it calls. The cache folder is
therefore named by a digest of every compiled source file, so that any change of a rule compiles what rests on it.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numba.core.types
import numpy as np

from cxsim.linking import PartCompiler, WholeCompiler

Function = TypeVar("Function", bound=Callable[..., object])

_njit: Any = numba.njit  # its stubs do not know every option
_types: Any = numba.core.types
_configuration: Any = numba.config

COMPILING_TAKES = "about half a minute"
"""How long it takes from an empty cache; `cold_start` in benchmarks/history.csv."""

_COMPILED_FOLDERS = ("rules", "engine")
_OPTIONS = {"error_model": "numpy", "no_cfunc_wrapper": True, "_nrt": False}
"""Division as numpy does it; no way in from C; arrays belong to the caller, so nobody counts references to them."""


def cache_root() -> Path:
    """Folder of all compile caches: `CXSIM_CACHE`, else the user's cache folder, else a temporary one."""
    chosen = os.environ.get("CXSIM_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = base / "cxsim"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.gettempdir()) / f"cxsim-{os.getuid() if hasattr(os, 'getuid') else 'user'}"


@functools.cache
def cache_folder() -> Path:
    """Folder of compiled functions, named by a digest of where and what their sources are, and of the tools.

    The place counts because numba keeps compiled functions by the path of their source.
    """
    package = Path(__file__).parent
    digest = hashlib.sha256(f"{package} {numba.__version__} {sys.version}".encode())
    compiled_files = (path for name in _COMPILED_FOLDERS for path in (package / name).glob("*.py"))
    for source in [Path(__file__), package / "linking.py", *sorted(compiled_files)]:
        digest.update(source.name.encode() + source.read_bytes())
    return cache_root() / digest.hexdigest()[:16]


def clear_cache() -> Path:
    """Remove every compiled function of every version; return the folder that was removed."""
    folder = cache_root()
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def is_warm() -> bool:
    """Whether compiled functions of this version lie in the cache."""
    return any(cache_folder().rglob("*day.live-*.nbc"))


def compiled(function: Function) -> Function:
    """Compile `function` with numba for use from Python and from compiled code, with a cache on disk.

    It releases the global lock, and must not make arrays. With `NUMBA_DISABLE_JIT=1` the function is returned as it is,
    and the whole engine runs as plain Python.
    """
    configured = _configuration.CACHE_DIR
    _configuration.CACHE_DIR = str(cache_folder())  # read by numba when it sets the cache up, so only here
    try:
        options = {"cache": True, "nogil": True, "pipeline_class": WholeCompiler, **_OPTIONS}
        return _as_part_too(_forgiving(_in_one_form(cast(Function, _njit(**options)(function)))), inner(function))
    finally:
        _configuration.CACHE_DIR = configured


def _as_part_too(function: Function, part: Function) -> Function:
    """Let compiled code call `part` where it calls `function`: the way in from Python is only made if Python comes."""
    for question in ("get_call_template", "get_overload"):  # what numba asks of a function that compiled code calls
        if hasattr(part, question):
            setattr(function, question, getattr(part, question))
    return function


def _forgiving(function: Function) -> Function:
    """Let a damaged file of the cache (a full disk, a crash) be compiled and written anew, not end the program."""
    cache: Any = getattr(function, "_cache", None)
    load = getattr(cache, "load_overload", None)
    if load is None:
        return function

    def load_or_nothing(*arguments: Any) -> Any:
        try:
            return load(*arguments)
        except Exception:  # whatever such a file holds: numba takes None for "not there"
            return None

    cache.load_overload = load_or_nothing
    return function


def _in_one_form(function: Function) -> Function:
    """Take constants and narrow whole numbers among the arguments in full width.

    Else numba would compile a function anew for each constant and each width that it is called with.
    """
    compile_anew: Any = getattr(function, "compile", None)
    if compile_anew is None:  # plain Python is asked for
        return function

    def compile_wide(kinds: Iterable[Any]) -> Any:
        return compile_anew(tuple(_wide(kind) for kind in kinds))

    function.compile = compile_wide  # type: ignore[attr-defined]
    return function


def _wide(kind: Any) -> Any:
    kind = _types.unliteral(kind)
    return _types.int64 if isinstance(kind, _types.Integer) and kind.signed else kind


def direct(function: Function) -> Function:
    """The machine code behind a compiled function, without the look-up of argument types at every call.

    The look-up takes over a hundred microseconds for a world's records, the call itself one. Only for a function that
    has been called once and is always called with the same types.
    """
    compiled_forms = list(getattr(function, "overloads", {}).values())
    return cast(Function, compiled_forms[0].entry_point) if len(compiled_forms) == 1 else function


def inner(function: Function) -> Function:
    """Compile `function` for use from compiled code only; called from Python, it runs as plain Python."""
    part: Any = _njit(no_cpython_wrapper=True, pipeline_class=PartCompiler, **_OPTIONS)(function)
    if hasattr(part, "overloads"):  # else plain Python is asked for

        def keep(compiled_form: Any) -> None:
            part.overloads[tuple(compiled_form.signature.args)] = compiled_form

        part.add_overload = keep  # there is nothing that Python could call
        part._compile_for_args = lambda *_, **__: function
    return _in_one_form(cast(Function, part))


def inlined(function: Function) -> Function:
    """Compile `function` into each of its callers; for functions that return records, which cannot be returned."""
    return cast(Function, _njit(inline="always", **_OPTIONS)(function))


@inner
def whole(number: Any) -> int:
    """A whole number of a narrow column, in full width: uncompiled, numpy would go on computing in the narrow one."""
    wide: Any = np.int64(number)
    return wide  # type: ignore[no-any-return]

"""Asking the processor to fetch a record before it is needed.

A day's walks go through the few customers who are due, far apart in memory: without this, every walk would begin by
waiting for its record. It changes nothing but the time that a run takes.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir
from numba.extending import intrinsic

CACHE_LINE = 64
_configuration: Any = numba.config


@intrinsic
def _prefetch(typing_context: Any, array: Any, row: Any) -> Any:
    """Fetch the cache lines of `array[row]` into the first-level cache; a row is a record or a run of numbers."""
    del typing_context, row

    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        view = context.make_array(kind)(context, builder, value=arguments[0])
        byte, word = ir.IntType(8), ir.IntType(32)
        address = byte.as_pointer()
        stride = builder.extract_value(view.strides, 0)
        start = builder.gep(builder.bitcast(view.data, address), [builder.mul(arguments[1], stride)])
        function_type = ir.FunctionType(ir.VoidType(), [address, word, word, word])
        function = builder.module.globals.get("llvm.prefetch.p0i8") or ir.Function(
            builder.module, function_type, "llvm.prefetch.p0i8"
        )
        lines = (kind.dtype.size + CACHE_LINE - 1) // CACHE_LINE if hasattr(kind.dtype, "size") else 2
        for line in range(lines):
            place = builder.gep(start, [ir.Constant(ir.IntType(64), line * CACHE_LINE)])
            builder.call(function, [place, word(0), word(3), word(1)])
        return context.get_dummy_value()

    return numba.types.none(array, numba.types.intp), emit


def _nothing(array: Any, row: int) -> None:
    """Nothing to fetch without compiled code."""


prefetch: Any = _nothing if _configuration.DISABLE_JIT else _prefetch
"""Fetch a row of an array: `prefetch(customers, 17)`."""

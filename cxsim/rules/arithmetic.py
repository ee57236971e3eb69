"""Powers, exponentials and logarithms from plain sums, products and quotients.

They give the same bits on every machine, compiled or not, where those of the system's library differ from one release
to the next; and since they become part of the code that calls them, they take about half the time. What is computed
once, before a world begins, still comes from the system, and so does the gamma function of a patience that is not
exponential. Errors are below 1e-15 of the value for all that the rules compute, and grow with the size of the exponent
(tests/rules).

The coefficients were computed for this purpose, by interpolation at Chebyshev points with sixty digits.
"""

import math

import numpy as np

from cxsim.compiling import compiled

_BITS_OF_ROOT_HALF = 0x3FE6A09E667F3BCD
_BINARY_LOGARITHM_OF_E = 1.4426950408889634
_ROUNDING = 6755399441055744.0
"""1.5 times 2 to the power of 52: a double of this size has no room for a fraction."""
_LOGARITHM_OF_TWO = 0.6931471805599453


@compiled
def power_of_two(exponent: float) -> float:
    """2 to the power of `exponent`; exact for whole numbers. Beyond -1022 to 1023 it stays where it is."""
    held = min(max(exponent, -1022.0), 1023.0)
    shifted = held + _ROUNDING  # the nearest whole number stands in its last bits
    r = held - (shifted - _ROUNDING)
    square = r * r
    fourth = square * square
    low = (1.0 + 0.6931471805599453 * r) + (0.24022650695910158 + 0.055504108664821625 * r) * square
    middle = (0.009618129107587256 + 0.001333355814640647 * r) + (
        0.00015403530463724353 + 1.5252733841556773e-05 * r
    ) * square
    high = (1.3215432535912375e-06 + 1.0178057087733941e-07 * r) + (
        7.074194297288521e-09 + 4.4558179083360645e-10 * r
    ) * square
    scale = np.int64((np.float64(shifted).view(np.int64) + 1023) << 52).view(np.float64)
    return scale * (low + (middle + high * fourth) * fourth)


@compiled
def binary_logarithm(number: float) -> float:
    """Logarithm to base 2 of a positive number; exact for powers of two. Of 0 it is -1023."""
    bits = np.float64(number).view(np.int64)
    exponent = (bits - _BITS_OF_ROOT_HALF) >> 52
    mantissa = np.int64(bits - (exponent << 52)).view(np.float64)  # from the root of a half to the root of two
    s = (mantissa - 1.0) / (mantissa + 1.0)
    z = s * s
    square = z * z
    low = (2.8853900817779268 + 0.9617966939259898 * z) + (0.5770780163455203 + 0.4121985858409005 * z) * square
    high = (0.32059853491395984 + 0.262334352504183 * z) + (0.2209130842311768 + 0.2136589569431927 * z) * square
    return np.float64(exponent) + s * (low + high * (square * square))


@compiled
def power(base: float, exponent: float) -> float:
    """`base`, 0 or more, to the power of `exponent`, which is positive where the base is 0."""
    if base <= 0.0:
        return 0.0
    return power_of_two(exponent * binary_logarithm(base))


@compiled
def exponential(exponent: float) -> float:
    """The exponential function: Euler's number to the power of `exponent`."""
    return power_of_two(_BINARY_LOGARITHM_OF_E * exponent)


@compiled
def logarithm(number: float) -> float:
    """Natural logarithm of a positive number."""
    return _LOGARITHM_OF_TWO * binary_logarithm(number)


@compiled
def hyperbolic_tangent(number: float) -> float:
    """Hyperbolic tangent, to 2e-16 of 1."""
    grown = exponential(2.0 * min(math.fabs(number), 30.0))
    size = (grown - 1.0) / (grown + 1.0)
    return size if number >= 0.0 else -size

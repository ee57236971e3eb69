"""The science: one small, pure, compiled function per mechanism, each with its source.

Every function takes plain numbers and returns plain numbers, so that the engine, the tests and the charts call the
same code. Parameters come in as arguments; their defaults, ranges and sources stand in `cxsim.scenario.parameters`.
"""

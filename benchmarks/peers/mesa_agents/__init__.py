"""A second implementation: the same model written as ordinary Mesa agents, sharing no code with cxsim's engine.

Written after `docs/odd.md` (equations, parameters, order of events) and a reading of the rules and the engine, so it
finds slips of programming, not what both misread; only the scenario is read by cxsim. It has its own random numbers
(Python's), its own agenda (one event list for the world instead of day-synchronous walks) and its own bookkeeping,
so that an error in one of the two shows as a difference between them.
"""

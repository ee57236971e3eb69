"""Settings of the whole suite."""

from hypothesis import settings

settings.register_profile("cxsim", deadline=None)  # the first example of a test may compile a rule
settings.load_profile("cxsim")

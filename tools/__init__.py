"""Programs for people who work on cxsim."""

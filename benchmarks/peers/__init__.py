"""Others that do the same work: what cxsim is measured against, and compared with."""

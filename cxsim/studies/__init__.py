"""Studies: running scenarios many times, and comparing them on the same luck."""

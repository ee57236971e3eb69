"""Every claim as an experiment that anyone can run: data and a small function each, by theme."""

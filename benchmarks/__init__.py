"""Benchmarks: what is measured, how, and against which bar. Run all with `make bench`."""

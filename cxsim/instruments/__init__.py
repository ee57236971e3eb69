"""Instruments: what a strategist asks of a world, each answered with tables and a sentence that follows from them."""

"""Workshops: a script of chapters, a room that predicts, what the model says, and what is taken home."""

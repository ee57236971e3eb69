"""The command line: file in, folder out. Nothing heavy is imported before a command needs it."""

from cxsim.cli.main import main

__all__ = ["main"]

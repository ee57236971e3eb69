"""Refresh the stored numbers: `python -m tests.baseline`. Tell why under "Numbers changed" in CHANGELOG.md."""

from tests.baseline.numbers import STORED, current, write

if __name__ == "__main__":
    write(current())
    print(f"wrote {STORED}; now add a line under 'Numbers changed' in CHANGELOG.md")

"""What comes out: tables by level, measures with their formulas, saving and loading, single lives in words."""

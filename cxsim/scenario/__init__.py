"""What the user writes: the scenario file, its meaning, its checks and its errors."""

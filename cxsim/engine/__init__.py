"""The compiled heart: columns, random streams, walks, desks, days, tallies. numpy and numba only."""

"""In: orders and contact logs become scenarios. Out: encounters as event logs for process mining."""

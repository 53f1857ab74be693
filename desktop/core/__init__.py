"""Plain data and decisions: no Qt, no I/O, no clock."""

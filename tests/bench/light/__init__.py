"""How light the program is, as ratios and counts measured in one run: `python -m tests.bench.light`."""

"""The program beside other readers, in one run: `python -m tests.bench.light.peers`."""

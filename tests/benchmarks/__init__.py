"""Timed figures, as ratios in one paired run. Not part of the test run: `python -m tests.benchmarks.<name>`."""

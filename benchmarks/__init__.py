"""How fast, and with how many routes: `python -m benchmarks`. Synthetic; see the README beside this file."""

"""People and attackers on the running app at the same time: `python -m tests.soak`, or `make soak`."""

"""The same four endpoints, written once with each framework."""

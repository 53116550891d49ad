"""No method function at all."""

x = 1

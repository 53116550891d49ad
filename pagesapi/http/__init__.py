"""One request in, one response out. Knows no routes and no settings of this package."""

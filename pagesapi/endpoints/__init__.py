"""A route module → a view."""

"""A project of static pages, whose views count how often they are rendered."""

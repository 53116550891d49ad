"""`prerender`: the pages of the project as files."""

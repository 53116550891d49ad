"""One blog of 2,000 posts, and a module for each way to build it: its URLconf, and `build(folder)`."""

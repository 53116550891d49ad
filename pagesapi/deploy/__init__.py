"""The project as serverless functions: adapters that run in them, the folders that hold them, and their proof."""

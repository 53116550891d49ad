"""A request handed on to another service, and its answer handed back: what stands behind `proxy(…)`."""

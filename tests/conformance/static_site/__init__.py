"""The sample site of static pages, as the pages that Next.js was observed with."""

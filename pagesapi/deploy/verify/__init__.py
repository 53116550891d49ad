"""What `manage.py deploy` wrote, run here as its platform runs it, and compared with the live application."""

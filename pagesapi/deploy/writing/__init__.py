"""What `manage.py deploy` writes: folders that hosts take as they are."""

"""Everything beneath is for those who are signed in; anybody else gets a 401 before a line of it runs."""

from pagesapi.guards import require_user

middleware = [require_user]

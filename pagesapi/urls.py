"""`path("", include("pagesapi.urls"))`: the API at its prefix. A second include takes `namespace=`."""

from __future__ import annotations

from pagesapi.resolver import ApiResolver

app_name = "pagesapi"
urlpatterns = [ApiResolver()]

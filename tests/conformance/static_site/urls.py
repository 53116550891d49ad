from __future__ import annotations

from django.urls import include, path

from tests.conformance.static_site import pages, views

urlpatterns = [
    path("", include("pagesapi.urls")),
    path("static", pages.static),
    path("ssg/plain", pages.Plain.as_view()),
    path("ssg/r1", pages.EverySecond.as_view()),
    path("ssg/r60", pages.EveryMinute.as_view()),
    path("ssg/nf", pages.Flagged.as_view(revalidate=1)),
    path("ssg/nf-forever", pages.Flagged.as_view()),
    path("ssg/<any>", pages.RevalidateTrue.as_view()),
    path("blog/<slug>", pages.Post.as_view(fallback=False)),
    path("bt/<slug>", pages.Post.as_view(fallback=True)),
    path("bb/<slug>", pages.Post.as_view(fallback="blocking")),
    path("optc/<path:slug>", pages.Segments.as_view()),
    path("gspbad/<kind>", pages.Given.as_view()),
    path("draft", pages.draft),
    path("draft/static", pages.draft_as_json),
    path("cookpage", pages.cookie_reader),
    path("draft/state", views.draft_state),
    path("draft/enable", views.draft_enable),
    path("ssr", views.ssr),
]

"""Who may see drafts, where a link into preview may come from, and where it may lead."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from project.blog.models import Post

pytestmark = pytest.mark.django_db
OWN_LINK = {"Sec-Fetch-Site": "same-origin"}
COOKIE = "pagesapi_preview"


@pytest.fixture(autouse=True)
def posts(db: None) -> None:
    Post.objects.all().delete()
    Post.objects.create(title="Whole", slug="whole", body="The text", draft="The next text")
    Post.objects.create(title="Half a thought", slug="half", body="Not done", published=False)


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_user("grace", is_staff=True))
    return client


@pytest.fixture
def in_preview(editor: Client) -> Client:
    assert editor.get("/api/preview", headers=OWN_LINK).status_code == 303
    return editor


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_visitor_is_sent_to_sign_in_and_comes_back(client: Client) -> None:
    answer = client.get("/api/preview?slug=half", headers=OWN_LINK)

    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/api/preview%3Fslug%3Dhalf")
    assert COOKIE not in answer.cookies


def test_who_is_signed_in_without_being_of_the_staff_is_sent_to_sign_in_too(client: Client) -> None:
    client.force_login(User.objects.create_user("ada"))
    for answer in (client.get("/api/preview", headers=OWN_LINK), client.post("/api/preview")):
        assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/api/preview")
        assert COOKIE not in answer.cookies


def test_the_staff_enter_by_a_link_on_this_site(editor: Client) -> None:
    answer = editor.get("/api/preview?slug=half", headers=OWN_LINK)

    assert (answer.status_code, answer["Location"]) == (303, "/blog/half/")
    cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 3600)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}])
def test_a_link_from_elsewhere_leads_to_a_button(editor: Client, headers: dict[str, str]) -> None:
    answer = editor.get("/api/preview?slug=half", headers=headers)

    assert answer.status_code == 200
    assert COOKIE not in answer.cookies
    assert '<form class="buttons" method="post">' in answer.content.decode()
    pressed = editor.post("/api/preview?slug=half", headers=OWN_LINK)
    assert (pressed.status_code, pressed["Location"]) == (303, "/blog/half/")
    assert COOKIE in pressed.cookies


def test_another_site_cannot_press_the_button(editor: Client) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = editor.post("/api/preview", headers=headers)

        assert answer.status_code == 403
        assert COOKIE not in answer.cookies


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("slug=no-such", 404),
        ("slug=//evil.example", 400),
        ("slug=https:evil.example", 400),
        ("slug=%5C%5Cevil.example", 400),
        ("slug=a%00b", 400),
    ],
)
def test_entering_leads_to_posts_alone(editor: Client, query: str, status: int) -> None:
    answer = editor.get(f"/api/preview?{query}", headers=OWN_LINK)

    assert answer.status_code == status
    assert COOKIE not in answer.cookies


@pytest.mark.parametrize(
    "query", ["slug=//evil.example", "slug=a%00b", "slug=half", "slug=no-such", "next=//evil.example"]
)
def test_leaving_leads_to_the_list_wherever_there_is_no_post(in_preview: Client, query: str) -> None:
    answer = in_preview.get(f"/api/preview/leave?{query}")

    assert (answer.status_code, answer["Location"]) == (303, "/blog/")
    assert answer.cookies[COOKIE]["max-age"] == 0


def test_in_preview_drafts_are_on_every_page(in_preview: Client) -> None:
    assert "Not done" in shown(in_preview, "/blog/half/")
    assert "The next text" in shown(in_preview, "/blog/whole/")
    assert "Half a thought" in shown(in_preview, "/")
    assert "Half a thought" in shown(in_preview, "/blog/")


@pytest.mark.parametrize(
    ("path", "leave"),
    [
        ("/", "/api/preview/leave"),
        ("/about/", "/api/preview/leave"),
        ("/blog/whole/", "/api/preview/leave?slug=whole"),
        ("/blog/half/", "/api/preview/leave?slug=half"),
    ],
)
def test_each_page_in_preview_says_so_and_leads_out(in_preview: Client, path: str, leave: str) -> None:
    answer = in_preview.get(path)

    assert f'<a href="{leave}" rel="nofollow">Leave preview</a>' in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    assert "Leave preview" not in shown(Client(), "/")


def test_a_page_leads_into_preview_of_its_own_post(client: Client) -> None:
    assert 'href="/api/preview?slug=whole"' in shown(client, "/blog/whole/")
    assert 'href="/api/preview"' in shown(client, "/")


def test_what_an_editor_sees_is_kept_for_nobody(in_preview: Client) -> None:
    visitor = Client()
    paths = ["/", "/blog/", "/blog/whole/"]
    for path in paths:
        in_preview.get(path)
    before = [shown(visitor, path) for path in paths]
    for path in paths:
        in_preview.get(path)

    assert [shown(visitor, path) for path in paths] == before
    assert not any("Half a thought" in page or "The next text" in page for page in before)
    in_preview.get("/blog/half/")
    assert visitor.get("/blog/half/").status_code == 404


def test_who_leaves_sees_what_everybody_sees(in_preview: Client) -> None:
    answer = in_preview.get("/api/preview/leave?slug=whole")

    assert (answer.status_code, answer["Location"]) == (303, "/blog/whole/")
    page = shown(in_preview, "/blog/whole/")
    assert "The text" in page
    assert "The next text" not in page
    assert "Leave preview" not in page
    assert in_preview.get("/blog/half/").status_code == 404


def test_the_admin_links_to_the_preview_of_a_post(client: Client) -> None:
    client.force_login(User.objects.create_superuser("grace"))
    half = Post.objects.get(slug="half")
    page = shown(client, reverse("admin:blog_post_change", args=[half.pk]))

    assert '<a href="/api/preview?slug=half" class="viewsitelink">Preview on site</a>' in page


def test_publishing_in_the_admin_makes_the_drafts_what_everybody_sees(client: Client) -> None:
    client.force_login(User.objects.create_superuser("grace"))
    chosen = [post.pk for post in Post.objects.all()]
    client.post(reverse("admin:blog_post_changelist"), {"action": "publish", "_selected_action": chosen})

    visitor = Client()
    assert "The next text" in shown(visitor, "/blog/whole/")
    assert "Not done" in shown(visitor, "/blog/half/")
    assert set(Post.objects.values_list("draft", "published")) == {("", True)}

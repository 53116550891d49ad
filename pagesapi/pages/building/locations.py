"""The lines of `nginx.conf.example` for single URLs: the exceptions to the rules that stand above them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pagesapi.exceptions import PageError
from pagesapi.pages.building.built import BuiltPage
from pagesapi.pages.building.files import file_of
from pagesapi.pages.building.forms import INDEX_NAME, Form, Forms, form_of
from pagesapi.pages.building.quoting import is_quotable, literal, quoted
from pagesapi.pages.building.redirects import location_of
from pagesapi.pages.building.site import Site

NAMELESS = 150  # 301 → 451: what the template's error_page lines make a redirect without a body of
HTML = "text/html; charset=utf-8"
# The server's own business, or the connection's; or said otherwise here.
NOT_SENT = ("connection", "content-length", "content-type", "date", "keep-alive", "location", "server", "upgrade")


class Locations:
    """Asked for pages in the order of their paths, it remembers only those that the next path begins with.

    A URL that is no page's gets a line too where the rules would answer it with another page's file.
    """

    def __init__(self, site: Site, forms: Forms) -> None:
        self.site = site
        self.forms = forms
        self._above: dict[str, BuiltPage | None] = {}  # None: no page, but a line
        self._said: set[str] = set()  # those that have a line
        self._redirects = 0

    def of(self, page: BuiltPage) -> Iterator[str]:
        if not page.file and not _is_possible(page):
            return
        self._above = {path: known for path, known in self._above.items() if page.path.startswith(path)}
        self._said &= self._above.keys()
        self._above[page.path] = page
        if self._is_exception(page):
            yield from self._claim(page.path, "")
        yield from self._around(page)

    def _is_exception(self, page: BuiltPage) -> bool:
        if page.status != 404:
            return not self.forms.covers(page)
        is_usual = page.content_type.startswith("text/html") and not self.site.is_api(page.path)
        return bool(page.body) and not is_usual

    def _claim(self, path: str, line: str) -> Iterator[str]:
        """A line for a URL: its page's, or else the given one; once."""
        if path not in self._said:
            self._said.add(path)
            page = self._above.setdefault(path, None)
            yield self._line(page) if page else line

    def _around(self, page: BuiltPage) -> Iterator[str]:
        """URLs that the rules would take for this page's."""
        path, form = page.path, form_of(page)
        folder = path[: path.rindex("/") + 1]
        if path.endswith("/"):
            yield from self._around_folder(page, form)
        elif form in (Form.SAME, Form.FLAT) and INDEX_NAME.fullmatch(page.file):
            yield from self._around_index(page, folder)
        elif form is Form.SAME and path.endswith(".html") and not self.forms.has_html_urls:
            yield from self._claim(path.removesuffix(".html"), self._perhaps_a_folder(path.removesuffix(".html")))
        elif form is Form.FLAT and self.forms.has_html_urls:
            yield self._nothing(f"{path}.html")

    def _around_folder(self, page: BuiltPage, form: Form) -> Iterator[str]:
        bare = page.path[:-1]
        above = self._above.get(bare)
        if form is Form.NONE and self._may_be_endpoint(above):
            yield from self._claim(page.path, "")
        is_named_by_file = form is Form.FOLDER and not (above and above.status == 404)
        if bare and not is_named_by_file and (self.site.append_slash or form is not Form.NONE):
            yield from self._claim(bare, self._without_slash(bare))

    def _around_index(self, page: BuiltPage, folder: str) -> Iterator[str]:
        bare = folder[:-1]
        is_folder = self._above.get(folder) is not None
        if self._may_be_endpoint(self._above.get(bare)):
            yield from self._claim(folder, self._with_slash(folder))
        else:
            yield from self._claim(folder, self._nothing(folder))
        if bare:
            yield from self._claim(bare, self._without_slash(bare) if is_folder else self._nothing(bare))

    def _may_be_endpoint(self, page: BuiltPage | None) -> bool:
        """An API at the site's root has no prefix to tell; there it is what most endpoints have and few pages."""
        if page is None or self.site.api_prefix:
            return page is not None and self.site.is_api(page.path)
        return form_of(page) is Form.INDEX

    # lines

    def _line(self, page: BuiltPage) -> str:
        if page.status == 200:
            return self._served(page)
        if page.status == 404:
            return self._missing(page)
        return self._redirect(page)

    def _served(self, page: BuiltPage) -> str:
        return self._location(page.path, *_content(page), f"try_files {literal('/' + page.file)} =404;")

    def _missing(self, page: BuiltPage) -> str:
        body = _text(page.body)
        if not body:
            return self._nothing(page.path)
        return self._location(page.path, *_content(page), f"return 404 {literal(body)};")

    def _redirect(self, page: BuiltPage) -> str:
        target = location_of(page)
        code = page.status + NAMELESS
        if not is_quotable(target):
            return f"    # {quoted(page.path)} has a Location that is too long for nginx.\n"
        body = _text(page.body)
        if not body and page.content_type == HTML and not _headers(page):
            return self._location(page.path, f"set $pagesapi_to {literal(target)};", f"return {code};")
        self._redirects += 1
        name = f"@pagesapi_redirect_{self._redirects}"
        return self._location(page.path, f"error_page {code} ={page.status} {name};", f"return {code};") + _block(
            name, *_content(page), f"add_header Location {literal(target)} always;", f"return 200 {literal(body)};"
        )

    def _without_slash(self, path: str) -> str:
        """A page's URL, but its slash."""
        if not self.site.append_slash:
            return self._nothing(path)
        return self._location(path, 'set $pagesapi_to "$pagesapi_path/$pagesapi_query";', "return 451;")

    def _with_slash(self, path: str) -> str:
        """An endpoint's URL, and a slash."""
        if self.site.api_slash == "accept":
            return self._location(path, r'rewrite "^(.*)/\z" $1 last;')
        return self._location(path, "return 460;")

    def _perhaps_a_folder(self, path: str) -> str:
        """No page's URL, unless with a slash."""
        if not self.site.append_slash:
            return self._nothing(path)
        return self._location(path, f"set $pagesapi_page {literal(path)};", "return 463;")

    def _nothing(self, path: str) -> str:
        return self._location(path, "return 404;")

    def _location(self, path: str, *directives: str) -> str:
        return _block(f"= {quoted(self.site.start + path)}", *directives)


def _block(name: str, *directives: str) -> str:
    return f"    location {name} {{ {' '.join(directives)} }}\n"


def _content(page: BuiltPage) -> Iterable[str]:
    yield "types { }"
    yield f"default_type {quoted(page.content_type)};"
    yield from _headers(page)


def _headers(page: BuiltPage) -> list[str]:
    return [
        f"add_header {quoted(name)} {literal(value)} always;"
        for name, value in page.headers
        if name.lower() not in NOT_SENT and is_quotable(value)
    ]


def _text(body: bytes | None) -> str:
    """Nothing for what nginx cannot say."""
    try:
        text = (body or b"").decode()
    except UnicodeDecodeError:
        return ""
    return text if is_quotable(text) else ""


def _is_possible(page: BuiltPage) -> bool:
    """A 404 has no file, so nobody has looked at its path yet."""
    try:
        file_of(page.path, page.content_type)
    except PageError:
        return False
    return True

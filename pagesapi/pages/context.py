"""What a page is given when it is made, and what it gives back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pagesapi.policy import UNSET, Unset, checked_revalidate, checked_tags

Reason = Literal["build", "stale", "on-demand", "first-request", "preview"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticContext:
    """The `context` of `get_static_props`, and `request.static_context` of a decorated view.

    `params`: the URL's parameters, as the pattern's converters make them. `reason`: why the page is made: "build",
    "stale", "on-demand", "first-request" or "preview" (Next.js's `revalidateReason`). `preview`: whether for an
    editor; `preview_data`: what `set_preview_data` was given, `{}` without data.
    """

    params: Mapping[str, Any]
    reason: Reason
    preview: bool = False
    preview_data: Any = field(default_factory=dict)

    @property
    def draft(self) -> bool:
        """Another name for `preview`, as Next.js's draft mode."""
        return self.preview


class Props:
    """The values of a page's template, with a lifetime or tags of their own.

    >>> return Props({"post": post}, revalidate=10, tags=[f"post-{post.pk}"])

    `revalidate` is in seconds, None: until the next build. `tags` are added to those of the page.
    Raises `ValueError` for wrong ones.
    """

    __slots__ = ("revalidate", "tags", "values")

    def __init__(
        self, values: Mapping[str, Any], *, revalidate: int | Unset | None = UNSET, tags: Iterable[str] = ()
    ) -> None:
        if not isinstance(values, Mapping):
            raise ValueError(f"Props takes a mapping of template variables, not {type(values).__name__}.")
        self.values = values
        self.revalidate = checked_revalidate(revalidate)
        self.tags = checked_tags(tags)

"""Preview mode for any view: `enable(response, …)`, `disable(response)`, `preview_of(request)`."""

from __future__ import annotations

from pagesapi.pages.preview import Preview, PreviewDataTooLarge, disable, enable, preview_of

__all__ = ["Preview", "PreviewDataTooLarge", "disable", "enable", "preview_of"]

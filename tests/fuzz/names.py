"""Names of files and folders as hypothesis draws them: plausible ones, near misses, and anything at all."""

from __future__ import annotations

from hypothesis import strategies as st

STEMS = st.sampled_from(
    ["a", "b", "posts", "index", "route", "x.json", "v1.2", "A", "é", "e\u0301", "%5Fa", "a b", "50%", "+", "~"]
)
IDENTIFIERS = st.sampled_from(["id", "slug", "pk", "é", "ﬁ", "class", "request", "1", "", "a-b", "_", "..."])
TYPES = st.sampled_from(["int", "uuid", "slug", "str", "path", "number", ""])
PARAMETERS = st.builds("[{}]".format, IDENTIFIERS)
TYPED = st.builds("[{}={}]".format, IDENTIFIERS, TYPES)
CATCH_ALLS = st.builds("[...{}]".format, IDENTIFIERS) | st.builds("[[...{}]]".format, IDENTIFIERS)
GROUPS = st.sampled_from(["(group)", "(other)", "()", "(a", "(a)b", "((x))"])
SKIPPED = st.sampled_from(["_lib", "__init__", "__pycache__", ".hidden", "test_x", "x_test", "conftest"])
NEAR = st.text("[]()=.…ab1_ ", max_size=8)
# No surrogates, which no file system encoding of a test machine can be asked to hold, and no separators.
ANYTHING = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=8)

NAMES = st.one_of(STEMS, STEMS, PARAMETERS, TYPED, CATCH_ALLS, GROUPS, NEAR, ANYTHING)
WELL_FORMED = st.sampled_from(["a", "b", "c", "1", "[id]", "[id=int]", "[id=uuid]", "[id=slug]", "(g)"])
LAST = st.sampled_from(["[...rest]", "[[...rest]]", "index", "index"])


def is_possible(name: str) -> bool:
    """Whether a file system can hold it."""
    return name not in ("", ".", "..") and len(name.encode()) < 200

"""Every name is a segment, or is refused with a problem and a cure."""

from __future__ import annotations

import keyword
import re
import unicodedata

from django.urls.converters import get_converters
from hypothesis import example, given
from hypothesis import strategies as st

from pagesapi.routing.segments import Kind, Segment, SegmentError, parse_segment
from tests.fuzz.names import NAMES

CONVERTERS = get_converters()
ANY_TEXT = st.text(max_size=12) | st.text(st.characters(categories=["Cs", "Cc", "Lo", "Po"]), max_size=4)


def parsed(name: str) -> Segment | SegmentError:
    try:
        return parse_segment(name, CONVERTERS)
    except SegmentError as error:
        return error


@given(NAMES | ANY_TEXT)
@example("[…id]")
@example("[id=int=int]")
@example("[...a=b=c]")
@example("\ud800")
@example("[\ud800]")
@example("[[...]]")
@example("[" * 500 + "]" * 500)
def test_a_name_is_a_segment_or_is_refused_with_a_problem_and_a_cure(name: str) -> None:
    result = parsed(name)
    if isinstance(result, SegmentError):
        assert result.problem.strip()
        assert result.cure.strip()
        return
    assert result.text == name
    if result.is_parameter:
        assert result.name.isidentifier()
        assert not keyword.iskeyword(result.name)
        assert result.name != "request"
        assert result.name == unicodedata.normalize("NFKC", result.name)
    if result.kind is Kind.TYPED:
        assert result.converter is CONVERTERS[result.type]


@given(NAMES | ANY_TEXT)
def test_a_segment_without_brackets_and_parentheses_is_static(name: str) -> None:
    result = parsed(name)
    if isinstance(result, Segment) and result.kind is Kind.STATIC:
        assert not re.search(r"[\[\]]", name)
        assert not (name.startswith("(") and name.endswith(")"))


@given(st.from_regex(r"\[{0,2}\.{0,3}[a-z]{0,3}(=[a-z]{0,3})?\]{0,2}", fullmatch=True))
def test_brackets_mean_what_the_table_says(name: str) -> None:
    shapes = {
        r"\[[a-z]+\]": Kind.PARAM,
        r"\[[a-z]+=(int|slug|uuid)\]": Kind.TYPED,
        r"\[[a-z]+=str\]": Kind.PARAM,
        r"\[\.\.\.[a-z]+\]": Kind.CATCH_ALL,
        r"\[\[\.\.\.[a-z]+\]\]": Kind.OPTIONAL_CATCH_ALL,
        r"[^\[\]]*": Kind.STATIC,
    }
    kinds = [kind for shape, kind in shapes.items() if re.fullmatch(shape, name)]
    inner = re.sub(r"[\[\].]|=.*", "", name)
    result = parsed(name)
    if kinds and not keyword.iskeyword(inner):
        assert isinstance(result, Segment)
        assert result.kind is kinds[0]
    else:
        assert isinstance(result, SegmentError)

"""Text in paragraphs and lists, there and back; what a reader sees of any HTML."""

from __future__ import annotations

import pytest

from handrail.domain.hiring.blocks import (
    Items,
    Paragraph,
    as_html,
    as_text,
    read_html,
    read_text,
    tags_in,
    visible_of,
    visible_text,
)

BLOCKS = (Paragraph("Hello <you> & me."), Items(("one", "two")), Paragraph("Bye."))


def test_blocks_become_html_and_text_and_come_back() -> None:
    assert as_html(BLOCKS) == (
        "<p>Hello &lt;you&gt; &amp; me.</p>\n<ul><li>one</li><li>two</li></ul>\n<p>Bye.</p>"
    )
    assert as_text(BLOCKS) == "Hello <you> & me.\n\n- one\n- two\n\nBye."
    assert read_html(as_html(BLOCKS)) == BLOCKS
    assert read_text(as_text(BLOCKS)) == BLOCKS
    assert visible_of(BLOCKS) == visible_text(as_html(BLOCKS)) == "Hello <you> & me. one two Bye."


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<p>a</p><p>b</p>", "a b"),
        ("a<b>b</b>c", "abc"),
        ("a<br>b<hr/>c", "a b c"),
        ("a&nbsp;&amp;\n\t b\u200b", "a & b"),
        ("<head><title>t</title></head><body>x<script>y</script><style>z</style>", "x"),
        ('<p hidden>a</p><div style="DISPLAY: none">b<p>c</p></div>d', "d"),
        ("<ul><li>a<li>b</ul>c", "a b c"),
        ("<p>never closed <i>at all", "never closed at all"),
        ("</li></p>stray", "stray"),
    ],
)
def test_what_a_reader_sees(html: str, seen: str) -> None:
    assert visible_text(html) == seen


def test_a_list_in_html_stays_a_list() -> None:
    html = "<div><strong>You</strong> will</div><ul><li><p>run</p></li><li>jump</li></ul>end"
    assert read_html(html) == (Paragraph("You will"), Items(("run", "jump")), Paragraph("end"))
    assert tags_in(html) == {"div", "strong", "ul", "li", "p"}


def test_a_very_deep_page_is_read_in_one_go() -> None:
    """Depth must not cost more than length: a page of others may be made to hurt."""
    deep = "<b>" * 100_000 + "x" + "</i>" * 100_000
    assert visible_text(deep) == "x"

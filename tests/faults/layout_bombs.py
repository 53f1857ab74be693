"""HTML that is small or plain, and takes Qt seconds to minutes to lay out. Each ends with "words"."""

from __future__ import annotations


def _tables(depth: int, width: int) -> str:
    html = "x"
    for _ in range(depth):
        html = "<table><tr>" + f"<td>{html}</td>" * width + "</tr></table>"
    return html


def _pictures(count: int, html: str) -> str:
    return "".join(html.format(f"<img src=https://a.example/{n}.png alt=a>") for n in range(count))


def bombs(size: int) -> dict[str, str]:
    """By name; `size` is how many thousand characters or elements most of them have: 20 is what an article may show."""
    n = 1_000 * size
    found = {
        "tables 10 deep": _tables(10, 1),
        "tables 30 deep": _tables(30, 1),
        "tables 6 deep, 3 wide": _tables(6, 3),
        "tables 6 deep, 4 wide": _tables(6, 4),
        "tables 4 deep, 7 wide": _tables(4, 7),
        "tables, lists and quotes": "<table><tr><td><ul><li><blockquote><dl><dd>" * 30,
        "divs": "<div>" * n,
        "spans": "<span style='color:red'>" * n,
        "inline": "<b><i><u><s><sub><sup><code>" * (n // 7),
        "quotes": "<blockquote>" * 64 + "<p>x " * n,
        "lists": "<ul><li>x" * n,
        "one word": "x" * (40 * n),
        "ampersands": "&amp;" * (10 * n),
        "tabs": "<pre>" + "\t" * (10 * n) + "</pre>",
        "one line": "<pre>" + "word " * (8 * n) + "</pre>",
        "lines": "<pre>" + "word\n" * (5 * n) + "</pre>",
        "pictures": _pictures(n // 2, "{}"),
        "pictures in paragraphs": _pictures(n // 2, "<p>{}</p>"),
        "gallery": "<figure>" + _pictures(n // 6, "<figure>{}</figure>") + "</figure>",
        "rows": "<table>" + "<tr><td>word<td>word" * n + "</table>",
        "columns": "<table>" + ("<tr>" + "<td>word" * 1_000) * size + "</table>",
        "spans of cells": "<table>" + "<tr><td colspan=900 rowspan=900>x<td>y" * (n // 40) + "</table>",
        "endless spans": "<table><tr><td colspan=1000000000 rowspan=1000000000>x<td>y</table>",
        "breaks": "<br>" * (5 * n),
        "rules": "<hr>" * n,
        "directions": "<div dir=rtl>" * 500 + "\u0634\u0647\u0631 x" * n,
        "sizes": "<img src=https://a.example/1.png width=2000000000 height=-1>"
        "<p style='margin:2e9px;font-size:2e9px;line-height:1e9'>x",
        "rules of style": "<style>" + "p{color:red}" * n + "</style>",
        "joined script": "\u0634\u0647\u0631\u0628" * (2 * n),
        "mixed scripts": "\u0634a\u4e2d\u0e01\u0905\u10d0\u05d0\u3042" * n,
        "accents": "e" + "\u0301" * (10 * n),
        "joined emoji": "\U0001f468\u200d" * n,
        "above and below": "<sup>x</sup><sub>y</sub>" * (n // 2),
        "links": "<a href=https://a.example/>x</a> " * n,
        "places": "".join(f"<a href=#a{at}>x</a><p id=a{at}>y</p>" for at in range(n // 4)),
        "one paragraph": "word " * (20 * n),
        "paragraphs": "<p>word word</p>" * n,
        "headings": "<h2>word</h2>" * n,
        "attributes": "<p " + " ".join(f"a{at}=1" for at in range(5 * n)) + ">",
        "terms": "<dl>" + "<dt>x<dd>y" * n + "</dl>",
        "items": "<ul>" + "<li>x " * n + "</ul>",
        "numbers": "<ol start=2147483647>" + "<li>x " * n + "</ol>",
        "one cell": "<table><tr><td>" + "word " * (10 * n) + "</table>",
        "paragraphs in a cell": "<table><tr><td>" + "<p>word</p>" * n + "</table>",
        "paragraphs in an item": "<ul><li>" + "<p>word</p>" * n + "</ul>",
        "colours": "".join(f"<span style='color:#{at:06x}'>x</span>" for at in range(n)),
        "directions of letters": "\u202e\u202d\u2067" * (3 * n),
        "nothing": "\u200b" * (15 * n),
    }
    return {name: f"{html} words" for name, html in found.items()}

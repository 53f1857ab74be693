"""The door for XML: what it refuses, what it repairs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import desktop
from desktop.core.errors import ParseError
from desktop.net import safe_xml


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_nobody_imports_the_xml_of_the_standard_library():
    package = Path(desktop.__file__).parent
    guilty = [
        path.name
        for path in package.rglob("*.py")
        if any(name == "xml" or name.startswith("xml.") for name in imported(path))
    ]
    assert guilty == []


def test_declared_entities_are_not_expanded():
    body = b"<!DOCTYPE a [<!ENTITY b 'boom'>]><a>&b;</a>"
    with pytest.raises(ParseError):
        safe_xml.parse(body)
    assert safe_xml.parse(body, recover=True).text == "&b;"


def test_a_chain_of_entities_is_harmless():
    chain = b"".join(b'<!ENTITY e%d "&e%d;&e%d;">' % (n + 1, n, n) for n in range(20_000))
    body = b"<!DOCTYPE a [<!ENTITY e0 'x'>" + chain + b"]><a>&e20000;</a>"
    assert safe_xml.parse(body, recover=True).text == "&e20000;"


def test_entities_hidden_in_a_wide_encoding_are_not_expanded():
    body = "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a [<!ENTITY b 'boom'>]><a>&b;</a>".encode(
        "utf-16"
    )
    assert safe_xml.parse(body, recover=True).text == "&b;"


def test_external_entities_open_no_file(tmp_path):
    canary = tmp_path / "canary.txt"
    canary.write_text("secret")
    body = f'<!DOCTYPE a [<!ENTITY b SYSTEM "{canary.as_uri()}">]><a>&b;</a>'.encode()
    assert "secret" not in (safe_xml.parse(body, recover=True).text or "")


def test_a_document_type_is_passed_over():
    body = (
        b"""<?xml version="1.0"?><!-- c --><!DOCTYPE a SYSTEM "x>y" [<!-- ]> --><!ELEMENT a ANY>]><a>b</a>"""
    )
    assert safe_xml.parse(body).text == "b"


@pytest.mark.parametrize("depth", [257, 5000, 200_000])
def test_deep_documents_are_refused(depth):
    with pytest.raises(ParseError):
        safe_xml.parse(b"<a>" * depth + b"</a>" * depth)


def test_two_hundred_levels_are_read():
    assert safe_xml.parse(b"<a>" * 200 + b"</a>" * 200).tag == "a"


def test_too_many_attributes_are_refused():
    body = b"<a " + b" ".join(b"a%d=''" % n for n in range(1001)) + b"/>"
    with pytest.raises(ParseError, match="1000 attributes"):
        safe_xml.parse(body)


def test_the_byte_cap_holds():
    with pytest.raises(ParseError, match="larger"):
        safe_xml.parse(b"<a>" + b" " * 100 + b"</a>", max_bytes=50)


@pytest.mark.parametrize("raw", [b"\x00", b"\x08", b"\x0b", b"\x1f", b"\xef\xbf\xbf"])
def test_characters_outside_xml_are_removed(raw):
    document = safe_xml.read(b"<a>b" + raw + b"c</a>")
    assert document.root.text == "bc"
    assert document.damaged


@pytest.mark.parametrize("start", [b"\n\n  ", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf\r\n"])
def test_blanks_and_marks_before_the_declaration_are_passed_over(start):
    assert safe_xml.parse(start + b'<?xml version="1.0"?><a>b</a>').text == "b"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "windows-1251"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-32", "utf-8"),
        ("cp1251", "windows-1251"),
        ("koi8-r", "koi8-r"),
        ("cp866", "ibm866"),
        ("iso8859-5", "iso-8859-5"),
        ("cp1251", ""),
        ("cp1251", "utf-8"),
        ("utf-8", "no-such-encoding"),
    ],
)
def test_encodings(encoding, declared):
    text = "Алматы: мост открыт, қала — «үй»" if encoding.startswith("utf") else "Алматы: мост открыт вчера"
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    assert safe_xml.parse(f"{declaration}<a>{text}</a>".encode(encoding), recover=True).text == text


def test_the_servers_charset_counts_before_a_guess():
    body = "<a>мост</a>".encode("koi8-r")
    document = safe_xml.read(body, recover=True, content_type="text/xml; charset=KOI8-R")
    assert document.root.text == "мост"


def test_a_few_broken_bytes_do_not_change_the_encoding():
    body = ("<a>" + "мост через реку " * 20 + "</a>").encode().replace("реку".encode(), b"\xff", 1)
    text = safe_xml.parse(body, recover=True).text or ""
    assert text.startswith("мост через \ufffd мост")


def test_recovery_keeps_what_is_before_the_break():
    document = safe_xml.read(b"<a><b>one</b><b>two</b><c", recover=True)
    assert [child.text for child in document.root if child.tag == "b"] == ["one", "two"]
    assert document.damaged


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("&nbsp;", "\xa0"),
        ("a & b", "a & b"),
        ("&#xD800;", "\ufffd"),
        ("&#99999999999;", "\ufffd"),
        ("&no;", "&no;"),
    ],
)
def test_references_are_repaired(written, read):
    assert safe_xml.parse(f"<a>{written}</a>".encode(), recover=True).text == read


def test_old_numbers_of_quotes_become_quotes():
    assert safe_xml.parse(b"<a>don&#146;t</a>").text == "don’t"


@pytest.mark.parametrize("body", [b"", b"   ", b"text", b"<", b"{}", b"<!DOCTYPE a ["])
def test_what_is_no_xml_is_refused_in_recovery_too(body):
    with pytest.raises(ParseError):
        safe_xml.parse(body, recover=True)

"""Addresses of links, and which of them may leave the program: the decisions of `open_external`."""

from __future__ import annotations

from PySide6.QtCore import QUrl

from desktop.ui.links import open_external

# As it is written in an article, and as it is handed to the system.
ALLOWED = {
    "https://example.org": "https://example.org",
    "http://example.org/a/b?c=d&e=f#g": "http://example.org/a/b?c=d&e=f#g",
    "HTTPS://Example.ORG/A": "https://example.org/A",
    "https://example.org:8443/x": "https://example.org:8443/x",
    "https://example.org/a b": "https://example.org/a%20b",
    'https://example.org/"x"': "https://example.org/%22x%22",
    "https://example.org/it's": "https://example.org/it%27s",
    "https://example.org/`id`|x<y>": "https://example.org/%60id%60%7Cx%3Cy%3E",
    "https://example.org/$(id);x": "https://example.org/$(id);x",
    "https://example.org/?q=a%0Ab": "https://example.org/?q=a%0Ab",
    "https://пример.рф/путь": "https://xn--e1afmkfd.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C",
    "https://аррӏе.com/": "https://xn--80ak6aa92e.com/",
    "https://example.org/\u202etxt.exe": "https://example.org/%E2%80%AEtxt.exe",
    "http://[2001:db8::1]/x": "http://[2001:db8::1]/x",
    "https://example.org/%27": "https://example.org/%27",
    "https://example.org/100%": "https://example.org/100%25",
    "mailto:desk@example.org": "mailto:desk@example.org",
    "mailto:a@example.org,b@example.org": "mailto:a@example.org,b@example.org",
    "mailto:desk@example.org?attach=/etc/passwd": "mailto:desk@example.org",
    "mailto:desk@example.org?bcc=spy@evil.example&body=x&subject=y": "mailto:desk@example.org",
}
REFUSED = [
    "",
    "example.org",
    "//example.org/x",
    "/etc/passwd",
    "\\\\server\\share",
    "C:\\Windows\\calc.exe",
    "file:///etc/passwd",
    "file://server/share",
    "FILE:///etc/passwd",
    "smb://server/share",
    "ftp://example.org/x",
    "sftp://example.org/x",
    "ssh://example.org",
    "telnet://example.org",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\u00a0javascript:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>1</script>",
    "data:text/html;base64,PHg+",
    "blob:https://example.org/1",
    "about:blank",
    "chrome://settings",
    "view-source:https://example.org",
    "jar:https://example.org!/x",
    "ms-msdt:/id PCWDiagnostic",
    "ms-officecmd:x",
    "ms-excel:ofe|u|https://example.org/x.xls",
    "search-ms:query=x&crumb=location:\\\\server\\share",
    "ms-settings:",
    "x-apple.systempreferences:",
    "steam://run/1",
    "tel:+100",
    "sms:+100",
    "skype:x?call",
    "zoommtg://x",
    "magnet:?xt=urn:btih:0",
    "feed:https://example.org",
    "intent://x#Intent;end",
    "qrc:/x",
    ":/x",
    "cache:abc",
    "ldap://example.org",
    "gopher://example.org",
    "dict://example.org",
    "news:alt.test",
    "urn:isbn:1",
    "wyciwyg://x",
    "shell:startup",
    "mk:@MSITStore:x",
    "res://x",
    "http:",
    "http://",
    "http:///x",
    "https:///etc/passwd",
    "https:\\\\example.org\\x",
    "https:example.org",
    "http://:80/",
    "https://user@example.org/",
    "https://user:secret@example.org/",
    "https://example.org:99999/",
    "https://example.org:-1/",
    "https://exa mple.org/",
    "https://exa<mple.org/",
    "https://example.org%00.evil.example/",
    "https://example.org/a\nb",
    "https://example.org/a\r\nHost: x",
    "https://example.org/a\tb",
    "https://example.org/%00",
    "https://example.org/%0a",
    "https://example.org/?a=%00",
    "https://example.org/\x7f",
    "mailto:",
    "mailto:?attach=/etc/passwd",
    "mailto:/etc/passwd",
    "mailto:desk",
    "mailto:a@example.org%0ABcc:b@example.org",
    "mailto:a@example.org,javascript:1",
    'mailto:"x y"@example.org',
    "mailto:-oProxy@-x.example",
    "mailto://example.org/x",
]


def run(seed: int = 0) -> dict[str, object]:
    """The figures: addresses, and how many of them were handed over, or not, as they must be."""
    wrong: list[str] = []
    for given in (*ALLOWED, *REFUSED):
        opened: list[str] = []
        open_external(
            QUrl(given), lambda url, opened=opened: not opened.append(url.toEncoded().data().decode())
        )
        if opened != ([ALLOWED[given]] if given in ALLOWED else []):
            wrong.append(given)
    return {
        "links": len(ALLOWED) + len(REFUSED),
        "right": len(ALLOWED) + len(REFUSED) - len(wrong),
        "opened": len(ALLOWED),
        "wrong": wrong,
    }

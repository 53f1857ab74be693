"""What counts readers instead of informing them: parameters of addresses, and pictures that are beacons."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_PARAMETER_PREFIXES = ("utm_", "hsa_", "pk_", "mtm_", "at_campaign", "at_medium", "wt_mc")
_PARAMETERS = frozenset(
    {
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "yclid", "ysclid", "msclkid", "twclid"),
        *("ttclid", "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "_openstat", "_ga", "_gl", "_hsenc"),
        *("_hsmi", "vero_id", "oly_anon_id", "oly_enc_id", "cmpid", "icid", "ocid", "s_cid", "spref"),
    }
)
# In a live link these may mean something; in an identity they never tell two articles apart.
_REFERRALS = frozenset({"ref", "ref_src", "ref_url", "referrer", "from_source", "smid"})

_BEACON_HOSTS = frozenset(
    {
        *("pixel.wp.com", "stats.wordpress.com", "stats.wp.com", "feedsportal.com", "feeds.feedburner.com"),
        *("doubleclick.net", "google-analytics.com", "googletagmanager.com", "googlesyndication.com"),
        *("scorecardresearch.com", "quantserve.com", "chartbeat.net", "parsely.com", "imrworldwide.com"),
        *(
            "mc.yandex.ru",
            "mc.yandex.com",
            "an.yandex.ru",
            "counter.yadro.ru",
            "top.mail.ru",
            "top-fwz1.mail.ru",
        ),
        *(
            "counter.rambler.ru",
            "hit.gemius.pl",
            "gemius.pl",
            "tns-counter.ru",
            "counter.ok.ru",
            "openstat.net",
        ),
        *("c.zero.kz", "cnt0.www.uz", "www.net.kg", "statcounter.com", "histats.com"),
        *("pixel.facebook.com", "bat.bing.com", "analytics.twitter.com", "analytics.tiktok.com", "rlcdn.com"),
        *("adnxs.com", "criteo.com", "taboola.com", "outbrain.com", "ml-attr.com", "list-manage.com"),
    }
)
_MOST_LABELS = 4
_BEACON_PATH = re.compile(
    r"(?:^|/)(?:(?:1x1|0x0|blank|clear|clearpixel|pixel|spacer|tracking-?pixel|transparent)\.(?:gif|png)"
    r"|(?:b|beacon|count(?:er)?|hit|pixel|t|track(?:er|ing)?)\.(?:gif|php|aspx?)|(?:piwik|matomo)\.php)$",
    re.IGNORECASE,
)
_BEACON_ADDRESS = re.compile(r"^(?:www\.)?(?:facebook\.com/tr\b|linkedin\.com/px\b|vk\.com/rtrg\b)")


def is_tracking_parameter(name: str) -> bool:
    """Whether a parameter of an address serves only to follow its reader."""
    name = name.casefold()
    return name in _PARAMETERS or name.startswith(_PARAMETER_PREFIXES)


def is_referral(name: str) -> bool:
    """Whether a parameter says only where a reader came from."""
    return is_tracking_parameter(name) or name.casefold() in _REFERRALS


def without_tracking(url: str) -> str:
    """An address without the parameters that follow its reader."""
    base, mark, rest = url.partition("?")
    if not mark:
        return url
    query, sharp, fragment = rest.partition("#")
    kept = [part for part in query.split("&") if not is_tracking_parameter(part.partition("=")[0])]
    if len(kept) == query.count("&") + 1:
        return url
    return base + ("?" + "&".join(kept) if kept else "") + sharp + fragment


def is_beacon(url: str) -> bool:
    """Whether the picture at an absolute address is known to be there for counting."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    labels = host.split(".")[-_MOST_LABELS:]
    if any(".".join(labels[start:]) in _BEACON_HOSTS for start in range(len(labels) - 1)):
        return True
    return bool(_BEACON_PATH.search(parts.path) or _BEACON_ADDRESS.match(host + parts.path))

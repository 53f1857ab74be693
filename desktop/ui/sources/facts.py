"""What there is to say of the publishers behind a rate: when they publish, since when, on what terms."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.core.rates import SourceNotes
from desktop.core.rates.rule import EVERY_DAY, MONDAY_TO_FRIDAY, SourceRule
from desktop.core.rates.sources import RULES
from desktop.ui.times import full


def source_facts(notes: Sequence[SourceNotes]) -> list[tuple[str, str]]:
    """Names and texts for the details of an answer; where two publishers stand behind it, each is named."""
    many = len(notes) > 1
    rows: dict[str, list[str]] = {}
    for each in notes:
        prefix = f"{each.name}: " if many else ""
        rule = RULES[each.state.provider]
        rows.setdefault("Publishes", []).append(prefix + cadence(rule))
        rows.setdefault("Week-ends", []).append(prefix + weekend(rule))
        rows.setdefault("History", []).append(prefix + history(rule))
        rows.setdefault("Terms", []).append(prefix + each.terms)
        if each.state.last_error and each.state.last_fetch is not None:
            trouble = f"asked {full(each.state.last_fetch)}. {each.state.last_error}"
            rows.setdefault("In trouble", []).append(prefix + trouble)
    return [(name, "\n".join(text for text in texts if text)) for name, texts in rows.items() if any(texts)]


def cadence(rule: SourceRule) -> str:
    """ "Monday to Friday at 15:30 (Asia/Almaty), for the next day"."""
    if rule.cadence_days == 0:
        return "nothing new until the law changes"
    days = {EVERY_DAY: "every day", MONDAY_TO_FRIDAY: "Monday to Friday"}.get(
        rule.works, "Monday to Saturday"
    )
    if rule.cadence_days == 7:
        days = "once a week"
    text = f"{days} at {rule.publishes_at:%H:%M} ({rule.zone})"
    return f"{text}, for the next day" if rule.next_day else text


def weekend(rule: SourceRule) -> str:
    """Which number counts on Saturday and Sunday."""
    if rule.cadence_days != 1 or rule.works == EVERY_DAY:
        return ""
    return "Friday’s counts until Monday" if rule.next_day else "Friday’s counts on Saturday and Sunday"


def history(rule: SourceRule) -> str:
    """How far back the publisher can be asked."""
    return "only the latest can be had" if rule.since is None else f"since {rule.since.year}"

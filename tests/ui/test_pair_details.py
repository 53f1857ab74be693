"""Everything behind one rate."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.core.rates import ProviderState, QuoteKind, SourceNotes
from desktop.core.rates.sources import RULES
from desktop.ui.rates import pair_details
from desktop.ui.rates.pair_details import PairDetails, as_published, facts, upcoming
from desktop.ui.sources.facts import cadence, history, source_facts, weekend
from tests.ui.desk import NOW, TODAY, Desk, make_answer, make_quote, pair_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

KZT = pair_of("USD/KZT")
RUB = pair_of("KZT/RUB")


@pytest.fixture
def desk(qapp):
    return Desk({"USD/KZT": make_answer(KZT, "473.18", "0.1842")})


@pytest.fixture
def open_details(show):
    return lambda desk, pair: show(PairDetails(desk, pair))


def texts(dialog):
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]


def button(dialog, text):
    return next(found for found in dialog.findChildren(QPushButton) if found.text() == text)


def test_a_number_is_shown_as_it_was_published():
    quote = make_quote(RUB, "16,7180", raw_nominal="100", rate=Decimal("0.16718"))
    assert as_published(quote) == "100 KZT = 16,7180 RUB"


def test_the_facts_are_in_the_order_of_reading(desk):
    said = dict(facts(desk.rate(KZT), TODAY, desk.provider_name))
    assert said == {
        "Change": "+0.18 %",
        "Previous": "472.31 on 21 Nov",
        "As published": "1 USD = 473.18 KZT",
        "Valid from": "24 Nov",
        "Fetched": said["Fetched"],
        "Source": "Central Bank of Somewhere",
        "Kind": "Official rate of a central bank",
    }
    assert next(iter(said)) == "Change"


def test_the_moment_of_fetching_is_local():
    quote = make_quote(KZT, "473.18", fetched_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    said = dict(facts(make_answer(KZT, "473.18", legs=(quote,)), TODAY))
    local = datetime(2026, 11, 24, 9, 0, tzinfo=UTC).astimezone()
    assert said["Fetched"].endswith(f"{local:%H:%M}")


def test_a_cross_names_both_legs_as_published():
    legs = (make_quote(KZT, "473,18"), make_quote(pair_of("USD/KGS"), "87,4500"))
    answer = make_answer(pair_of("KGS/KZT"), "5.4109", legs=legs, kind=QuoteKind.DERIVED)
    said = dict(facts(answer, TODAY, {"bank": "The Bank"}.get))
    assert said["As published"] == "1 USD = 473,18 KZT, The Bank\n1 USD = 87,4500 KGS, The Bank"
    assert said["Via"] == "USD/KZT and USD/KGS"
    assert said["Kind"] == "Computed from other rates"


def test_a_number_not_in_force_yet_is_announced():
    quote = make_quote(KZT, "474.02", valid_from=date(2026, 11, 25))
    assert upcoming(quote, KZT, TODAY) == "from 25 Nov: 474.02"
    said = dict(facts(make_answer(KZT, "473.18", upcoming=quote), TODAY))
    assert said["Next"] == "from 25 Nov: 474.02"


def test_an_announcement_is_turned_round_for_the_inverse_pair():
    quote = make_quote(KZT, "500", valid_from=date(2026, 11, 25))
    assert upcoming(quote, KZT.inverse, TODAY).startswith("from 25 Nov: 0.002")


def test_an_old_rate_says_how_old():
    answer = make_answer(KZT, "473.18", stale=True, valid_from=date(2026, 11, 3), age_days=21)
    assert dict(facts(answer, TODAY))["Valid from"] == "3 Nov, out of date: 21 days old"


def test_a_peg_is_not_said_to_be_fetched():
    said = dict(facts(make_answer(pair_of("USD/TMT"), "3.5", "0", kind=QuoteKind.PEG), TODAY))
    assert said["Change"] == "pegged"
    assert said["Kind"] == "Fixed by law"
    assert "Fetched" not in said


def test_the_panel_shows_value_unit_and_credit_and_blocks_nothing(desk, open_details):
    dialog = open_details(desk, KZT)
    assert {"473.18", "KZT for 1 USD", "Rates of the Central Bank of Somewhere"} <= set(texts(dialog))
    assert not dialog.isModal()
    assert dialog.windowTitle() == "USD/KZT"


def test_an_unknown_pair_says_when_it_will_be_known(desk, open_details):
    dialog = open_details(desk, pair_of("USD/XAU"))
    assert "—" in texts(dialog)
    assert any("next refresh" in text for text in texts(dialog))
    assert not button(dialog, "Open the source’s page").isVisible()


def test_flip_turns_the_panel_and_the_list(desk, open_details):
    dialog = open_details(desk, KZT)
    button(dialog, "Flip").click()
    assert dialog.pair == KZT.inverse
    assert desk.asked == [("flip", KZT)]


def test_flip_leaves_a_list_alone_that_shows_the_other_direction(desk, open_details):
    dialog = open_details(desk, KZT.inverse)
    button(dialog, "Flip").click()
    assert dialog.pair == KZT
    assert desk.asked == []


def test_pin_and_unpin_follow_the_list(desk, open_details):
    dialog = open_details(desk, KZT)
    button(dialog, "Unpin").click()
    assert desk.asked == [("unpin", KZT)]
    button(dialog, "Pin").click()
    assert desk.asked[-1] == ("pin", KZT)
    assert button(dialog, "Unpin").isVisible()


def test_a_pair_pinned_the_other_way_round_is_unpinned_as_it_stands(desk, open_details):
    dialog = open_details(desk, KZT.inverse)
    button(dialog, "Unpin").click()
    assert desk.asked == [("unpin", KZT)]


def test_copy_gives_a_rate_that_can_be_quoted(desk, open_details):
    dialog = open_details(desk, KZT)
    button(dialog, "Copy").click()
    copied = QGuiApplication.clipboard().text()
    assert copied == "1 USD = 473.18 KZT (Central Bank of Somewhere, 24 Nov 2026)"


def test_new_rates_are_shown_while_it_is_open(desk, open_details):
    dialog = open_details(desk, KZT)
    desk.answers[KZT] = make_answer(KZT, "480.00", "1.44")
    desk.rates_changed.emit()
    assert "480.00" in texts(dialog)


def test_the_link_of_the_source_is_checked(desk, open_details, monkeypatch):
    opened = []
    monkeypatch.setattr(pair_details, "open_external", lambda url: opened.append(url.toString()))
    dialog = open_details(desk, KZT)
    button(dialog, "Open the source’s page").click()
    assert opened == ["https://bank.example/rates"]


def test_a_source_whose_link_may_not_be_opened_has_no_button(desk, open_details):
    desk.credit = ("Rates", "file:///etc/passwd")
    dialog = open_details(desk, KZT)
    assert not button(dialog, "Open the source’s page").isVisible()


@pytest.mark.parametrize("text", ["<img src='file:///etc/passwd'>", "<h1>Bank", "a\u202eb\nc"])
def test_names_from_outside_are_shown_letter_by_letter(desk, open_details, text):
    desk.bank_name = text
    desk.credit = (text, "https://bank.example/")
    leg = make_quote(KZT, "473.18", raw_value=text)
    desk.answers[KZT] = make_answer(KZT, "473.18", legs=(leg, leg))
    dialog = open_details(desk, KZT)
    for label in dialog.findChildren(QLabel):
        assert label.textFormat() == label.textFormat().PlainText
        assert "\u202e" not in label.text()


def test_every_fact_has_a_name_for_a_screen_reader(desk, open_details):
    dialog = open_details(desk, KZT)
    names = {label.accessibleName() for label in dialog.findChildren(QLabel)}
    assert "Change: +0.18 %" in names
    assert "Source: Central Bank of Somewhere" in names


OVER = "Friday\u2019s counts on Saturday and Sunday"
DOUBT = make_quote(KZT, "620.00", valid_from=date(2026, 11, 25))


def test_a_number_in_doubt_is_named_with_who_says_it_and_what_it_waits_for(desk):
    said = dict(facts(make_answer(KZT, "473.18", unconfirmed=DOUBT), TODAY, desk.provider_name))
    assert said["Unconfirmed"] == (
        "Central Bank of Somewhere says 1 USD = 620.00 KZT from 25 Nov. It counts when its next fixing or a second "
        "source agrees, or when you accept it. Until then the last good number stays."
    )


def test_it_can_be_accepted_where_there_is_one(desk, open_details):
    dialog = open_details(desk, KZT)
    assert not button(dialog, "Accept the new number").isVisible()
    desk.answers[KZT] = make_answer(KZT, "473.18", unconfirmed=DOUBT)
    desk.rates_changed.emit()
    button(dialog, "Accept the new number").click()
    assert desk.asked == [("accept", KZT)]


def test_the_details_say_when_since_when_and_on_what_terms_a_publisher_publishes(desk, open_details):
    state = ProviderState("nbk", last_fetch=NOW, last_error="The answer is empty.")
    desk.notes = [SourceNotes("National Bank of Kazakhstan", "None found.", state)]
    said = texts(open_details(desk, KZT))
    for text in (
        "Monday to Friday at 15:30 (Asia/Almaty), for the next day",
        "Friday\u2019s counts until Monday",
        "since 2000",
        "None found.",
    ):
        assert text in said
    assert any(text.endswith("The answer is empty.") for text in said)


@pytest.mark.parametrize(
    ("source", "when", "over", "since"),
    [
        (
            "nbt",
            "Monday to Friday at 11:00 (Asia/Dushanbe)",
            OVER,
            "since 2001",
        ),
        ("nbkr.weekly", "once a week at 15:30 (Asia/Bishkek), for the next day", "", "since 1999"),
        ("erapi", "every day at 01:00 (UTC)", "", "only the latest can be had"),
        (
            "cbt",
            "Monday to Saturday at 00:15 (Asia/Ashgabat)",
            OVER,
            "since 2020",
        ),
        ("peg", "nothing new until the law changes", "", "since 2003"),
    ],
)
def test_each_publisher_has_its_own_habits(source, when, over, since):
    rule = RULES[source]
    assert (cadence(rule), weekend(rule), history(rule)) == (when, over, since)


def test_two_publishers_behind_one_answer_are_each_named():
    notes = [SourceNotes(name, "None.", ProviderState(name)) for name in ("nbk", "nbkr")]
    said = dict(source_facts(notes))
    assert said["History"] == "nbk: since 2000\nnbkr: since 1999"


def test_every_button_shows_its_whole_text(desk, open_details):
    desk.answers[KZT] = make_answer(KZT, "473.18", unconfirmed=DOUBT)
    shown = [one for one in open_details(desk, KZT).findChildren(QPushButton) if one.isVisible()]
    assert len(shown) >= 6
    assert [one.text() for one in shown if one.width() < one.sizeHint().width()] == []

"""Numbers as they are published: 60 spellings, exact digits, no guessing; and back to text."""

from decimal import Decimal

import pytest

from desktop.core.rates.numbers import decimal, format_percent, format_rate, nominal, per_unit, signed

GOOD = [
    ("473.18", ".", "473.18"),
    ("12075.20", ".", "12075.20"),
    ("3", ".", "3"),
    ("0.0767", ".", "0.0767"),
    (" 9.2598\n", ".", "9.2598"),
    ("12 075.20", ".", "12075.20"),
    ("12\u00a0075.20", ".", "12075.20"),
    ("1\u2009234\u2009567.5", ".", "1234567.5"),
    ("1\u202f234", ".", "1234"),
    ("1.12e-05", ".", "0.0000112"),
    ("5.39E2", ".", "539"),
    ("87,4500", ",", "87.4500"),
    ("16,7180", ",", "16.7180"),
    ("5,39256E-05", ",", "0.0000539256"),
    ("1 500,50", ",", "1500.50"),
    ("103", ",", "103"),
    ("007.5", ".", "7.5"),
]

BAD = [
    "", " ", "-", "\u2014", "ND", "N/A", "n/a", "NaN", "nan", "Infinity", "-Infinity", "inf", "0", "0.00",
    "0,0", "-1", "-473.18", "+473.18", "1,234.56", "1.234,56", "1.2.3", "1,2,3", ".5", "5.", "1e", "e5",
    "1e400", "1E-400", "1_000", "12 34", "1 2345", "12  345", "0x10", "\u0661\u0662", "\uff11\uff12",
    "473.18 KZT", "$473", "1/2", "½", "1" * 41, "0." + "1" * 40, "9" * 400, "1\n2", "1.5\x00", "True",
    "None", "--", "1e+", "1 e5", "4 73.18",
]  # fmt: skip


@pytest.mark.parametrize(("text", "mark", "value"), GOOD)
def test_a_published_number_is_read_digit_for_digit(text, mark, value):
    read = decimal(text, mark)
    assert read == Decimal(value)
    if "e" not in text.lower():
        assert read.as_tuple().exponent == Decimal(value).as_tuple().exponent


@pytest.mark.parametrize("text", BAD)
@pytest.mark.parametrize("mark", [".", ","])
def test_what_is_not_plainly_a_number_is_refused(text, mark):
    with pytest.raises(ValueError, match=r".+"):
        decimal(text, mark)


@pytest.mark.parametrize(("text", "mark"), [("473.18", ","), ("87,45", "."), ("12,075", "."), ("1.500", ",")])
def test_the_other_decimal_sign_is_never_guessed_at(text, mark):
    with pytest.raises(ValueError, match="does not use"):
        decimal(text, mark)


@pytest.mark.parametrize(
    ("text", "value"),
    [("+1.47", "1.47"), ("-5.35", "-5.35"), ("0", "0"), ("0.00", "0"), ("\u22120.06", "-0.06")],
)
def test_a_change_has_a_sign(text, value):
    assert signed(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "+", "UP", "1 t.u.", "+-1"])
def test_a_change_that_is_not_a_number_is_refused(text):
    with pytest.raises(ValueError, match="not a number"):
        signed(text)


@pytest.mark.parametrize("text", ["1 t.u.", "0", "", "-1", "1.5", "ten", "1000000000000"])
def test_a_nominal_is_a_whole_number_above_zero(text):
    with pytest.raises(ValueError, match="not a nominal"):
        nominal(text)


def test_a_power_of_ten_as_nominal_keeps_every_published_digit():
    assert str(per_unit(Decimal("16.7180"), nominal("100"))) == "0.167180"
    assert str(per_unit(Decimal("87.4500"), nominal("1"))) == "87.4500"


def test_another_nominal_divides_to_28_digits():
    assert per_unit(Decimal(1), Decimal(7)) == Decimal("0.1428571428571428571428571429")


@pytest.mark.parametrize(
    ("rate", "digits", "text"),
    [
        ("473.18", 5, "473.18"),
        ("12075.20", 7, "12075.20"),
        ("12075.20", 5, "12075"),
        ("12075.50", 5, "12076"),
        ("87.4500", 5, "87.45"),
        ("87.4500", 6, "87.45"),
        ("9.2598", 5, "9.2598"),
        ("0.002113360666131281964579", 5, "0.0021134"),
        ("0.0000828143633231", 5, "0.000082814"),
        ("0.007410", 4, "0.007410"),
        ("3.5", 5, "3.5"),
        ("473.185", 5, "473.19"),
        ("1462000", 5, "1462000"),
        ("1462345", 5, "1462300"),
        ("12075.2", 3, "12100"),
        ("99999.96", 6, "100000.0"),
        ("100", 5, "100"),
        ("1E+3", 5, "1000"),
        ("1.12E-8", 5, "0.0000000112"),
        ("-0.00", 5, "0.00"),
    ],
)
def test_a_rate_is_written_with_its_digits_and_no_others(rate, digits, text):
    assert format_rate(Decimal(rate), digits) == text


@pytest.mark.parametrize(
    ("percent", "text"),
    [
        ("0.18", "+0.18 %"),
        ("-0.18", "\u22120.18 %"),
        ("0", "0.00 %"),
        ("-0", "0.00 %"),
        ("-0.0049999", "0.00 %"),
        ("0.0049999", "0.00 %"),
        ("0.005", "+0.01 %"),
        ("-0.005", "\u22120.01 %"),
        ("25", "+25.00 %"),
        ("-20.0", "\u221220.00 %"),
    ],
)
def test_a_change_is_rounded_half_up_and_never_minus_zero(percent, text):
    assert format_percent(Decimal(percent)) == text

"""Spellings of one word in several alphabets have one key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.transliteration import beginnings, key


@pytest.mark.parametrize(
    "spellings",
    [
        "Тоқаев Токаев Toqaev Tokayev Tokaev Toqayev",
        "Мирзиёев Мирзиеев Mirziyoyev",
        "Жапаров Japarov Zhaparov",
        "Таджикистан Tajikistan Tadzhikistan",
        "Рахмон Раҳмон Rahmon Rakhmon",
        "Қызылорда Кызылорда Qyzylorda Kyzylorda",
        "Ўзбекистон Oʻzbekiston O'zbekiston",
        "Халқ Xalq Khalk",
        "Йўл yoʻl",
        "Кыргыз Киргиз Kyrgyz",
        "Хуҷанд Худжанд Khujand",
        "Ақтөбе Актобе Aqtöbe Aktobe",
        "Aşgabat Ashgabat Ашгабат",
        "Достоевский Dostoevsky Dostoyevskiy",
        "Щедрин Shchedrin",
        "теңге тенге tenge teñge",
    ],
)
def test_the_spellings_of_a_word_have_one_key(spellings: str) -> None:
    assert len({key(spelling) for spelling in spellings.split()}) == 1


def test_other_words_keep_other_keys() -> None:
    words = (
        "rate",
        "road",
        "read",
        "red",
        "rad",
        "сом",
        "сум",
        "som",
        "sum",
        "bank",
        "bond",
        "gold",
        "Tokayev",
        "Tokyo",
    )
    assert len({key(word) for word in words}) == len(words) - 2  # сом and som, сум and sum


@given(st.text(alphabet="kzhdjsceyoixqaюяжйщёʻ' ", max_size=12) | st.text(max_size=30))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    assert key(key(text)) == key(text)


WORDS = ("Tokayev", "Токаев", "Назарбаев", "Nazhmiddin", "Tadzhikistan", "Rakhmon", "Mirziyoyev", "Shchedrin")


@given(st.sampled_from(WORDS), st.data())
def test_a_word_is_found_by_any_beginning(word: str, data: st.DataObject) -> None:
    typed = word[: data.draw(st.integers(2, len(word)))]
    assert key(word).startswith(beginnings(typed))

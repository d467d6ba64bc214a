"""Displayed numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.earnings.inline_numbers import number_of


@pytest.mark.parametrize(
    ("text", "format_name", "scale", "sign", "value"),
    [
        ("57,006", "num-dot-decimal", "6", None, "57006000000"),
        ("57,006", "numdotdecimal", "6", None, "57006000000"),
        ("0.78", None, "0", None, "0.78"),
        ("165", None, "6", "-", "-165000000"),
        ("86", None, "-2", None, "0.86"),
        ("—", "fixed-zero", "6", None, "0"),
        ("—", "fixed-zero", "6", "-", "0"),
        ("-", "zerodash", "6", None, "0"),
        ("&#8212;", "numdash", "6", None, "0"),
        (" 1.5 ", "num-dot-decimal", "9", None, "1500000000"),
        ("4&nbsp;", "num-dot-decimal", None, None, "4"),
        ("1 234,5", "num-comma-decimal", "3", None, "1234500"),
        ("1.234,5", "numcommadecimal", "3", None, "1234500"),
        (".05", "num-dot-decimal", None, None, "0.05"),
        ("two", "numwordsen", None, None, "2"),
        ("No", "numwordsen", None, None, "0"),
        ("twenty-five", "numwordsen", None, None, "25"),
        ("one hundred and ten million", "numwordsen", None, None, "110000000"),
        ("4.0", None, "12", None, "4000000000000"),
        ("-4", None, None, None, "-4"),
        ("1,23,45,678.9", "numdotdecimalin", None, None, "12345678.9"),
        ("1'234.5", "num-dot-decimal", "3", None, "1234500"),
        ("1 234.5", "numspacedot", None, None, "1234.5"),
        ("1&#160;234,5", "numspacecomma", None, None, "1234.5"),
        ("1,5", "numcomma", None, None, "1.5"),
        (",5", "num-comma-decimal", None, "-", "-0.5"),
        ("none", "numdash", None, None, "0"),
        ("twenty-five hundred", "numwordsen", None, None, "2500"),
        ("a million", "numwordsen", None, None, "1000000"),
        ("two million, three hundred thousand and four", "numwordsen", None, None, "2300004"),
    ],
)
def test_a_number_is_read(text: str, format_name: str | None, scale: str | None, sign: str | None, value: str) -> None:
    assert number_of(text, format_name=format_name, scale=scale, sign=sign) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "format_name", "scale", "sign", "reason"),
    [
        ("57,006", None, "6", None, "not a plain decimal"),
        ("(165)", "num-dot-decimal", "6", None, "decimal point"),
        ("—", None, "6", None, "not a plain decimal"),
        ("", "num-dot-decimal", "6", None, "decimal point"),
        (".", "num-dot-decimal", "6", None, "decimal point"),
        ("8,", "num-dot-decimal", "6", None, "decimal point"),
        ("1,2.3.4", "num-dot-decimal", "6", None, "decimal point"),
        ("12", "fixed-zero", "6", None, "marked as zero"),
        ("5", "zerodash", "6", None, "not a dash"),
        ("dozen", "numwordsen", None, None, "English words"),
        ("五", "num-dot-decimal", None, None, "decimal point"),
        ("5", "date-day-month", None, None, "is not known"),
        ("5", None, "six", None, "scale"),
        ("5", None, "6", "+", "sign"),
        ("1e5", None, None, None, "not a plain decimal"),
        ("-5", None, None, "-", "negative and so is its sign"),
        ("５", "num-dot-decimal", None, None, "decimal point"),
        ("٥", None, None, None, "not a plain decimal"),
        ("1,234,5678", "numdotdecimalin", None, None, "Indian groups"),
        ("5", None, "", None, "scale"),
        ("5", None, "1.5", None, "scale"),
        ("five years", "durwordsen", None, None, "is not known"),
        ("5", "duryear", None, None, "is not known"),
        ("5 dollars 20 cents", "num-unit-decimal", None, None, "is not known"),
        ("one two", "numwordsen", None, None, "English words"),
        ("twenty thirty", "numwordsen", None, None, "English words"),
        ("five hundred thousand million", "numwordsen", None, None, "English words"),
        ("one hundred hundred", "numwordsen", None, None, "English words"),
        ("and", "numwordsen", None, None, "English words"),
    ],
)
def test_what_does_not_follow_its_rule_is_refused(
    text: str, format_name: str | None, scale: str | None, sign: str | None, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        number_of(text, format_name=format_name, scale=scale, sign=sign)


@given(st.integers(0, 10**15), st.integers(-4, 9), st.booleans())
def test_grouped_digits_scale_and_sign_are_exact(number: int, scale: int, negative: bool) -> None:
    value = number_of(f"{number:,}", format_name="num-dot-decimal", scale=str(scale), sign="-" if negative else None)
    assert value == (-1 if negative else 1) * Decimal(number) * Decimal(10) ** scale


@given(st.integers(1, 999_999))
def test_number_words_are_the_inverse_of_spelling(number: int) -> None:
    assert number_of(_spelled(number), format_name="numwordsen", scale=None, sign=None) == number


def _spelled(number: int) -> str:
    ones = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    small = (ones + "seventeen eighteen nineteen").split()
    decades = "_ _ twenty thirty forty fifty " + "sixty seventy eighty ninety"
    tens = decades.split()
    if number >= 1000:
        rest = number % 1000
        return f"{_spelled(number // 1000)} thousand" + (f" {_spelled(rest)}" if rest else "")
    if number >= 100:
        rest = number % 100
        return f"{small[number // 100]} hundred" + (f" and {_spelled(rest)}" if rest else "")
    if number >= 20:
        return tens[number // 10] + (f"-{small[number % 10]}" if number % 10 else "")
    return small[number]

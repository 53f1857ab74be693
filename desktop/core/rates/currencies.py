"""Which currency codes exist: ISO 4217 without metals, bond units and test codes, and when former ones ended.

Names, symbols and minor units of the same codes are in resources/currencies.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
    CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP
    GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR
    KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
    MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XCD XCG XDR XOF XPF XSU XUA YER ZAR ZMW ZWG
"""
ACTIVE: frozenset[str] = frozenset(_CODES.split())

RETIRED: Mapping[str, tuple[date, str]] = MappingProxyType(
    {  # the last day in force, and what came after
        "RUR": (date(1997, 12, 31), "RUB"),
        "TJR": (date(2000, 10, 29), "TJS"),
        "TRL": (date(2004, 12, 31), "TRY"),
        "AZM": (date(2005, 12, 31), "AZN"),
        "ROL": (date(2006, 6, 30), "RON"),
        "SIT": (date(2006, 12, 31), "EUR"),
        "CYP": (date(2007, 12, 31), "EUR"),
        "MTL": (date(2007, 12, 31), "EUR"),
        "TMM": (date(2008, 12, 31), "TMT"),
        "SKK": (date(2008, 12, 31), "EUR"),
        "EEK": (date(2010, 12, 31), "EUR"),
        "LVL": (date(2013, 12, 31), "EUR"),
        "LTL": (date(2014, 12, 31), "EUR"),
        "BYR": (date(2016, 6, 30), "BYN"),
        "MRO": (date(2017, 12, 31), "MRU"),
        "STD": (date(2017, 12, 31), "STN"),
        "CUC": (date(2020, 12, 31), "CUP"),
        "HRK": (date(2022, 12, 31), "EUR"),
        "SLL": (date(2024, 3, 31), "SLE"),
        "ZWL": (date(2024, 8, 31), "ZWG"),
        "ANG": (date(2025, 6, 30), "XCG"),
        "BGN": (date(2025, 12, 31), "EUR"),
    }
)


def in_force(code: str, day: date) -> bool:
    """Whether `code` is a currency that a bank could price on `day`."""
    if code in ACTIVE:
        return True
    retired = RETIRED.get(code)
    return retired is not None and day <= retired[0]

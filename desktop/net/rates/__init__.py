"""The providers of rates, one file each, by id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from desktop.net.rates import (
    cbar,
    cbr,
    cbt,
    cbu,
    ecb,
    erapi,
    fawaz,
    frankfurter,
    nbg,
    nbk,
    nbkr,
    nbt,
    peg,
    tcmb,
)
from desktop.net.rates.provider import Parsed, Provider, Request

__all__ = ["PROVIDERS", "Parsed", "Provider", "Request"]

PROVIDERS: Mapping[str, Provider] = MappingProxyType(
    {
        provider.id: provider
        for provider in (
            nbk.PROVIDER,
            nbkr.PROVIDER,
            nbkr.WEEKLY_PROVIDER,
            nbt.PROVIDER,
            cbu.PROVIDER,
            cbr.PROVIDER,
            cbt.PROVIDER,
            cbar.PROVIDER,
            nbg.PROVIDER,
            tcmb.PROVIDER,
            ecb.PROVIDER,
            *frankfurter.BANK_PROVIDERS,
            frankfurter.PROVIDER,
            erapi.PROVIDER,
            fawaz.PROVIDER,
            peg.PROVIDER,
        )
    }
)

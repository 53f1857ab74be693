"""The providers of rates, one file each, by id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from desktop.net.rates import cbr, cbu, erapi, nbk, nbkr, nbt, peg
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
            erapi.PROVIDER,
            peg.PROVIDER,
        )
    }
)

"""Texts encrypted with the hub's keys, each for one purpose: what was sealed for another is not opened."""

from __future__ import annotations

from hub.usecases.ports import Mint


def seal(mint: Mint, purpose: str, text: str) -> bytes:
    """The text, encrypted."""
    return mint.seal_code(f"{purpose}\n{text}")


def unseal(mint: Mint, purpose: str, sealed: bytes) -> str:
    """The text again; ValueError when it was sealed with another key, or for another purpose."""
    told, _, text = mint.open_code(sealed).partition("\n")
    if told != purpose:
        raise ValueError("this was sealed for another purpose")
    return text

"""Every message says what is wrong and what to do about it; both can be had apart."""

from __future__ import annotations

import pytest

from engine.core.errors import FeedUnreachableError, NbabotError


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("It is late: go home.", ("It is late", "go home")),
        ("x cannot be reached (errno: 2): check the network.", ("x cannot be reached (errno: 2)", "check the network")),
        ("It is left alone until 12:30 UTC.", ("It is left alone until 12:30 UTC", "")),
    ],
)
def test_the_last_colon_parts_what_is_wrong_from_what_to_do(message: str, parts: tuple[str, str]) -> None:
    assert NbabotError(message).parts == parts


def test_the_reason_of_a_feed_names_neither_host_nor_advice() -> None:
    assert (
        FeedUnreachableError("a.b", "a.b cannot be reached (no: name): go on.").reason == "cannot be reached (no: name)"
    )

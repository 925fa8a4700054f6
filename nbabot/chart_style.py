"""The look of every picture in Discord: a dark ground of its own, so that it reads alike on dark and light themes, and
letters that are large enough where a phone shows it 320 pixels wide. Without pyplot, so threads share no figure.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, DPI = 4.0, 200
"""Inches, and dots to an inch."""
GROUND, INK, FAINT = "#1e1f26", "#f2f3f5", "#a3a7b3"
GOOD, BAD, HIGHLIGHT = "#4cbb84", "#e0605a", "#ffb454"
LETTERS, SMALL = 10.5, 9.0
_LEAST_CONTRAST = 3.0
"""What WCAG 2.1 asks of graphics against what they stand on."""
_STEP = 0.06


def figure(height: float) -> Figure:
    """An empty picture of so many inches' height."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, height), dpi=DPI, facecolor=GROUND)


def png(made: Figure) -> bytes:
    """The picture as a file."""
    target = BytesIO()
    made.savefig(target, format="png", metadata={"Software": None}, pil_kwargs={"compress_level": 1})
    return target.getvalue()


def on_ground(colour: int) -> str:
    """A colour (0xRRGGBB), lightened until it stands out from the ground: `"#rrggbb"`."""
    parts = [(colour >> shift & 255) / 255 for shift in (16, 8, 0)]
    ground = luminance([int(GROUND[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    while (luminance(parts) + 0.05) / (ground + 0.05) < _LEAST_CONTRAST:
        parts = [part + _STEP * (1 - part) for part in parts]
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def luminance(parts: list[float]) -> float:
    """How bright a colour looks, 0 to 1 (WCAG 2.1), from its red, green and blue of 0 to 1."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

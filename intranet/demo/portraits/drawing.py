"""Puts a portrait together: background, shoulders, head, face, hair, glasses."""

from __future__ import annotations

import random
from dataclasses import dataclass

from intranet.demo.portraits import clothes, hair
from intranet.demo.portraits.colours import (
    BACKGROUNDS,
    CLOTH,
    DARK_HAIR,
    FAIR_HAIR,
    GREY_HAIR,
    SCARVES,
    SCRUBS,
    SKINS,
    is_dark,
    shade,
)
from intranet.demo.portraits.face import draw_face
from intranet.demo.portraits.hair import Style
from intranet.demo.portraits.looks import LOOKS, Ancestry


@dataclass(frozen=True)
class Look:
    """Who is drawn."""

    gender: str
    skin: str
    hair: str
    age: int
    covered: bool
    style: Style
    width: float


def draw_portrait(seed: int, gender: str, ancestry: str = "") -> str:
    """Return a portrait as SVG text, the same for the same seed, gender ("f" or "m") and ancestry (a key of LOOKS).

    Without ancestry one is drawn by chance, as they are spread in the city.
    """
    chance = random.Random(f"portrait {seed} {gender} {ancestry}")
    ancestry = ancestry or chance.choices(list(LOOKS), [kind.share for kind in LOOKS.values()])[0]
    look = _pick_look(chance, gender, LOOKS[ancestry])
    behind, front = _dress_head(chance, look)
    parts = [_background(chance), '<g transform="translate(0 6)">', behind, _clothes(chance, look)]
    parts += [draw_face(chance, look.skin, look.hair, look.gender, look.age, look.width, covered=look.covered), front]
    head = _HEAD.format(light=shade(look.skin, 0.06), skin=look.skin, dim=shade(look.skin, -0.1))
    return head + "".join(parts) + "</g></svg>"


_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200"><defs>'
    '<linearGradient id="sk" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="{light}"/>'
    '<stop offset=".6" stop-color="{skin}"/><stop offset="1" stop-color="{dim}"/></linearGradient></defs>'
)


def _pick_look(chance: random.Random, gender: str, kind: Ancestry) -> Look:
    skin = SKINS[chance.randint(*kind.skins)]
    age = chance.choice([24, 28, 31, 35, 39, 43, 47, 51, 55, 59, 63])
    covered = chance.random() < (kind.hijab if gender == "f" else kind.turban)
    style = _pick_style(chance, gender, kind, age, covered=covered)
    return Look(gender, skin, _hair_colour(chance, kind, age), age, covered, style, chance.uniform(35.5, 40.5))


def _hair_colour(chance: random.Random, kind: Ancestry, age: int) -> str:
    if age >= 47 and chance.random() < (age - 40) / 26:
        return chance.choice(GREY_HAIR)
    return chance.choice(FAIR_HAIR if chance.random() < kind.fair else DARK_HAIR)


def _pick_style(chance: random.Random, gender: str, kind: Ancestry, age: int, *, covered: bool) -> Style:
    woman = gender == "f"
    if covered:
        return chance.choice(hair.HIJABS if woman else hair.TURBANS)
    if chance.random() < kind.coiled:
        return chance.choice(hair.WOMEN_COILED if woman else hair.MEN_COILED)
    if age >= 51 and chance.random() < 0.75:
        return chance.choice(hair.WOMEN_OLDER if woman else hair.MEN_OLDER)
    return chance.choice(hair.WOMEN if woman else hair.MEN)


def _dress_head(chance: random.Random, look: Look) -> tuple[str, str]:
    colour = chance.choice(SCARVES) if look.covered and look.gender == "f" else look.hair
    cloth = chance.choice(SCARVES)
    values = {"c": colour, "d": shade(colour, -0.16), "l": shade(colour, 0.22), "h": cloth, "hd": shade(cloth, -0.18)}
    stretch = f'<g transform="translate({100 - 100 * look.width / 38:.2f} 0) scale({look.width / 38:.3f} 1)">'
    behind, front = (f"{stretch}{part.format(**values)}</g>" if part else "" for part in look.style)
    return behind, front


def _clothes(chance: random.Random, look: Look) -> str:
    piece = chance.choice(clothes.FOR_WOMEN if look.gender == "f" else clothes.FOR_MEN)
    colour = chance.choice(SCRUBS if piece is clothes.SCRUBS else CLOTH)
    if piece in (clothes.BLAZER, clothes.TIE):
        colour = chance.choice(["#38446b", "#3b3a45", "#52606d", "#2f5d50", "#5a4636", "#7a3b3b"])
    values = {
        "c": colour, "d": shade(colour, -0.2), "l": shade(colour, 0.24 if is_dark(colour) else -0.1),
        "w": chance.choice(["#f6f3ee", "#dfe7f1", "#f3e3d3", "#e9d9e4"]), "v": chance.choice(["#e8e337", "#f08a2c"]),
        "a": chance.choice(["#a63d2a", "#27479b", "#2f5d50", "#8a5a83"]),
    }  # fmt: skip
    extra = ""
    if piece is clothes.SCRUBS and chance.random() < 0.35:
        extra = clothes.STETHOSCOPE
    elif chance.random() < 0.16:
        extra = clothes.LANYARD
    elif look.gender == "f" and not look.covered and chance.random() < 0.2:
        extra = clothes.NECKLACE
    neck = f'<path d="M82 120h36v36q-18 16-36 0z" fill="{shade(look.skin, -0.13)}"/>'
    if piece is clothes.POLO_NECK:
        return neck + (piece + extra).format(**values)
    return piece.format(**values) + neck + extra.format(**values)


def _background(chance: random.Random) -> str:
    """Soft light, as out of focus. Discs on discs: blurring and gradients take twice as long to draw."""
    ground, dark, light = chance.choice(BACKGROUNDS)
    parts = [f'<rect width="200" height="200" fill="{ground}"/>']
    for colour in (dark, light, light):
        x, y, radius = chance.randint(-10, 210), chance.randint(-10, 150), chance.randint(40, 68)
        for share in (1, 0.93, 0.86):
            parts.append(f'<circle cx="{x}" cy="{y}" r="{radius * share:.1f}" fill="{colour}" fill-opacity=".27"/>')
    floor = shade(dark, -0.15)
    parts += [f'<rect y="{y}" width="200" height="60" fill="{floor}" fill-opacity=".18"/>' for y in (146, 153, 161)]
    return "".join(parts)

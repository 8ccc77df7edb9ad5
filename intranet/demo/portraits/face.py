"""Draws a face: head, ears, cheeks, eyes, brows, nose, mouth, beard, lines, glasses."""
# ruff: noqa: E501 - a drawn path stays on one line

from __future__ import annotations

import random

from intranet.demo.portraits.colours import FRAMES, is_dark, shade

SMILES = [
    '<path d="M84 117q16 17 32 0q-16 5-32 0z" fill="{lip}"/><path d="M86.500 118.500q13.500 4.500 27 0l-2.500 3.500q-11 3.500-22 0z" fill="#fff"/>',
    '<path d="M82 115q18 22 36 0q-18 4-36 0z" fill="{lip}"/><path d="M84.500 116q15.500 4 31 0l-3 5q-12.500 4-25 0z" fill="#fff"/>',
    '<path d="M87 119q13 9 26 0" fill="none" stroke="{line}" stroke-width="3" stroke-linecap="round"/>',
    '<path d="M86 118q15 11 29-1" fill="none" stroke="{line}" stroke-width="3" stroke-linecap="round"/><path d="M115 115q3 1 2 4" fill="none" stroke="{line}" stroke-width="2.200" stroke-linecap="round"/>',
]
LIPS = '<path d="M86 117.500q7-4.500 14-1.500 7-3 14 1.500-14 2.500-28 0z" fill="{lip}"/><path d="M86 117.500q14 13 28 0-14 2.500-28 0z" fill="{lip}" fill-opacity=".85"/>'
NOSES = [
    '<path d="M100 92q-5 12-1 14 3 1 5 0" fill="none" stroke="{n}" stroke-width="2.600" stroke-linecap="round" stroke-linejoin="round"/>',
    '<path d="M95 105q5 4 10 0" fill="none" stroke="{n}" stroke-width="2.600" stroke-linecap="round"/>',
    '<path d="M101 90q-7 13-4 16 3 2 8 0" fill="none" stroke="{n}" stroke-width="2.600" stroke-linecap="round" stroke-linejoin="round"/>',
    '<path d="M93 104q2 4 7 2.500 5 1.500 7-2.500" fill="none" stroke="{n}" stroke-width="2.500" stroke-linecap="round"/>',
]
BEARDS = {
    "full": '<path d="M62 96c2 36 16 53 38 53s36-17 38-53c-4 10-8 14-14 15-10-6-38-6-48 0-6-1-10-5-14-15z" fill="{b}"/>',
    "short": '<path d="M63 100c3 30 17 45 37 45s34-15 37-45c-4 10-7 13-12 14-12-5-38-5-50 0-5-1-8-4-12-14z" fill="{b}" fill-opacity=".72"/>',
    "goatee": '<path d="M84 122q16 4 32 0 1 20-16 24-17-4-16-24z" fill="{b}" fill-opacity=".85"/><path d="M84 112q16-7 32 0l-1 4q-15-5-30 0z" fill="{b}" fill-opacity=".85"/>',
    "moustache": '<path d="M82 114q9-8 18-3 9-5 18 3-9 3-18 0-9 3-18 0z" fill="{b}"/>',
    "stubble": '<path d="M64 104c3 26 16 40 36 40s33-14 36-40c-4 8-7 10-12 11-12-4-36-4-48 0-5-1-8-3-12-11z" fill="{b}" fill-opacity=".22"/>',
}
GLASSES = [
    '<rect x="70" y="82" width="25" height="20" rx="9"/><rect x="105" y="82" width="25" height="20" rx="9"/><path d="M95 90q5-3 10 0M70 89l-8-2M130 89l8-2" fill="none"/>',
    '<circle cx="83" cy="92" r="13"/><circle cx="117" cy="92" r="13"/><path d="M96 90q4-3 8 0M70 89l-8-2M130 89l8-2" fill="none"/>',
    '<rect x="69" y="84" width="27" height="16" rx="4"/><rect x="104" y="84" width="27" height="16" rx="4"/><path d="M96 90q4-2 8 0M69 88l-7-2M131 88l7-2" fill="none"/>',
]


def draw_face(
    chance: random.Random, skin: str, hair: str, gender: str, age: int, width: float, *, covered: bool
) -> str:
    """Return the head with everything on it but hair and head-dress."""
    parts = [_head(chance, skin, width, covered=covered)]
    if gender == "m":
        parts.append(_beard(chance, hair, skin, covered=covered))
    parts += [_eyes(chance, skin, gender), _brows(chance, hair, skin, gender), _mouth(chance, skin, gender, age)]
    parts.append(chance.choice(NOSES).format(n=shade(skin, -0.26)))
    if age >= 51:
        parts.append(_lines(skin))
    if skin.startswith("#f") and chance.random() < 0.14:
        parts.append(_freckles(skin))
    if chance.random() < (0.2 if age < 45 else 0.42):
        frame = chance.choice(FRAMES)
        parts.append(
            f'<g fill="#fff" fill-opacity=".16" stroke="{frame}" stroke-width="2.800">{chance.choice(GLASSES)}</g>'
        )
    if gender == "f" and not covered and chance.random() < 0.4:
        y = 110 if width < 38 else 111
        parts.append(
            "".join(
                f'<circle cx="{100 + side * (width + 2):.1f}" cy="{y}" r="2.600" fill="#d8b45a"/>' for side in (-1, 1)
            )
        )
    return "".join(parts)


def _head(chance: random.Random, skin: str, width: float, *, covered: bool) -> str:
    dim = shade(skin, -0.13)
    jaw, chin = chance.uniform(18, 26), chance.uniform(139.5, 145)
    left, right = 100 - width, 100 + width
    ears = (
        ""
        if covered
        else "".join(f'<ellipse cx="{x:.1f}" cy="98" rx="7" ry="10" fill="{dim}"/>' for x in (left - 1, right + 1))
    )
    head = (
        f'<path d="M{left:.1f} 86C{left:.1f} 58 {100 - width * 0.58:.1f} 42 100 42S{right:.1f} 58 {right:.1f} 86'
        f'C{right:.1f} 120 {100 + jaw:.1f} {chin:.1f} 100 {chin:.1f}S{left:.1f} 120 {left:.1f} 86z" fill="url(#sk)"/>'
    )
    blush = "".join(f'<ellipse cx="{x}" cy="108" rx="9" ry="6" fill="#e4735f" fill-opacity=".15"/>' for x in (77, 123))
    shadow = f'<path d="M82 138q18 15 36 0v-7q-18 14-36 0z" fill="{shade(skin, -0.24)}" fill-opacity=".5"/>'
    return shadow + ears + head + blush


def _eyes(chance: random.Random, skin: str, gender: str) -> str:
    light = skin.startswith("#f") and chance.random() < 0.55
    iris = chance.choice(["#3f5f7d", "#4c6b57", "#5b4632"]) if light else "#2d2320"
    tall = chance.uniform(4.0, 4.9)
    parts = []
    for x in (83, 117):
        parts.append(
            f'<ellipse cx="{x}" cy="92" rx="4.200" ry="{tall:.1f}" fill="{iris}"/><circle cx="{x}" cy="92" r="2.100" fill="#1c1614"/>'
        )
        parts.append(f'<circle cx="{x + 1.5}" cy="90.500" r="1.400" fill="#fff"/>')
    if gender == "f" and chance.random() < 0.7:
        lash = shade(skin, -0.72)
        parts.append(
            f'<path d="M77 90.500q5-5 11-1.500M123 90.500q-5-5-11-1.500" fill="none" stroke="{lash}" stroke-width="1.900" stroke-linecap="round"/>'
        )
    return "".join(parts)


def _brows(chance: random.Random, hair: str, skin: str, gender: str) -> str:
    colour = shade(hair, -0.25) if hair != "none" else shade(skin, -0.6)
    thick = chance.uniform(2.2, 3.2) if gender == "f" else chance.uniform(3.0, 4.2)
    lift = chance.uniform(-1.5, 1.5)
    return (
        f'<g transform="translate(0 {lift:.1f})" fill="none" stroke="{colour}" stroke-width="{thick:.1f}" stroke-linecap="round">'
        '<path d="M74 81q9-6 17-1.500"/><path d="M109 79.500q8-4.500 17 1.500"/></g>'
    )


def _mouth(chance: random.Random, skin: str, gender: str, age: int) -> str:
    red = chance.choice(["#a8484d", "#b05a5a", "#8e3b46", "#a14a3f"])
    if gender == "f" and chance.random() < 0.25:
        return LIPS.format(lip=red)
    lip = "#8b2f2f" if not is_dark(skin) else "#6d2328"
    return chance.choice(SMILES).format(lip=lip, line=shade(skin, -0.45))


def _beard(chance: random.Random, hair: str, skin: str, *, covered: bool) -> str:
    kind = "full" if covered else chance.choices([*BEARDS, "none"], [14, 16, 7, 5, 16, 42])[0]
    return BEARDS[kind].format(b=shade(hair, -0.1)) if kind != "none" else ""


def _lines(skin: str) -> str:
    tone = shade(skin, -0.2)
    return (
        f'<g fill="none" stroke="{tone}" stroke-width="1.500" stroke-linecap="round" stroke-opacity=".75">'
        '<path d="M79 111q-3 4-2 8M121 111q3 4 2 8M70 95l-4 2M130 95l4 2M88 68q12-3 24 0"/></g>'
    )


def _freckles(skin: str) -> str:
    spots = ((74, 102), (79, 105), (84, 102), (116, 102), (121, 105), (126, 102), (97, 99), (103, 100))
    return "".join(f'<circle cx="{x}" cy="{y}" r="1" fill="{shade(skin, -0.3)}" fill-opacity=".6"/>' for x, y in spots)

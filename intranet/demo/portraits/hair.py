"""Hair and what covers it: each style is what lies behind the shoulders and what lies over the face.

`{c}` is the colour, `{d}` a darker and `{l}` a lighter one. Drawn for a head 76 wide and stretched to fit.
"""
# ruff: noqa: E501 - a drawn path stays on one line

from __future__ import annotations

Style = tuple[str, str]

SHINE = '<path d="M72 54q22-14 52-2" stroke="{l}" stroke-width="3" fill="none" stroke-linecap="round" stroke-opacity=".55"/>'
FRINGE = (
    '<path d="M58 99C51 55 70 35 100 35s49 20 42 64c-3-11-6-16-9-21-19 5-47 5-66 0-3 5-6 10-9 21z" fill="{c}"/>' + SHINE
)
PARTED = '<path d="M58 99C51 57 70 35 100 35s49 22 42 64c-6-21-18-35-42-45-18 10-36 24-42 45z" fill="{c}"/><path d="M100 37q-2 8 0 17" stroke="{d}" stroke-width="2" fill="none"/>'
SWEPT = '<path d="M58 97c-7-39 13-62 43-62 27 0 46 19 40 62-4-19-12-29-24-37-13 12-35 17-47 15-5 6-9 11-12 22z" fill="{c}"/><path d="M79 50q19-11 42 2" stroke="{l}" stroke-width="3" fill="none" stroke-linecap="round" stroke-opacity=".55"/>'
BACK = '<path d="M60 88c-3-34 14-53 40-53s43 19 40 53c-4-15-10-23-19-26-13-4-29-4-42 0-9 3-15 11-19 26z" fill="{c}"/>'
CROPPED = '<path d="M62 84c-3-31 13-46 38-46s41 15 38 46c-3-10-6-15-10-18-18-6-38-6-56 0-4 3-7 8-10 18z" fill="{c}"/>'

LONG = '<path d="M51 92c-5-42 18-63 49-63s54 21 49 63c-1 26 7 50 3 74-9 8-21 6-28 3H76c-7 3-19 5-28-3-4-24 4-48 3-74z" fill="{d}"/>'
BOB = '<path d="M50 92c-4-41 18-61 50-61s54 20 50 61c0 20 4 31 1 44-11 7-23 2-27-4H76c-4 6-16 11-27 4-3-13 1-24 1-44z" fill="{d}"/>'
WAVES = '<path d="M53 84c-12 10-10 24-4 33-9 10-7 24 2 32 4 10 14 14 24 12h50c10 2 20-2 24-12 9-8 11-22 2-32 6-9 8-23-4-33-4-38-24-55-47-55s-43 17-47 55z" fill="{d}"/>'
TAIL = '<path d="M132 52c26-4 38 22 30 50-4 16-2 34-14 44-6-20-2-34-4-52-2-16-8-30-12-42z" fill="{d}"/>'
BUN = '<circle cx="100" cy="27" r="22" fill="{d}"/><path d="M84 22q16-12 32 0" stroke="{l}" stroke-width="2.5" fill="none" stroke-opacity=".5"/>'
LOW_BUN = '<ellipse cx="100" cy="138" rx="46" ry="18" fill="{d}"/>'
PLAITS = '<g fill="{d}"><circle cx="52" cy="112" r="11"/><circle cx="49" cy="128" r="10"/><circle cx="48" cy="143" r="9"/><circle cx="49" cy="157" r="8"/><circle cx="148" cy="112" r="11"/><circle cx="151" cy="128" r="10"/><circle cx="152" cy="143" r="9"/><circle cx="151" cy="157" r="8"/></g>'
CLOUD = '<circle cx="100" cy="70" r="57" fill="{d}"/><circle cx="54" cy="86" r="24" fill="{d}"/><circle cx="146" cy="86" r="24" fill="{d}"/>'
HALO = '<g fill="{d}"><circle cx="66" cy="54" r="22"/><circle cx="86" cy="40" r="22"/><circle cx="114" cy="40" r="22"/><circle cx="134" cy="54" r="22"/><circle cx="58" cy="76" r="18"/><circle cx="142" cy="76" r="18"/></g>'
CURLS_BACK = '<g fill="{d}"><circle cx="58" cy="78" r="20"/><circle cx="53" cy="104" r="18"/><circle cx="57" cy="128" r="17"/><circle cx="142" cy="78" r="20"/><circle cx="147" cy="104" r="18"/><circle cx="143" cy="128" r="17"/><circle cx="74" cy="50" r="22"/><circle cx="126" cy="50" r="22"/><circle cx="100" cy="41" r="24"/></g>'
CURLS = '<g fill="{c}"><circle cx="70" cy="59" r="13"/><circle cx="85" cy="49" r="15"/><circle cx="103" cy="46" r="15"/><circle cx="120" cy="51" r="14"/><circle cx="132" cy="63" r="12"/><circle cx="63" cy="73" r="9"/><circle cx="138" cy="75" r="8"/></g>'
LOCKS = (
    '<g fill="{d}">'
    + "".join(
        f'<rect x="{x}" y="58" width="9" height="{h}" rx="4.5"/>'
        for x, h in ((46, 92), (55, 100), (64, 84), (127, 84), (136, 100), (145, 92))
    )
    + "</g>"
)
ROWS = (
    BACK
    + '<path d="M78 60q-2-14 6-23M92 58q-1-14 3-22M108 58q1-14-3-22M122 60q2-14-6-23" stroke="{l}" stroke-width="2" fill="none" stroke-opacity=".6"/>'
)

PIXIE = (
    '<path d="M59 94c-6-36 11-59 42-59 29 0 45 20 40 58-4-12-7-20-13-26-8 4-18 3-24-3-9 8-22 12-33 10-6 5-9 12-12 20z" fill="{c}"/>'
    + SHINE
)
QUIFF = '<path d="M61 86c-4-30 6-42 22-46 4-8 20-14 36-8 18 4 24 24 20 54-3-11-6-18-11-22-18-4-34-2-52 0-8 4-12 11-15 22z" fill="{c}"/><path d="M84 42q20-12 40 0" stroke="{l}" stroke-width="3" fill="none" stroke-linecap="round" stroke-opacity=".5"/>'
FADE = '<path d="M66 62c6-18 18-26 34-26s28 8 34 26c-18-7-50-7-68 0z" fill="{c}"/><path d="M62 86c-1-10 0-17 4-24 20-7 48-7 68 0 4 7 5 14 4 24-3-9-5-13-9-17-18-5-40-5-58 0-4 4-6 8-9 17z" fill="{c}" fill-opacity=".55"/>'
BUZZ = '<path d="M62 83c-2-29 13-44 38-44s40 15 38 44c-3-9-6-14-11-17-17-6-37-6-54 0-5 3-8 8-11 17z" fill="{c}" fill-opacity=".8"/>'
RECEDING = '<path d="M61 90c-3-20 3-38 18-46-4 8-5 14-4 20-7 5-11 14-14 26zM139 90c3-20-3-38-18-46 4 8 5 14 4 20 7 5 11 14 14 26z" fill="{c}"/><path d="M80 45q20-12 40 0-20-4-40 0z" fill="{c}" fill-opacity=".6"/>'
CROWN = '<path d="M60 94c-2-11 0-24 5-32 4 7 4 15 2 25zM140 94c2-11 0-24-5-32-4 7-4 15-2 25z" fill="{c}"/>'
SLEEK = CROPPED + '<path d="M66 62q34-16 68 0" stroke="{l}" stroke-width="2.5" fill="none" stroke-opacity=".45"/>'
SIDE = '<path d="M60 88c-3-33 12-52 42-52 27 0 41 18 38 52-3-13-7-20-12-24-14-2-32-3-46-12-3 7-8 11-13 14-4 5-7 11-9 22z" fill="{c}"/>'
BEANIE = '<path d="M60 88c-1-7-1-12 0-16h80c1 4 1 9 0 16-3-6-5-9-8-11H68c-3 2-5 5-8 11z" fill="{c}"/><path d="M57 80c-2-36 16-56 43-56s45 20 43 56q-43-16-86 0z" fill="{h}"/><path d="M55 85q45-18 90 0l-2-15q-43-16-86 0z" fill="{hd}"/>'
CAP = '<path d="M61 88c-1-8 0-13 2-18h74c2 5 3 10 2 18-3-6-5-9-8-11H69c-3 2-5 5-8 11z" fill="{c}"/><path d="M60 74c0-30 16-46 40-46s40 16 40 46q-40-12-80 0z" fill="{h}"/><path d="M52 80q48-24 96 0-48-12-96 0z" fill="{hd}"/>'

HIJAB_BACK = '<path d="M44 98c-3-46 23-69 56-69s59 23 56 69c0 26-3 46 14 67-24 22-41 29-70 29s-46-7-70-29c17-21 14-41 14-67z" fill="{d}"/>'
HIJAB = '<path d="M70 129q30 26 60 0l9 34q-39 20-78 0z" fill="{d}"/><path d="M52 92c0-38 20-59 48-59s48 21 48 59c0 32-16 54-35 62 11-12 21-32 21-56 0-27-14-43-34-43S66 71 66 98c0 24 10 44 21 56-19-8-35-30-35-62z" fill="{c}"/><path d="M61 141q19 34 67 26l26 14q-61 26-109-14z" fill="{c}"/><path d="M64 151q24 26 62 20" stroke="{l}" stroke-width="3" fill="none" stroke-linecap="round" stroke-opacity=".6"/>'
HIJAB_SOFT = '<path d="M70 130q30 24 60 0l6 40q-36 18-72 0z" fill="{d}"/><path d="M50 94c0-40 20-62 50-62s50 22 50 62c0 34-18 54-38 64 14-14 22-36 22-58 0-29-14-46-34-46S66 71 66 100c0 22 8 44 22 58-20-10-38-30-38-64z" fill="{c}"/><path d="M66 62q34-22 68 0" stroke="{l}" stroke-width="2.5" fill="none" stroke-opacity=".5"/><path d="M132 148c20 6 30 22 34 50h-44c8-18 12-34 10-50z" fill="{c}"/>'
TURBAN = '<path d="M55 84c-6-38 14-62 46-62 30 0 50 24 44 62-12-18-30-26-45-26S67 66 55 84z" fill="{h}"/><path d="M58 74c14-20 28-28 44-46M142 72c-14-18-26-24-44-36M62 62c10-6 22-16 30-34" stroke="{hd}" stroke-width="3" fill="none"/><path d="M90 60l10-14 10 14z" fill="{hd}"/>'
NOTHING = ""

WOMEN: list[Style] = [
    (BOB, FRINGE), (LONG, PARTED), (LONG, FRINGE), (LONG, SWEPT), (WAVES, PARTED), (WAVES, SWEPT), (TAIL, SWEPT),
    (TAIL, BACK), (BUN, BACK), (LOW_BUN, PARTED), (PLAITS, PARTED), (NOTHING, PIXIE), (NOTHING, SWEPT), (BOB, SWEPT),
    (CURLS_BACK, CURLS), (BOB, PARTED),
]  # fmt: skip
WOMEN_COILED: list[Style] = [
    (CLOUD, BACK),
    (BUN, ROWS),
    (HALO, BACK),
    (LOCKS, BACK),
    (LOW_BUN, ROWS),
    (CURLS_BACK, CURLS),
    (NOTHING, CROPPED),
]
MEN: list[Style] = [
    (NOTHING, CROPPED), (NOTHING, SIDE), (NOTHING, QUIFF), (NOTHING, FADE), (NOTHING, SWEPT), (NOTHING, SLEEK), (NOTHING, BUZZ),
    (NOTHING, SIDE), (NOTHING, CROPPED), (BUN, BACK), (NOTHING, CURLS), (NOTHING, BEANIE), (NOTHING, CAP), (NOTHING, NOTHING),
]  # fmt: skip
MEN_COILED: list[Style] = [
    (NOTHING, BUZZ),
    (NOTHING, FADE),
    (HALO, BACK),
    (NOTHING, CROPPED),
    (NOTHING, NOTHING),
    (LOCKS, BACK),
    (NOTHING, ROWS),
    (NOTHING, CAP),
]
MEN_OLDER: list[Style] = [
    (NOTHING, RECEDING),
    (NOTHING, CROWN),
    (NOTHING, NOTHING),
    (NOTHING, SIDE),
    (NOTHING, CROPPED),
    (NOTHING, CROWN),
    (NOTHING, BUZZ),
]
WOMEN_OLDER: list[Style] = [
    (NOTHING, PIXIE),
    (BOB, FRINGE),
    (BOB, SWEPT),
    (NOTHING, SWEPT),
    (LOW_BUN, SWEPT),
    (CURLS_BACK, CURLS),
    (NOTHING, BACK),
]
HIJABS: list[Style] = [(HIJAB_BACK, HIJAB), (HIJAB_BACK, HIJAB_SOFT)]
TURBANS: list[Style] = [(NOTHING, TURBAN)]

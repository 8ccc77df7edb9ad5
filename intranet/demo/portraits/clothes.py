"""What the people of the portraits wear. `{c}` is the cloth, `{d}` darker, `{l}` lighter, `{w}` the shirt beneath."""
# ruff: noqa: E501 - a drawn path stays on one line

from __future__ import annotations

BODY = '<path d="M14 204c2-38 28-50 62-56 8 12 40 12 48 0 34 6 60 18 62 56z" fill="{c}"/>'

SCRUBS = (
    BODY
    + '<path d="M76 148l24 34 24-34" fill="none" stroke="{l}" stroke-width="7" stroke-linejoin="round"/><rect x="128" y="180" width="26" height="4" rx="2" fill="{l}"/>'
)
SHIRT = (
    BODY
    + '<path d="M76 147l24 24 24-24 8 6-18 26-14-14-14 14-18-26z" fill="{l}"/><path d="M100 166v38" stroke="{d}" stroke-width="1.6" stroke-opacity=".5"/>'
)
KNIT = (
    BODY
    + '<path d="M74 148q26 22 52 0" fill="none" stroke="{d}" stroke-width="9" stroke-linecap="round"/><path d="M30 186q70 16 140 0" stroke="{l}" stroke-width="4" stroke-dasharray="3 7" fill="none"/><path d="M28 196q72 16 144 0" stroke="{l}" stroke-width="4" stroke-dasharray="3 7" stroke-dashoffset="5" fill="none"/>'
)
CREW = BODY + '<path d="M75 148q25 20 50 0" fill="none" stroke="{d}" stroke-width="7"/>'
POLO_NECK = (
    BODY
    + '<path d="M76 140q24 18 48 0l4 18q-28 18-56 0z" fill="{c}"/><path d="M76 142q24 18 48 0M73 156q27 18 54 0" fill="none" stroke="{d}" stroke-width="2.5"/>'
)
HOOD = (
    BODY
    + '<path d="M66 150q34 34 68 0l10 8q-44 44-88 0z" fill="{d}"/><path d="M90 176v22M110 176v22" stroke="{l}" stroke-width="3" stroke-linecap="round"/>'
)
BLAZER = '<path d="M70 204v-54q30 16 60 0v54z" fill="{w}"/><path d="M14 204c2-38 28-50 60-56l22 56zM186 204c-2-38-28-50-60-56l-22 56z" fill="{c}"/><path d="M74 148l-8 22 14 6 16 28zM126 148l8 22-14 6-16 28z" fill="{d}"/>'
TIE = BLAZER + '<path d="M94 164h12l-3 9 6 31H91l6-31z" fill="{a}"/>'
BLOUSE = (
    BODY
    + '<path d="M78 147q22 44 44 0" fill="none" stroke="{l}" stroke-width="5"/><circle cx="100" cy="190" r="2.4" fill="{l}"/>'
)
CARDIGAN = '<path d="M68 204v-54q32 18 64 0v54z" fill="{w}"/><path d="M14 204c2-38 28-50 62-56q2 26 14 56zM186 204c-2-38-28-50-62-56q-2 26-14 56z" fill="{c}"/><path d="M76 148q2 26 14 56M124 148q-2 26-14 56" stroke="{d}" stroke-width="4" fill="none"/>'
VEST = (
    BODY
    + '<path d="M34 204c2-26 16-44 38-54l14 54zM166 204c-2-26-16-44-38-54l-14 54z" fill="{v}"/><path d="M44 179h36M120 179h36" stroke="#f4f4ef" stroke-width="9"/><path d="M44 179h36M120 179h36" stroke="#b9bcc0" stroke-width="2"/>'
)
OVERALL = (
    BODY
    + '<path d="M62 152l10 52M138 152l-10 52" stroke="{d}" stroke-width="12"/><rect x="72" y="182" width="56" height="24" rx="4" fill="{d}"/>'
)
STETHOSCOPE = '<path d="M74 150c-4 20 2 32 14 36M126 150c4 16 0 26-6 32" fill="none" stroke="#3a3f4a" stroke-width="4" stroke-linecap="round"/><circle cx="119" cy="186" r="6" fill="#9aa3b0" stroke="#3a3f4a" stroke-width="2.5"/>'
LANYARD = '<path d="M78 150l20 46M122 150l-20 46" stroke="{a}" stroke-width="3.5" fill="none"/><rect x="91" y="192" width="18" height="14" rx="2" fill="#fff"/>'
NECKLACE = '<path d="M80 150q20 22 40 0" fill="none" stroke="#d8b45a" stroke-width="1.8"/><circle cx="100" cy="162" r="2.6" fill="#d8b45a"/>'

FOR_ALL = [SCRUBS, SHIRT, KNIT, CREW, CREW, HOOD, POLO_NECK, BLAZER, CARDIGAN, VEST, SCRUBS]
FOR_WOMEN = [*FOR_ALL, BLOUSE, BLOUSE, CARDIGAN]
FOR_MEN = [*FOR_ALL, SHIRT, TIE, OVERALL]

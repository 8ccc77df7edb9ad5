"""The demo organisation's house rules, in three languages."""

from __future__ import annotations

TEXTS = {
    "text_nb": """Slik gjør vi det her.

- **Vær raus.** Vi er kolleger, også når vi er uenige.
- **Skriv aldri om brukere, pasienter, elever eller barn.** Heller ikke uten navn.
- **Spør før du legger ut bilde av noen.**
- **Saksbehandling hører hjemme i fagsystemet.** Her deler vi kunnskap, ikke saker.

Er du i tvil? Spør lederen din eller superbrukeren.""",
    "text_nn": """Slik gjer vi det her.

- **Ver raus.** Vi er kollegaer, også når vi er usamde.
- **Skriv aldri om brukarar, pasientar, elevar eller barn.** Heller ikkje utan namn.
- **Spør før du legg ut bilete av nokon.**
- **Saksbehandling høyrer heime i fagsystemet.** Her deler vi kunnskap, ikkje saker.

Er du i tvil? Spør leiaren din eller superbrukaren.""",
    "text_en": """This is how we do it here.

- **Be generous.** We are colleagues, also when we disagree.
- **Never write about users, patients, pupils or children.** Not without names either.
- **Ask before you share a picture of someone.**
- **Casework belongs in its own system.** Here we share knowledge, not cases.

In doubt? Ask your leader or the superuser.""",
}

"""How a group may look: the icons, colours and covers an owner chooses between."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# Names of icons in the sprite, with what a screen reader says.
ICONS = {
    "PersonGroup": _("People"),
    "HouseHeart": _("Home with a heart"),
    "Buildings3": _("Buildings"),
    "HandHeart": _("Hand with a heart"),
    "Stethoscope": _("Stethoscope"),
    "TeddyBear": _("Teddy bear"),
    "Books": _("Books"),
    "HatSchool": _("School"),
    "Wrench": _("Wrench"),
    "Truck": _("Truck"),
    "Laptop": _("Laptop"),
    "Flower": _("Flower"),
    "Globe": _("Globe"),
    "Bicycle": _("Bicycle"),
    "Coffee": _("Cup of coffee"),
    "LightBulb": _("Light bulb"),
}
COLORS = {
    "accent": _("Blue"),
    "brand1": _("Red"),
    "brand2": _("Green"),
    "info": _("Light blue"),
    "warning": _("Yellow"),
    "success": _("Leaf green"),
}
COVERS = {"cover-alna.svg": _("Houses in autumn"), "cover-fjord.svg": _("The fjord at night")}

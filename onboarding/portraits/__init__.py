"""Portraits somebody else supplied: brought in at once, shown to nobody before the person says yes."""

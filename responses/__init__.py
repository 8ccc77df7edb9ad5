"""Hearing back: what people answer to an announcement. What a service needs, and who volunteers."""

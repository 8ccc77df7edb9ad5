"""The small ASGI process that owns the port: event streams, and a proxy to the web part for all the rest."""

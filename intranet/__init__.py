"""The project: settings, addresses, processes, the home page and the demo organisation."""

"""For those who keep Tunet running: what waits, since when and why; trying again, giving up. Never who or what."""

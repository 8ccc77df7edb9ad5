"""Official notices to a frozen audience, and the ledger that proves who got them."""

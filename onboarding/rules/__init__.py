"""Keeping the rules that put people into groups: the screens, the API and the writes behind them."""

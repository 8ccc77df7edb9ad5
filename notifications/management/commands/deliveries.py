"""Say how sending fares: `manage.py deliveries`; with `--check`, fail where somebody should look."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from notifications.operating.reading import ChannelFigures, Health, Heap, read_health


class Command(BaseCommand):
    help = "Print what waits to be sent, since when and why, and what was given up. For operators and monitors."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="end with an error where somebody should look")

    def handle(self, *args: Any, **options: Any) -> None:
        health = read_health()
        self.stdout.write("\n".join(_lines(health)))
        if options["check"] and health.problems:
            raise CommandError("; ".join(health.problems))


def _lines(health: Health) -> list[str]:
    lines = [_channel(one) for one in health.channels]
    lines += ["", "waiting:"] + [_heap(one) for one in health.waiting]
    lines += ["", "given up:"] + [_heap(one) for one in health.failed]
    lines += ["", "work for many:"]
    lines += [f"  {one.job}: {one.waiting} waiting, {one.failed} failed {one.error}" for one in health.jobs]
    lines += ["", *(f"{one.process} last heard of at {one.beaten_at or 'no time'}" for one in health.pulses)]
    return lines + [f"addresses without anybody: {health.refused_addresses}", f"problems: {health.problems or 'none'}"]


def _channel(one: ChannelFigures) -> str:
    state = "off" if not one.is_on else f"failing since {one.failing_since}" if one.failing_since else "well"
    told = f"{one.due} due, {one.later} for later, {one.sent_last_hour} sent in an hour, {one.failed} given up"
    return f"{one.channel}: {state}; {told} {one.last_error}".rstrip()


def _heap(one: Heap) -> str:
    return f"  {one.oldest_at:%Y-%m-%d %H:%M} {one.channel} {one.kind}: {one.count} {one.why} {one.error}".rstrip()

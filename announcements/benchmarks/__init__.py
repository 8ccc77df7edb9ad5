"""What announcements are measured by, for `manage.py bench`, in a database of its own that holds the demo organisation.

Publishing to everyone asks for a second pair of eyes; that is switched off here, for it is people who take that time.
"""

from __future__ import annotations

from announcements.benchmarks import reading, sending
from announcements.benchmarks.stage import prepare
from core.benchmarks import Benchmark, Curve, add_benchmark, add_curve

SIZES = (5_000, 20_000, 50_000, 200_000, 500_000)
RAW = "beside one raw INSERT … SELECT of the same receipts into the same table, emptied before each"
REQUEST = "beside the floor: a page with sign-in, middleware and frame, and nothing in it"

for name, made, ours, base, goal, says in (
    ("receipts_stored", prepare, sending.store_receipts, sending.store_raw, 1.5, f"Button to last receipt, {RAW}."),
    (
        "channels_queued",
        prepare,
        sending.tell_everyone,
        sending.store_raw,
        2.0,
        f"Button to last receipt, open pages woken by one signal, chunks gone through (no e-mail), {RAW}.",
    ),
    (
        "channels_queued_with_email",
        prepare,
        sending.tell_everyone_by_email,
        sending.store_raw_with_emails,
        2.0,
        "The same with an e-mail queued for each address, beside two raw statements: the receipts and the e-mails.",
    ),
    (
        "channels_queued_one_by_one",
        prepare,
        sending.tell_each_by_email,
        sending.store_raw_with_emails,
        2.0,
        "The same to all but one section, so that each page gets a signal of its own; the raw ones leave out none.",
    ),
    (
        "publishing_request",
        prepare,
        sending.send_request,
        reading.open_floor,
        3.0,
        f"The request behind the button, {REQUEST}.",
    ),
    ("marking_seen", reading.prepare_sent, reading.mark_seen, reading.open_floor, 3.0, f"By POST, {REQUEST}."),
    ("confirming", reading.prepare_sent, reading.confirm, reading.open_floor, 3.0, f"By POST, {REQUEST}."),
    (
        "figures_per_agency",
        reading.prepare_sent,
        reading.read_units,
        reading.read_units_raw,
        2.0,
        "Progress per agency as the page needs it, beside one raw SELECT … GROUP BY agency.",
    ),
    (
        "home_5000_live",
        reading.prepare_many_live,
        reading.home_with_many_live,
        reading.home_with_few_live,
        1.2,
        "The home page with 5,000 live announcements of which 3 are the reader's, beside the same with those 3 only.",
    ),
):
    add_benchmark(Benchmark(f"announcements.{name}", made, ours, base, goal, says=says))

add_curve(
    Curve(
        "announcements.cost_per_recipient",
        prepare,
        sending.cost_of_telling,
        SIZES,
        goal=1.3,
        says="Button to every channel queued, with an e-mail each, per recipient; largest size beside the smallest.",
    )
)

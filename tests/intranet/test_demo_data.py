"""The demo's hand-written data hangs together: everyone and everything it names exists, and no date is fixed."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from intranet.demo.messy_file import HEADINGS, ROWS, Surroundings, messy_rows, write_messy_file
from intranet.demo.portraits import draw_portrait
from intranet.demo.sources import DATA, read, read_agencies, read_all

CAST = {person["key"]: person for person in read("cast")["people"]}
GROUPS = {group["key"]: group for group in read("groups")["groups"]}
POSTS = read_all("posts")
ANNOUNCEMENTS = read("announcements")["announcements"]
REACTIONS = {"like", "heart", "well_done", "useful", "fun"}
PLACEHOLDER = re.compile(r"\{[^}]*\}")
KNOWN_PLACEHOLDER = re.compile(r"\{(([wW]eekday|date|week|year)([+-]\d+)?|[tT]oday)\}")


def talk_under(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for comment in entry.get("comments", []):
        yield comment
        yield from comment.get("replies", [])


def written() -> Iterator[tuple[str, str]]:
    """Every text with where it stands."""
    for person in CAST.values():
        yield person["key"], " ".join([person.get("about") or "", person.get("greeting", ""), *person["ask_me_about"]])
    for group in GROUPS.values():
        yield group["key"], f"{group['name']} {group['purpose']}"
    for entry in POSTS:
        yield entry["id"], entry["text"]
        yield from ((entry["id"], comment["text"]) for comment in talk_under(entry))
    for notice in ANNOUNCEMENTS:
        yield from ((notice["key"], " ".join(text.values())) for text in notice["texts"].values())
        yield from ((notice["key"], comment["text"]) for comment in talk_under(notice))
    yield from (("words", text) for text in [*read("words")["everyday_posts"], *read("words")["everyday_comments"]])


def unit_codes() -> set[str]:
    tree, codes = read("units"), {"OSLO"}
    for agency in read_agencies():
        codes.add(agency["code"])
        departments = tree["by_code"].get(agency["code"]) or tree["by_type"][agency["type"]]
        for number, department in enumerate(departments, 1):
            codes.add(f"{agency['code']}-{number:02}")
            source = department.get("sections_from")
            names = tree["districts"][agency["code"]][source["places"]] if source else department["sections"]
            codes |= {f"{agency['code']}-{number:02}-{place:02}" for place in range(1, len(names) + 1)}
    return codes


def belongs(key: str, group: dict[str, Any]) -> bool:
    person = CAST[key]
    units = [person["unit"], *(job["unit"] for job in [person.get("second_employment")] if job)]
    roles = person["roles"]
    ways: dict[str, Callable[[dict[str, Any]], bool]] = {
        "everyone": lambda m: True,
        "unit": lambda m: any(unit == m["code"] or unit.startswith(m["code"] + "-") for unit in units),
        "people": lambda m: key in m["keys"],
        "job_family": lambda m: person["job_title"] == m["name"],
        "job_title": lambda m: person["job_title"] == m["name"],
        "leaders": lambda m: any(r["role"] == "leader" and r["scope"].startswith(m["code"]) for r in roles),
        "role": lambda m: any(r["role"] == m["name"] for r in roles),
        "language": lambda m: person["language"] == m["code"],
        "started_within": lambda m: person.get("left_days_ago", 0) > 0,
        "sample": lambda m: False,
    }
    by_name = key in [*group["owners"], *group.get("moderators", [])]
    return by_name or any(ways[member["kind"]](member) for member in group["members"])


def test_there_is_enough_to_read() -> None:
    seen_by_amina = [
        post for post in POSTS if GROUPS[post["group"]]["privacy"] == "open" or belongs("amina", GROUPS[post["group"]])
    ]
    assert len(POSTS) >= 300
    assert len(seen_by_amina) >= 200
    assert sum(post["group"] == "hta" for post in POSTS) >= 70
    assert {"post", "question", "thanks", "stand_in"} <= {post["kind"] for post in POSTS}
    assert len(GROUPS) >= 40
    assert {group["privacy"] for group in GROUPS.values()} == {"open", "closed", "secret"}
    words = read("words")
    assert len(words["first_names"]) >= 250
    assert len(words["last_names"]) >= 350
    assert len(words["everyday_posts"]) >= 150
    assert len(words["everyday_comments"]) >= 150


def test_sign_ins_come_in_the_order_they_are_printed() -> None:
    roles = [CAST[key]["sign_in"] for key in read("cast")["sign_ins"]]
    assert list(dict.fromkeys(roles)) == [
        "employee", "new_hire", "leader", "communications", "hr", "admin", "shop_steward", "preparedness",
    ]  # fmt: skip


def test_everybody_and_everything_that_is_named_exists() -> None:
    codes, ids = unit_codes(), [post["id"] for post in POSTS]
    assert max(Counter(ids).values()) == 1
    for person in CAST.values():
        assert person["unit"] in codes, person["key"]
        assert person["leader"] is None or person["leader"] in CAST, person["key"]
        assert not person["portrait"] or (DATA / person["portrait"]).is_file()
    for group in GROUPS.values():
        assert group["unit"] is None or group["unit"] in codes
        named = [*group["owners"], *group.get("moderators", [])]
        named += [key for member in group["members"] for key in member.get("keys", [])]
        assert set(named) <= CAST.keys(), group["key"]
        assert all(member["code"] in codes for member in group["members"] if member["kind"] == "unit")
    for entry in POSTS:
        named = [entry["author"], *entry.get("reactors", []), *entry.get("thanks_to", [])]
        named += [comment["author"] for comment in talk_under(entry)]
        assert set(named) <= CAST.keys(), entry["id"]
        assert entry["group"] in GROUPS
        assert entry.get("shares", ids[0]) in ids
        assert "picture" not in entry or ((DATA / entry["picture"]["src"]).is_file() and entry["picture"]["alt"])
        assert all(set(said.get("reactions", {})) <= REACTIONS for said in [entry, *talk_under(entry)])
    for where, text in written():
        assert set(re.findall(r"@\[(\w+)\]", text)) <= CAST.keys(), where


def test_only_members_write_and_leavers_do_not_write_after_they_left() -> None:
    for entry in POSTS:
        group = GROUPS[entry["group"]]
        assert belongs(entry["author"], group), entry["id"]
        for comment in talk_under(entry):
            assert group["privacy"] == "open" or belongs(comment["author"], group), (entry["id"], comment["author"])
        for said in [entry, *talk_under(entry)]:
            left = CAST[said["author"]].get("left_days_ago", 0)
            days = entry["when"].get("days_ago", 0) - said.get("after_minutes", 0) / 1440
            assert not left or days >= left, (entry["id"], said["author"])


def test_who_has_not_accepted_the_house_rules_has_not_written() -> None:
    silent = {key for key, person in CAST.items() if person.get("accepted_house_rules") is False}
    assert silent == {"sunniva"}
    assert not silent & {said["author"] for entry in [*POSTS, *ANNOUNCEMENTS] for said in [entry, *talk_under(entry)]}


def test_no_date_is_fixed_and_no_address_is_real() -> None:
    for where, text in written():
        assert not re.search(r"\b(19|20)\d\d\b", KNOWN_PLACEHOLDER.sub("", text)), (where, text)
        left = KNOWN_PLACEHOLDER.sub("", text).replace("{group}", "")
        assert not PLACEHOLDER.search(left), (where, left)
    for path in DATA.glob("*.json"):
        for address in re.findall(r"[\w.-]+@[\w.-]+\w", path.read_text(encoding="utf-8")):
            assert address.endswith(".example"), (path.name, address)


def test_people_of_the_storm_are_karis_own() -> None:
    storm = ANNOUNCEMENTS[0]
    assert storm["texts"].keys() == {"nb", "nn", "en"}
    assert storm["reach"]["seen"] == 66
    missing = storm["leader_gap"]["not_confirmed"]
    assert len(missing) == 6
    assert all(
        CAST[key]["leader"] == storm["leader_gap"]["leader"] and "left_days_ago" not in CAST[key] for key in missing
    )
    assert not set(missing) & set(storm["confirmed"])


def test_portraits_are_the_same_for_the_same_seed() -> None:
    assert draw_portrait(7, "f") == draw_portrait(7, "f")
    drawn = {draw_portrait(seed, gender) for seed in range(100) for gender in "fm"}
    assert len(drawn) == 200
    assert all(svg.startswith("<svg") and "{" not in svg for svg in drawn)


@pytest.fixture
def around() -> Surroundings:
    units = [
        ("BAL-02-01", "Hjemmetjenesten Alna vest"),
        ("BAL-02-02", "Hjemmetjenesten Alna øst"),
        ("BAL-04-01", "Furuset barnehage"),
    ]
    return Surroundings(units, {"BAL-02-01": "100001"}, datetime.date(2031, 3, 3))


def test_messy_file_has_the_sixteen_columns_and_its_errors_in_place(around: Surroundings) -> None:
    out = io.StringIO()
    write_messy_file(out, around)
    rows = list(csv.DictReader(io.StringIO(out.getvalue()), delimiter=";"))
    assert list(rows[0]) == list(HEADINGS)
    assert len(rows) == ROWS
    assert rows == messy_rows(around)
    assert rows[13]["enhet"] == "HT Alna vst"
    assert (rows[26]["ansattnr"], rows[26]["etternavn"]) == (CAST["ola"]["employee_number"], "Ness")
    assert rows[40]["fornavn"] == ""
    assert rows[65]["startdato"] == "31.11.2031"
    assert sum(row["startdato"] > "2031-03-03" for row in rows if row["startdato"][4] == "-") == 1


def test_messy_file_needs_home_care(around: Surroundings) -> None:
    with pytest.raises(ValueError, match="home care"):
        messy_rows(Surroundings([("X-01", "Noe")], {}, around.today))

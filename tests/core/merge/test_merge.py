"""What a merge decides, case by case."""

from __future__ import annotations

import pytest

from plaincrm.core.merge import merge
from plaincrm.core.merge.document import MergeResult
from plaincrm.core.yaml.front_matter import parse

BASE = """\
---
name: Website   # for Ada
contact: ada
tags: [web]
stage: lead
value: 100 EUR
close_date: 2026-12-01
---
Met at a fair.

## Tasks
- [ ] Send the offer due:2026-12-01

## Log
- 2026-11-01 call: Hello
"""


def merged(a: str, b: str, base: str | None = BASE, path: str = "deals/website.md") -> MergeResult:
    result = merge(base, a, b, path)
    assert result == merge(base, b, a, path), "it matters whose is whose"
    return result


def field(name: str, old: str, left: str, right: str, kind: str = "deals") -> tuple[object, object]:
    """(what it shows, its entry in _conflicts) when it was `old` and two sides set it."""
    texts = [
        f"---\nname: x\n{f'{name}: {v}' if v else '# none'}\n---\n" for v in (old, left, right)
    ]
    fields = parse(merged(texts[1], texts[2], texts[0], f"{kind}/x.md").text).fields
    conflicts = fields.get("_conflicts", {})
    assert isinstance(conflicts, dict)
    return fields.get(name), conflicts.get(name)


def test_different_fields_of_both_sides_are_both_there() -> None:
    a, b = BASE.replace("100 EUR", "250 EUR"), BASE.replace("2026-12-01\n---", "2027-01-15\n---")
    text = BASE.replace("100 EUR", "250 EUR").replace("2026-12-01\n---", "2027-01-15\n---")
    assert merged(a, b) == MergeResult(text)


def test_comments_and_order_of_either_side_stay() -> None:
    a = BASE.replace("# for Ada", "# for Ada L.").replace("stage:", "# where it stands\nstage:")
    b = BASE.replace("tags: [web]\n", "").replace(
        "value: 100 EUR\n", "value: 100 EUR\ntags: [web, vip]\n"
    )
    assert merged(a, b).text == b.replace("# for Ada", "# for Ada L.").replace(
        "stage:", "# where it stands\nstage:"
    )


def test_a_comment_within_a_field_that_both_changed_is_kept() -> None:
    a = BASE.replace("tags: [web]", "tags: [web, a]   # mine")
    b = BASE.replace("tags: [web]", "tags: [web, much longer]   # yours")
    text = merged(a, b).text
    assert "tags: [web, a, much longer]   # yours\n" in text
    assert "# mine\n" in text


@pytest.mark.parametrize(
    ("name", "old", "left", "right", "shown", "others"),
    [
        ("stage", "lead", "proposal", "contacted", "lead", ["contacted", "proposal"]),
        ("stage", "lost", "proposal", "won", "proposal", ["won"]),
        ("stage", "", "won", "contacted", "contacted", ["won"]),
        ("stage", "lead", "won", "lost", "lead", ["lost", "won"]),
        ("stage", "won", "lost", "cancelled", "cancelled", ["lost"]),
        ("close_date", "2026-12-01", "2026-11-30", "2027-01-01", "2027-01-01", ["2026-11-30"]),
        ("close_date", "2027-12-01", "2026-11-30", "soon", "soon", ["2026-11-30"]),
        ("next", "", "2026-11-30 Zebra", "2026-12-01 Ask", "2026-12-01 Ask", ["2026-11-30 Zebra"]),
        ("value", "100 EUR", "200 EUR", "90 EUR", "100 EUR", ["200 EUR", "90 EUR"]),
        ("value", "", "1000 EUR", "90 EUR", "90 EUR", ["1000 EUR"]),
        ("probability", "", "50%", "9", "9", ["50%"]),
        ("lost_reason", "price", "silence", "time", "time", ["silence"]),
        ("diet", "", "vegan", "any", "vegan", ["any"]),
    ],
)
def test_a_contested_field_shows_one_value_and_keeps_the_others(
    name: str, old: str, left: str, right: str, shown: str, others: list[str]
) -> None:
    base = {"base": old} if old else {}
    assert field(name, old, left, right) == (shown, {**base, "values": others})


@pytest.mark.parametrize(
    ("left", "right"),
    [("yes", "no"), ("true", "false"), ("yes", ""), ("maybe", "no"), ("yes", "yes")],
)
def test_a_flag_that_one_side_raised_is_raised(left: str, right: str) -> None:
    shown, conflict = field("unsubscribed", "", left, right, "contacts")
    assert (shown, conflict) == (left, None)


@pytest.mark.parametrize(
    ("old", "left", "right", "shown"),
    [
        ("a", "", "b", "b"),
        ("a", "", "a", None),
        ("[a, b]", "[b]", "[a, b, c]", ["b", "c"]),
        ("a", "[a, b]", "c", ["c", "b"]),
        ("[a]", "[b, a]", "[a, b]", ["b", "a"]),
        ("[a, b, c]", "[c, a, b]", "[a, b, c, d]", ["c", "a", "b", "d"]),
        ("{x: 1}", "{x: 1, y: 2}", "{x: 3}", {"x": "3", "y": "2"}),
        ("{x: {y: 1}}", "{x: {y: 1, z: 2}}", "{x: {}, w: 4}", {"x": {"z": "2"}, "w": "4"}),
    ],
)
def test_lists_merge_by_element_and_maps_by_key(
    old: str, left: str, right: str, shown: object
) -> None:
    assert field("tags", old, left, right) == (shown, None)


def test_a_key_of_a_map_is_contested_on_its_own() -> None:
    texts = [f"---\nname: x\nlinks: {{site: {v}, blog: b}}\n---\n" for v in ("x", "y", "z")]
    fields = parse(merged(texts[1], texts[2], texts[0]).text).fields
    assert fields["links"] == {"site": "z", "blog": "b"}
    assert fields["_conflicts"] == {"links.site": {"base": "x", "values": ["y"]}}


def test_a_contested_field_gathers_more_values_and_can_be_resolved() -> None:
    def deal(stage: str, more: str = "") -> str:
        return f"---\nname: x\nstage: {stage}\n{more}---\n"

    first = merged(deal("won"), deal("lost"), deal("lead")).text
    third = merged(first, deal("parked"), deal("lead")).text
    assert parse(third).fields["_conflicts"] == {
        "stage": {"base": "lead", "values": ["lost", "parked", "won"]}
    }
    resolved = deal("won")
    assert merged(resolved, first.replace("name: x", "name: y"), first).text == resolved.replace(
        "name: x", "name: y"
    )


def test_log_entries_go_by_time_in_the_direction_of_the_log() -> None:
    new = ("- 2026-11-05 email out: B\n", "- 2026-11-03 call: A\n")
    up = merged(BASE + new[0], BASE + new[1]).text
    assert up.endswith("Hello\n- 2026-11-03 call: A\n- 2026-11-05 email out: B\n")
    base = BASE.replace(
        "- 2026-11-01 call: Hello\n", "- 2026-11-01 call: Hello\n- 2026-10-01 note: First\n"
    )
    down = merged(*(base.replace("## Log\n", f"## Log\n{each}") for each in new), base).text
    assert down.endswith(
        "## Log\n- 2026-11-05 email out: B\n- 2026-11-03 call: A\n- 2026-11-01 call: Hello\n"
        "- 2026-10-01 note: First\n"
    )


def test_the_same_entry_on_both_sides_is_one_and_a_second_one_stays_two() -> None:
    entry = "- 2026-11-05 call: Twice\n"
    assert merged(BASE + entry, BASE + entry + "- 2026-11-06 note: x\n").text.count("Twice") == 1
    assert merged(BASE + entry + entry, BASE + entry).text.count("Twice") == 2


def test_the_same_box_put_into_two_entries_leaves_the_lines_of_both() -> None:
    first, second = (
        "- 2026-01-05 call: Talked.\n{}  and more\n",
        "- 2026-02-11 call: Met.\n{}  and more\n",
    )
    log, box = f"---\nname: x\n---\n\n## Log\n{first}{second}", "- [ ] Ask\n"
    result = merged(log.format(box, ""), log.format("", box), log.format("", ""))
    assert result.text.replace("more\n\n", "more\n") == log.format(box, box)


def test_keys_of_a_task_merge_singly() -> None:
    a = BASE.replace(
        "- [ ] Send the offer due:2026-12-01", "- [x] Send the offer due:2026-12-01 done:2026-11-20"
    )
    b = BASE.replace("due:2026-12-01", "due:2027-01-01 pri:high")
    assert "- [x] Send the offer due:2027-01-01 done:2026-11-20 pri:high\n" in merged(a, b).text


def test_prose_rewritten_on_both_sides_stays_twice_without_markers() -> None:
    result = merged(
        BASE.replace("at a fair.", "at a trade fair."), BASE.replace("at a fair.", "in Rome.")
    )
    assert "Met at a trade fair.\n" in result.text
    rest = result.text.partition("## Conflict ")[2]
    assert rest[8:].startswith("\n\nMet in Rome.\n\n## Tasks\n")
    assert "<<<<" not in result.text
    assert result.report


def test_paragraphs_put_in_by_both_sides_are_both_there() -> None:
    a = BASE.replace("at a fair.\n", "at a fair.\n\nLikes tea.\n")
    b = BASE.replace("at a fair.\n", "at a fair.\n\nHas a dog.\n")
    assert merged(a, b).text == BASE.replace(
        "at a fair.\n", "at a fair.\n\nHas a dog.\n\nLikes tea.\n"
    )


def test_sections_that_both_sides_began_are_put_together() -> None:
    base = "---\nname: x\n---\n"
    a = base + "\n## Log\n- 2026-11-01 call: A\n"
    b = base + "\n## Notes\nTea.\n\n## Log\n- 2026-11-02 call: B\n"
    text = merged(a, b, base).text
    assert text == base + "\n## Notes\nTea.\n\n## Log\n- 2026-11-01 call: A\n- 2026-11-02 call: B\n"


@pytest.mark.parametrize("broken", ["---\nname: [x\n---\nMine\n", "---\nname: x\nand no end\n", ""])
def test_a_file_that_cannot_be_read_is_kept_whole(broken: str) -> None:
    other = BASE + "- 2026-11-05 call: New\n"
    result = merged(broken, other)
    if not broken:
        assert "New" in result.text
        return
    assert parse(result.text).problems == ()
    assert "- 2026-11-05 call: New\n" in result.text
    assert "## Conflict " in result.text
    assert broken in result.text


def test_line_ends_of_the_side_that_changed_them_are_taken() -> None:
    a, b = BASE.replace("\n", "\r\n"), BASE.replace("100 EUR", "250 EUR")
    assert merged(a, b).text == b.replace("\n", "\r\n")


def test_two_versions_without_a_common_one_share_what_they_agree_on() -> None:
    a, b = BASE.replace("tags: [web]", "tags: [a]"), BASE.replace("tags: [web]", "tags: [b]")
    text = merged(a, b, None).text
    assert text == BASE.replace("tags: [web]", "tags: [a, b]")


def test_settings_merge_like_front_matter() -> None:
    base = (
        "# mine\ncurrency: EUR   # always\npipelines:\n  default:\n    lead: {probability:"
        " 10}\ngoals: {a: 1}\n"
    )
    a = base.replace(
        "    lead: {probability: 10}\n", "    lead: {probability: 15}\n    won: {status: won}\n"
    )
    b = base.replace("{a: 1}", "{a: 1, b: 2}").replace(
        "probability: 10", "probability: 10, rots_after: 3d"
    )
    assert (
        merged(a, b, base, "plaincrm.yaml").text
        == "# mine\ncurrency: EUR   # always\npipelines:\n  default:\n    lead: {probability: 15,"
        " rots_after: 3d}\n    won: {status: won}\ngoals: {a: 1, b: 2}\n"
    )


def test_of_two_changed_templates_the_other_stays_beside() -> None:
    result = merged("Hi {{ name }}\n", "Hello {{ name }}!\n", "Hi\n", "templates/hello.de.md")
    assert result.text == "Hello {{ name }}!\n"
    [(path, text)] = result.beside
    assert path.startswith("templates/hello.de.conflict-")
    assert path.endswith(".md")
    assert text == "Hi {{ name }}\n"


def test_lists_of_the_machine_are_united() -> None:
    assert merged("a\nb\n", "a\nc\n", "a\nd\n", ".plaincrm/erased").text == "a\nb\nc\n"


def test_fields_resolved_on_both_sides_are_contested_no_more() -> None:
    both = "_conflicts:\n  diet: {values: [any]}\n  job: {values: [Boss]}\n"
    base = f"---\nname: x\n{both}---\n"
    a, b = (
        base.replace(f"  {line}\n", "")
        for line in ("diet: {values: [any]}", "job: {values: [Boss]}")
    )
    assert merged(a, b, base).text == "---\nname: x\n---\n"


def test_one_entry_in_two_sections_is_as_often_there_when_it_is_merged_again() -> None:
    """Found by a hunt: it was numbered through the whole body, so that it came once more."""
    a = "---\nname: Ada\n---\n\n## Log\n### Detail\n- 2026-01-05 call: Talked.\n"
    b = "---\nname: Ada\n---\n\n## Log\n- 2026-01-05 call: Talked.\n"
    base = "---\n---\n"
    result = merged(a, b, base)
    assert result.text.count("Talked.") == 2
    assert merged(result.text, a, base).text == result.text


def test_properties_of_logseq_are_merged_line_by_line() -> None:
    base = "- type:: person\n  email:: a@x.example\n- Met.\n"
    left = base.replace("a@x", "b@x")
    right = base.replace("person\n", "person\n  city:: Ulm\n") + "- Again.\n"
    assert merged(left, right, base).text == (
        "- type:: person\n  email:: b@x.example\n  city:: Ulm\n- Met.\n- Again.\n"
    )


def test_properties_that_both_sides_set_are_kept_in_both_versions() -> None:
    base = "email:: a@x.example\n\n- Met.\n"
    left, right = base.replace("a@x", "b@x"), base.replace("a@x", "c@x")
    result = merged(left, right, base)
    assert "b@x.example" in result.text and "c@x.example" in result.text
    assert "email was set differently on both sides" in " ".join(result.report)

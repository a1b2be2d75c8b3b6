"""Which test holds which case: the attacks that were tried on the program, and the faults of other
programs that were looked for in it.

A row is the case's number in the folders `redteam`, `records` and `import` of the shared cases, and
the tests of its kind. Each named test has to be there, and each case has to have its row.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
GIT, SYNC, STRANGE = (
    "commands/test_git_states.py::",
    "commands/test_sync.py::",
    "commands/test_strange_files.py::",
)
PRIVACY, SEEN, REGEX = (
    "commands/test_privacy.py::",
    "commands/test_seen_elsewhere.py::",
    "core/query/test_regex.py::",
)
TICK, ZONES = "core/timeline/test_line_edit_tick.py::", "commands/test_times_with_zones.py::"
SANDBOX = "marketing/templates/test_sandbox.py::"

ATTACKS: dict[str, tuple[str, ...]] = {
    "01": (  # outbox and inbox as links
        f"{STRANGE}test_links_as_folders_are_never_followed",
        "test_outside.py::test_nothing_outside_is_touched",
    ),
    "02": (f"{GIT}test_a_path_that_git_refuses_is_refused_before_anything_is_written",),
    "03": (f"{GIT}test_git_is_never_sent_into_a_submodule",),
    "04": (  # a sync that is killed, and a change of mode
        f"{GIT}test_a_save_after_a_kill_survives_a_change_of_mode",
        "book/git/test_sync_crash.py::test_killed_anywhere",
    ),
    "05": (f"{GIT}test_a_locked_index_stops_no_reader_and_loses_no_commit",),
    "06": (f"{GIT}test_two_people_renamed_to_one_name_keep_their_deals",),
    "07": (f"{GIT}test_somebody_forgotten_does_not_come_back_by_a_plain_mv",),
    "08": (f"{PRIVACY}test_every_other_file_that_names_them_is_told",),
    "09": (f"{PRIVACY}test_the_cache_keeps_nobody_who_was_forgotten",),
    "10": (f"{SANDBOX}test_no_template_floods",),
    "11": ("interchange/test_interchange_budgets.py::test_no_text_keeps_a_reader_busy",),
    "12": (f"{STRANGE}test_a_file_without_end_stops_no_command",),
    "13": (  # escapes on the terminal
        "commands/test_terminal.py::test_no_command_brings_a_foreign_escape_to_a_terminal",
        "commands/test_terminal.py::test_completion_is_safe_though_a_shell_reads_it",
    ),
    "14": (  # formulas in rejects and exports
        "commands/test_import_rejects.py::test_a_formula_is_marked_and_goes_in_as_it_was",
        "commands/test_export.py::test_no_form_of_csv_holds_a_formula",
    ),
    "15": (f"{SANDBOX}test_no_line_end_of_a_value_begins_a_block",),
    "16": (  # expressions without end, without re2
        f"{REGEX}test_no_pattern_that_is_taken_runs_without_end",
        f"{REGEX}test_our_own_matcher_finds_what_re_finds",
    ),
    "17": (f"{GIT}test_links_and_modes_come_and_go",),
    "18": (f"{GIT}test_a_file_that_becomes_a_folder_and_the_other_way_round",),
    "19": (f"{SYNC}test_a_contest_about_contests_stops_no_sync",),
    "20": (  # the id of somebody forgotten
        f"{PRIVACY}test_nobody_gets_the_id_of_somebody_forgotten",
        f"{PRIVACY}test_an_import_gives_nobody_the_id_of_somebody_forgotten",
    ),
    "21": (  # three ways to exit 70
        f"{STRANGE}test_a_name_that_is_no_utf8_stops_no_export",
        "commands/test_clone.py::test_an_address_without_end_is_none",
        "book/git/test_merge_driver_in_git.py::test_a_version_that_is_not_there_is_told",
    ),
    "22": (f"{GIT}test_what_is_under_way_is_called_by_its_name",),
    "23": (
        "commands/test_together.py::test_fifty_writers_of_one_record_all_succeed_and_tear_no_cache",
        f"{GIT}test_a_command_that_another_one_overtook_runs_once_more",
    ),
    "24": (  # a name that comes back by a machine that did not know
        f"{SYNC}test_a_name_that_comes_from_a_machine_that_did_not_know_is_told",
        f"{PRIVACY}test_words_about_somebody_forgotten_are_found_again",
    ),
    "25": (f"{PRIVACY}test_the_line_for_the_past_has_every_name_that_the_record_had",),
    "27": (f"{GIT}test_a_link_that_comes_never_takes_the_place_of_a_folder",),
    "28": (f"{GIT}test_what_is_written_to_a_duplicate_goes_to_the_record_that_has_it",),
    "29": (f"{GIT}test_a_plain_mv_here_and_a_rename_there_leave_both_names",),
}
# Numbers are those of the folder; what is right otherwise than CASES.md says stands in decisions.md.
FAULTS: dict[str, tuple[str, ...]] = {
    "01": (
        f"{STRANGE}test_a_copy_is_no_record_anywhere",
        f"{STRANGE}test_a_conflict_copy_goes_into_its_record_by_the_merge_law",
    ),
    "03": (f"{STRANGE}test_every_way_of_finding_records_gives_the_same_set",),
    "04": (f"{GIT}test_in_a_shallow_clone_history_is_cut_and_said_to_be",),
    "06": (f"{GIT}test_a_feature_branch_goes_to_its_own_name",),
    "08": (f"{GIT}test_writing_is_refused_where_the_commit_would_be_lost",),
    "10": (f"{GIT}test_a_hook_at_the_other_end_is_quoted",),
    "11": (f"{GIT}test_the_reason_is_the_one_that_was_given",),
    "14": (f"{GIT}test_what_is_under_way_is_called_by_its_name",),
    "16": (f"{STRANGE}test_a_name_that_git_ignores_is_refused_before_anything_is_written",),
    "17": (f"{GIT}test_writing_is_refused_where_the_commit_would_be_lost",),
    "18": (f"{STRANGE}test_a_repo_inside_the_book_is_not_read_and_not_written",),
    "19": ("commands/test_log.py::test_text_that_would_break_the_file_is_refused",),
    "21": (f"{TICK}test_what_was_meant_as_a_key_is_told",),  # decisions.md: it is told, not read
    "22": (f"{TICK}test_what_was_meant_as_a_key_is_told",),
    "24": (f"{TICK}test_what_a_tick_leaves",),
    "26": (f"{TICK}test_what_a_tick_leaves",),
    "27": (
        "commands/test_edit.py::test_what_is_typed_after_an_editor_returned_at_once_has_a_file_to_go_to",
    ),
    "28": (  # decisions.md: refused when it is rendered
        "commands/test_email.py::test_a_next_step_on_no_day_is_refused_before_anything_is_written",
    ),
    "30": (f"{SEEN}test_an_unknown_filter_is_told_with_its_line",),
    "31": (f"{SEEN}test_one_key_of_a_map_of_ones_own",),
    "33": (f"{SEEN}test_what_yaml_reads_otherwise_is_told",),
    "35": (f"{SEEN}test_what_yaml_reads_otherwise_is_told",),
    "36": (f"{SEEN}test_a_mark_of_thousands_in_a_query_is_refused",),
    "38": (
        f"{ZONES}test_a_row_says_the_day_it_is_found_by",
        f"{ZONES}test_show_runs_by_the_clock_of_the_book",
    ),
    "40": (f"{ZONES}test_history_and_the_past_agree_on_the_day_of_a_commit",),
    "41": (f"{SEEN}test_a_pipeline_that_is_read_by_a_program_is_not_cut",),
    "43": (f"{SEEN}test_zero_has_no_minus",),
    "45": (f"{STRANGE}test_files_that_are_gone_at_once_are_asked_about",),
    "47": (f"{STRANGE}test_an_emptied_file_is_not_sent",),
    "48": (f"{GIT}test_a_filter_that_only_the_repo_names_is_refused_in_time",),
    "49": (f"{SEEN}test_bash_is_offered_what_goes_on_with_its_word",),
    "50": (f"{SEEN}test_a_slip_in_with_is_told",),
    "51": (
        "test_figures_and_contract.py::test_c6_the_log_takes_no_day_to_come_unasked",
        "test_figures_and_contract.py::test_f7_an_entry_of_a_day_to_come_is_no_touch",
    ),
    "52": (f"{GIT}test_a_hub_that_holds_no_book",),
    "53": ("commands/test_segment.py::test_two_names_that_differ_in_case_only_are_refused",),
    "54": ("commands/test_template.py::test_block_tags_on_their_own_line_leave_no_line",),
    "55": ("commands/test_pipeline.py::test_a_negative_sum_has_no_bar",),
}
PROGRAMS: dict[str, tuple[str, ...]] = {
    "H1": (  # shell lines of the docs
        "test_shell_lines.py::test_what_mutt_asks_for",
        "test_shell_lines.py::test_no_line_quotes_what_a_program_quotes_already",
    ),
    "H5": ("commands/test_together.py::test_twelve_mails_delivered_at_once_are_all_logged",),
}
ARRIVES = "commands/test_import_cases.py::test_a_file_that_went_wrong_elsewhere_arrives"
# Cases of the folder `import` that one parametrized test reads, by their numbers.
FILES: dict[str, tuple[str, ...]] = {
    number: (ARRIVES,)
    for number in (
        *("03", "04", "05", "07", "09", "10", "14", "15", "16", "20", "22", "23", "24", "27"),
        *("28", "29", "31", "32", "35", "41", "42", "45", "51", "57", "62", "70", "71", "71b"),
        *("72", "78", "81", "82", "83", "84", "85", "86", "92", "99", "100b", "100d", "101"),
        *("102", "105", "106", "106c", "111", "111b"),
    )
} | {
    "64": (  # a mail that is written when it is tried
        "interchange/test_interchange_budgets.py::test_no_text_keeps_a_reader_busy",
    ),
    "103": (
        "commands/test_import_rejects.py::test_a_mail_goes_back_as_a_mail",
        "commands/test_import_rejects.py::test_a_meeting_goes_back_as_a_calendar",
    ),
}
_NO_CASE = frozenset({"00", "58", "100", "100e", "101s"})
"""Files that others need before them, or that case 103 takes."""
ROWS = {
    f"{where} {number}": tests
    for where, table in (
        ("redteam", ATTACKS),
        ("records", FAULTS),
        ("interop", PROGRAMS),
        ("import", FILES),
    )
    for number, tests in table.items()
}


@cache
def strings(path: str) -> frozenset[str]:
    """The texts that a test file holds, such as the names of cases."""
    tree = ast.parse((TESTS / path).read_text("utf-8"))
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(text for text in found if isinstance(text, str))


@cache
def functions(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("case", ROWS)
def test_the_tests_of_a_case_are_there(case: str) -> None:
    for name in ROWS[case]:
        path, _, function = name.partition("::")
        assert function in functions(path), name


@pytest.mark.parametrize(("folder", "table"), [("redteam", ATTACKS), ("records", FAULTS)])
def test_every_case_has_its_row(
    shared_cases: Path, folder: str, table: dict[str, tuple[str, ...]]
) -> None:
    there = {path.name.partition("-")[0] for path in (shared_cases / folder).glob("[0-9]*")}
    assert there == table.keys()


def test_every_case_of_an_import_has_its_row(shared_cases: Path) -> None:
    lines = (shared_cases / "import" / "CASES.md").read_text("utf-8").splitlines()
    numbers = {line.split("|")[1].strip() for line in lines if line.startswith("| ")}
    assert numbers - {"no."} == FILES.keys()


def test_every_file_of_an_import_is_read_by_the_test_of_its_row(shared_cases: Path) -> None:
    read = strings(ARRIVES.partition("::")[0])
    files = [path.name for path in (shared_cases / "import").glob("[0-9]*")]
    unread = [name for name in files if name not in read and not name.endswith(".py")]
    assert unread == []
    numbers = {name.partition("-")[0] for name in files}
    assert numbers - _NO_CASE <= FILES.keys()

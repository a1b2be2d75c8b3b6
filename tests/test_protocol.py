"""The findings of the first hour and the month, each with a test that holds what was wanted.

A finding that no test of its own holds is not in the table. 57 and 60 are the importer's.
"""

from __future__ import annotations

import pytest

from tests.conftest import ROOT

FINDINGS = {
    4: "test_figures_and_contract.py::test_f2_rows_by_a_path_are_the_groups",
    5: "test_month.py::test_a_second_invoice_of_the_same_number_is_a_problem",
    8: "commands/test_template.py::test_placeholder_text_never_goes_to_the_outbox",
    9: "commands/test_aliases.py::test_what_was_meant",
    10: "test_first_hour.py::test_every_line_works_or_tells_the_line_to_type",
    11: "commands/test_today.py::test_tasks_without_a_date_are_counted",
    16: "commands/test_forgiving.py::test_a_line_means_what_it_can_only_mean",
    17: "commands/test_empty.py::test_a_query_without_an_answer_says_what_finds_more",
    18: "commands/test_aliases.py::test_an_option_of_another_command_names_it",
    22: "test_first_hour.py::test_the_first_hour_is_as_it_was_read",
    25: "commands/test_template.py::test_placeholder_text_never_goes_to_the_outbox",
    29: "commands/test_today.py::test_the_screen_is_in_groups_and_a_line_each",
    31: "commands/test_pipeline.py::test_rows_by_the_month_in_which_deals_close",
    32: "test_figures_and_contract.py::test_c12_in_the_first_month_it_begins_with_an_empty_pipeline",
    35: "test_figures_and_contract.py::test_c8_figures_on_contested_fields_are_marked",
    43: "commands/test_help.py::test_a_page_fits_the_terminal_and_loses_no_word",
    44: "test_first_hour.py::test_no_table_of_it_is_wider_than_the_terminal",
    45: "commands/test_pipeline.py::test_the_bars_have_a_heading_and_what_is_open_is_bold",
    49: "commands/test_demo.py::test_on_a_terminal_it_waits_after_each_part",
    50: "commands/test_forgiving.py::test_a_mistake_names_the_line_to_type",
    53: "commands/test_empty.py::test_whatever_has_nothing_says_so_and_what_to_type",
    54: "commands/test_check.py::test_a_file_deleted_by_hand_comes_back_with_git",
    56: "commands/test_done.py::test_what_was_done_is_told_whole",
    58: "test_shells.py::test_a_tab_completes",
    59: "commands/test_check.py::test_a_name_with_a_colon_gets_its_quotes",
}


@pytest.mark.parametrize("number", FINDINGS)
def test_each_finding_has_its_test(number: int) -> None:
    path, _, name = FINDINGS[number].partition("::")
    assert f"def {name}(" in (ROOT / "tests" / path).read_text("utf-8")

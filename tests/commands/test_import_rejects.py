"""What is rejected goes back in the form that it came in, and is imported once it is mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.test_import_cases import SEED, Run, book
from tests.conftest import git

__all__ = ["book"]


def test_a_row_keeps_the_mapping_and_the_delimiter_of_its_file(book: Run, tmp_path: Path) -> None:
    path, root = tmp_path / "people.csv", tmp_path / "book"
    path.write_text(
        "Name;E-Mail;Telefon;Letzter Kontakt\nJo;jo@x.example;0171 2223334;01.02.2020\n"
        "Kaputt;no address;0171 2223335;01.10.2026\n"
    )
    assert book("import", str(path), "-y").code == 1
    rejects = root / "rejects.csv"
    assert rejects.read_text().startswith("Name;E-Mail;Telefon;Letzter Kontakt;_line;_reason\n")
    rejects.write_text(rejects.read_text().replace("no address", "k@x.example"))
    assert book("import", "rejects.csv", "-y").code == 0
    said = (root / "contacts" / "kaputt.md").read_text()
    assert "phone: 0171 2223335" in said and 'letzter_kontakt: "01.10.2026"' in said


def test_a_mail_goes_back_as_a_mail(book: Run, shared_cases: Path, tmp_path: Path) -> None:
    assert book("import", str(shared_cases / "import" / SEED), "-y").code == 0
    path, root = tmp_path / "a.eml", tmp_path / "book"
    path.write_text(
        "From: Nora Lind <nora@lind.example>\nTo: ada@studio.example\nSubject: Blue\n"
        "Message-ID: <b@x>\n\nFrom now on blue.\n"
    )
    assert book("import", str(path), "-y").code == 1
    rejects = root / "rejects.mbox"
    assert ">From now on blue." in rejects.read_text()
    rejects.write_text(rejects.read_text().replace("Subject:", "Date: 2 Nov 2026 09:00\nSubject:"))
    assert book("import", "rejects.mbox", "-y").code == 0
    assert "From now on blue." in (root / "contacts" / "nora-lind.md").read_text()


def test_a_meeting_goes_back_as_a_calendar(book: Run, shared_cases: Path, tmp_path: Path) -> None:
    assert book("import", str(shared_cases / "import" / SEED), "-y").code == 0
    case = shared_cases / "import" / "58-ics-bad-event-among-good.ics"
    assert book("import", str(case), "-y").code == 1
    text = (tmp_path / "book" / "rejects.ics").read_text()
    assert text.startswith("BEGIN:VCALENDAR") and "Bad month" in text


@pytest.mark.parametrize("name", ["", "templates/rejects.txt", "odd [name]* .csv "])
def test_no_commit_takes_the_rejects_also_in_a_book_that_was_made_before(
    book: Run, tmp_path: Path, name: str
) -> None:
    path, root = tmp_path / "people.csv", tmp_path / "book"
    (root / ".gitignore").write_text("# mine\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "As it was")
    path.write_text("Name,E-Mail\nJo,jo@x.example\nKaputt,no address\n")
    words = ["--rejects", name] if name else []
    assert book("import", str(path), "-y", *words).code == 1
    assert (root / (name or "rejects.csv")).is_file()
    git(root, "add", "-A")
    assert git(root, "status", "--porcelain") == ""
    assert book("sync").code in (0, 1)
    assert "ejects" not in git(root, "ls-files")


def test_a_formula_is_marked_and_goes_in_as_it_was(book: Run, tmp_path: Path) -> None:
    path, root = tmp_path / "people.csv", tmp_path / "book"
    path.write_text('Name,Email,Note\n"=cmd|x!A1",bad mail,"@SUM(1)"\n')
    assert book("import", str(path), "-y").code == 1
    rejects = root / "rejects.csv"
    assert "\n'=cmd|x!A1,bad mail,'@SUM(1),2," in rejects.read_text()
    rejects.write_text(rejects.read_text().replace("bad mail", "e@x.example"))
    assert book("import", "rejects.csv", "-y").code == 0
    [made] = [each for each in (root / "contacts").iterdir() if "e@x.example" in each.read_text()]
    assert "name: =cmd|x!A1\n" in made.read_text().replace('"', "").replace("'", "")

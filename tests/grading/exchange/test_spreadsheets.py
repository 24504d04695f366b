"""Tables: no text becomes a formula, and in a file of another program nothing changes but grades."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursekit.errors import GradingError
from coursekit.grading.exchange.class_lists import ClassList, made_id, safe_id
from coursekit.grading.exchange.spreadsheets import Sheet, harmless, write_csv, written

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "-", "+33 6 12", "=", "-2;-3")

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("formula", [*FORMULAS, "＝1+1", "＋1", "－1", "＠SUM(A1)", "﹦1", "−1+2"])
@pytest.mark.parametrize("before", ["", " ", "\t", "\r", "\n", "\r\n", "\u00a0", "\u200b", "\ufeff", "\u3000 "])
def test_a_formula_is_made_a_text_whatever_stands_before_it(before, formula):
    assert harmless(before + formula).startswith("'")


@pytest.mark.parametrize("number", ["0", "-3", "+3.5", "-3.5e-2", "12,5", "-.5"])
def test_a_plain_number_stays_a_number(number):
    assert harmless(number) == number


@pytest.mark.parametrize("name", ["Anne-Marie", "a@b.org", "O'Brien", "x = y", "", "Müller, Jürgen", "3-4", "a\nb"])
def test_an_ordinary_text_stays_as_it_is(name):
    assert harmless(name) == name


@pytest.mark.parametrize("text", ["x;=1+1", 'x;"=1+1', "x\n=1+1", "x;\t@A1", 'x\r\n""=1'])
def test_a_formula_that_another_delimiter_would_lay_bare_is_made_a_text(text):
    cells = [cell for row in csv.reader(io.StringIO(harmless(text), newline=""), delimiter=";") for cell in row]
    assert cells
    assert not [cell for cell in cells if cell.strip('" \t').startswith(("=", "@"))]


@unhurried
@given(st.text())
def test_what_is_harmless_stays_as_it_is(text):
    assert harmless(harmless(text)) == harmless(text)


@unhurried
@given(st.lists(st.tuples(st.text(), st.floats(allow_nan=False), st.none()), max_size=5))
def test_a_table_is_read_back_as_it_was_written(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("table") / "t.csv"
    write_csv(path, ("a", "b", "c"), rows)
    with path.open(encoding="utf-8", newline="") as file:
        back = list(csv.reader(file, strict=True))
    assert back == [["a", "b", "c"], *([harmless(text), str(number), ""] for text, number, _ in rows)]


def test_a_table_that_cannot_be_finished_leaves_the_one_before(tmp_path):
    path = tmp_path / "t.csv"
    write_csv(path, ("a",), [["before"]])
    with pytest.raises(ZeroDivisionError):
        write_csv(path, ("a",), ([1 / number] for number in (1, 0)))
    assert path.read_text() == "a\nbefore\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_grade_has_the_decimals_it_needs():
    assert [written(number) for number in (20.0, 0.0, 12.5, 37 / 3)] == ["20", "0", "12.5", "12.33333"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_putting_a_grade_changes_its_cell_and_nothing_else(tmp_path, delimiter, mark, end):
    lines = [["Name", " Grade", '"Note, to; you\t"'], ['"a""b,;\tc"', "7", '"two\nlines"'], ["é", "", ""], [" x ", "-"]]
    before = mark + end.join(delimiter.join(line) for line in lines) + end
    (tmp_path / "w.csv").write_bytes(before.encode())
    sheet = Sheet.read(tmp_path / "w.csv")
    assert sheet.column("grade") == 1
    assert sheet.rows == [['a"b,;\tc', "7", "two\nlines"], ["é", "", ""], [" x ", "-"]]
    for row, number in enumerate((12.5, 3.0, 0.0)):
        sheet.put(row, 1, number)
    for line, grade in zip(lines[1:], ("12.5", "3", "0"), strict=True):
        line[1] = grade
    after = mark + end.join(delimiter.join(line) for line in lines) + end
    plain = str.maketrans("", "", '"')  # which need not stand where they stood
    assert sheet.content().decode().translate(plain) == after.translate(plain)
    (tmp_path / "u.csv").write_bytes(sheet.content())
    again = Sheet.read(tmp_path / "u.csv")
    assert (again.header, again.rows, again.encoding) == (sheet.header, sheet.rows, sheet.encoding)


@unhurried
@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=3, max_size=3), max_size=4),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_stands_in_a_table_stays_whatever_it_is(tmp_path_factory, rows, end):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    path = tmp_path_factory.mktemp("table") / "t.csv"
    path.write_bytes(text.getvalue().encode())
    for _ in range(2):
        sheet = Sheet.read(path)
        assert sheet.rows == rows
        assert sheet.content().decode().startswith(f"a,b,c{end}")
        path.write_bytes(sheet.content())


def test_a_row_that_ends_early_gets_its_grade(tmp_path):
    (tmp_path / "w.csv").write_text("Name,Note,Grade\nAna\nBob,x,1\n")
    sheet = Sheet.read(tmp_path / "w.csv")
    sheet.put(0, 2, 5)
    assert sheet.content() == b"Name,Note,Grade\nAna,,5\nBob,x,1\n"


def test_a_cell_may_be_as_long_as_what_a_student_wrote(tmp_path):
    (tmp_path / "w.csv").write_text(f"Grade,Online text\n,{'x' * 200_000}\n")
    assert len(Sheet.read(tmp_path / "w.csv").cell(0, 1)) == 200_000


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "it has no columns"),
        (b"a\nb\n", "it has no columns"),
        ("Prénom,Note\n".encode("cp1252"), "not in UTF-8"),
        (b"PK\x03\x04...", "an Excel or OpenDocument file"),
        (b'a,b\n"1,2\n', "a quote in it is not closed"),
        (b'a,b\n"1"x,2\n', "a quote in it is not closed"),
    ],
)
def test_a_file_that_is_no_table_is_refused_by_its_name(tmp_path, data, cause):
    path = tmp_path / "grades.csv"
    path.write_bytes(data)
    with pytest.raises(GradingError, match=rf"grades\.csv.*{cause}.*Download it again"):
        Sheet.read(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(GradingError, match=r"no\.csv cannot be read"):
        Sheet.read(tmp_path / "no.csv")


@pytest.mark.parametrize(
    "header",
    [
        "Identifier,Full name,Email address,Status,Grade",
        "Identifiant;Nom complet;Adresse de courriel;Statut;Note",
        "ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung",
    ],
)
def test_people_of_a_worksheet_are_known_in_three_languages(tmp_path, header):
    cells = ["Participant 12", "Ana María", "ana@uni.org", "", ""]
    path = tmp_path / "w.csv"
    path.write_text(header + "\n" + (";" if ";" in header else ",").join(cells), encoding="utf-8-sig")
    people = ClassList(Sheet.read(path))
    assert (people.name(0), people.number(0), people.made_id(0)) == ("Ana María", "12", "Ana-María-12")
    assert people.sheet.cell(0, people.keys[0]) == "ana@uni.org"
    assert people.column("grade") == 4


@pytest.mark.parametrize(
    "name", ["..", "../..", "a/b", "a\\b", "-rf", ".ssh", "a+b", "*", "[a]", "{x}", "\x00", "a\nb"]
)
def test_an_id_is_no_path_no_pattern_and_no_option(name):
    assert made_id(name, "7")
    for made in (safe_id(name), made_id(name, "7")):
        assert not set(made) & set("/\\+*?[]{}\x00\n")
        assert not made.startswith((".", "-"))


def test_an_accent_is_one_letter_however_it_was_typed():
    assert safe_id("Ame\u0301lie") == safe_id("Am\u00e9lie") == "Am\u00e9lie"

from tests.browser.attacker.document import FILE, text
from tests.browser.attacker.tables import TABLES


def test_the_document_is_what_the_tables_say() -> None:
    assert FILE.read_text("utf-8") == text(), "python -m tests.browser.attacker"


def test_no_table_has_two_rows_of_one_name() -> None:
    for table in TABLES:
        labels = [attempt.label for attempt, _ in table.rows]
        assert len(labels) == len(set(labels)), table.name


def test_only_a_policy_that_names_an_origin_lets_it_write_for_the_victim_or_read() -> None:
    """The tables themselves are right, whatever the browser finds."""
    for table in TABLES:
        if table.path == "/api/attacked/unprotected":
            continue
        for attempt, cells in table.rows:
            for cell in (cells["port"], cells["elsewhere"], cells["sandbox"]):
                assert attempt.method == "GET" or not ("victim" in cell or "saved" in cell), (
                    table.name,
                    attempt.label,
                )
                assert "read" not in cell or "anyone" in table.path, (table.name, attempt.label)

"""The vendor's Python DB-API, unmodified: the newest version on PyPI and the oldest published there."""

import pathlib

import pytest
from support import PYTHON_VERSIONS, client_facts

CLIENT = pathlib.Path(__file__).with_name("client.py")


@pytest.fixture(scope="module", params=PYTHON_VERSIONS)
def facts(request, sandbox):
    return client_facts(request.param, CLIENT, sandbox.port, timeout=180)


def test_refused_login_says_access_denied(facts):
    assert "Access Denied" in facts["refused"]


def test_literals_keep_null_and_empty_apart(facts):
    assert facts["literals"] == [["1", "it's", None, ""]] or facts["literals"] == [[1, "it's", None, ""]]


def test_values_of_every_type_come_back(facts):
    first, second, third = facts["values"]
    assert first == [
        7,
        9223372036854775807,
        "Decimal:12345.6789",
        0.1,
        "Zoë 😀",
        first[5],
        first[6],
        first[7],
        1,
    ]
    # Dates come as text or as objects, by version.
    assert first[5].removeprefix("date:") == "2024-02-29"
    assert first[6].removeprefix("time:") == "10:20:30"
    assert first[7].removeprefix("datetime:").rstrip("0") == "2024-02-29 10:20:30.5"
    assert second[:4] == [-7, -9223372036854775808, "Decimal:-0.0001", -2.5e300]
    assert second[4:] == ["", None, None, None, 0]
    assert third == [None] * 9


def test_generated_key(facts):
    assert facts["identity"] == [[3]]


def test_seventy_thousand_characters(facts):
    assert facts["long"] == [70000]


def test_parameters_compare_by_the_columns_type(facts):
    assert facts["parameters"] == [[7]]


def test_batch(facts):
    assert facts["batch"] == [[500, 124750, "row 0", 499]]


def test_transactions_between_two_connections(facts):
    assert facts["uncommitted"] == [[500]]
    assert facts["rolled back"] == [[500]]
    assert facts["committed"] == [[400]]


def test_errors_carry_code_and_text(facts):
    assert "<-1>" in facts["syntax error"]
    assert "<-30>" in facts["missing table"] and "VENDOR.NOTHING" in facts["missing table"]
    assert "<-119>" in facts["duplicate"]


def test_prepared_statements_are_executed_again(facts):
    assert facts["again"] == list(range(50))


def test_prepared_statements_follow_the_types_of_their_table(facts):
    assert facts["other types"] == [[5] * 3, ["five"] * 3, ["Decimal:5.25"] * 3, ["2024-02-29"] * 3, [2**40] * 3]


def test_a_hundred_thousand_rows(facts):
    assert facts["fetch"] == [100_000, 4_999_950_000]

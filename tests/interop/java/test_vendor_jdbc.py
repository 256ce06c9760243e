"""The vendor's JDBC driver, unmodified: the newest version on Maven Central and the oldest 3.x there."""

import subprocess

import pytest
from support import JDBC_VERSIONS, facts_of, jdbc_command


@pytest.fixture(scope="module", params=JDBC_VERSIONS)
def facts(request, sandbox):
    done = subprocess.run(
        [*jdbc_command(request.param, "JdbcClient"), str(sandbox.port)],
        capture_output=True,
        text=True,
        timeout=180,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-4000:]
    return facts_of(done.stdout)


def test_refused_login_says_access_denied(facts):
    assert "Access Denied" in facts["refused"]


def test_literals_keep_null_and_empty_apart(facts):
    assert facts["literals"] == "'1','it's',NULL,''"


def test_values_of_every_type_come_back(facts):
    assert facts["typed"] == "7 9223372036854775807 12345.6789 0.1 Zoë 😀 2024-02-29 10:20:30 2024-02-29 10:20:30.5 true"
    assert facts["second"] == "-7 -9223372036854775808 -0.0001 -2.5E300 '' null null false"


def test_generated_key(facts):
    assert facts["key"] == "1"


def test_long_text_and_streams(facts):
    assert facts["long"] == "true"
    assert facts["stream"] == "true"


def test_parameters_compare_by_the_columns_type(facts):
    assert facts["parameters"] == "'7'"


def test_batch(facts):
    assert facts["batch counts"] == "500"
    assert facts["batch"] == "'500','124750','row 0','499'"


def test_transactions_between_two_connections(facts):
    assert facts["uncommitted"] == "'500'"
    assert facts["rolled back"] == "'500'"
    assert facts["committed"] == "'400'"


def test_errors_carry_code_and_text(facts):
    assert facts["syntax error"].startswith("25 ")
    assert facts["missing table"].startswith("30 ") and "VENDORJ.NOTHING" in facts["missing table"]
    assert facts["duplicate"].startswith("119 ")


def test_prepared_statements_are_executed_again(facts):
    assert facts["again"] == str(sum(range(50)))


def test_a_hundred_thousand_rows(facts):
    assert facts["fetch"] == "100000 4999950000"


def test_metadata_and_scrolling(facts):
    assert facts["tables"] == "T Ten"
    assert facts["scroll"] == "9 2"
    assert facts["end"] == "ok"

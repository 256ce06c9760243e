"""Stored procedures through the vendor's JDBC driver: CallableStatement with IN, INOUT, OUT, a return value, and result sets."""

import subprocess

import pytest
from support import JDBC_VERSIONS, clean_environment, facts_of, jdbc_command


@pytest.fixture(scope="module", params=JDBC_VERSIONS)
def facts(request, sandbox):
    done = subprocess.run(
        [*jdbc_command(request.param, "JdbcProcedures"), str(sandbox.port)],
        capture_output=True,
        text=True,
        timeout=120,
        encoding="utf-8",
        env=clean_environment(),
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-4000:]
    return facts_of(done.stdout)


def test_parameters_of_all_modes_and_a_return_value(facts):
    assert facts["mix"] == "14 8.25 got 7"
    assert facts["again"] == "-2 -1.00 got -1"


def test_update_counts(facts):
    assert facts["put"] == "5"


def test_one_result_set_with_an_output_parameter(facts):
    assert facts["one"] == "3,Zoë 😀|4,row 4|5,it's 5"
    assert facts["empty"] == " 5"


def test_several_result_sets(facts):
    assert facts["several"] == "[1|2][Zoë 😀|row 4|it's] -1 3"


def test_errors(facts):
    assert facts["missing"].startswith("428 ")
    assert facts["too many"].startswith("430 ")
    assert facts["unfit"].startswith("104 ")


def test_metadata(facts):
    assert facts["procedures"] == "Mix:2 One:1 Put:1 Several:1"
    assert facts["columns"] == "RETURN_VALUE:5:4 a:1:4 b:2:2 c:4:12"
    assert facts["end"] == "ok"

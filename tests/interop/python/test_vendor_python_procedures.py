"""Stored procedures through the vendor's Python DB-API: callproc with result sets and errors."""

import pathlib

import pytest
from support import PYTHON_VERSIONS, client_facts

CLIENT = pathlib.Path(__file__).with_name("procedures.py")


@pytest.fixture(scope="module", params=PYTHON_VERSIONS)
def facts(request, sandbox):
    return client_facts(request.param, CLIENT, sandbox.port, timeout=60)


def test_calls_change_rows(facts):
    assert facts["put"] == [[1, "row 1"], [2, "row 2"], [3, "Zoë 😀"]]


def test_parameters_that_come_out(facts):
    assert facts["mix"] == [7, 10, "got 7"]
    assert facts["returning"] == [14, 7, 10, "got 7"]


def test_result_sets(facts):
    assert facts["one"] == [[2, "row 2"], [3, "Zoë 😀"]]
    assert facts["several"] == [[[1], [2]], [["Zoë 😀"]]]


def test_a_procedure_that_is_not_there(facts):
    assert "<-428>" in facts["missing"]

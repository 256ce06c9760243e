"""The programs of samples/python that need libraries of PyPI, on the data of samples/data."""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import matplotlib.image
import numpy as np
import pytest

import irislink

ROOT = pathlib.Path(__file__).parents[2]
SAMPLES = ROOT / "samples" / "python"
DATA = ROOT / "samples" / "data"
TABLES = {
    "Demo.Weather": "Day date primary key, Rain numeric(6,1), High numeric(5,1), Low numeric(5,1), Wind numeric(5,1), Sky varchar(10)",
    "Demo.Airport": "Code varchar(4) primary key, Name varchar(80), City varchar(60), State varchar(4), Country varchar(60), Latitude double, Longitude double",
}
FILES = {"Demo.Weather": "seattle-weather.csv", "Demo.Airport": "airports.csv"}


def run(sample, *arguments):
    return subprocess.run([sys.executable, SAMPLES / sample, *arguments], capture_output=True, text=True, encoding="utf-8", timeout=60)


@pytest.fixture(scope="module")
def loaded(sandbox):
    """Both tables, filled by the sample that loads them; what it said of each."""
    said = {}
    with irislink.connect(sandbox.uri()) as db:
        for table, columns in TABLES.items():
            db.execute(f"create table {table} ({columns})")
    for table, file in FILES.items():
        said[table] = run("load_csv.py", sandbox.uri(), table, DATA / file)
    return said


def test_csv_files_are_loaded_with_a_progress_bar(loaded, sandbox):
    for table, done in loaded.items():
        assert done.returncode == 0, done.stderr
        rows = len((DATA / FILES[table]).read_text(encoding="utf-8").splitlines()) - 1
        assert done.stdout == f"{rows} rows in {table}\n"
        assert "100%" in done.stderr and "B/s" in done.stderr
    with irislink.connect(sandbox.uri()) as db:
        assert db.execute("select count(*), sum(Rain) from Demo.Weather").fetchone()[0] == 1461
        assert db.execute("select Name, City, Latitude from Demo.Airport where Code = 'SEA'").fetchone() == ("Seattle-Tacoma Intl", "Seattle", 47.44898194)


def test_a_csv_file_with_a_fault_leaves_nothing(loaded, sandbox, tmp_path):
    with irislink.connect(sandbox.uri()) as db:
        db.execute("create table Demo.Few (n integer not null, v varchar(10))")
    file = tmp_path / "few.csv"
    file.write_text("n,v\n1,one\n2,\n,three\n")
    done = run("load_csv.py", sandbox.uri(), "Demo.Few", file)
    assert done.returncode == 1 and "at statement, row 3: " in done.stderr and "'n' required" in done.stderr, done.stderr
    with irislink.connect(sandbox.uri()) as db:
        assert db.execute("select count(*) from Demo.Few").fetchone() == (0,)
    done = run("load_csv.py", sandbox.uri(), "Demo.Nothing", file)
    assert done.returncode == 1 and "DEMO.NOTHING" in done.stderr and "Traceback" not in done.stderr, done.stderr


def test_the_report_and_its_picture(loaded, sandbox, tmp_path):
    picture = tmp_path / "weather.png"
    done = run("weather_report.py", sandbox.uri(), picture)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "1461 days, 2012-01-01 to 2015-12-31"
    assert lines[1].split() == ["Rain", "High", "Low"]
    with irislink.connect(sandbox.uri()) as db:
        rain, high, low = db.execute("select round(avg(Rain), 1), round(avg(High), 1), round(avg(Low), 1) from Demo.Weather where month(Day) = 8").fetchone()
    assert [float(each) for each in lines[10].split()] == pytest.approx([8, float(rain), float(high), float(low)], abs=0.051)
    # A picture indeed: of its size, with the band of temperatures above and the bars of rain below.
    assert picture.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    pixels = matplotlib.image.imread(picture)[:, :, :3]
    assert pixels.shape == (500, 800, 3)
    above, below = pixels[: len(pixels) * 2 // 3], pixels[len(pixels) * 2 // 3 :]
    orange = (above[:, :, 0] > 0.9) & (above[:, :, 1] > 0.7) & (above[:, :, 2] < 0.8)
    blue = np.abs(below - [0x1F / 255, 0x77 / 255, 0xB4 / 255]).max(axis=2) < 0.02
    assert 0.05 < orange.mean() < 0.5 and 0.02 < blue.mean() < 0.5
    assert 0.3 < (pixels.min(axis=2) > 0.99).mean() < 0.9, "the rest is paper"


@contextlib.contextmanager
def service(target):
    command = [sys.executable, "-m", "uvicorn", "--app-dir", SAMPLES, "--port", "0", "--no-access-log", "airport_service:app"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"IRIS_TARGET": target})
    try:
        for line in process.stderr:
            if found := re.search(r"running on (http://127\.0\.0\.1:\d+)", line):
                yield found[1]
                break
        else:
            raise AssertionError("the service did not start")
    finally:
        process.terminate()
        process.communicate(timeout=20)


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as failed:
        return failed.code, json.load(failed)


def test_the_web_service(loaded, sandbox):
    with service(sandbox.uri()) as url:
        seattle = {"code": "SEA", "name": "Seattle-Tacoma Intl", "city": "Seattle", "state": "WA", "latitude": 47.44898194, "longitude": -122.3093131}
        assert get(f"{url}/airports/SEA") == (200, seattle)
        status, some = get(f"{url}/airports?state=WA&limit=3")
        assert status == 200 and len(some) == 3 and {each["state"] for each in some} == {"WA"}
        status, every = get(f"{url}/airports?state=WA")
        assert seattle in every and every[:3] == some
        assert get(url + "/airports/" + urllib.parse.quote("x' or 1=1 --"))[0] == 404
        assert get(f"{url}/airports?state=WA&limit=0")[0] == 422

#!/usr/bin/env python3
"""A notebook in the form of a script (cells begin with # %%): the weather of samples/data as a pandas report and a picture.

samples/python/weather_report.py iris://demo:demo@localhost/USER weather.png
"""

# %%
import sys

import matplotlib

matplotlib.use("Agg")  # a notebook does without this line
import matplotlib.pyplot as plt
import pandas as pd

import irislink

target, picture = sys.argv[1:]

# %% All days, straight into columns. Doubles, since what follows is statistics and no bookkeeping.
with irislink.connect(target) as db:
    cursor = db.execute("select Day, cast(Rain as double) as Rain, cast(High as double) as High, cast(Low as double) as Low from Demo.Weather order by Day")
    days = cursor.fetch_pandas()
days["Day"] = pd.to_datetime(days["Day"])
days = days.set_index("Day")
print(f"{len(days)} days, {days.index[0]:%Y-%m-%d} to {days.index[-1]:%Y-%m-%d}")

# %% The year by its months.
month = days.index.month.rename("Month")
months = days.groupby(month).agg({"Rain": "mean", "High": "mean", "Low": "mean"}).round(1)
print(months.to_string())

# %%
figure, (above, below) = plt.subplots(2, sharex=True, figsize=(8, 5), height_ratios=(2, 1))
above.fill_between(months.index, months["Low"].astype(float), months["High"].astype(float), color="tab:orange", alpha=0.4)
above.set(title="Seattle, month by month", ylabel="°C by night and day")
below.bar(months.index, months["Rain"].astype(float), color="tab:blue")
below.set(xlabel="month", ylabel="mm of rain a day", xticks=months.index)
figure.tight_layout()
figure.savefig(picture, dpi=100)

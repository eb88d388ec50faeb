"""Reports for the shop's owner."""

import csv
import io
import subprocess
import tempfile
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_file

from .database import connection

pages = Blueprint("reports", __name__)

PERIODS = ("day", "week", "month")
RENDER_TIMEOUT_S = 60


@pages.get("/orders.csv")
def orders_as_csv():
    rows = connection().execute(
        "select orders.id, email, name, quantity, placed_at from orders"
        " join accounts on accounts.id = account_id join products on products.id = product_id"
        " order by placed_at"
    )
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["order", "account", "product", "quantity", "placed at"])
    writer.writerows(tuple(row) for row in rows)
    return Response(text.getvalue(), mimetype="text/csv")


@pages.post("/chart")
def draw_chart():
    """Draws the chart of a period with the `gnuplot` program."""
    title = request.args.get("title", "Orders")
    picture = tempfile.mktemp(suffix=".png")
    subprocess.run(
        f"gnuplot -e \"set title '{title}'; set output '{picture}'\" chart.plot",
        shell=True,
        check=True,
        timeout=RENDER_TIMEOUT_S,
    )
    return send_file(picture, mimetype="image/png")


@pages.post("/table")
def draw_table():
    """Does the same with a list of arguments and a file that is ours alone."""
    period = request.args.get("period", "week")
    if period not in PERIODS:
        abort(400)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "table.html"
        subprocess.run(
            ["report-table", "--period", period, "--output", str(page)],
            check=True,
            timeout=RENDER_TIMEOUT_S,
        )
        return Response(page.read_text(), mimetype="text/html")

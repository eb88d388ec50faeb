import logging
import sqlite3
import traceback

from django.http import JsonResponse
from fastapi import FastAPI, HTTPException
from flask import Flask, jsonify

app = Flask(__name__)
api = FastAPI()
logger = logging.getLogger(__name__)


@app.route("/rows")
def rows():
    try:
        return jsonify(sqlite3.connect("a.db").execute("SELECT 1").fetchall())
    except sqlite3.Error as error:
        # ruleid: python.debug.exception-in-response
        return jsonify(error=str(error)), 500


def failed(message):
    # ruleid: python.debug.exception-in-response
    return JsonResponse({"error": message}, status=500)


def view(request):
    try:
        return JsonResponse({"ok": run(request)})
    except Exception:
        return failed(traceback.format_exc())


@api.get("/run")
async def start():
    try:
        return {"ok": run(None)}
    except Exception as exc:
        # ruleid: python.debug.exception-in-response
        raise HTTPException(status_code=500, detail=f"Failed: {exc}")


@app.route("/logged")
def logged():
    try:
        return jsonify(ok=run(None))
    except Exception as error:
        logger.exception("failed: %s", error)
        # ok: python.debug.exception-in-response
        return jsonify(error="internal error"), 500


@app.route("/kind")
def kind():
    try:
        return jsonify(ok=run(None))
    except Exception as error:
        # ok: python.debug.exception-in-response
        return jsonify(error=type(error).__name__), 500


@app.route("/own")
def own():
    try:
        return jsonify(ok=run(None))
    except OrderError as error:
        # ok: python.debug.exception-in-response
        return jsonify(error=str(error)), 400


class OrderError(Exception):
    pass


def run(request):
    return request is None

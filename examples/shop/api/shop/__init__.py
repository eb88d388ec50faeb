"""The shop's API: one application factory, one blueprint per subject."""

import os

from flask import Flask, jsonify

from . import accounts, catalogue, database, reports


def create_app(settings=None):
    app = Flask(__name__)
    app.config.update(
        DATABASE=os.environ.get("SHOP_DATABASE", "shop.sqlite3"),
        SECRET_KEY=os.environ["SHOP_SECRET_KEY"],
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
    )
    app.config.update(settings or {})

    database.register(app)
    app.register_blueprint(catalogue.pages, url_prefix="/products")
    app.register_blueprint(accounts.pages, url_prefix="/accounts")
    app.register_blueprint(reports.pages, url_prefix="/reports")

    @app.get("/health")
    def health():
        return jsonify(status="ok")

    @app.errorhandler(404)
    def not_found(_error):
        return jsonify(error="not found"), 404

    return app


if __name__ == "__main__":
    # Left over from development: the debugger runs code for whoever opens it.
    create_app().run(port=5000, debug=True)

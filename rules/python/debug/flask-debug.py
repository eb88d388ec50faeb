import asyncio
import os

from flask import Flask

from mycompany.jobs import runner

app = Flask(__name__)
# ruleid: python.debug.flask-debug
app.config["DEBUG"] = True
# ruleid: python.debug.flask-debug
app.debug = True


def create_app():
    server = Flask("server")
    # ruleid: python.debug.flask-debug
    server.run(host="127.0.0.1", debug=True)


if __name__ == "__main__":
    # ruleid: python.debug.flask-debug
    app.run(debug=True, port=5000)


def safe():
    # ok: python.debug.flask-debug
    app.run(debug=False)


def from_environment():
    # ok: python.debug.flask-debug
    app.run(debug=os.environ.get("APP_DEBUG") == "1")


def unrelated():
    # ok: python.debug.flask-debug
    app.logger.debug("started")
    # todook: python.debug.flask-debug
    asyncio.run(runner(), debug=True)

import asyncio
import os
import shlex
import subprocess
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlparse

from flask import Flask, abort, request

app = Flask(__name__)
TOOLS = {"disk": "df -h", "memory": "free -m"}


@app.route("/ping")
def ping():
    host = request.args.get("host")
    # ruleid: python.injection.command-from-request
    os.system("ping -c 1 " + host)
    return "done"


@app.route("/convert", methods=["POST"])
def convert():
    name = request.files["image"].filename
    command = f"convert {name} -resize 100x100 out.png"
    # ruleid: python.injection.command-from-request
    subprocess.run(command, shell=True, check=True)
    return "done"


def run(command):
    # ruleid: python.injection.command-from-request
    return subprocess.check_output(["/bin/sh", "-c", command])


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        query = parse_qs(urlparse(self.path).query)
        self.wfile.write(run("ls " + query["dir"][0]))


@app.get("/lookup/<domain>")
async def lookup(domain):
    # ruleid: python.injection.command-from-request
    process = await asyncio.create_subprocess_shell("nslookup {}".format(domain))
    await process.wait()
    return "done"


@app.route("/archive")
def archive():
    folder = request.args["folder"]
    # ruleid: python.injection.command-from-request
    with os.popen("tar czf - %s" % folder) as stream:
        return stream.read()


@app.route("/quoted")
def quoted():
    host = shlex.quote(request.args["host"])
    # ok: python.injection.command-from-request
    os.system("ping -c 1 " + host)
    return "done"


@app.route("/list")
def listed():
    # ok: python.injection.command-from-request
    subprocess.run(["ping", "-c", "1", "--", request.args["host"]], check=True)
    return "done"


@app.route("/tool")
def tool():
    # ok: python.injection.command-from-request
    return subprocess.getoutput(TOOLS[request.args["tool"]])


@app.route("/count")
def count():
    number = int(request.args["count"])
    # ok: python.injection.command-from-request
    os.system(f"ping -c {number} localhost")
    return "done"


@app.route("/service")
def service():
    name = request.args["name"]
    if name not in ("nginx", "postgres"):
        abort(404)
    # ok: python.injection.command-from-request
    subprocess.call("systemctl status " + name, shell=True)
    return "done"

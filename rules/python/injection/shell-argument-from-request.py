import shlex
import subprocess

from flask import Flask, request

app = Flask(__name__)


@app.route("/ping")
def ping():
    host = request.args.get("host")
    # ruleid: python.injection.shell-argument-from-request
    return subprocess.check_output(["sh", "-c", f"ping -c 1 {host}"])


@app.route("/echo")
def echo():
    arguments = []
    arguments.append("/bin/bash")
    arguments.append("-c")
    arguments.append("echo " + request.form["text"])
    # ruleid: python.injection.shell-argument-from-request
    done = subprocess.run(arguments, capture_output=True)
    return done.stdout


@app.route("/look")
def look():
    return start("nslookup " + request.args["name"])


def start(command):
    # ruleid: python.injection.shell-argument-from-request
    return subprocess.Popen(["bash", "-c", command])


@app.route("/direct")
def direct():
    # ok: python.injection.shell-argument-from-request
    return subprocess.check_output(["ping", "-c", "1", request.args.get("host")])


@app.route("/quoted")
def quoted():
    command = "ping -c 1 " + shlex.quote(request.args.get("host"))
    # ok: python.injection.shell-argument-from-request
    return subprocess.check_output(["sh", "-c", command])


def nightly():
    # ok: python.injection.shell-argument-from-request
    subprocess.run(["sh", "-c", "find /tmp -mtime +7 -delete"])

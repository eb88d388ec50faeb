import shlex

import docker
import paramiko
from fabric import Connection
from flask import Flask, request

app = Flask(__name__)


def client():
    ssh = paramiko.SSHClient()
    ssh.connect("worker.internal", username="deploy")
    return ssh


@app.route("/status")
def status():
    ssh = client()
    # ruleid: python.injection.remote-command-from-request
    _, out, _ = ssh.exec_command("systemctl status " + request.args["service"])
    return out.read()


@app.route("/logs/<service>")
def logs(service):
    connection = Connection("worker.internal")
    # ruleid: python.injection.remote-command-from-request
    return connection.run(f"journalctl -u {service}").stdout


def in_container(name, command):
    container = docker.from_env().containers.get("worker")
    # ruleid: python.injection.remote-command-from-request
    return container.exec_run(command)


@app.route("/exec", methods=["POST"])
def execute():
    return str(in_container("worker", "sh -c 'ls %s'" % request.form["path"]))


@app.route("/status-safe")
def status_safe():
    ssh = client()
    # ok: python.injection.remote-command-from-request
    _, out, _ = ssh.exec_command("systemctl status " + shlex.quote(request.args["service"]))
    return out.read()


@app.route("/lines")
def lines():
    count = int(request.args["n"])
    # ok: python.injection.remote-command-from-request
    _, out, _ = client().exec_command("tail -n %d /var/log/syslog" % count)
    return out.read()


@app.route("/uptime")
def uptime():
    # ok: python.injection.remote-command-from-request
    return Connection("worker.internal").run("uptime").stdout

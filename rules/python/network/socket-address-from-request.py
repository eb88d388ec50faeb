import ftplib
import smtplib
import socket

import paramiko
from flask import Flask, abort, request

app = Flask(__name__)
SERVERS = {"eu": "mail-eu.example.com", "us": "mail-us.example.com"}


@app.route("/check")
def check():
    # ruleid: python.network.socket-address-from-request
    with socket.create_connection((request.args["host"], 80), timeout=3):
        return "open"


@app.route("/mail-test", methods=["POST"])
def mail_test():
    settings = request.get_json()
    # ruleid: python.network.socket-address-from-request
    server = smtplib.SMTP(settings["host"], 25)
    return str(server.noop()[0])


def connect(host):
    client = paramiko.SSHClient()
    # ruleid: python.network.socket-address-from-request
    client.connect(host, username="backup")
    return client


@app.route("/ssh/<host>")
def ssh(host):
    connect(host).close()
    return "reachable"


@app.route("/mail")
def mail():
    # ok: python.network.socket-address-from-request
    server = smtplib.SMTP(SERVERS[request.args["region"]], 25)
    return str(server.noop()[0])


@app.route("/ftp")
def ftp():
    host = request.args["host"]
    if host not in ("ftp1.example.com", "ftp2.example.com"):
        abort(400)
    # ok: python.network.socket-address-from-request
    return str(ftplib.FTP(host).getwelcome())


@app.route("/port")
def port():
    number = int(request.args["port"])
    # ok: python.network.socket-address-from-request
    with socket.create_connection(("worker.example.com", number), timeout=3):
        return "open"

import ast
import json
import socket

import redis
import requests

HANDLERS = {}
r = redis.Redis()


def serve(port):
    server = socket.create_server(("", port))
    conn, _ = server.accept()
    data = conn.recv(4096)
    # ruleid: python.injection.code-from-message
    eval(data.decode())
    # ok: python.injection.code-from-message
    return ast.literal_eval(data.decode())


def update():
    answer = requests.get("http://updates.internal/hook.py", timeout=5)
    run(answer.text)


def run(source):
    # ruleid: python.injection.code-from-message
    exec(source)


def worker():
    while True:
        job = r.lpop("jobs")
        # ruleid: python.injection.code-from-message
        exec(compile(job, "<job>", "exec"))


def safe_worker():
    command = json.loads(r.lpop("jobs"))
    # ok: python.injection.code-from-message
    HANDLERS[command["name"]](command["arguments"])


def constant():
    requests.get("http://updates.internal/ping", timeout=5)
    # ok: python.injection.code-from-message
    exec("x = 1")

#!/usr/bin/env python3
"""Asks every route what it does with what nobody would ask, as three people, and fails on what must never be answered.

    python3 tests/api/explore.py PROGRAM [--examples N] [--seconds N] [--seed N]

Makes its own environment with Schemathesis (requirements.txt) and starts PROGRAM on a free loopback port with a data folder of its
own, once for each person. Requests follow the program's own OpenAPI document: valid and broken ones, sequences, and the same without
or with wrong credentials. Refused are: answers of the server's own fault (5xx), answers without the right to them, answers about
what was deleted, and answers that the document does not describe.
"""

import argparse
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import venv

HERE = pathlib.Path(__file__).resolve().parent
CHECKS = "not_a_server_error,ignored_auth,use_after_free,object_level_authorization,response_schema_conformance,content_type_conformance"
# A test vector: for an installation that lives for minutes.
PASSWORD = "otter-Lamp-42-rivet"
# What would end the sign-in with which everything else is asked; the anonymous person asks it as well.
LEAVING = r"/auth/(logout|sessions)|/workspaces/\{id\}/leave"
LIMITS = "PUBLIC USER AUTH LOGIN REGISTER WSCONN TWOFA WS_CREATE WS_UPDATE WS_INVITE EXPORT VERIFY RESET".split()


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("program", type=pathlib.Path)
    options.add_argument("--examples", type=int, default=100, help="most requests per route and phase")
    options.add_argument("--seconds", type=int, default=1200, help="most seconds per person")
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    program = options.program.resolve(strict=True)
    explorer = schemathesis()
    asked, failed = 0, []
    for person in ("anonymous", "viewer", "admin"):
        with server(program) as running:
            count, failures = explore(explorer, running, person, options)
        print(f"{person:<10} {count:>7} requests, {len(failures)} refused answers", flush=True)
        asked += count
        failed += [f"{person}: {failure}" for failure in failures]
    print(f"{'all':<10} {asked:>7} requests, {len(failed)} refused answers")
    for failure in failed:
        print(f"  {failure}")
    return 1 if failed else 0


def schemathesis():
    folder = HERE / ".venv"
    program = folder / "bin" / "schemathesis"
    if not program.exists():
        venv.create(folder, with_pip=True)
        pip = [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "-r", HERE / "requirements.txt"]
        subprocess.run(pip, check=True)
    return program


class Running:
    def __init__(self, address, invitation, folder):
        self.address, self.invitation, self.folder = address, invitation, folder

    def ask(self, method, path, body=None, token=None):
        request = urllib.request.Request(f"{self.address}/api/v1{path}", method=method)
        request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        data = json.dumps(body).encode() if body is not None else None
        with urllib.request.urlopen(request, data, timeout=30) as answer:
            return json.load(answer)

    def join(self, email, code):
        self.ask("POST", "/auth/register", {"email": email, "password": PASSWORD, "invitationCode": code})
        return self.ask("POST", "/auth/login", {"email": email, "password": PASSWORD})["accessToken"]


@contextlib.contextmanager
def server(program):
    with tempfile.TemporaryDirectory(prefix="rampart-explore-") as folder:
        environment = {
            "PATH": os.environ["PATH"], "DATA_DIR": f"{folder}/data", "API_PORT": "0", "LOG_LEVEL": "error", "API_HOST": "127.0.0.1",
            "REQUIRE_EMAIL_VERIFICATION": "false", "JWT_EXPIRY": "1d",
            "ARGON2_MEMORY_KIB": "64", "ARGON2_ITERATIONS": "1", "ARGON2_PARALLELISM": "1",
            **{f"RATE_LIMIT_{name}": "unlimited" for name in LIMITS},
        }
        log = open(f"{folder}/log", "w+", encoding="utf-8")
        process = subprocess.Popen([program, "serve"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            invitation = None
            for line in process.stdout:
                if line.startswith("  "):
                    invitation = line.strip()
                if line.startswith("Rampart answers at "):
                    yield Running(line.removeprefix("Rampart answers at ").strip(), invitation, folder)
                    break
            else:
                log.seek(0)
                sys.exit(f"the program did not start:\n{log.read()}")
        finally:
            process.terminate()
            process.wait(timeout=60)
            log.seek(0)
            errors = log.read()
            if errors:
                print(f"the program's log:\n{errors[:4000]}", file=sys.stderr)


def explore(explorer, running, person, options):
    admin = running.join("admin@example.com", running.invitation)
    token = {"anonymous": None, "admin": admin}.get(person) or None
    if person == "viewer":
        workspace = running.ask("GET", "/auth/me", token=admin)["currentWorkspace"]["id"]
        code = running.ask("POST", f"/workspaces/{workspace}/invitations", {"email": "viewer@example.com", "role": "viewer"}, admin)["code"]
        token = running.join("viewer@example.com", code)
    report = pathlib.Path(running.folder) / "report.json"
    command = [
        explorer, "run", f"{running.address}/api/openapi.json", "--url", f"{running.address}/api/v1",
        "--checks", CHECKS, "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", str(options.examples),
        "--max-time", str(options.seconds), "--seed", str(options.seed), "--workers", "2", "--continue-on-failure", "--no-shrink",
        "--report", "json", "--report-json-path", report, "--suppress-health-check", "all", "--warnings", "off", "--no-color",
    ]
    if token:
        command += ["--header", f"Authorization: Bearer {token}", "--exclude-path-regex", LEAVING]
    done = subprocess.run(command, cwd=running.folder, capture_output=True, text=True)
    if not report.exists():
        sys.exit(f"Schemathesis did not run:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    report = json.loads(report.read_text())
    if not report["complete"] or report["errors"]:
        sys.exit(f"Schemathesis did not come to its end:\n{done.stdout[-4000:]}")
    if report["failures"]:
        print(done.stdout[-20000:])
    return report["test_cases"]["generated"], [describe(failure) for failure in report["failures"]]


def describe(failure):
    return f"{failure.get('operation')}: {failure.get('title')}"


if __name__ == "__main__":
    sys.exit(main())

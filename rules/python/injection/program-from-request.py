import os
import shlex
import subprocess

from fastapi import FastAPI, Request
from pydantic import BaseModel

app = FastAPI()
PROGRAMS = {"disk": ["df", "-h"], "memory": ["free", "-m"]}


class Job(BaseModel):
    program: str
    argument: str


@app.post("/jobs")
def start(job: Job):
    # ruleid: python.injection.program-from-request
    subprocess.run([job.program, job.argument], check=True)
    return {"started": True}


@app.get("/run")
async def run(request: Request):
    line = request.query_params["line"]
    # ruleid: python.injection.program-from-request
    return {"out": subprocess.check_output(shlex.split(line)).decode()}


def replace(program):
    # ruleid: python.injection.program-from-request
    os.execvp(program, [program])


@app.post("/replace")
async def replace_process(request: Request):
    body = await request.json()
    replace(body["program"])


@app.get("/fixed")
def fixed(host: str):
    # ok: python.injection.program-from-request
    subprocess.run(["/usr/bin/ping", "-c", "1", host], check=True)
    return {"done": True}


@app.get("/tool")
def tool(name: str):
    # ok: python.injection.program-from-request
    return {"out": subprocess.check_output(PROGRAMS[name]).decode()}


@app.get("/checked")
def checked(name: str):
    if name not in ["df", "free"]:
        return {"error": "unknown"}
    # ok: python.injection.program-from-request
    return {"out": subprocess.check_output([name]).decode()}

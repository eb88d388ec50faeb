import asyncio
import os
import shlex
import subprocess
from os import popen, system


def ping(host):
    # ruleid: python.audit.os-command
    os.system("ping -c 1 " + host)


def ping_format(host):
    # ruleid: python.audit.os-command
    return popen(f"ping -c 1 {host}").read()


def version(tool):
    # ruleid: python.audit.os-command
    return subprocess.getoutput("%s --version" % tool)


def run(command):
    # ruleid: python.audit.os-command
    return system(command)


async def archive(path):
    # ruleid: python.audit.os-command
    return await asyncio.create_subprocess_shell("tar czf - {}".format(path))


def clear():
    # ok: python.audit.os-command
    os.system("clear")


def clear_portable():
    # ok: python.audit.os-command
    os.system("cls" if os.name == "nt" else "clear")


def uptime():
    # ok: python.audit.os-command
    return os.popen("uptime").read()


def safe(host):
    # ok: python.audit.os-command
    return subprocess.run(["ping", "-c", "1", host], check=True)


async def safe_async(path):
    # ok: python.audit.os-command
    return await asyncio.create_subprocess_exec("tar", "czf", "-", path)


def joined(arguments):
    # ok: python.audit.os-command
    return subprocess.getoutput(shlex.join(arguments))

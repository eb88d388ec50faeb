import shlex
import subprocess
import subprocess as sp
from subprocess import Popen, check_output


def convert(source):
    # ruleid: python.audit.subprocess-shell
    subprocess.run(f"convert {source} out.png", shell=True, check=True)


def listing(path):
    # ruleid: python.audit.subprocess-shell
    return check_output("ls -l " + path, shell=True)


def start(command):
    # ruleid: python.audit.subprocess-shell
    return Popen(
        command,
        stdout=subprocess.PIPE,
        shell=True,
    )


def alias(name):
    command = "id {}".format(name)
    # ruleid: python.audit.subprocess-shell
    return sp.call(command, shell=True)


def literal():
    # ok: python.audit.subprocess-shell
    return subprocess.run("df -h | sort", shell=True, check=True)


def constant():
    command = "df -h"
    # ok: python.audit.subprocess-shell
    return subprocess.check_output(command, shell=True)


def safe(source):
    # ok: python.audit.subprocess-shell
    return subprocess.run(["convert", source, "out.png"], check=True)


def no_shell(command):
    # ok: python.audit.subprocess-shell
    return subprocess.run(command, shell=False)


def quoted(path):
    # ok: python.audit.subprocess-shell
    return subprocess.run(f"ls {shlex.quote(path)} | wc -l", shell=True)


def joined(arguments):
    # ok: python.audit.subprocess-shell
    return subprocess.run(shlex.join(arguments), shell=True)

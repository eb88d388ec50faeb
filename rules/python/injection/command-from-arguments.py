import argparse
import os
import shlex
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("branch")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    # ruleid: python.injection.command-from-arguments
    os.system("git checkout " + args.branch)
    checkout(args.branch)


def checkout(branch):
    # ruleid: python.injection.command-from-arguments
    subprocess.check_call(f"git fetch origin {branch}", shell=True)


def typed():
    name = input("File: ")
    # ruleid: python.injection.command-from-arguments
    subprocess.Popen("cat %s" % name, shell=True)


def from_environment():
    # ruleid: python.injection.command-from-arguments
    return os.popen("ls " + os.environ["TARGET_DIR"]).read()


def quoted():
    # ok: python.injection.command-from-arguments
    os.system("git checkout " + shlex.quote(sys.argv[1]))


def listed():
    # ok: python.injection.command-from-arguments
    subprocess.run(["git", "checkout", sys.argv[1]], check=True)


def number():
    jobs = int(sys.argv[2])
    # ok: python.injection.command-from-arguments
    os.system("make -j %d" % jobs)


def editor():
    # ok: python.injection.command-from-arguments
    os.system(os.environ.get("EDITOR", "vi") + " notes.txt")

import shlex

import paramiko


def archive(client: paramiko.SSHClient, path: str):
    # ruleid: python.audit.remote-command-format
    _, stdout, _ = client.exec_command(f"tar czf - {path}")
    return stdout.read()


def remove(client, name):
    # ruleid: python.audit.remote-command-format
    client.exec_command("rm -f /srv/uploads/" + name)


def service(client, unit):
    command = "systemctl restart %s" % unit
    # ruleid: python.audit.remote-command-format
    return client.exec_command(command, timeout=30)


def archive_quoted(client, path):
    # ok: python.audit.remote-command-format
    return client.exec_command(f"tar czf - {shlex.quote(path)}")


def archive_quoted_before(client, path):
    quoted = shlex.quote(path)
    # ok: python.audit.remote-command-format
    return client.exec_command("tar czf - " + quoted)


def uptime(client):
    # ok: python.audit.remote-command-format
    return client.exec_command("uptime")


def constant(client):
    command = "df " + "-h"
    # ok: python.audit.remote-command-format
    return client.exec_command(command)

import asyncssh
import paramiko
from paramiko import AutoAddPolicy, SSHClient
from paramiko.client import WarningPolicy


def connect(host, user):
    client = paramiko.SSHClient()
    # ruleid: python.ssh.host-key-not-checked
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect(host, username=user)
    return client


def connect_class(host):
    client = SSHClient()
    # ruleid: python.ssh.host-key-not-checked
    client.set_missing_host_key_policy(AutoAddPolicy)
    client.connect(host)


def connect_warning(host):
    client = SSHClient()
    # ruleid: python.ssh.host-key-not-checked
    client.set_missing_host_key_policy(WarningPolicy())
    client.connect(host)


async def connect_async(host):
    # ruleid: python.ssh.host-key-not-checked
    return await asyncssh.connect(host, known_hosts=None)


def safe(host):
    client = paramiko.SSHClient()
    client.load_system_host_keys()
    # ok: python.ssh.host-key-not-checked
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    client.connect(host)
    return client


async def safe_async(host):
    # ok: python.ssh.host-key-not-checked
    return await asyncssh.connect(host, known_hosts="/etc/ssh/ssh_known_hosts")

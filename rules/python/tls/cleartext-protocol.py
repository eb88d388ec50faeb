import ftplib
import telnetlib
from ftplib import FTP, FTP_TLS

from mycompany.finance import FTP as FundsTransferPrice


def upload(host, user, password, path):
    # ruleid: python.tls.cleartext-protocol
    ftp = ftplib.FTP(host)
    ftp.login(user, password)
    with open(path, "rb") as f:
        ftp.storbinary("STOR report.csv", f)


def download(host):
    # ruleid: python.tls.cleartext-protocol
    with FTP(host, timeout=10) as ftp:
        return ftp.nlst()


def reboot(host):
    # ruleid: python.tls.cleartext-protocol
    tn = telnetlib.Telnet(host, 23)
    tn.write(b"reboot\n")


def upload_tls(host, user, password):
    # ok: python.tls.cleartext-protocol
    ftp = FTP_TLS(host)
    ftp.login(user, password)
    ftp.prot_p()
    return ftp


def price(curve):
    # ok: python.tls.cleartext-protocol
    return FundsTransferPrice(curve)

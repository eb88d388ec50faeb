import ecdsa
from Crypto.PublicKey import ECC
from cryptography.hazmat.primitives.asymmetric import ec


def pyca():
    # ruleid: python.crypto.weak-ec-curve
    return ec.generate_private_key(ec.SECP192R1())


def binary_curve():
    # ruleid: python.crypto.weak-ec-curve
    return ec.generate_private_key(ec.SECT163K1())


def dome():
    # ruleid: python.crypto.weak-ec-curve
    return ECC.generate(curve="P-192")


def pure_default():
    # ruleid: python.crypto.weak-ec-curve
    return ecdsa.SigningKey.generate()


def pure_explicit():
    # ruleid: python.crypto.weak-ec-curve
    return ecdsa.SigningKey.generate(curve=ecdsa.NIST192p)


def safe():
    # ok: python.crypto.weak-ec-curve
    return ec.generate_private_key(ec.SECP256R1())


def safe_dome():
    # ok: python.crypto.weak-ec-curve
    return ECC.generate(curve="P-256")


def safe_pure():
    # ok: python.crypto.weak-ec-curve
    return ecdsa.SigningKey.generate(curve=ecdsa.NIST256p)

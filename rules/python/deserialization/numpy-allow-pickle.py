import numpy
import numpy as np


def load(path):
    # ruleid: python.deserialization.numpy-allow-pickle
    return np.load(path, allow_pickle=True)


def load_item(path):
    # ruleid: python.deserialization.numpy-allow-pickle
    return numpy.load(path, mmap_mode=None, allow_pickle=True).item()


def safe(path):
    # ok: python.deserialization.numpy-allow-pickle
    return np.load(path)


def safe_explicit(path):
    # ok: python.deserialization.numpy-allow-pickle
    return np.load(path, allow_pickle=False)


def save(path, array):
    # ok: python.deserialization.numpy-allow-pickle
    np.save(path, array, allow_pickle=True)

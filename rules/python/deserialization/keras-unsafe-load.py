import keras
import tensorflow as tf
from tensorflow.keras.models import load_model


def load(path):
    # ruleid: python.deserialization.keras-unsafe-load
    return load_model(path, safe_mode=False)


def load_tf(path):
    # ruleid: python.deserialization.keras-unsafe-load
    return tf.keras.models.load_model(path, compile=False, safe_mode=False)


def global_switch():
    # ruleid: python.deserialization.keras-unsafe-load
    keras.config.enable_unsafe_deserialization()


def safe(path):
    # ok: python.deserialization.keras-unsafe-load
    return load_model(path)


def safe_explicit(path):
    # ok: python.deserialization.keras-unsafe-load
    return keras.models.load_model(path, safe_mode=True)

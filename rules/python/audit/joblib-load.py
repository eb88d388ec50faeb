import joblib
from joblib import dump, load

import joblib_settings
import onnxruntime


def model(path):
    # ruleid: python.audit.joblib-load
    return joblib.load(path)


def uploaded(request):
    # ruleid: python.audit.joblib-load
    return load(request.files["model"])


def save(estimator, path):
    # ok: python.audit.joblib-load
    dump(estimator, path)


def settings(path):
    # ok: python.audit.joblib-load
    return joblib_settings.load(path)


def session(path):
    # ok: python.audit.joblib-load
    return onnxruntime.InferenceSession(path)

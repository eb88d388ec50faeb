import pandas
import pandas as pd
from pandas import read_pickle


def load(path):
    # ruleid: python.deserialization.pandas-read-pickle
    return pd.read_pickle(path)


def download():
    # ruleid: python.deserialization.pandas-read-pickle
    return pandas.read_pickle("https://data.example.com/frame.pkl")


def imported(path):
    # ruleid: python.deserialization.pandas-read-pickle
    return read_pickle(path)


def safe(path):
    # ok: python.deserialization.pandas-read-pickle
    return pd.read_parquet(path)


def write(frame, path):
    # ok: python.deserialization.pandas-read-pickle
    frame.to_pickle(path)

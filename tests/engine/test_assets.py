"""Assets are found from any working directory."""

import pytest

from engine import assets


@pytest.mark.parametrize(
    ("folder", "file"),
    [("data", "iris.csv"), ("icons", "check.svg"), ("spellers", "attention.npz")],
)
def test_packaged_files_are_found(folder, file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert (assets.folder(folder) / file).is_file()

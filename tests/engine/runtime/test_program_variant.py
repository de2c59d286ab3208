"""The variant: everything that compiled programs depend on."""

import pytest

from engine.runtime import program_variant


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("XLA_FLAGS", "--xla_cpu_prefer_vector_width=256"),
        ("TF_XLA_FLAGS", "--tf_xla_auto_jit=2"),
    ],
)
def test_flags_change_the_variant(monkeypatch, name, value):
    before = program_variant.variant()
    monkeypatch.setenv(name, value)
    assert program_variant.variant() != before


def test_flags_in_a_file_change_the_variant(monkeypatch, tmp_path):
    file = tmp_path / "flags"
    file.write_text("--xla_cpu_prefer_vector_width=256")
    monkeypatch.setenv("XLA_FLAGS", str(file))
    before = program_variant.variant()
    file.write_text("--xla_cpu_prefer_vector_width=512")
    assert program_variant.variant() != before


def test_the_cpu_changes_the_variant(monkeypatch):
    before = program_variant.variant()
    monkeypatch.setattr(program_variant, "_cpu", lambda: ["x86_64", "AVX2"])
    assert program_variant.variant() != before


def test_the_features_of_the_cpu_are_known():
    reported = repr(program_variant._cpu())
    assert "SSE" in reported or "NEON" in reported or "VSX" in reported


def test_the_name_contains_the_versions(monkeypatch):
    monkeypatch.setattr(program_variant, "__version__", "9.9.9")
    assert program_variant.variant().startswith("9.9.9-tensorflow-2.")

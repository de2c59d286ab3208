"""What compiled programs depend on."""

import pytest

from engine.runtime import program_variant


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("XLA_FLAGS", "--xla_cpu_prefer_vector_width=256"),
        ("TF_XLA_FLAGS", "--tf_xla_auto_jit=2"),
    ],
)
def test_flags_make_another(monkeypatch, name, value):
    before = program_variant.variant()
    monkeypatch.setenv(name, value)
    assert program_variant.variant() != before


def test_flags_in_a_file_make_another(monkeypatch, tmp_path):
    file = tmp_path / "flags"
    file.write_text("--xla_cpu_prefer_vector_width=256")
    monkeypatch.setenv("XLA_FLAGS", str(file))
    before = program_variant.variant()
    file.write_text("--xla_cpu_prefer_vector_width=512")
    assert program_variant.variant() != before


def test_another_cpu_makes_another(monkeypatch):
    before = program_variant.variant()
    monkeypatch.setattr(program_variant, "_cpu", lambda: ["x86_64", "AVX2"])
    assert program_variant.variant() != before


def test_what_the_cpu_can_do_is_told():
    told = repr(program_variant._cpu())
    assert "SSE" in told or "NEON" in told or "VSX" in told


def test_versions_stand_in_its_name(monkeypatch):
    monkeypatch.setattr(program_variant, "__version__", "9.9.9")
    assert program_variant.variant().startswith("9.9.9-tensorflow-2.")

"""Recipes and the points that they generate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.generated.generators import (
    GENERATORS,
    MAX_POINTS,
    Recipe,
    generate,
    is_recipe,
    parse_recipe,
)
from engine.errors import DataError, EngineError, ParameterError


@st.composite
def recipes(draw, most=MAX_POINTS):
    name = draw(st.sampled_from(sorted(GENERATORS)))
    values = {}
    for each in GENERATORS[name][1]:
        numbers = st.integers if each.integer else st.floats
        high = min(each.maximum, most) if each.integer else each.maximum
        values[each.name] = draw(numbers(each.minimum, high))
    if "clusters" in values:
        values["per_cluster"] = max(1, values["per_cluster"] // values["clusters"])
    return Recipe(name, values)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("blobs", "blobs:clusters=6,per_cluster=250,variance=5,seed=0"),
        ("blobs:", "blobs:clusters=6,per_cluster=250,variance=5,seed=0"),
        (" moons : noise = 0.25 , ", "moons:n_points=1500,noise=0.25,seed=0"),
        ("uniform:seed=7,n_points=1e3", "uniform:n_points=1000,seed=7"),
    ],
)
def test_recipes_are_completed(text, canonical):
    assert str(parse_recipe(text)) == canonical


@given(recipes())
def test_a_recipe_survives_a_round_trip(recipe):
    assert parse_recipe(str(recipe)) == recipe
    assert str(parse_recipe(str(recipe))) == str(recipe)


@given(recipes(most=60))
@settings(deadline=None)
def test_the_same_seed_gives_the_same_points(recipe):
    dataset = generate(recipe)
    np.testing.assert_array_equal(dataset.points, generate(parse_recipe(str(recipe))).points)
    assert dataset.points.dtype == np.float32
    assert (dataset.columns, dataset.source, dataset.kept) == (("x", "y"), str(recipe), None)
    numbers = recipe.parameters
    n_points = numbers.get("n_points") or numbers["clusters"] * numbers["per_cluster"]
    assert dataset.points.shape == (n_points, 2)


@pytest.mark.parametrize("name", GENERATORS)
def test_another_seed_gives_other_points(name):
    first, second = (generate(Recipe(name, {"seed": seed})).points for seed in (0, 1))
    assert not np.isclose(first, second).all(axis=1).any()


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        (
            "blob",
            DataError,
            'There is no generator "blob"; there are blobs, anisotropic, varied, moons, rings, '
            "uniform.",
        ),
        (
            "moons:clusters=2",
            ParameterError,
            'moons has no parameter "clusters"; it has n_points, noise, seed.',
        ),
        (
            "blobs:clusters=0",
            ParameterError,
            "clusters must be a whole number from 1 to 1000, not 0.",
        ),
        (
            "blobs:clusters=2.5",
            ParameterError,
            "clusters must be a whole number from 1 to 1000, not 2.5.",
        ),
        ("rings:noise=-1", ParameterError, "noise must be a number from 0 to 50, not -1."),
        ("rings:noise=nan", ParameterError, "noise must be a number from 0 to 50, not nan."),
        ("rings:noise=1e300", ParameterError, "noise must be a number from 0 to 50, not 1e+300."),
        (
            "blobs:clusters=inf",
            ParameterError,
            "clusters must be a whole number from 1 to 1000, not inf.",
        ),
        ("blobs:clusters=six", ParameterError, 'clusters must be a number, not "six".'),
        ("blobs:clusters=", ParameterError, 'clusters must be a number, not "".'),
        (
            "blobs:clusters",
            ParameterError,
            'Write "clusters" as parameter=number, as in clusters=6.',
        ),
        (
            "blobs:seed=1,seed=2",
            ParameterError,
            "seed is given twice in the recipe blobs:seed=1,seed=2.",
        ),
        (
            "blobs:clusters=1000,per_cluster=10001",
            ParameterError,
            "clusters times per_cluster would be 10,001,000 points; "
            "at most 10,000,000 can be drawn.",
        ),
    ],
)
def test_invalid_recipes_are_refused(text, error, sentence):
    with pytest.raises(error) as caught:
        parse_recipe(text)
    assert str(caught.value) == sentence


@given(st.text(alphabet="blobsmoons:=,.123e-n \t"))
def test_any_text_is_a_recipe_or_an_error_message(text):
    try:
        recipe = parse_recipe(text)
    except EngineError:
        return
    assert parse_recipe(str(recipe)) == recipe


def test_recipes_cannot_be_changed():
    with pytest.raises(TypeError):
        parse_recipe("blobs").parameters["seed"] = 1


@pytest.mark.parametrize("name", GENERATORS)
def test_the_table_of_generators_describes_their_parameters(name):
    draw, parameters = GENERATORS[name]
    assert draw.__doc__.endswith(".")
    for each in parameters:
        assert each.minimum <= each.default <= each.maximum
        assert each.label
        assert each.help.endswith(".")
    assert parameters[-1].name == "seed"


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("blobs", True),
        ("moons:noise=1", True),
        ("blob:clusters=3", True),  # so that the error message is about generators
        ("points.csv", False),
        ("C:\\data=1.csv", False),
        ("blob", False),
        ("./blobs", False),
        ("", False),
        ("x" * 5000, False),
        ("a\0b", False),
    ],
)
def test_recipes_are_distinguished_from_files(source, answer):
    assert is_recipe(source) is answer


def test_a_file_takes_precedence_over_a_recipe_but_a_folder_does_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "moons").mkdir()
    (tmp_path / "blobs").write_text("x\n1\n")
    assert is_recipe("moons")
    assert not is_recipe("blobs")

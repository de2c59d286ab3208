"""Training on another task than spelling: reversing sequences.

Steps, checkpoints and errors are tested by training spellers.
"""

from contextlib import closing

import numpy as np
import pytest

from engine.seq2seq import checkpoints
from engine.seq2seq.beam_search import BeamSearch
from engine.seq2seq.model.models import build
from engine.seq2seq.recipe import Recipe
from engine.seq2seq.training.batches import Examples, buckets_of
from engine.seq2seq.training.folder import CHECKPOINT
from engine.seq2seq.training.frames import Validation
from engine.seq2seq.training.stepper import n_steps_of, train
from engine.seq2seq.training.teacher_forcing import TeacherForcing
from engine.seq2seq.training.trainer import Trainer
from engine.seq2seq.vocabulary import Vocabulary

pytestmark = pytest.mark.slow

SOURCE = Vocabulary(("_", "un", "deux", "trois"))
TARGET = Vocabulary(("_", "one", "two", "three", "*"), start="*")
ENGLISH = {"un": "one", "deux": "two", "trois": "three"}
SENTENCES = [(a, b) for a in ENGLISH for b in ENGLISH]
PAIRS = [(words, tuple(ENGLISH[word] for word in reversed(words))) for words in SENTENCES]
RECIPE = Recipe(
    name="reversed",
    model="attention",
    sizes={"embedding": 8, "size": 16, "units": 8},
    epochs=150,
    batch_size=9,
    peak_rate=0.02,
    warm_up=10,
    dropout=0.0,
    smoothing=0.0,
    ema_decay=0.9,
    bfloat16=False,
)


class Reversal:
    """A validator that measures how many sentences are reversed correctly."""

    def __init__(self, model, buckets):
        self._search = BeamSearch(model, SOURCE, TARGET, min_positions=4)
        self._teacher_forcing, self._buckets = TeacherForcing(model, TARGET.start_id), buckets

    def measure(self, step):
        loss, accuracy = self._teacher_forcing.measure(self._buckets)
        outputs = self.watch()
        return Validation(
            step=step,
            loss=loss,
            token_accuracy=accuracy,
            sequence_accuracy=float(np.mean([wanted == found for wanted, found in outputs])),
            outputs=outputs,
            watched=outputs[0][1],
        )

    def watch(self):
        found = self._search.best(SENTENCES)
        return tuple(
            (" ".join(target), " ".join(outputs[0][0]))
            for (_, target), outputs in zip(PAIRS, found, strict=True)
        )


def test_sequences_of_other_symbols_are_learned(tmp_path):
    examples = Examples(buckets_of(PAIRS, SOURCE, TARGET, (4,)), lambda source, rng: source)
    trainer = Trainer(
        RECIPE,
        lambda: build(RECIPE, len(SOURCE), len(TARGET)),
        TARGET.start_id,
        0,
        n_steps_of(RECIPE, examples),
    )
    validator = Reversal(trainer.ema_model, examples.buckets)
    card = {"task": "reversal"}
    with closing(train(trainer, examples, validator, tmp_path, card)) as frames:
        *_, last = frames
    assert last.examples_left == 0
    assert last.validation.sequence_accuracy == 1
    assert last.validation.watched == "one one"
    arrays, found = checkpoints.load(tmp_path / "reversed.npz")
    assert (found["task"], found["step"]) == ("reversal", last.n_steps)
    assert {array.dtype.kind for array in arrays.values()} == {"f"}
    assert checkpoints.card(tmp_path / CHECKPOINT)["step"] == last.n_steps

"""How each speller is made: its sizes, and how it is trained. Free of TensorFlow."""

from dataclasses import dataclass, field

from engine.errors import ParameterError

CHECKPOINT = "checkpoint.npz"  # its name in the folder of a training
MAX_WIDTH = 50  # of a beam


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything, but the words and the seed, that a training follows from.

    Attributes:
        name: What people call the speller.
        model: The kind: plain, attention or transformer.
        sizes: The arguments of its class.
        epochs: How often each pronunciation is seen.
        batch_size: Pronunciations a step.
        peak_rate: The learning rate after the warm-up; from there it falls to zero as a cosine.
        warm_up: Steps until then.
        dropout: Part of the values dropped.
        smoothing: Probability that the target leaves to all letters.
        weight_decay: Of AdamW.
        bare_words: Part of the words whose stress is all left out.
        bare_vowels: Part of the words in which every other vowel loses its stress.
        average: How much of the averaged weights is kept at each step.
        start: The shipped speller whose weights it goes on from; fresh weights where there is none.
        bfloat16: Whether training computes in bfloat16; weights are float32 in any case.
    """

    name: str
    model: str
    sizes: dict[str, int] = field(default_factory=dict)
    epochs: int
    batch_size: int = 256
    peak_rate: float = 1e-3
    warm_up: int = 800
    dropout: float = 0.2
    smoothing: float = 0.1
    weight_decay: float = 0.01
    bare_words: float = 0.2
    bare_vowels: float = 0.1
    average: float = 0.999
    start: str | None = None
    bfloat16: bool = True


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="plain",
            model="plain",
            sizes={"embedding": 128, "size": 512},
            epochs=14,
            dropout=0.1,
            smoothing=0.0,
        ),
        Recipe(
            name="attention-draft",
            model="attention",
            sizes={"embedding": 256, "size": 512, "units": 256},
            epochs=22,
            dropout=0.3,
        ),
        # Rehearsed: it goes on almost without dropout, and comes to know the words by heart.
        Recipe(
            name="attention",
            model="attention",
            sizes={"embedding": 256, "size": 512, "units": 256},
            epochs=6,
            peak_rate=5e-4,
            warm_up=200,
            dropout=0.05,
            smoothing=0.0,
            start="attention-draft",
        ),
        Recipe(
            name="transformer",
            model="transformer",
            sizes={"size": 256, "n_heads": 4, "inner": 1024, "n_layers": 3},
            epochs=36,
            dropout=0.2,
        ),
        # The transformer, rehearsed too: alone it spells fewer new words, but in the ensemble it is
        # sure where the others are not.
        Recipe(
            name="rehearsed",
            model="transformer",
            sizes={"size": 256, "n_heads": 4, "inner": 1024, "n_layers": 3},
            epochs=10,
            peak_rate=5e-4,
            warm_up=200,
            dropout=0.05,
            smoothing=0.0,
            start="transformer",
        ),
    )
}


def recipe_of(name: str) -> Recipe:
    """The recipe of that name; a ParameterError names those there are."""
    if name not in RECIPES:
        raise ParameterError(f"There is no speller {name!r}; choose {', '.join(RECIPES)}.")
    return RECIPES[name]


def check_width(width: int) -> None:
    """Refuse a beam that is no beam, or too wide for the memory, with a ParameterError."""
    if not 1 <= width <= MAX_WIDTH:
        raise ParameterError(f"The beam must keep 1 to {MAX_WIDTH} beginnings, not {width}.")

"""The frames of the training of a speller, which watches words as `SpellFrame`s."""

from engine.seq2seq.training import frames
from engine.spelling.frames import SpellFrame

TrainFrame = frames.TrainFrame[SpellFrame]
Validation = frames.Validation[SpellFrame]

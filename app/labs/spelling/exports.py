"""What can be taken away from the spelling lab as a file, over the engine thread."""

from pathlib import Path

from PyQt6.QtCore import QObject

from app.labs.shared.files import FileWriter
from app.labs.spelling.word_stage import WordStage
from app.running.bridge import Bridge
from engine.spelling.alignments import write_alignments


class AlignmentExports(QObject):
    """Writes the heat maps on stage, all of them into one file."""

    def __init__(self, bridge: Bridge, stage: WordStage, parent: QObject) -> None:
        super().__init__(parent)
        self._stage = stage
        self.files = FileWriter(bridge, self)

    def save_picture(self, path: Path) -> None:
        """Write them as a picture."""
        self.files.write_picture(path, self._stage.figure())

    def save_matrix(self, path: Path) -> None:
        """Write their numbers as a table: of the whole word, not only of what is written yet."""
        frame = self._stage.frame
        if frame is not None:
            phonemes, alignments = frame.results[0].phonemes, self._stage.alignments()
            self.files.write(path, lambda: write_alignments(path, phonemes, alignments))

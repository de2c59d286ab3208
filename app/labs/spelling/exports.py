"""The files that the spelling lab writes, besides its picture."""

from pathlib import Path

from app.labs.shared.files import FileWriter
from app.labs.spelling.word_stage import WordStage
from engine.spelling.alignments import write_alignments


class AlignmentExports:
    """Writes the alignments on stage to one file."""

    def __init__(self, stage: WordStage, files: FileWriter) -> None:
        self._stage, self._files = stage, files

    def save_matrix(self, path: Path) -> None:
        """Write the alignments of the complete words as a table."""
        frame = self._stage.frame
        if frame is not None:
            phonemes, alignments = frame.results[0].phonemes, self._stage.alignments()
            self._files.write(path, lambda: write_alignments(path, phonemes, alignments))

"""The transport bar: to the start, back, play, step, to the end, a bar to scrub, the speed."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QWidget

from app.running.player import Player
from app.text import as_tip
from app.theme import LARGE, Theme, follow
from app.widgets import IconButton, label

# Half-steps a second; 0 is as many as can be computed.
RATES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 0.0)


class TransportBar(QWidget):
    """Controls a player, and shows its position."""

    def __init__(self, player: Player, rate: float) -> None:
        super().__init__()
        self._player = player
        self.to_start = IconButton("mdi6.skip-previous", "To the start (Home)")
        self.back = IconButton("mdi6.step-backward", "One step back (Left)")
        self.play = IconButton("mdi6.play", "Play or pause (Space)", is_primary=True)
        self.step = IconButton("mdi6.step-forward", "One step forward (Right)")
        self.to_end = IconButton("mdi6.skip-next", "Compute to the end (End)")
        self.scrub = QSlider(Qt.Orientation.Horizontal)
        self.scrub.setAccessibleName("Position in the history")
        self.scrub.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.place = label("", "muted")
        self.speed = QComboBox()
        self.speed.setAccessibleName("Speed")
        self.speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.speed.setToolTip("Half-steps a second. The fastest does not draw every frame.")
        for value in RATES:
            self.speed.addItem(f"{value:g} steps/s" if value else "fastest", value)
        self._lay_out()
        self._wire()
        self.speed.setCurrentIndex(RATES.index(rate) if rate in RATES else 2)
        self._on_speed()
        self.show_state()
        follow(self, self.restyle)

    @property
    def rate(self) -> float:
        """Half-steps a second; 0 is as many as can be computed."""
        return float(self.speed.currentData())

    @property
    def interval_ms(self) -> int:
        """How long each frame stays while playing at the chosen rate."""
        return round(1000 / self.rate) if self.rate else 0

    def faster(self, by: int) -> None:
        """Move up or down the list of speeds."""
        last = self.speed.count() - 1
        self.speed.setCurrentIndex(min(max(self.speed.currentIndex() + by, 0), last))

    def fix_rate(self) -> None:
        """Offer no choice of speed: always as many frames as can be computed."""
        while self.speed.count() > 1:  # the last: as many as can be computed
            self.speed.removeItem(0)
        self.speed.hide()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.play.setMinimumWidth(theme.px(50))
        # A fixed width keeps the length of the bar beside it; large text has no space for it.
        self.place.setVisible(theme.scale <= LARGE)
        self.place.setMinimumWidth(self.place.fontMetrics().horizontalAdvance("0000 / 0000"))
        self.show_state()

    def show_state(self) -> None:
        """Show the position of the player, and what can be done."""
        player, n_frames = self._player, len(self._player.branch.frames)
        ready = n_frames > 0
        self.play.set_icon("mdi6.pause" if player.playing else "mdi6.play")
        self.scrub.setEnabled(n_frames > 1)
        for button in (self.to_start, self.back):
            button.setEnabled(player.position > 0)
        for button in (self.step, self.to_end):
            button.setEnabled(ready and not player.at_end)
        self.scrub.blockSignals(True)
        self.scrub.setRange(0, max(n_frames - 1, 0))
        self.scrub.setValue(max(player.position, 0))
        self.scrub.blockSignals(False)
        more = "" if player.branch.run is None else "+"
        self.scrub.setToolTip(as_tip(f"Frame {player.position + 1} of {n_frames}{more}"))
        self.place.setText(f"{player.position + 1} / {n_frames}{more}" if ready else "")

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.to_start, self.back, self.play, self.step, self.to_end):
            layout.addWidget(part)
        layout.addWidget(self.scrub, 1)
        layout.addWidget(self.place)
        layout.addWidget(self.speed)

    def _wire(self) -> None:
        player = self._player
        self.to_start.clicked.connect(lambda: player.seek(0))
        self.back.clicked.connect(player.back)
        self.play.clicked.connect(player.toggle)
        self.step.clicked.connect(player.step)
        self.to_end.clicked.connect(player.play_to_end)
        self.scrub.valueChanged.connect(player.seek)
        self.speed.currentIndexChanged.connect(self._on_speed)
        player.changed.connect(self.show_state)
        player.cleared.connect(self.show_state)

    def _on_speed(self) -> None:
        self._player.set_rate(self.rate or None)

"""The player, with toy steppers."""

from itertools import repeat
from types import SimpleNamespace

import pytest

from app.running.bridge import Bridge, Run
from app.running.player import MAX_BRANCHES, Player


@pytest.fixture
def player(qtbot):
    bridge = Bridge()
    player = Player(bridge)
    player.seen = []
    player.moved.connect(lambda: player.seen.append(player.frame))
    player.set_rate(500)
    yield player
    bridge.close()


def letters(text="abc"):
    def frames():
        yield from text

    return frames


def load(player, qtbot, text="abc"):
    with qtbot.waitSignal(player.moved):
        player.load(letters(text))


def play_to_the_end(player, qtbot):
    player.play()
    qtbot.waitUntil(lambda: not player.playing)


def test_loading_shows_the_first_frame(player, qtbot):
    load(player, qtbot)
    assert (player.frame, player.position, player.playing) == ("a", 0, False)


def test_steps_compute_frames_then_replay_the_history(player, qtbot):
    load(player, qtbot)
    with qtbot.waitSignal(player.moved):
        player.step()
    player.back()
    player.step()
    assert player.seen == ["a", "b", "a", "b"]


def test_play_draws_every_frame_and_stops_at_the_end(player, qtbot):
    load(player, qtbot, "abcdefgh")
    play_to_the_end(player, qtbot)
    assert player.seen == list("abcdefgh")
    assert player.at_end


def test_replaying_the_history_stops_at_the_end(player, qtbot):
    load(player, qtbot)
    play_to_the_end(player, qtbot)
    player.seek(0)
    play_to_the_end(player, qtbot)
    assert player.seen == ["a", "b", "c", "a", "b", "c"]


def test_play_at_the_end_starts_over(player, qtbot):
    load(player, qtbot)
    play_to_the_end(player, qtbot)
    play_to_the_end(player, qtbot)
    assert player.seen == ["a", "b", "c"] * 2


def test_to_the_end_computes_all_frames_and_may_skip_drawing(player, qtbot):
    text = "abc" * 300
    load(player, qtbot, text)
    player.play_to_end()
    qtbot.waitUntil(lambda: not player.playing)
    assert player.branch.frames == list(text)
    assert player.frame == "c"
    assert len(player.seen) < len(text)


def test_to_the_end_of_a_finished_history_goes_to_its_last_frame(player, qtbot):
    load(player, qtbot)
    play_to_the_end(player, qtbot)
    player.seek(0)
    player.play_to_end()
    assert player.frame == "c"
    assert not player.playing


def test_back_pauses_and_stays_within_the_history(player, qtbot):
    load(player, qtbot)
    player.play()
    player.back()
    assert not player.playing
    assert player.position == 0


@pytest.mark.parametrize(("index", "expected"), [(-5, "a"), (1, "b"), (99, "c")])
def test_seeking_stays_within_the_history(player, qtbot, index, expected):
    load(player, qtbot)
    play_to_the_end(player, qtbot)
    player.seek(index)
    assert player.frame == expected


def test_a_fork_keeps_the_shared_frames_and_the_other_branch(player, qtbot):
    load(player, qtbot)
    play_to_the_end(player, qtbot)
    player.seek(1)
    with qtbot.waitSignal(player.moved):
        player.fork(letters("XY"))
    play_to_the_end(player, qtbot)
    assert player.branch.frames == ["a", "b", "X", "Y"]
    assert player.branches[0].frames == ["a", "b", "c"]
    assert player.branch.fork == 2


def test_an_unfinished_branch_can_be_continued(player, qtbot):
    load(player, qtbot)
    first = player.branch
    with qtbot.waitSignal(player.moved):
        player.fork(letters("X"))
    player.seek(0, first)
    play_to_the_end(player, qtbot)
    assert first.frames == ["a", "b", "c"]


def test_the_number_of_branches_is_limited_and_the_first_stays(player, qtbot):
    load(player, qtbot)
    first, forgotten = player.branch, []
    player.forgot.connect(lambda: forgotten.append(True))
    for _ in range(MAX_BRANCHES):
        with qtbot.waitSignal(player.moved):
            player.fork(letters("X"))
    assert len(player.branches) == MAX_BRANCHES
    assert player.branches[0] is first
    assert len(forgotten) == 1


def test_a_frame_marked_as_last_ends_the_run(player, qtbot):
    last = SimpleNamespace(stop="done")
    with qtbot.waitSignal(player.moved):
        player.load(lambda: (frame for frame in ["a", last, "never"]))
    with qtbot.waitSignal(player.moved):
        player.step()
    assert player.frame is last
    assert player.at_end


def test_to_the_end_draws_the_last_frame_even_if_it_was_computed(player, qtbot):
    load(player, qtbot)
    play_to_the_end(player, qtbot)
    player.seek(0)
    player.seen.clear()
    player.play_to_end()
    assert player.seen == ["c"]


def test_frames_that_arrive_off_screen_are_signalled(player, qtbot):
    load(player, qtbot)
    with qtbot.waitSignal(player.moved):
        player.step()
    player.step()
    player.seek(0)
    reported = []
    player.changed.connect(lambda: reported.append(len(player.branch.frames)))
    qtbot.waitUntil(lambda: bool(reported))
    assert reported[-1] == 3
    assert not player.waiting


def test_play_without_frames_requests_a_run(player, qtbot):
    player.load(letters())
    player.give_up()
    with qtbot.waitSignal(player.wanted):
        player.play()
    player.pause()


def test_loading_cancels_the_old_run(player, qtbot):
    player.load(letters("zzz"))
    load(player, qtbot)
    assert player.seen == ["a"]


def test_loading_while_playing_keeps_playing(player, qtbot):
    load(player, qtbot, "z" * 10_000)
    player.play()
    player.load(letters("abc"))
    qtbot.waitUntil(lambda: not player.playing)
    assert player.seen[-3:] == ["a", "b", "c"]


def test_frames_that_arrive_after_stepping_back_do_not_move_the_position(player, qtbot):
    load(player, qtbot)
    with qtbot.waitSignal(player.moved):
        player.step()
    player.step()  # requested...
    player.seek(0)  # ...before stepping back
    qtbot.waitUntil(lambda: len(player.branch.frames) == 3)
    assert player.frame == "a"


def test_cancelling_keeps_the_history(player, qtbot):
    load(player, qtbot, "z" * 10_000)
    player.play()
    qtbot.waitUntil(lambda: player.position > 3)
    player.give_up()
    assert not player.playing
    assert len(player.branch.frames) > 3
    assert player.branch.run is None


def test_an_error_stops_playing_and_is_reported(player, qtbot):
    def frames():
        yield "a"
        raise ValueError("bad luck")

    with qtbot.waitSignal(player.failed) as caught:
        player.load(frames)
        player.play()
    assert str(caught.args[0]) == "bad luck"
    assert not player.playing


def test_the_fastest_rate_says_that_it_skips_frames(player, qtbot):
    with qtbot.waitSignal(player.moved):
        player.load(lambda: (frame for frame in repeat("z")))
    player.set_rate(None)
    player.play()
    qtbot.waitUntil(lambda: player.drawing_some)
    player.give_up()


@pytest.mark.parametrize(("drawing", "budget"), [(0.0, 0.008), (0.03, 0.03), (2.0, 0.05)])
def test_the_fastest_rate_computes_as_long_as_drawing_takes(
    player, qtbot, monkeypatch, drawing, budget
):
    budgets, advance = [], Run.advance

    def noted(run, budget=0.0):
        budgets.append(budget)
        advance(run, budget)

    monkeypatch.setattr(player.drawing_time, "start", lambda: None)
    player.drawing_time.seconds = drawing
    with qtbot.waitSignal(player.moved):
        player.load(lambda: (frame for frame in repeat("z")))
    monkeypatch.setattr(Run, "advance", noted)
    player.set_rate(None)
    player.play()
    qtbot.waitUntil(lambda: len(budgets) > 1)
    player.give_up()
    assert set(budgets) == {budget}


class TestRestoring:
    def test_a_history_is_restored_at_its_position(self, player, qtbot):
        load(player, qtbot)
        play_to_the_end(player, qtbot)
        player.seek(1)
        before = player.history
        load(player, qtbot, "xyz")
        player.restore(before)
        assert (player.frame, player.position) == ("b", 1)
        assert player.branches == list(before.branches)
        play_to_the_end(player, qtbot)
        assert player.frame == "c"

    def test_an_unfinished_run_continues_with_the_same_frames(self, player, qtbot):
        load(player, qtbot, "abcdef")
        with qtbot.waitSignal(player.moved):
            player.step()
        before = player.history
        load(player, qtbot, "xyz")
        player.restore(before)
        assert not player.at_end
        play_to_the_end(player, qtbot)
        assert player.branch.frames == list("abcdef")
        assert player.at_end

    def test_a_step_after_restoring_is_one_step(self, player, qtbot):
        load(player, qtbot, "abcdef")
        for _ in range(2):
            with qtbot.waitSignal(player.moved):
                player.step()
        before = player.history
        load(player, qtbot, "xyz")
        player.restore(before)
        with qtbot.waitSignal(player.moved):
            player.step()
        assert player.branch.frames == list("abcd")

    def test_a_restored_branch_continues_from_its_fork(self, player, qtbot):
        load(player, qtbot)
        player.fork(letters("BCD"))
        qtbot.waitUntil(lambda: player.frame == "B")
        before = player.history
        load(player, qtbot, "xyz")
        player.restore(before)
        play_to_the_end(player, qtbot)
        assert player.branch.frames == list("aBCD")

    def test_a_cancelled_run_stays_cancelled(self, player, qtbot):
        load(player, qtbot)
        player.give_up()
        before = player.history
        load(player, qtbot, "xyz")
        player.restore(before)
        assert player.at_end
        assert player.branch.cancelled

    def test_a_history_without_frames_requests_the_first(self, player, qtbot):
        player.load(letters())
        before = player.history
        load(player, qtbot, "xyz")
        player.restore(before)
        assert player.frame is None
        qtbot.waitUntil(lambda: player.frame == "a")

    def test_an_empty_history_is_restored_as_empty(self, player, qtbot):
        before = player.history
        load(player, qtbot)
        with qtbot.waitSignal(player.cleared):
            player.restore(before)
        assert player.frame is None
        assert player.branches == []

    def test_a_dropped_branch_gets_no_more_frames(self, player, qtbot):
        load(player, qtbot, "abcdef")
        before = player.history
        player.fork(letters("BCD"))
        dropped = player.branch
        player.restore(before)
        assert dropped.run is None
        assert player.branches == list(before.branches)


class TestBranches:
    def test_a_branch_has_a_name_and_an_origin(self, player, qtbot):
        load(player, qtbot)
        first = player.branch
        player.fork(letters("B"), name="moved")
        assert player.branch.origin is first
        assert player.branch.name == "moved"
        assert first.origin is None

    def test_a_fork_at_a_shared_frame_leaves_the_branch_that_owns_it(self, player, qtbot):
        load(player, qtbot)
        first = player.branch
        play_to_the_end(player, qtbot)
        player.fork(letters("DE"))
        second = player.branch
        qtbot.waitUntil(lambda: player.frame == "D")
        player.fork(letters("E"))
        assert player.branch.origin is second
        qtbot.waitUntil(lambda: player.frame == "E")
        player.seek(1)
        player.fork(letters("C"))
        assert player.branch.origin is first

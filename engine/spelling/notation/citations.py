"""Finds the pronunciation in a line that was copied from a dictionary.

IPA stands between slashes or brackets: Wiktionary's `US, IPA(key): /kæt/`, `cat (n) [kæt]`. The
text outside of them is a word, a label or a respelling, and no sound. Two pronunciations are not
joined, and respellings, which look like IPA, are refused.
"""

import re
import unicodedata
from typing import NamedTuple

from engine.spelling.notation.ipa import only_ipa
from engine.spelling.notation.pasted import Pasted
from engine.spelling.notation.pieces import all_named

_ENCLOSED = re.compile(r"/[^/\[\]]+/(?!\w)|(?:(?<=[\s:;,])|^)\[[^\[\]]+\]")
_SINGLE = re.compile(r"[/\[]\s*[A-Z]{1,2}\d?\s*[/\]]")  # a single phoneme between slashes
_BETWEEN_IPA = re.compile(r"\s*[,;]\s+|\s+or\s+|\s*[/~]\s*")
BETWEEN_SAMPA = re.compile(r"\s*[,;]\s+|\s+or\s+|\s+[/~]\s+")
_VOWEL = re.compile("[aeiouæɑɒɐɔəɚɛɜɝɨɪʉʊʌɵᵊᵻᵿ]", re.IGNORECASE)
_SHOWN = 3

# Labels of dictionaries, before and after a pronunciation.
_LABEL_NAMES = (
    "uk us ga rp gb gen am ame br bre general american received british english amer brit "
    "australia canada noun verb adjective adverb adj adv n v vb prep pron conj interj plural pl sg "
    "ipa key ipa(key) enpr ahd pronunciation pronounced audio strong weak form or also and"
)
LABELS = frozenset(_LABEL_NAMES.split())
LABEL_BEHIND = re.compile(
    rf"\s+\((?:{'|'.join(sorted(map(re.escape, LABELS)))}|[nv]\.)\.?\)\s*$", re.IGNORECASE
)
_RESPELLED_BY = ("enpr:", "ahd:")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"'?[^\W\d_][^\W_'’.\-]*(?:['’.\-][^\W_]*)*")

_SENTENCE_MARKS = re.compile(r"^\s*<s>\s*|\s*</s>\s*$", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>|⟨[^⟨⟩]*⟩|&(?:nbsp|amp|lt|gt|quot|#\d+);", re.IGNORECASE)

_BACKSLASHED = re.compile(r"(?:.*\s)?\\\s*\S[^\\]*\\")
# Macron, breve and dot above; lines below two letters.
_RESPELLING = re.compile("[aeiou][\u0304\u0306\u0307]|\\w\u035f\\w?|\\w\u0332\\w?")
_DOTTED = re.compile("[äöü]")  # in narrow IPA too, but there among IPA letters
_IN_RESPELLINGS = frozenset("əŋˈˌᵊ")
_DIGRAPH = re.compile("ch|sh|th|zh")
_LOUD = re.compile("[A-Z]{2}")


class Cited(NamedTuple):
    """The pronunciation in a line.

    Attributes:
        sounds: The pronunciation, with the slashes or brackets around it.
        is_cited: Whether there was other text outside of them.
        word: The word before it; None if there is none.
        problem: Why it cannot be read, as a sentence; empty if it can.
    """

    sounds: Pasted
    is_cited: bool = False
    word: str | None = None
    problem: str = ""


def cited(given: Pasted) -> Cited:
    """Find the one pronunciation of a line."""
    given = _without_sentence_marks(given)
    if tag := _TAG.search(given.text):
        return Cited(given, problem=_tagged(tag[0]))
    if all_named(given.text):
        return Cited(given)
    found = list(_ENCLOSED.finditer(given.text))
    if all(_SINGLE.fullmatch(each[0]) for each in found):
        found = []
    if len(found) > 1:
        return Cited(given, problem=several([each[0] for each in found]))
    sounds = _part(given, *found[0].span()) if found else given
    if problem := _misread(sounds.text):
        return Cited(given, problem=problem)
    if not found or found[0][0] == given.text:
        return Cited(sounds)
    outside = given.text[: found[0].start()]
    before = [outside.strip()] if outside.endswith("\t") else _outside(outside)
    is_sounds = all_named(" ".join(before)) if len(before) > 1 else only_ipa("".join(before))
    if is_sounds:
        return Cited(given, problem=several([" ".join(before), found[0][0]]))
    is_word = len(before) == 1 and _WORD.fullmatch(before[0])
    return Cited(sounds, is_cited=True, word=before[0].lower() if is_word else None)


def several(pronunciations: list[str]) -> str:
    """The sentence that refuses more than one pronunciation."""
    shown = [_short(pronunciation) for pronunciation in pronunciations[:_SHOWN]]
    more = "" if len(pronunciations) <= _SHOWN else f" and {len(pronunciations) - _SHOWN:,} more"
    named = " and ".join(shown) if not more else ", ".join(shown) + more
    return f"These are {len(pronunciations):,} pronunciations ({named}); give one of them."


def _misread(text: str) -> str:
    """Why a text is not a single pronunciation in IPA; empty if it may be one."""
    inner = text.strip("/[] ")
    if reason := _respelled(inner):
        return (
            f"{_short(text)} is a respelling, as in Merriam-Webster, not IPA: {reason}; write "
            "IPA, such as /kæt/, or phonemes, such as K AE1 T."
        )
    pronunciations = [pronunciation for pronunciation in _BETWEEN_IPA.split(inner) if pronunciation]
    if only_ipa(inner) and len(pronunciations) > 1 and all(map(_VOWEL.search, pronunciations)):
        return several(pronunciations)
    return ""


def _respelled(text: str) -> str:
    """What shows that a text is a respelling; empty if nothing does."""
    if _BACKSLASHED.fullmatch(text):
        return "it stands between backslashes"
    if odd := _RESPELLING.search(unicodedata.normalize("NFD", text)):
        return f"{unicodedata.normalize('NFC', odd[0])} is no letter of it"
    symbols = only_ipa(text)
    if not symbols or not symbols <= _IN_RESPELLINGS:
        return ""
    if long := _DOTTED.search(unicodedata.normalize("NFC", text)):
        return f"{long[0]} is no letter of it"
    if pair := _DIGRAPH.search(text):
        return f"{pair[0]} is no symbol of it"
    if (loud := _LOUD.search(text)) and text != text.upper():
        return f"it has no capitals, such as {loud[0]}"
    return ""


def _outside(before: str) -> list[str]:
    """The words before a pronunciation that are not labels."""
    kept: list[str] = []
    for piece in re.findall(r"[^\s,;]+", _IN_BRACKETS.sub(" ", before)):
        if piece.lower() in _RESPELLED_BY:
            break
        name = piece.strip(":.•*-–—\"'")
        # us is a word, too.
        is_label = name.lower() in LABELS and name != "us"
        if name and not is_label and not name.isdigit():
            kept.append(piece.rstrip(":,*").strip('*•"“”') or name)
    return kept


def _without_sentence_marks(given: Pasted) -> Pasted:
    while mark := _SENTENCE_MARKS.search(given.text):
        is_first = mark.start() == 0
        given = _part(given, mark.end(), None) if is_first else _part(given, 0, mark.start())
    return given


def _part(given: Pasted, start: int, end: int | None) -> Pasted:
    return Pasted(given.text[start:end], given.places[start:end], given.source)


def _tagged(tag: str) -> str:
    what = "a tag or a spelling" if tag[0] in "<⟨" else "a mark of HTML"
    return f"{_short(tag)} is {what}, not a sound; leave it out."


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 30 else f"{text[:29]}…"

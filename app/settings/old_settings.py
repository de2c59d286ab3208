"""Converts settings of version 0.1, one flat object, to sections.

Values that two tabs shared go to both. A section that already has the value keeps its own.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from engine.clustering.mean_shift.options import Seeds

# Where each flat value is now: the section, and the names within it.
_PLACES: dict[str, tuple[str, ...]] = {
    "theme": ("window.theme",),
    "scale": ("window.scale",),
    "geometry": ("window.geometry",),
    "tab": ("window.tab",),
    "recent_files": ("window.recent_files",),
    "keep_programs": ("window.keep_programs",),
    "source": ("clustering.source",),
    "columns": ("clustering.columns",),
    "standardize": ("clustering.standardize",),
    "algorithm": ("clustering.algorithm",),
    "live_line": ("clustering.live_line",),
    "regions": ("clustering.shown.regions",),
    "lines": ("clustering.shown.lines",),
    "trails": ("clustering.shown.trails",),
    "shapes": ("clustering.shown.shapes",),
    "tween": ("clustering.tween",),
    "k": ("clustering.kmeans.n_clusters", "side_by_side.k"),
    "seeding": ("clustering.kmeans.seeding", "pictures.kmeans.seeding"),
    "seed": ("clustering.kmeans.seed", "pictures.kmeans.seed"),
    "n_init": ("clustering.kmeans.n_init", "pictures.kmeans.n_init"),
    "empty": ("clustering.kmeans.empty", "pictures.kmeans.empty"),
    "formulation": ("clustering.kmeans.formulation", "pictures.kmeans.formulation"),
    "max_iter": ("clustering.kmeans.max_iter", "pictures.kmeans.max_iter"),
    "bandwidth": ("clustering.mean_shift.bandwidth", "side_by_side.mean_shift.bandwidth"),
    "kernel": ("clustering.mean_shift.kernel", "side_by_side.mean_shift.kernel"),
    "form": ("clustering.mean_shift.form", "side_by_side.mean_shift.form"),
    "climbs_from": ("clustering.mean_shift.seeds", "side_by_side.mean_shift.seeds"),
    "side_points": ("side_by_side.points",),
    "rate": ("clustering.rate", "side_by_side.rate", "pictures.rate", "spelling.rate"),
    "speller": ("spelling.speller", "phoneme_map.speller"),
    "beside": ("spelling.beside",),
    "known_words": ("spelling.known_words",),
    "phonemes": ("spelling.phonemes",),
    "by_letter": ("spelling.by_letter",),
    "accuracy_spellers": ("accuracy.spellers",),
    "train_recipe": ("training.recipe",),
    "train_words": ("training.words",),
    "train_epochs": ("training.epochs",),
    "train_seed": ("training.seed",),
}
# The rule for the bandwidth, or "hand": it has no place of its own.
_RULE = "bandwidth_rule"
# Tabs were stored by their titles.
_TABS = {
    "Clustering": "clustering",
    "Side by side": "side_by_side",
    "How many?": "choosing_k",
    "Picture": "pictures",
    "Spelling": "spelling",
    "Accuracy": "accuracy",
    "Phonemes": "phoneme_map",
    "Training": "training",
}


class Sectioned(NamedTuple):
    """The content of a settings file in sections.

    Attributes:
        content: Without the flat values of version 0.1; all else is as it was.
        origins: For the dotted name of each value that was flat, its key in the file.
    """

    content: dict[str, Any]
    origins: dict[str, str]


class _Flat(NamedTuple):
    """A flat value as its section has it today, and its key in the file."""

    key: str
    value: Any


def in_sections(content: Mapping[str, Any]) -> Sectioned:
    """Put the flat values of a settings file into sections."""
    result = {name: value for name, value in content.items() if name not in (*_PLACES, _RULE)}
    origins = {}
    for name, (key, value) in _flat(content).items():
        for place in _PLACES[name]:
            *path, last = place.split(".")
            if _put(result, path, last, value):
                origins[place] = key
    return Sectioned(result, origins)


def _flat(content: Mapping[str, Any]) -> dict[str, _Flat]:
    """The flat values by the names in `_PLACES`."""
    flat = {name: _Flat(name, content[name]) for name in _PLACES if name in content}
    tab = content.get("tab")
    if isinstance(tab, str):
        flat["tab"] = _Flat("tab", _TABS.get(tab, tab))
    rule = content.get(_RULE, "hand")
    if rule != "hand":  # the number beside it was the one that the rule found
        flat["bandwidth"] = _Flat(_RULE, rule)
    # Blurring moves every point, whatever was chosen. An invalid value stays, to be reported.
    if content.get("form") == "blurring" and content.get("climbs_from") in tuple(Seeds):
        flat.pop("climbs_from")
    return flat


def _put(content: dict[str, Any], path: list[str], last: str, value: Any) -> bool:
    """Store a value unless there is one already; return whether it was stored.

    Shared parts of the content are copied first.
    """
    for name in path:
        inner = content.get(name, {})
        if not isinstance(inner, dict):
            return False
        content[name] = dict(inner)
        content = content[name]
    if last in content:
        return False
    content[last] = value
    return True

"""Converts settings of version 0.1, one flat object, to sections.

Values that two tabs shared go to both. A section that already has the value keeps its own.
"""

from collections.abc import Mapping
from typing import Any

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


def in_sections(content: Mapping[str, Any]) -> dict[str, Any]:
    """Move the flat values of a settings file to sections; the rest stays as it was."""
    result = dict(content)
    for name, value in _flat(content).items():
        for place in _PLACES[name]:
            *path, last = place.split(".")
            _put(result, path, last, value)
    return result


def _flat(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the flat values, converted to what their sections now contain."""
    flat = {name: content[name] for name in _PLACES if name in content}
    if isinstance(flat.get("tab"), str):
        flat["tab"] = _TABS.get(flat["tab"], flat["tab"])
    rule = content.get("bandwidth_rule", "hand")
    if rule != "hand":  # the number beside it came from the rule
        flat["bandwidth"] = rule
    if flat.get("form") == "blurring":  # moves every point, whatever was chosen
        flat.pop("climbs_from", None)
    return flat


def _put(content: dict[str, Any], path: list[str], last: str, value: Any) -> None:
    """Store a value unless there is one already; shared parts of the content are copied first."""
    for name in path:
        inner = content.get(name, {})
        if not isinstance(inner, dict):
            return
        content[name] = dict(inner)
        content = content[name]
    content.setdefault(last, value)

"""What the clustering lab offers to the menus of the window."""

from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction

if TYPE_CHECKING:
    from app.labs.clustering.lab import ClusteringLab


def fill(lab: "ClusteringLab") -> list[QAction]:
    """Fill the menus of a lab; gives what there is to save once there is a frame."""
    exports = lab.exports
    saves = [
        lab.save_action("Save &labels…", exports.save_labels, "labels.csv"),
        lab.save_action(
            "Save &table with clusters…", exports.save_with_clusters, "table-with-clusters.csv"
        ),
        lab.save_action("Save &centroids…", exports.save_centroids, "centroids.csv"),
        lab.save_action("Save &picture…", exports.save_picture, "clusters.png", "Ctrl+S"),
        lab.save_action("Save &animation…", exports.save_animation, "clusters.gif"),
    ]
    points = lab.save_action("Save p&oints…", exports.save_points, "points.csv")
    lab.file_actions = [points, *saves]
    throw = lab.action("Throw another &seed", lab.kmeans.seed.throw, "D")
    tools = [*lab.painting.tools.actions, *lab.painting.ring_actions]
    lab.edit_actions = [None, *lab.undo.menu(), None, *tools, None, throw]
    lab.run_actions += [None, *lab.branches.actions]
    lab.view_actions = [*lab.toggles.actions, None, lab.live.action]
    lab.view_actions += lab.columns.panel_actions
    lab.busy_lines += [lab.loader.busy, exports.recording, exports.files.busy, lab.live.busy]
    lab.busy_lines.append(lab.viewing.components.busy)
    return saves

"""Arguments are parsed once, into a frozen request object."""

import argparse
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from engine import source
from engine.__main__ import build_parser
from engine.clustering.algorithms import ALGORITHMS
from engine.clustering.kmeans.options import Seeding
from engine.commands import choose_k, evaluate, spell, train
from engine.commands.clustering import request
from engine.commands.clustering.algorithms import COMMANDS
from engine.commands.clustering.kmeans import KMeansJob
from engine.errors import ParameterError


def parsed(line: str) -> argparse.Namespace:
    return build_parser().parse_args(line.split())


def cluster(line: str) -> request.ClusterRequest:
    return request.parse(parsed(f"cluster {line}"))


def test_every_algorithm_has_its_own_kind_of_job():
    assert [command.algorithm for command in COMMANDS] == list(ALGORITHMS)
    jobs = [type(cluster(f"iris --algorithm {each.name}").job) for each in ALGORITHMS]
    assert len(set(jobs)) == len(jobs)


def test_a_cluster_request_holds_all_arguments(tmp_path):
    labels = tmp_path / "labels.csv"
    line = f"iris -k 3 --seeding random --seed 4 --columns 1,2 --standardize --labels {labels}"
    asked = cluster(f"{line} --json")
    assert (asked.source.name, asked.source.columns) == ("iris", ("1", "2"))
    assert asked.source.standardize
    assert asked.command.algorithm.name == "k-means"
    assert isinstance(asked.job, KMeansJob)
    options = asked.job.seeded.template
    assert (options.n_clusters, options.seeding, options.seed) == (3, Seeding.RANDOM, 4)
    assert (asked.outputs.labels, asked.outputs.as_json) == (labels, True)
    with pytest.raises(FrozenInstanceError):
        asked.job = None


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.algorithm.name)
def test_all_names_of_an_algorithm_select_it(command):
    for name in command.algorithm.names:
        arguments = build_parser().parse_args(["cluster", "iris", "--algorithm", name])
        assert request.parse(arguments).command is command


def test_arguments_of_another_algorithm_are_refused():
    with pytest.raises(ParameterError, match="--max-iter is an option of k-means and mean shift;"):
        cluster("iris --algorithm mini-batch --max-iter 3")
    for option in ("--distribute mirrored", "--devices 2", "--wait 5"):
        with pytest.raises(ParameterError, match=f"{option.split()[0]} is an option of k-means;"):
            cluster(f"iris --algorithm mini-batch {option}")
    with pytest.raises(ParameterError, match="--seeding is an option of k-means and mini-batch"):
        cluster("iris --algorithm mean-shift --seeding random")


# The options of `cluster` that have the same effect whatever the algorithm is.
COMMON = {
    *("help", "source", "columns", "standardize", "decimal", "thousands", "skip_rows", "encoding"),
    *("missing", "algorithm", "labels", "with_data", "centroids", "json", "picture"),
    *("position_weight", "no_cache", "run"),
}


def test_every_other_option_of_cluster_belongs_to_an_algorithm():
    of_algorithms = {name for command in COMMANDS for name in command.arguments}
    assert set(vars(parsed("cluster iris"))) - COMMON == of_algorithms


DEFAULTS = [
    *("-k 6", "--seeding farthest", "--seed 0", "--n-init 1", "--max-iter 300", "--tol 0"),
    *("--empty keep", "--formulation auto", "--distribute none", "--wait 60"),
    *("--batch-size 4096", "--max-batches 10000", "--min-points 5"),
    *("--bandwidth estimate", "--kernel gaussian", "--form climbing", "--seeds auto"),
]


@pytest.mark.parametrize("option", DEFAULTS)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.algorithm.name)
def test_an_option_of_another_algorithm_is_refused_with_its_default_value_too(command, option):
    line = f"iris --algorithm {command.algorithm.name}"
    name = option.split()[0].lstrip("-").replace("-", "_")
    if name == "wait":
        with pytest.raises(ParameterError, match="--wait "):
            cluster(f"{line} {option}")
    elif name in command.arguments:
        asked = cluster(f"{line} {option}").job
        assert asked == cluster(line).job or name == "k"
    else:
        with pytest.raises(ParameterError, match=r"is an option of|leave -k out"):
            cluster(f"{line} {option}")


def test_only_k_means_and_mini_batch_on_one_device_stream_points():
    can = {
        line: cluster(f"iris {line}").job.can_stream
        for line in (
            *("", "--algorithm mini-batch", "--algorithm mean-shift"),
            *("--formulation lecture", "--distribute mirrored"),
        )
    }
    assert [line for line, streams in can.items() if streams] == ["", "--algorithm mini-batch"]


def test_the_seeding_file_is_an_input_of_the_job():
    assert cluster("iris").job.files == ()
    assert cluster("iris --seeding start.csv").job.files == ("start.csv",)


@pytest.mark.parametrize("algorithm", ["k-means", "mini-batch"])
def test_runs_from_a_file_have_its_number_of_clusters(tmp_path, algorithm):
    path = tmp_path / "start.csv"
    path.write_text("x,y\n0,0\n1,1\n2,0\n4,4\n")
    dataset = source.load("blobs")
    runs = cluster(f"blobs --algorithm {algorithm} --seeding {path}").job.seeded.read(dataset)
    assert (runs.options.n_clusters, runs.start.shape) == (4, (4, 2))
    runs = cluster(f"blobs --algorithm {algorithm} -k 3").job.seeded.read(dataset)
    assert (runs.options.n_clusters, runs.start) == (3, None)


def test_the_other_commands_have_requests_too(tmp_path):
    chosen = choose_k.parse(parsed("choose-k iris --min 3 --max 5 --seed 7"))
    assert (chosen.options.min_k, chosen.options.max_k, chosen.options.kmeans.seed) == (3, 5, 7)
    spelled = spell.parse(parsed("spell K AE1 T --begin C --json"))
    assert spelled.pronunciation is not None
    assert (spelled.pronunciation.phonemes, spelled.prefix) == (("K", "AE1", "T"), "c")
    assert not spelled.words_alone
    assert spell.parse(parsed("spell --input -")).words_alone
    trained = train.parse(parsed(f"train plain --out {tmp_path} --epochs 2"))
    assert (trained.recipe.epochs, trained.weights) == (2, Path(tmp_path, "plain.npz"))
    measured = evaluate.parse(parsed("evaluate --words 5 --without-stress"))
    assert (measured.n_words, measured.with_stress) == (5, False)
    assert measured.models

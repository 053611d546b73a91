"""The Drain tree of the library, kept from swallowing what is odd and from growing slow.

The library is imported when the first long log is read, not at start.
"""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drain3.drain import Drain

_SIMILAR = 0.55
_DEPTH = 5
_SETTLED = 200
_COMPARED = 48
MOST_CLUSTERS = 1500

Place = Callable[[str], tuple[int, str]]
"""From the words of a shape to the number of its cluster and the cluster's words now."""


def plant(any_word: str, count_of: Callable[[int], int]) -> Place:
    """A new tree. `any_word` stands where the lines of a cluster differ.

    `count_of` tells how many lines a cluster has had: most are counted without asking the tree.
    In this Drain a word that was the same in hundreds of lines is no parameter, so that `order
    rejected` is not taken for one of ten thousand times `order accepted`. Where there are many
    clusters already it is: else a name that varies would fill the tree.
    """
    from drain3.drain import Drain, LogCluster

    class Tree(Drain):
        def fast_match(
            self,
            cluster_ids: Collection[int],
            tokens: Sequence[str],
            sim_th: float,
            include_params: bool,  # noqa: FBT001  (the library's signature)
        ) -> LogCluster | None:
            near = list(cluster_ids)[-_COMPARED:]
            found = super().fast_match(near, tokens, sim_th, include_params)
            full = len(cluster_ids) >= _COMPARED
            if found is None or full or count_of(found.cluster_id) < _SETTLED:
                return found
            return found if _same_words(found.log_template_tokens, tokens, any_word) else None

    tree = Tree(depth=_DEPTH, sim_th=_SIMILAR, max_clusters=MOST_CLUSTERS, param_str=any_word)
    return partial(_placed, tree)


def _placed(tree: "Drain", words: str) -> tuple[int, str]:
    cluster, _ = tree.add_log_message(words)
    return cluster.cluster_id, cluster.get_template()


def _same_words(settled: Sequence[str], words: Sequence[str], any_word: str) -> bool:
    """Whether plain words differ nowhere that the cluster has had one word so far."""
    return all(
        ours in (theirs, any_word) or not (ours.isalpha() and theirs.isalpha())
        for ours, theirs in zip(settled, words, strict=True)
    )

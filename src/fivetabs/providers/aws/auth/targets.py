"""What a target argument means to AWS: a profile, a region, both, or all of one side."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fivetabs.core import EVERYWHERE, Invalid, NotFound, did_you_mean


@dataclass(frozen=True, slots=True)
class Target:
    """What a target argument means. An empty profile or region is the SDK's own choice."""

    profile: str = ""
    region: str = ""
    everywhere: bool = False


def known_regions() -> frozenset[str]:
    """Every region botocore knows, in all partitions; asks nobody."""
    from botocore.loaders import Loader

    loader: Any = Loader()
    partitions = loader.load_data("partitions")["partitions"]
    names = (name for partition in partitions for name in partition["regions"])
    return frozenset(name for name in names if not name.endswith("-global"))


def parse_target(
    text: str | None, profiles: list[str] | tuple[str, ...], regions: frozenset[str]
) -> Target:
    """Read `profile`, `region`, `profile/region`, `all` or `profile/all`.

    Raises:
        NotFound: If a part names neither, with the near names.
        Invalid: If it is empty.
    """
    if text is None:
        return Target()
    if not text.strip():
        raise Invalid("target is empty", hint="leave it out, or name a profile or region")
    if text == EVERYWHERE:
        return Target(everywhere=True)
    if text in profiles:
        return Target(profile=text)
    if text in regions:
        return Target(region=text)
    profile, slash, region = text.rpartition("/")
    if not slash:
        raise unknown("AWS profile or region", text, {*profiles, *regions, EVERYWHERE})
    if profile not in profiles:
        raise unknown("AWS profile", profile, profiles)
    if region not in {*regions, EVERYWHERE}:
        raise unknown("AWS region", region, {*regions, EVERYWHERE})
    if region == EVERYWHERE:
        return Target(profile=profile, everywhere=True)
    return Target(profile=profile, region=region)


def unknown(what: str, name: str, known: Iterable[str]) -> NotFound:
    """That it does not exist, with the near names."""
    hint = did_you_mean(name, known, otherwise="a region newer than the installed botocore?")
    if what == "AWS profile":
        some = ", ".join(sorted(known)[:8]) or "none"
        hint = did_you_mean(name, known, otherwise=f"the profiles here: {some}")
    return NotFound(f"there is no {what} {name!r}", hint=hint)

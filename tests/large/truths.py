"""What is true of each tool's answer in the ordinary large world of its house.

Totals are those of the ledger, the worst is named, and the handle has every row once and no other.
Each check takes the server and gives what it found to be wrong: nothing, where all holds.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from fivetabs.app.calls import App
from fivetabs.app.render import text
from fivetabs.core import Answer, Detail, Diagnosis, Finding, Listing, Log
from tests.large import aws, docker, logs, terraform
from tests.large.kubernetes import Crowd, Truth
from tests.large.reading import Pile, everything
from tests.large.worlds import World, usual

Wrong = AsyncIterator[str]
_FENCE = re.compile(r"</?data-\w+>")
Check = Callable[[App, World], Wrong]
FAT = "one pod with everything"


def truth_of(crowd: Crowd) -> Truth:
    """What is to be found in a cluster."""
    return crowd.truth


async def pod_status(app: App, world: World) -> Wrong:
    """Every pod is there, those that fail in front."""
    truth = truth_of(world.view)
    answer = await app.call("get_pod_status", {})
    assert isinstance(answer, Listing)
    for wrong in _says(answer, f"{len(truth.pods)} pods"):
        yield wrong
    if f"{answer.rows[0][0]}/{answer.rows[0][1]}" not in truth.failing:
        yield f"the first row is well: {answer.rows[0]}"
    pile = (await everything(app, answer))["rows"]
    names = map("/".join, zip(_texts(pile, "namespace"), _texts(pile, "name"), strict=True))
    for wrong in _same("pods", names, truth.pods):
        yield wrong
    for status, count in Counter(_texts(pile, "status")).most_common(4):
        for wrong in _says(answer, f"{count} {status}"):
            yield wrong


async def failing_pods(app: App, world: World) -> Wrong:
    """Every failing pod and workload by its right cause, none that is well."""
    truth = truth_of(world.view)
    answer = await app.call("get_failing_pods", {})
    assert isinstance(answer, Diagnosis)
    for wrong in _says(answer, f"{len(truth.failing)} of {len(truth.pods)} pods"):
        yield wrong
    found = await _accused(app, answer)
    expected = {**truth.failing, **truth.lacking}
    told = {name: code for name, code in found if expected.get(name) == code}
    for wrong in _same("accused", (name for name, _ in found), expected):
        yield wrong
    for name, code in expected.items():
        if told.get(name) != code:
            yield f"{name} fails by {code}, and is told as {dict(found).get(name)}"
    for wrong in _counts(answer, Counter(expected.values())):
        yield wrong
    worst = answer.findings[0]
    if _pod(worst.subject) not in expected or worst.subject not in text(answer):
        yield f"the worst is not among those that fail: {worst.subject}"


async def described_pod(app: App, world: World) -> Wrong:
    """Every container, condition, use and event of the pod that has too many of each."""
    values = world.values
    asked = {"pod_name": values["pod_name"][0], "namespace": values["namespace"][0]}
    answer = await app.call("describe_pod", asked)
    piles = await everything(app, answer)
    sizes = {"containers": 40, "conditions": 102, "uses": 8000, "events": 3000}
    for part, size in sizes.items():
        told = Counter(piles[part].rows)
        if len(piles[part].rows) != size or len(told) != size:
            yield f"{len(told)} {part} of {size}, {len(piles[part].rows)} rows"
    if "part-00" not in text(answer):
        yield "no crashing container is named"


async def containers(app: App, world: World) -> Wrong:
    """Every container with its cause, the sick in front."""
    host: docker.Host = world.view
    answer = await app.call("list_containers", {})
    assert isinstance(answer, Listing)
    for wrong in _says(answer, f"{len(host.containers)} containers", f"{len(host.sick)} sick"):
        yield wrong
    pile = (await everything(app, answer))["rows"]
    names = [each["inspect"]["Name"].lstrip("/") for each in host.containers.values()]
    for wrong in _same("containers", _texts(pile, "name"), names):
        yield wrong
    causes = zip(_texts(pile, "name"), _texts(pile, "cause"), strict=True)
    sick = {name: cause.partition(":")[0] for name, cause in causes if cause}
    for wrong in _same("sick containers", sick.items(), host.sick.items()):
        yield wrong
    if str(answer.rows[0][0]) not in host.sick:
        yield f"the first row is well: {answer.rows[0]}"


async def container_log(app: App, world: World) -> Wrong:
    """All lines are counted, and the one odd line is in the first answer."""
    host: docker.Host = world.view
    answer = await app.call("get_container_logs", {"container_name": docker.CHATTY})
    assert isinstance(answer, Log)
    if (answer.read, answer.matched) != (host.lines, host.lines):
        yield f"{answer.read} read and {answer.matched} matched of {host.lines}"
    for wrong in _names(answer, logs.NEEDLE):
        yield wrong


async def plan(app: App, world: World) -> Wrong:
    """Every change, drift and output, the destroyed in front."""
    truth: terraform.Truth = world.view.truth
    answer = await app.call("run_terraform_plan", {})
    assert isinstance(answer, Detail)
    counts = {"to_add": "create", "to_change": "update", "to_destroy": "destroy"}
    for fact, action in {**counts, "to_replace": "replace"}.items():
        if answer.facts[fact] != truth.count(action):
            yield f"{fact} is {answer.facts[fact]} and not {truth.count(action)}"
    if answer.facts["drifted"] != len(truth.drift):
        yield f"{answer.facts['drifted']} drifted, not {len(truth.drift)}"
    piles = await everything(app, answer)
    changes = piles["Changes"]
    pairs = zip(_texts(changes, "address"), _texts(changes, "action"), strict=True)
    for wrong in _same("changes", pairs, truth.changes.items()):
        yield wrong
    drift = next(pile for part, pile in piles.items() if part.startswith("Drift"))
    for wrong in _same("drift", _texts(drift, "address"), truth.drift):
        yield wrong
    for wrong in _same("outputs", _texts(piles["Outputs"], "name"), truth.outputs):
        yield wrong
    if str(answer.tables[0].rows[0][0]) != "destroy":
        yield f"the first row is not the worst: {answer.tables[0].rows[0]}"


async def state(app: App, world: World) -> Wrong:
    """Every resource and output, the tainted in front."""
    truth: terraform.Truth = world.view.truth
    answer = await app.call("check_terraform_state", {})
    assert isinstance(answer, Detail)
    for wrong in _says(
        answer, f"{len(truth.resources)} resources", f"{len(truth.outputs)} outputs"
    ):
        yield wrong
    piles = await everything(app, answer)
    resources = piles["Resources"]
    pairs = zip(_texts(resources, "address"), _texts(resources, "status"), strict=True)
    for wrong in _same("resources", pairs, truth.resources.items()):
        yield wrong
    for wrong in _same("outputs", _texts(piles["Outputs"], "name"), truth.outputs):
        yield wrong
    by_type = sum(int(count) for count in piles["Resources by type"].column("count"))
    if by_type != len(truth.resources):
        yield f"{by_type} resources by type, not {len(truth.resources)}"


async def instances(app: App, world: World) -> Wrong:
    """Every instance, the impaired in front."""
    truth: aws.Truth = world.view.truth
    answer = await app.call("list_ec2_instances", {})
    assert isinstance(answer, Listing)
    words = (f"{len(truth.instances)} EC2 instances", f"{len(truth.impaired)} need attention")
    for wrong in _says(answer, *words):
        yield wrong
    pile = (await everything(app, answer))["rows"]
    for wrong in _same("instances", _texts(pile, "id"), truth.instances):
        yield wrong
    if str(answer.rows[0][0]) not in truth.impaired:
        yield f"the first row is well: {answer.rows[0]}"


async def alarms(app: App, world: World) -> Wrong:
    """Every alarm that is not OK, those firing in front; the others by their state."""
    truth: aws.Truth = world.view.truth
    counts = Counter(truth.alarms.values())
    for state_, words in (("", f"{counts['ALARM']} of {len(truth.alarms)}"), ("OK", "")):
        answer = await app.call("get_cloudwatch_alarms", {"state": state_} if state_ else {})
        assert isinstance(answer, Listing)
        for wrong in _says(answer, words):
            yield wrong
        expected = {n for n, s in truth.alarms.items() if (s == state_ if state_ else s != "OK")}
        pile = (await everything(app, answer))["rows"]
        for wrong in _same(f"alarms {state_}", _texts(pile, "alarm"), expected):
            yield wrong


async def buckets(app: App, world: World) -> Wrong:
    """Every bucket; of those that were looked at, the public ones in front."""
    truth: aws.Truth = world.view.truth
    answer = await app.call("list_s3_buckets", {})
    assert isinstance(answer, Listing)
    for wrong in _says(answer, f"{len(truth.buckets)} S3 buckets"):
        yield wrong
    pile = (await everything(app, answer))["rows"]
    for wrong in _same("buckets", _texts(pile, "bucket"), truth.buckets):
        yield wrong
    told = zip(_texts(pile, "bucket"), _texts(pile, "public"), strict=True)
    for name, public in told:
        if public != "unknown" and (public == "yes") != (name in truth.public):
            yield f"{name}: public is {public}"
    if str(answer.rows[0][0]) not in truth.public:
        yield f"the first row is not public: {answer.rows[0]}"


async def cost(app: App, world: World) -> Wrong:
    """The sum, every service, every usage type that moved, and the one that rose most."""
    answer = await app.call("get_aws_cost", {"days": 14})
    assert isinstance(answer, Detail)
    if answer.facts["total"] != aws.total(14):
        yield f"{answer.facts['total']} USD and not {aws.total(14)}"
    for wrong in _names(answer, aws.RISEN):
        yield wrong
    piles = await everything(app, answer)
    services = _texts(piles["by service"], "service")
    for wrong in _same("services", services, aws.services()):
        yield wrong


async def log_groups(app: App, world: World) -> Wrong:
    """Every log group."""
    truth: aws.Truth = world.view.truth
    answer = await app.call("list_log_groups", {})
    for wrong in _says(answer, f"{len(truth.groups)} CloudWatch log groups"):
        yield wrong
    pile = (await everything(app, answer))["rows"]
    for wrong in _same("log groups", _texts(pile, "log group"), truth.groups):
        yield wrong


async def health(app: App, world: World) -> Wrong:
    """Whatever fails in any house is in the report."""
    answer = await app.call("get_health_report", {})
    assert isinstance(answer, Diagnosis)
    accused = {name for name, _ in await _accused(app, answer)}
    cluster = truth_of(usual("kubernetes").view)
    host: docker.Host = usual("docker").view
    account: aws.Truth = usual("aws").view.truth
    for name in (*cluster.failing, *cluster.lacking, *host.sick, *account.impaired):
        if name not in accused:
            yield f"{name} is not accused"
    for name in cluster.pods - cluster.failing.keys() & accused:
        yield f"{name} is well, and accused"


CHECKS: Mapping[str, tuple[str, str, Check]] = MappingProxyType(
    {
        "get_pod_status": ("kubernetes", "5,000 pods", pod_status),
        "get_failing_pods": ("kubernetes", "5,000 pods", failing_pods),
        "get_failing_pods, each pod otherwise": ("kubernetes", "every pod failing", failing_pods),
        "describe_pod": ("kubernetes", FAT, described_pod),
        "list_containers": ("docker", "300 containers", containers),
        "list_containers, 3,000": ("docker", "3,000 containers", containers),
        "list_containers, each sick otherwise": ("docker", "every container sick", containers),
        "get_container_logs": ("docker", "300 containers", container_log),
        "run_terraform_plan": ("terraform", "2,000 resources", plan),
        "check_terraform_state": ("terraform", "2,000 resources", state),
        "list_ec2_instances": ("aws", "400 instances", instances),
        "list_ec2_instances, 17 regions": ("aws", "17 regions", instances),
        "get_cloudwatch_alarms": ("aws", "400 instances", alarms),
        "get_cloudwatch_alarms, all firing": ("aws", "every alarm firing", alarms),
        "list_s3_buckets": ("aws", "400 instances", buckets),
        "get_aws_cost": ("aws", "400 instances", cost),
        "list_log_groups": ("aws", "400 instances", log_groups),
        "get_health_report": ("estate", "everything at once", health),
    }
)
"""By what is checked: house, world and check."""


def _says(answer: Answer, *words: str) -> Iterator[str]:
    for each in words:
        if each not in answer.summary:
            yield f"the summary does not say {each!r}: {answer.summary[:200]}"


def _names(answer: Answer, *words: str) -> Iterator[str]:
    told = text(answer)
    for each in words:
        if each not in told:
            yield f"{each!r} is not in the answer"


def _same(what: str, found: Iterable[object], expected: Iterable[object]) -> Iterator[str]:
    """Each once, all of them, and nothing more."""
    counts, wanted = Counter(found), set(expected)
    if twice := [each for each, count in counts.items() if count > 1]:
        yield f"{len(twice)} {what} are there twice, such as {twice[0]}"
    if lost := wanted - counts.keys():
        yield f"{len(lost)} of {len(wanted)} {what} are lost, such as {min(map(str, lost))}"
    if more := counts.keys() - wanted:
        yield f"{len(more)} {what} are made up, such as {min(map(str, more))}"


def _texts(pile: Pile, name: str) -> list[str]:
    """Cells as words, without the fences around those that others wrote."""
    if not pile.rows:
        return []
    return [_FENCE.sub("", str(cell)) for cell in pile.column(name)]


async def _accused(app: App, answer: Diagnosis) -> list[tuple[str, str]]:
    """Each thing that a finding names, with the finding's code."""
    if answer.more is None:
        return [pair for each in answer.findings for pair in _pairs(each)]
    pile = (await everything(app, answer))["findings"]
    subjects = zip(_texts(pile, "subject"), _texts(pile, "symptoms"), strict=True)
    named = ((subject, *filter(None, symptoms.split(", "))) for subject, symptoms in subjects)
    codes = _texts(pile, "code")
    return [
        (_pod(each), code) for code, several in zip(codes, named, strict=True) for each in several
    ]


def _pairs(finding: Finding) -> Iterator[tuple[str, str]]:
    for subject in (finding.subject, *finding.symptoms):
        yield _pod(subject), finding.code


def _pod(subject: str) -> str:
    """`namespace/name` of a pod, the last part of anything else but a workload."""
    parts = subject.split("/")
    if not subject.startswith("k8s:"):
        return parts[-1]
    space, kind, name = parts[-3:]
    return f"{space}/{name}" if kind == "Pod" else f"{space}/{kind}/{name}"


def _counts(answer: Diagnosis, expected: Mapping[str, int]) -> Iterator[str]:
    """Findings that are shown and causes that are only counted add up to all there are."""
    told = Counter[str]()
    for each in answer.findings:
        told[each.code] += each.affects
    _, _, others = (answer.more.left if answer.more else "").partition("other causes: ")
    for pair in filter(None, others.split(", ")):
        code, _, count = pair.partition(" ")
        told[code] += int(count)
    if told != expected:
        yield f"causes are counted as {dict(told - Counter(expected))} too many"

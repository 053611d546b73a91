"""Symptoms fold under their cause; what only looks like a cause does not win."""

from dataclasses import replace

from fivetabs.core import Part, Severity, Subject
from fivetabs.incident.folding import Incident, incidents
from fivetabs.incident.graph import graph_of
from fivetabs.incident.telling import as_finding, chains
from tests.incident.world import (
    ADDRESS,
    ALARM,
    CONFIG,
    DB,
    DB_POD,
    DEPLOYMENT,
    INGRESS,
    INSTANCE,
    NODE,
    POD,
    POD2,
    SERVICE,
    R,
    cloud,
    cluster,
    configuration,
    finding,
    k8s,
    needs,
)

APP = (
    needs(INGRESS, R.ROUTES_TO, SERVICE),
    needs(SERVICE, R.ROUTES_TO, POD),
    needs(SERVICE, R.ROUTES_TO, POD2),
    needs(DEPLOYMENT, R.MADE_OF, POD),
    needs(DEPLOYMENT, R.MADE_OF, POD2),
    needs(POD, R.READS, CONFIG),
    needs(POD2, R.READS, CONFIG),
    needs(POD, R.DEPENDS_ON, DB, "env DB_HOST of container api"),
    needs(DB, R.ROUTES_TO, DB_POD),
    needs(DB_POD, R.RUNS_ON, NODE),
    needs(NODE, R.RUNS_ON, "i-0c3"),
)


def told(*parts: Part) -> tuple[Incident, ...]:
    return incidents(parts, graph_of(parts))


def test_what_hangs_together_is_one_incident_under_its_cause() -> None:
    (one,) = told(
        cluster(
            finding("K1", INGRESS, ago=10),
            finding("K2", SERVICE, ago=10),
            finding("K3", POD, ago=11, basic=True, symptoms=(POD2,)),
            links=APP,
        )
    )
    shown = as_finding(one)
    assert shown.code == "K3"
    assert shown.subject == str(POD)
    assert set(shown.symptoms) == {str(POD2), str(SERVICE), str(INGRESS), str(DEPLOYMENT)}
    assert shown.affects == 5


def test_a_workload_with_a_healthy_pod_left_is_not_counted_as_hit() -> None:
    (one,) = told(cluster(finding("K3", POD, basic=True), links=APP))
    assert as_finding(one).symptoms == ()


def test_a_chain_over_houses_needs_no_code_that_knows_them() -> None:
    parts = (
        cluster(finding("K4", POD, ago=9), finding("K5", DB_POD, ago=9), links=APP),
        cloud(
            finding("A1", INSTANCE, ago=12),
            finding("A2", ALARM, ago=11),
            links=(needs(ALARM, R.WATCHES, INSTANCE),),
        ),
        configuration(),
    )
    (one,) = told(*parts)
    assert one.cause.code == "A1"
    assert {f.code for f in one.symptoms} == {"K4", "K5", "A2"}
    assert chains(one)[0] == (
        "Pod/api-1 -> depends on (env DB_HOST of container api) Service/db -> routes to Pod/db-0"
        " -> runs on Node/worker-c -> runs on ec2/i-0c3"
    )


def test_what_terraform_knows_by_the_same_name_manages_it() -> None:
    graph = graph_of((cloud(), configuration()))
    assert [link.target for link in graph.needs[INSTANCE]] == [ADDRESS]


def test_two_faults_without_a_way_between_them_stay_two() -> None:
    other = k8s("Pod", "billing-1")
    found = told(
        cluster(
            finding("K3", POD),
            finding("K6", other),
            links=(*APP, needs(k8s("Deployment", "billing"), R.MADE_OF, other)),
        )
    )
    assert {f.cause.code for f in found} == {"K3", "K6"}


def test_a_cause_that_lies_in_the_thing_itself_is_nobodys_symptom() -> None:
    found = told(cluster(finding("K3", POD, basic=True), finding("K7", NODE, ago=60), links=APP))
    assert {f.cause.code for f in found} == {"K3", "K7"}


def test_a_dependency_that_broke_later_is_not_the_cause() -> None:
    found = told(cluster(finding("K4", POD, ago=60), finding("K5", DB_POD, ago=5), links=APP))
    assert {f.cause.code for f in found} == {"K4", "K5"}


def test_a_dependency_broken_for_weeks_is_not_the_cause_of_what_began_now() -> None:
    weeks = 60 * 24 * 20
    found = told(cluster(finding("K4", POD, ago=6), finding("K5", DB_POD, ago=weeks), links=APP))
    assert {f.cause.code for f in found} == {"K4", "K5"}


def test_unless_the_log_itself_names_it() -> None:
    weeks = 60 * 24 * 20
    links = (*APP[:-4], needs(POD, R.DEPENDS_ON, DB, "log of container api"), *APP[-3:])
    (one,) = told(cluster(finding("K4", POD, ago=6), finding("K5", DB_POD, ago=weeks), links=links))
    assert one.cause.code == "K5"


def test_what_is_only_worth_knowing_is_no_cause() -> None:
    info = finding("K8", NODE, ago=90, severity=Severity.INFO)
    found = told(cluster(finding("K4", DB_POD, ago=6), info, links=APP))
    assert {f.cause.code for f in found} == {"K4", "K8"}


def test_findings_about_one_missing_thing_are_one_incident() -> None:
    other = k8s("Pod", "worker-1")
    (one,) = told(
        cluster(
            finding("K9", POD, about=CONFIG, symptoms=(POD2,)),
            finding("K9", other, about=CONFIG),
            links=(*APP, needs(other, R.READS, CONFIG)),
        )
    )
    assert as_finding(one).subject == str(POD)
    assert str(other) in as_finding(one).symptoms


def test_things_that_need_each_other_end_in_one_cause() -> None:
    links = (needs(POD, R.DEPENDS_ON, DB), needs(DB, R.DEPENDS_ON, POD))
    (one,) = told(cluster(finding("K4", POD, ago=6), finding("K5", DB, ago=6), links=links))
    assert len(one.findings) == 2


def test_the_worst_incident_comes_first_then_the_widest() -> None:
    lone, wide = k8s("Pod", "lone"), k8s("Pod", "wide")
    found = told(
        cluster(
            finding("K1", lone, severity=Severity.WARNING),
            finding("K2", lone),
            finding("K3", wide, symptoms=(k8s("Pod", "wide-2"),)),
            links=(needs(lone, R.RUNS_ON, NODE), needs(wide, R.RUNS_ON, NODE)),
        )
    )
    assert [f.cause.code for f in found] == ["K3", "K2", "K1"]


def test_the_order_of_what_was_read_changes_nothing() -> None:
    findings = (finding("K4", POD, ago=9), finding("K5", DB_POD, ago=9), finding("K2", SERVICE))
    one = told(cluster(*findings, links=APP))
    two = told(cluster(*reversed(findings), links=tuple(reversed(APP))))
    assert [as_finding(i) for i in one] == [as_finding(i) for i in two]


def test_what_is_off_on_purpose_is_the_cause_only_for_what_fails_without_it() -> None:
    off = finding("K9", DB, severity=Severity.INFO)
    (one,) = told(cluster(finding("K3", POD, ago=3), off, links=APP))
    assert as_finding(one).code == "K9"
    assert as_finding(one).severity == Severity.CRITICAL
    remark = finding("K9", POD, severity=Severity.INFO)
    assert len(told(cluster(finding("K2", SERVICE, ago=3), remark, links=APP))) == 2


def test_an_alarm_speaks_for_what_has_no_finding_of_its_own() -> None:
    parts = (
        cluster(finding("K4", POD, ago=6), links=(needs(POD, R.DEPENDS_ON, "i-0c3"),)),
        cloud(
            finding("A2", ALARM, ago=11),
            links=(needs(ALARM, R.WATCHES, INSTANCE), needs(INSTANCE, R.WATCHED_BY, ALARM)),
        ),
    )
    (one,) = told(*parts)
    assert one.cause.code == "A2"


def test_an_alarm_over_the_machine_below_is_not_why_a_program_fails() -> None:
    parts = (
        cluster(finding("K4", POD, ago=6), links=(*APP, needs(POD, R.RUNS_ON, NODE))),
        cloud(finding("A2", ALARM, ago=11), links=(needs(INSTANCE, R.WATCHED_BY, ALARM),)),
    )
    assert {each.cause.code for each in told(*parts)} == {"K4", "A2"}


def test_two_alarms_over_one_thing_stay_two() -> None:
    other = ALARM.within("alarm", "disk")
    links = [
        needs(*pair)
        for alarm in (ALARM, other)
        for pair in ((alarm, R.WATCHES, INSTANCE), (INSTANCE, R.WATCHED_BY, alarm))
    ]
    found = told(cloud(finding("A2", ALARM), finding("A3", other), links=tuple(links)))
    assert {each.cause.code for each in found} == {"A2", "A3"}


def test_what_is_switched_off_is_a_cause_only_of_what_needs_it() -> None:
    off = finding("A9", INSTANCE, severity=Severity.INFO).model_copy(update={"latent": True})
    links = (needs(POD, R.DEPENDS_ON, "i-0c3"),)
    (one,) = told(cluster(finding("K4", POD, ago=6), links=links), cloud(off))
    assert one.cause.code == "A9"
    assert not one.latent
    (alone,) = told(cluster(links=links), cloud(off))
    assert alone.latent


def test_what_a_log_says_is_kept_beside_what_configuration_says() -> None:
    links = (needs(POD, R.DEPENDS_ON, DB, "env DB"), needs(POD, R.DEPENDS_ON, DB, "its log names"))
    graph = graph_of((cluster(links=links),))
    assert [link.via for link in graph.needs[POD]] == ["env DB; its log names"]


def test_an_incident_touches_the_namespaces_of_all_that_it_hits() -> None:
    parts = (
        cluster(finding("K4", POD, ago=6), links=(needs(POD, R.RUNS_ON, NODE), *APP[-1:])),
        cloud(finding("A1", INSTANCE, ago=12)),
    )
    (one,) = told(*parts)
    assert one.cause.code == "A1"
    assert one.touches("shop")
    assert one.touches("")
    assert not one.touches("billing")


def test_a_name_means_what_the_users_own_cluster_calls_by_it() -> None:
    there = Subject("k8s", "other", ("shop", "Service", "db"))
    user = Subject("k8s", "other", ("shop", "Pod", "api-1"))
    here, far = cluster(links=(needs(POD, R.DEPENDS_ON, "db.shop"),)), _other(user, there)
    graph = graph_of((replace(here, aliases={"db.shop": DB}), far))
    assert [link.target for link in graph.needs[POD]] == [DB]
    assert [link.target for link in graph.needs[user]] == [there]


def test_a_name_without_a_dot_means_nothing_in_another_cluster() -> None:
    user = Subject("k8s", "other", ("shop", "Pod", "api-1"))
    here, far = cluster(), _other(user, None)
    assert user not in graph_of((replace(here, aliases={"db.shop": DB, "db": DB}), far)).needs


def test_from_outside_a_name_of_two_clusters_means_neither() -> None:
    there = Subject("k8s", "other", ("shop", "Service", "db"))
    user = Subject("docker", "host", ("container", "web"))
    links = (needs(user, R.DEPENDS_ON, "orders-api"),)
    here = replace(cluster(), aliases={"orders-api": DB})
    outside = Part("Docker", "docker:host", links=links)
    assert user in graph_of((here, outside)).needs
    far = replace(_other(user, there), links=(), aliases={"orders-api": there})
    assert user not in graph_of((here, far, outside)).needs


def test_what_an_account_and_a_region_of_it_both_tell_is_told_once() -> None:
    alarm = finding("A1", ALARM, ago=5)
    found = told(cloud(alarm), replace(cloud(alarm), house="AWS (all)", target="aws:1234/all"))
    assert [each.cause.code for each in found] == ["A1"]


def _other(user: Subject, known: Subject | None) -> Part:
    """A second cluster in which a pod names a database."""
    name = "db.shop" if known else "db"
    return Part(
        "Kubernetes (other)",
        "k8s:other",
        links=(needs(user, R.DEPENDS_ON, name),),
        aliases={name: known} if known else {},
    )

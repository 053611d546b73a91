"""About 41 USD a day; since 2026-03-10 traffic between availability zones costs seven more."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

Json = dict[str, Any]
_ROSE = date(2026, 3, 10)
_PAGE = 7
_SATURDAY = 5
_QUIET_WEEKEND = 0.88
_SO_FAR = 0.36
_NOISE = 400
_REGIONAL = "EU-DataTransfer-Regional-Bytes"
_EC2 = "Amazon Elastic Compute Cloud - Compute"
_OTHER = "EC2 - Other"
_CDN = "Amazon CloudFront"
_BASE: Mapping[tuple[str, str], float] = MappingProxyType(
    {
        (_EC2, "EU-BoxUsage:m5.large"): 7.704,
        (_OTHER, "EU-EBS:VolumeUsage.gp3"): 2.933,
        (_OTHER, "EU-NatGateway-Hours"): 1.152,
        (_OTHER, "EU-NatGateway-Bytes"): 2.304,
        (_OTHER, _REGIONAL): 1.118,
        ("Amazon Elastic Container Service for Kubernetes", "EU-AmazonEKS-Hours:perCluster"): 2.4,
        ("Amazon Elastic Load Balancing", "EU-LoadBalancerUsage"): 0.605,
        ("Amazon Elastic Load Balancing", "EU-LCUUsage"): 1.211,
        ("Amazon Relational Database Service", "EU-InstanceUsage:db.t3.medium"): 1.872,
        ("Amazon Relational Database Service", "EU-RDS:GP3-Storage"): 0.639,
        ("Amazon Simple Storage Service", "EU-TimedStorage-ByteHrs"): 6.127,
        ("Amazon Simple Storage Service", "EU-Requests-Tier1"): 0.913,
        ("AmazonCloudWatch", "EU-CW:MetricMonitorUsage"): 2.206,
        (_CDN, "EU-DataTransfer-Out-Bytes"): 9.704,
        ("Amazon Route 53", "DNS-Queries"): 0.112,
    }
)
_TRAFFIC = ("Bytes", "LCU", "Requests", "Queries")


def page(params: Mapping[str, Any], *, today: date) -> Json:
    """GetCostAndUsage by SERVICE and USAGE_TYPE, seven days a page."""
    period = params["TimePeriod"]
    start, end = (date.fromisoformat(period[key]) for key in ("Start", "End"))
    first = start + timedelta(days=int(params.get("NextPageToken") or 0))
    last = min(first + timedelta(days=_PAGE), end, today + timedelta(days=1))
    days = (first + timedelta(days=n) for n in range((last - first).days))
    answer: Json = {
        "GroupDefinitions": params["GroupBy"],
        "ResultsByTime": [_day(day, today) for day in days],
        "DimensionValueAttributes": [],
    }
    if last < min(end, today + timedelta(days=1)):
        answer["NextPageToken"] = str((last - start).days)
    return answer


def _day(day: date, today: date) -> Json:
    return {
        "TimePeriod": {
            "Start": day.isoformat(),
            "End": (day + timedelta(days=1)).isoformat(),
        },
        "Total": {},
        "Groups": list(_groups(day, today)),
        "Estimated": (day.year, day.month) == (today.year, today.month),
    }


def _groups(day: date, today: date) -> Iterator[Json]:
    for (service, usage_type), base in _BASE.items():
        amount = base * (_SO_FAR if day == today else 1.0)
        if usage_type == _REGIONAL and day >= _ROSE:
            amount *= 7.3 if day == _ROSE else 8.1
        elif day.weekday() >= _SATURDAY and any(word in usage_type for word in _TRAFFIC):
            amount *= _QUIET_WEEKEND
        amount *= 1 + ((day.toordinal() * 5 + len(usage_type)) % 7 - 3) / _NOISE
        metric = {"Amount": f"{amount:.10f}", "Unit": "USD"}
        yield {"Keys": [service, usage_type], "Metrics": {"UnblendedCost": metric}}

"""The SDK's clients of one identity, one for each service and region. They block: use a thread."""

from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from fivetabs.providers.aws.auth import Identity
from fivetabs.providers.aws.settings import Settings

_GLOBAL_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Clients:
    """Clients by service and region, and how to see that an endpoint is alive.

    `heard` keeps the Date header of the last answer.
    """

    identity: Identity
    settings: Settings
    made: dict[tuple[str, str], Any] = field(default_factory=dict[tuple[str, str], Any])
    heard: dict[str, str] = field(default_factory=dict[str, str])
    making: Lock = field(default_factory=Lock)

    def home(self, service: str) -> str:
        """The region a call without one goes to. Cost Explorer lives in one for each partition."""
        region = self.identity.region
        if service != "ce":
            return region
        return {"aws-cn": "cn-northwest-1"}.get(self._partition(region), _GLOBAL_REGION)

    def ask(self, service: str, region: str, operation: str, params: dict[str, Any]) -> Any:
        """One request and its parsed answer."""
        import botocore

        sdk: Any = botocore
        call = getattr(self.client(service, region), sdk.xform_name(operation))
        answer: dict[str, Any] = call(**params)
        told: dict[str, Any] = answer.pop("ResponseMetadata", None) or {}
        headers: dict[str, str] = told.get("HTTPHeaders") or {}
        self.heard["date"] = headers.get("date", "")
        return answer

    def knock(self, service: str, region: str) -> int:
        """An unsigned GET of the endpoint's root; any HTTP answer at all shows that it lives."""
        from botocore import utils
        from botocore.awsrequest import AWSRequest
        from botocore.httpsession import URLLib3Session

        url: str = self.client(service, region).meta.endpoint_url
        sdk: Any = utils
        request: Any = AWSRequest(method="GET", url=f"{url.rstrip('/')}/")
        http: Any = URLLib3Session(
            verify=self.identity.session.get_config_variable("ca_bundle") or True,
            proxies=sdk.get_environ_proxies(url),
            timeout=self.settings.quiet_seconds,
        )
        try:
            return http.send(request.prepare()).status_code
        finally:
            http.close()

    def client(self, service: str, region: str) -> Any:
        """The client; the first one of a service reads its whole model."""
        with self.making:
            client = self.made.get((service, region))
            if client is None:
                client = self._make(service, region)
                self.made[service, region] = client
            return client

    def _make(self, service: str, region: str) -> Any:
        from botocore.config import Config

        config = Config(
            connect_timeout=self.settings.connect_seconds,
            read_timeout=self.settings.read_seconds,
            retries={"total_max_attempts": 1},
            max_pool_connections=self.settings.concurrent_calls,
        )
        return self.identity.session.create_client(service, region_name=region, config=config)

    def _partition(self, region: str) -> str:
        return self.identity.session.get_partition_for_region(region)

"""moto's server with two gaps filled: PutCompositeAlarm and StopQuery.

moto's handler of PutMetricAlarm reads a composite alarm's rule too, but is not known by that name.
Its Insights queries end as they begin, so that there is never one to stop.
"""

import importlib
import sys
from typing import Any


def _stop_query(_: object) -> str:
    return '{"success": false}'


def main() -> None:
    """Serve on the host and port of the command line, as `moto_server` does."""
    responses: Any = importlib.import_module("moto.cloudwatch.responses").CloudWatchResponse
    if not hasattr(responses, "put_composite_alarm"):
        responses.put_composite_alarm = responses.put_metric_alarm
    logs: Any = importlib.import_module("moto.logs.responses").LogsResponse
    if not hasattr(logs, "stop_query"):
        logs.stop_query = _stop_query
    importlib.import_module("moto.server").main(sys.argv[1:])


if __name__ == "__main__":
    main()

"""moto's server with one gap filled: PutCompositeAlarm.

moto's handler of PutMetricAlarm reads a composite alarm's rule too, but is not known by that name.
"""

import importlib
import sys
from typing import Any


def main() -> None:
    """Serve on the host and port of the command line, as `moto_server` does."""
    responses: Any = importlib.import_module("moto.cloudwatch.responses").CloudWatchResponse
    if not hasattr(responses, "put_composite_alarm"):
        responses.put_composite_alarm = responses.put_metric_alarm
    importlib.import_module("moto.server").main(sys.argv[1:])


if __name__ == "__main__":
    main()

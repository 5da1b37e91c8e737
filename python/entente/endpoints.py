"""Where the services are."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import tomllib

from entente import errors


@dataclasses.dataclass(frozen=True, slots=True)
class Endpoints:
    """ZeroMQ endpoints of the services; the defaults are those of docs/protocol.md."""

    ingest: str = "tcp://127.0.0.1:7400"
    projector: str = "tcp://127.0.0.1:7401"
    query: str = "tcp://127.0.0.1:7402"
    tail: str = "tcp://127.0.0.1:7403"  # of query; publishes, answers nothing


def of_environment() -> Endpoints:
    """As the command `entente` reads them: ENTENTE_INGEST, ENTENTE_PROJECTOR, ENTENTE_QUERY
    and ENTENTE_TAIL, then the data directory ENTENTE_DATA, then the defaults."""
    directory = os.environ.get("ENTENTE_DATA")
    found = of_data_directory(directory) if directory else Endpoints()
    return dataclasses.replace(found, **{
        field.name: endpoint for field in dataclasses.fields(Endpoints)
        if (endpoint := os.environ.get(f"ENTENTE_{field.name.upper()}"))})


def of_data_directory(directory: str | os.PathLike[str]) -> Endpoints:
    """Where the services on a data directory say that they listen; the defaults for those that
    say nothing."""
    path = pathlib.Path(directory, "endpoints.toml")
    try:
        with path.open("rb") as file:
            written = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise errors.of("FILE_UNREADABLE", f"{path}: {error}; is a service running there?",
                        value=str(path)) from error
    places = {service: (service, "endpoint") for service in ("ingest", "projector", "query")}
    places["tail"] = ("query", "tail")
    return Endpoints(**{
        name: written[service][key] for name, (service, key) in places.items()
        if key in written.get(service, {})})

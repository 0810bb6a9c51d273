"""A PostgreSQL and a broker for one measurement only, and what our own processes need to use them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.kernel.runtime import installation, migrations
from app.kernel.runtime.service import signal_group, spawn, wait_until_ready
from config import Settings, inherited_environment, load_settings


@contextmanager
def servers(*, durable: bool = False) -> Iterator[Settings]:
    """Start both with an empty schema, and remove them and their data at the end.

    ``durable`` is how they run in use, every commit on the disk; otherwise as in tests.
    """
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
        Path(folder).chmod(0o711)
        settings = load_settings(environment(Path(folder)))
        running = []
        try:
            for service in installation.embedded_services(settings, durable=durable):
                with open(Path(folder) / f"{service.name}.log", "wb") as output:
                    process = spawn(service, output)
                running.append((service, process))
                wait_until_ready(service, process)
            migrations.upgrade(settings)
            yield settings
        finally:
            for service, process in reversed(running):
                signal_group(process, service.stop_signal)
                process.wait(30)


def environment(folder: Path) -> dict[str, str]:
    """The environment of a process that works on the servers whose data is in a folder."""
    chosen = {name: value for name, value in inherited_environment().items() if not name.endswith("_URL")}
    return chosen | {"HUIYIN_DATA_DIR": str(folder), "HUIYIN_TESTING": "1", "PYTHONWARNINGS": "ignore"}

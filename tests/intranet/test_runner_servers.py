"""The embedded servers: shared by all who use them, gone with the last of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from intranet.runner.demo import Demo
from intranet.runner.locks import FileLock
from intranet.runner.servers import Postgres, Valkey
from intranet.runner.services import Services
from intranet.runner.state import LONGEST_SOCKET_FOLDER, State, StateError, state_from
from tests.intranet.processes import Program, left_behind, wait_until

USER = """
import os, sys, time
from intranet.runner.services import Services
from intranet.runner.state import state_from
services = Services(state_from(os.environ), durable=False)
services.announce(os.environ)
services.start()
print("up", os.environ["DATABASE_URL"], flush=True)
time.sleep(float(sys.argv[1]))
"""


def user_of(folder: Path, seconds: float) -> Program:
    return Program([sys.executable, "-c", USER, str(seconds)], TUNET_VAR=str(folder))


def test_servers_live_as_long_as_their_last_user_and_outlive_a_killed_one(tmp_path: Path) -> None:
    state = State(tmp_path)
    with user_of(tmp_path, 60) as first, user_of(tmp_path, 60) as second:
        first.wait_for("up postgres://")
        second.wait_for("up postgres://")
        assert Postgres(state).has_tables("tunet") is False
        first.process.kill()
        first.wait()
        assert Postgres(state).answers()
        assert Valkey(state).answers()
        second.process.kill()
        second.wait()
    wait_until(lambda: left_behind(str(tmp_path)) == [], 15)


def test_servers_start_again_with_their_data(tmp_path: Path) -> None:
    for _ in range(2):
        with user_of(tmp_path, 0) as program:
            program.wait_for("up postgres://")
            assert program.wait() == 0
        wait_until(lambda: left_behind(str(tmp_path)) == [], 15)
    assert (tmp_path / "postgres" / "PG_VERSION").exists()


def test_addresses_of_the_environment_come_first(tmp_path: Path) -> None:
    environ = {"DATABASE_URL": "postgres://db/tunet", "REDIS_URL": "redis://queue:6379/0"}
    services = Services(State(tmp_path))
    services.announce(environ)
    assert services.names == []
    assert environ["DATABASE_URL"] == "postgres://db/tunet"
    assert "SECRET_KEY" not in environ  # who brings a database brings a key


def test_keys_are_made_once(tmp_path: Path) -> None:
    first, push = State(tmp_path).secret_key(), State(tmp_path).push_key()
    assert (len(first) >= 50, len(push)) == (True, 43)
    assert (State(tmp_path).secret_key(), State(tmp_path).push_key()) == (first, push)
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_sockets_move_to_a_short_folder_when_the_path_is_long(tmp_path: Path) -> None:
    short, deep = State(Path("/srv/tunet/var")), State(tmp_path / ("x" * LONGEST_SOCKET_FOLDER))
    assert short.sockets == short.root
    assert len(str(deep.valkey_socket)) < 100
    assert deep.sockets != State(deep.root / "other").sockets


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    state = State(tmp_path / "file" / "var")
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StateError, match="Cannot create"):
        state.prepare()


def test_the_state_folder_follows_tunet_var(tmp_path: Path) -> None:
    assert state_from({"TUNET_VAR": str(tmp_path)}).root == tmp_path
    assert state_from({}).root.name == "var"


def test_a_lock_is_held_by_one_or_shared_by_many(tmp_path: Path) -> None:
    first, second, third = (FileLock(tmp_path / "lock") for _ in range(3))
    assert first.try_shared()
    assert second.try_shared()
    assert not third.try_exclusive()
    first.release()
    second.release()
    assert third.try_exclusive()
    assert not first.try_shared()


def test_each_demo_size_has_its_own_database_and_pictures(tmp_path: Path) -> None:
    usual, city = Demo(State(tmp_path)), Demo.wanted(State(tmp_path), {"EMPLOYEES": "50000"})
    assert (usual.database, usual.media_folder) == ("tunet", None)
    assert (city.database, city.media_folder) == ("tunet_50000", tmp_path / "media_50000")
    city.make_current()
    assert Demo.current(State(tmp_path)) == city
    assert Demo.wanted(State(tmp_path), {"EMPLOYEES": ""}) == city


@pytest.mark.parametrize("size", ["many", "-5", "1", "10000000", "٣٠٠"])
def test_a_senseless_demo_size_is_refused(tmp_path: Path, size: str) -> None:
    with pytest.raises(StateError, match="EMPLOYEES must be"):
        Demo.wanted(State(tmp_path), {"EMPLOYEES": size})

"""What an operator may choose, and what they are told when they choose wrongly."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

import config
from config import ConfigError, EmbeddedPlaces, load_settings


def settings_of(folder: Path, **env: str) -> config.Settings:
    """Settings with nothing given but the data folder and these."""
    return load_settings({"HUIYIN_DATA_DIR": str(folder / "var"), **env})


def test_without_anything_it_runs_by_itself(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    assert settings.database_is_embedded
    assert settings.broker_is_embedded
    assert "//huiyin_app:" in settings.database_url
    assert "//huiyin_owner:" in settings.owner_database_url
    assert "//huiyin_dispatcher:" in settings.dispatcher_database_url
    assert settings.broker_url.startswith("redis+socket:///")
    assert settings.base_url == "http://127.0.0.1:8000"
    assert not settings.cookie_secure


def test_secrets_are_made_once_and_are_ours_alone(tmp_path: Path) -> None:
    first, second = settings_of(tmp_path), settings_of(tmp_path)
    assert first == second
    file = tmp_path / "var" / "secrets.json"
    assert file.stat().st_mode & 0o777 == 0o600
    made = json.loads(file.read_text())
    assert len(set(made.values())) == len(made)
    assert not any(secret in repr(first) for secret in made.values())


def test_a_secret_may_come_from_a_file_but_not_from_two_places(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("a-key-that-is-long-enough\n")
    settings = settings_of(tmp_path, HUIYIN_SECRET_KEY_FILE=str(tmp_path / "key"))
    assert settings.secret_key == "a-key-that-is-long-enough"
    with pytest.raises(ConfigError, match="both set"):
        settings_of(tmp_path, HUIYIN_SECRET_KEY_FILE=str(tmp_path / "key"), HUIYIN_SECRET_KEY="x" * 20)
    with pytest.raises(ConfigError, match="HUIYIN_SECRET_KEY_FILE cannot be read"):
        settings_of(tmp_path, HUIYIN_SECRET_KEY_FILE=str(tmp_path / "none"))
    with pytest.raises(ConfigError, match="at least 16"):
        settings_of(tmp_path, HUIYIN_AUDIT_KEY="short")


def test_one_database_url_is_the_owners(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, DATABASE_URL="postgres://boss:p%40ss@db:5433/gov?sslmode=require")
    assert settings.owner_database_url == "postgresql+psycopg://boss:p%40ss@db:5433/gov?sslmode=require"
    assert settings.database_url.startswith("postgresql+psycopg://huiyin_app:")
    assert settings.database_url.endswith("@db:5433/gov?sslmode=require")
    assert not settings.database_is_embedded


def test_with_the_owners_url_the_other_is_the_applications(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path, DATABASE_URL="postgresql://a:b@db/gov", OWNER_DATABASE_URL="postgresql://o:p@db/gov"
    )
    assert settings.database_url == "postgresql+psycopg://a:b@db/gov"
    assert settings.owner_database_url == "postgresql+psycopg://o:p@db/gov"
    with pytest.raises(ConfigError, match="need DATABASE_URL"):
        settings_of(tmp_path, OWNER_DATABASE_URL="postgresql://o:p@db/gov")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///x.db"),
        ("REDIS_URL", "amqp://x"),
        ("PORT", "70000"),
        ("PORT", "８０００"),
        ("HUIYIN_COOKIE_SECURE", "maybe"),
        ("HUIYIN_LOG_LEVEL", "LOUD"),
        ("HUIYIN_LANGUAGES", "zh,fr"),
        ("HUIYIN_BASE_URL", "huiyin.example"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        settings_of(tmp_path, **{name: value})


def test_a_public_address_closes_the_doors(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, HUIYIN_BASE_URL="https://huiyin.example/")
    assert settings.base_url == "https://huiyin.example"
    assert settings.cookie_secure
    assert "huiyin.example" in settings.trusted_hosts


@pytest.mark.parametrize("given", ["redis+socket:///run/r.sock", "redis+unix:///run/r.sock", "unix:///run/r.sock"])
def test_a_socket_is_written_as_each_reader_wants_it(tmp_path: Path, given: str) -> None:
    settings = settings_of(tmp_path, REDIS_URL=given)
    assert settings.redis_url == "unix:///run/r.sock"
    assert settings.broker_url == "redis+socket:///run/r.sock"
    assert settings.limiter_url == "redis+unix:///run/r.sock"


def test_a_mistyped_setting_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        settings_of(tmp_path, HUIYIN_BASE_ULR="https://x.example")
    assert "did you mean HUIYIN_BASE_URL" in caplog.text


def test_a_long_path_does_not_make_a_long_socket(tmp_path: Path) -> None:
    places = EmbeddedPlaces.below(tmp_path / ("督查" * 40))
    assert len(str(places.broker_socket).encode()) < 104
    assert len(str(places.database_socket).encode()) + len("/.s.PGSQL.5432") < 104
    assert places == EmbeddedPlaces.below(tmp_path / ("督查" * 40))


def test_where_channels_may_go_is_told_by_host_and_port(tmp_path: Path) -> None:
    hosts = "WX.gov.example:443, 10.1.2.3:8080,[fd00::1]:25"
    assert settings_of(tmp_path, HUIYIN_CHANNEL_HOSTS=hosts).channel_hosts == (
        "wx.gov.example:443",
        "10.1.2.3:8080",
        "[fd00::1]:25",
    )
    for wrong in ("wx.gov.example", "https://wx.gov.example:443", "a@b:1", "host:99999", "10.0.0.0/8:443", ":80"):
        with pytest.raises(ConfigError, match="HUIYIN_CHANNEL_HOSTS"):
            settings_of(tmp_path, HUIYIN_CHANNEL_HOSTS=wrong)


def test_a_former_key_is_as_long_as_a_key_and_stands_in_no_repr(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, HUIYIN_FORMER_FIELD_KEYS="a-former-key-of-ours,another-former-key")
    assert settings.former_field_keys == ("a-former-key-of-ours", "another-former-key")
    assert "a-former-key" not in repr(settings)
    with pytest.raises(ConfigError, match="HUIYIN_FORMER_FIELD_KEYS"):
        settings_of(tmp_path, HUIYIN_FORMER_FIELD_KEYS="short")

"""What is installed by hand belongs together: its ports, settings, commands and figures are the program's."""

import re
import shlex
from pathlib import Path

import pytest

from dashboard.web import health
from data.__main__ import data
from data.settings import SETTINGS
from tests.browsing import ROOT

DEPLOY = ROOT / ".github" / "deploy"


def read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def last_stage() -> str:
    return re.split(r"^FROM .*$", read("Containerfile"), flags=re.MULTILINE)[-1]


def test_the_container_is_nobody_with_a_pinned_base_and_no_tools() -> None:
    file = read("Containerfile")
    assert re.search(r"^ARG BASE=\S+/debian:13\.\d+-slim$", file, re.MULTILINE)
    assert {*re.findall(r"^FROM (\S+)", file, re.MULTILINE)} == {"${BASE}"}
    assert re.findall(r"^USER (.+)$", file, re.MULTILINE) == ["10001:10001"]
    assert "USER" in last_stage()
    # Nothing is run or copied as anybody else once it is nobody.
    assert not re.search(r"^(RUN|COPY|ADD) ", last_stage().partition("USER")[2], re.MULTILINE)
    assert "python3-venv" in file.replace(last_stage(), "")
    for tool in ("python3-venv", "pip", "gcc", "build-essential", "curl"):
        assert tool not in last_stage()


def test_the_container_has_what_the_program_reads_and_no_secret() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+)$", read("Containerfile"), re.MULTILINE)
    sources = [one for line in copied for one in line.split()[:-1]]
    assert {"data", "dashboard", ".streamlit/config.toml", ".github/USING.md"} <= {*sources}
    assert all((ROOT / one).exists() for one in sources)
    assert "." not in sources
    assert ".streamlit" not in sources  # where secrets.toml is


def test_the_containers_health_is_asked_of_the_address_for_it() -> None:
    (check,) = re.findall(
        r"^HEALTHCHECK (?:.*\\\n)*.*CMD (.+)$", read("Containerfile"), re.MULTILINE
    )
    assert f"http://127.0.0.1:8501{health.LIVE}'" in check
    assert "EXPOSE 8501" in last_stage()


@pytest.mark.parametrize("file", ["Containerfile", "progress@.service"])
def test_every_setting_is_one(file: str) -> None:
    named = {*re.findall(r"\b((?:PROGRESS|DATABASE)_[A-Z_]+)=", read(file))}
    assert named
    assert named <= {*SETTINGS}


def test_every_process_of_nginx_is_asked_for_its_figures_and_its_readiness() -> None:
    ports = re.findall(r"^    server 127\.0\.0\.1:(\d+) ", read("nginx.conf"), re.MULTILINE)
    assert len(ports) == 2
    asked = read("prometheus.yml")
    assert "PROGRESS_METRICS=1%i" in read("progress@.service")
    for port in ports:
        assert f'"127.0.0.1:1{port}"' in asked
        assert f'"http://127.0.0.1:{port}{health.READY}"' in asked
    assert asked.count(health.READY) == len(ports)


def test_haproxy_leads_to_the_servers_that_patroni_has_and_asks_at_its_port() -> None:
    node = read("patroni.yml")
    ((host, port),) = {
        *re.findall(r"^  (?:listen|connect_address): (.+):(5432)$", node, re.MULTILINE)
    }
    ((_, asked),) = {
        *re.findall(r"^  (?:listen|connect_address): (.+):(8008)$", node, re.MULTILINE)
    }
    hosts = re.findall(r"([\d.]+):2379", node)
    leads = re.findall(
        r"^    server (\w+) (\S+) check port (\d+)$", read("haproxy.cfg"), re.MULTILINE
    )
    assert leads == [
        (name, f"{one}:{port}", asked) for (name, *_), one in zip(leads, hosts, strict=True)
    ]
    assert f"\nname: {leads[0][0]}\n" in node
    assert hosts[0] == host
    assert "\n    synchronous_mode: true\n" in node
    ttl, wait, retry = (
        int(re.findall(rf"^    {name}: (\d+)$", node, re.MULTILINE)[0])
        for name in ("ttl", "loop_wait", "retry_timeout")
    )
    assert ttl >= wait + 2 * retry  # as Patroni asks for


def test_alerts_are_of_figures_that_there_are() -> None:
    named = {*re.findall(r"\b(progress_\w+)", read("alerts.yml"))}
    written = {*re.findall(r'echo "(progress_\w+) ', read("progress.cron"))}
    guide = (ROOT / ".github" / "OPERATING.md").read_text(encoding="utf-8")
    told = {f"{one}_bucket" for one in re.findall(r"`(progress_\w+)` \| histogram", guide)}
    assert named == written | (named & told)
    assert len(written) == len(named & told) == 1
    jobs = {*re.findall(r"job_name: (\S+)", read("prometheus.yml"))}
    assert {*re.findall(r'job="(\w+)"', read("alerts.yml"))} <= jobs


def test_cron_runs_commands_that_there_are() -> None:
    lines = re.findall(
        r"^(?:# )?(?:\S+ ){3,5} *\S+ +root  (.+)$", read("progress.cron"), re.MULTILINE
    )
    assert len(lines) == 4
    for line in lines:
        assert line.startswith(". /etc/progress/owner && cd /opt/progress && ")
        words = shlex.split(line.partition("-m data ")[2].partition(" && ")[0])
        command = data.commands[words[0]]
        command.make_context(words[0], words[1:], resilient_parsing=False)  # raises
    # An unescaped percent sign ends a line of cron's.
    assert not re.search(r"(?<!\\)%", read("progress.cron"))


def test_the_guide_names_each_of_these_files() -> None:
    guide = (ROOT / ".github" / "OPERATING.md").read_text(encoding="utf-8")
    files = [one.name for one in Path(DEPLOY).iterdir()]
    assert len(files) == 8
    assert [name for name in files if f"](deploy/{name})" not in guide] == []

"""The image of `.github/deploy/Containerfile`, built by buildah on a Debian that debootstrap brings, and run as
an engine would: processes of its own, no root, nothing written but in its volume and in memory."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.browsing import ROOT
from tests.machine import go_without, need, slower

CONTAINERFILE: Final = ROOT / ".github" / "deploy" / "Containerfile"
DEBIAN: Final = "trixie"
DATABASE: Final = "/mnt/database"
"""Where a container finds the socket of the server that it is given."""

# An image's root is a mount of its own, which becomes read-only last. Devices are the machine's, and so are the
# names of hosts, which an engine brings too.
RUN: Final = """
set -e
root=$1 volume=$2 secrets=$3 socket=$4; shift 4
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=0755 tmpfs "$root/mnt"
mount -t tmpfs -o mode=0755 tmpfs "$root/dev"
mkdir -m 1777 "$root/dev/shm"
for name in null zero full random urandom; do
    touch "$root/dev/$name"
    mount --bind "/dev/$name" "$root/dev/$name"
done
for name in hosts resolv.conf; do
    touch "$root/etc/$name"
    mount --bind "/etc/$name" "$root/etc/$name"
done
mount --bind "$volume" "$root/data"
touch "$root/opt/progress/.streamlit/secrets.toml"
mount --bind "$secrets" "$root/opt/progress/.streamlit/secrets.toml"
if [ -n "$socket" ]; then
    mkdir "$root/mnt/database"
    touch "$root/mnt/database/.s.PGSQL.5432"
    mount --bind "$socket" "$root/mnt/database/.s.PGSQL.5432"
fi
for one in mnt dev ''; do mount -o remount,bind,ro "$root/$one"; done
exec chroot "$root" "$@"
"""


@dataclass(frozen=True)
class Image:
    """What was built: its root, and what it says of itself."""

    root: Path
    says: Mapping[str, Any]

    @property
    def user(self) -> tuple[int, int]:
        user, group = self.says["User"].split(":")
        return int(user), int(group)

    def as_its_user(self, settings: Mapping[str, str], *command: str) -> list[str]:
        """The command line that runs this within its root, with its environment alone and without any right."""
        user, group = self.user
        environment = [*self.says["Env"], *(f"{name}={one}" for name, one in settings.items())]
        return [
            *("/usr/bin/env", "-i", "-C", self.says["WorkingDir"], *environment),
            *("/usr/bin/setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"),
            *("--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", *command),
        ]


@dataclass(frozen=True)
class Container:
    """One that runs."""

    image: Image
    settings: Mapping[str, str]
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def first(self) -> int:
        """The process that has the number 1 within."""
        own = self.process.pid
        return int(Path(f"/proc/{own}/task/{own}/children").read_text().split()[0])

    def ask(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A command within it, as an engine's `exec` has it."""
        enter = [
            "nsenter",
            f"--target={self.first}",
            "--mount",
            "--pid",
            "chroot",
            str(self.image.root),
        ]
        return subprocess.run(
            [*enter, *self.image.as_its_user(self.settings, *command)],
            cwd="/", capture_output=True, text=True, check=False, timeout=120 * slower(),
        )  # fmt: skip

    def ends(self) -> int:
        """Asked to, as an engine asks: its exit code, within the ten seconds that one waits."""
        os.kill(self.first, signal.SIGTERM)
        return self.process.wait(10 * slower())


@contextmanager
def built() -> Iterator[Image]:
    """The image; minutes, most of which are pip's."""
    if os.geteuid() != 0:
        go_without("Only root builds and runs an image here")
    for program in ("debootstrap", "buildah"):
        need(Path(shutil.which(program) or f"/usr/bin/{program}"), program)
    with tempfile.TemporaryDirectory(prefix="progress-image-", dir="/var/tmp") as made:
        folder = Path(made)
        base = re.findall(r"^ARG BASE=(\S+)$", CONTAINERFILE.read_text("utf-8"), re.MULTILINE)[0]
        told("debootstrap", "--variant=minbase", DEBIAN, str(folder / "base"))
        version = (folder / "base" / "etc" / "debian_version").read_text().strip()
        assert f"debian:{version.split('.')[0]}." in base
        buildah = ("buildah", f"--root={folder}/store", f"--runroot={folder}/run")
        try:
            empty = told(*buildah, "from", "scratch")
            told(*buildah, "add", "--quiet", empty, str(folder / "base"), "/")
            told(*buildah, "commit", "--quiet", "--rm", empty, base)
            shutil.rmtree(folder / "base")
            told(
                *buildah, "build", "--isolation=chroot", "--pull-never", "--format=docker",
                *_believed_here(folder), "--tag=progress", f"--file={CONTAINERFILE}", str(ROOT),
            )  # fmt: skip
            container = told(*buildah, "from", "--pull-never", "localhost/progress")
            says = json.loads(told(*buildah, "inspect", container))["Docker"]["config"]
            yield Image(Path(told(*buildah, "mount", container)), says)
        finally:
            told(*buildah, "rm", "--all")


def told(*command: str) -> str:
    """What a command prints, whose failure is one of the test."""
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-5000:]}\n{done.stderr[-5000:]}"
    return done.stdout.strip()


def _believed_here(folder: Path) -> Sequence[str]:
    """Options by which pip within believes whom pip of this machine was told to believe."""
    asked = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    found = re.search(r"^\S*\.cert='(.+)'$", listed, re.MULTILINE)
    if not found:
        return []
    (folder / "pip.conf").write_text("[global]\ncert = /etc/believed.crt\n")
    return [
        f"--volume={folder}/pip.conf:/etc/pip.conf:ro",
        f"--volume={found[1]}:/etc/believed.crt:ro",
    ]


@contextmanager
def running(
    image: Image,
    folder: Path,
    *command: str,
    settings: Mapping[str, str],
    secrets: Path,
    socket: Path | None = None,
) -> Iterator[Container]:
    """What the image starts with this command (its own by default), with these settings and `folder` as its
    volume. `socket` is one of PostgreSQL's."""
    entry = [*image.says["Entrypoint"], *(command or image.says["Cmd"])]
    os.chown(folder, *image.user)
    os.chown(secrets, *image.user)
    log = secrets.with_name(f"log-{time.monotonic_ns()}")
    spaces = ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork"]
    given = (image.root, folder, secrets, socket or "")
    with log.open("wb") as output, subprocess.Popen(
        [*spaces, "bash", "-c", RUN, "run", *map(str, given), *image.as_its_user(settings, *entry)],
        cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output,
    ) as process:  # fmt: skip
        one = Container(image, settings, process, log)
        try:
            yield one
        finally:
            if process.poll() is None:
                os.kill(one.first, signal.SIGKILL)  # and all that is in it

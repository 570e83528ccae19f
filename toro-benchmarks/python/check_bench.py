#!/usr/bin/python3
"""./bench --check: ./toro check beside linkinator and linkchecker, on documentation that nginx serves.

For each site and program: the wall time, the processor's time, the peak of the memory, and how many links it
calls broken; then whether all agree on which ones. What is not installed is named, and left out. Fragments are
checked by those that can.
"""

import argparse
import csv
import io
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
SITES = {  # the folder of a Debian package
    "postgresql-doc-15": "/usr/share/doc/postgresql-doc-15/html",
    "python3-doc": "/usr/share/doc/python3.11/html",
    "sqlite3-doc": "/usr/share/doc/sqlite3",
    "rust-doc": "/usr/share/doc/rust-doc/html",
}
LIMIT = 900  # seconds, for one program on one site


class Nginx:
    """Serves a folder on a free port of this machine."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.temporary = tempfile.TemporaryDirectory()
        home = self.temporary.name
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {home}/{kind};" for kind in kinds)
        configuration = pathlib.Path(home, "nginx.conf")
        configuration.write_text(
            f"pid {home}/pid; error_log {home}/error; daemon off; events {{}} "
            f"http {{ include /etc/nginx/mime.types; access_log off; {temporary} "
            f"server {{ listen 127.0.0.1:{port}; root {self.folder}; }} }}"
        )
        self.process = subprocess.Popen([nginx(), "-p", home, "-c", str(configuration)])
        self.url = f"http://127.0.0.1:{port}/"
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return self.url
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("nginx does not start")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.temporary.cleanup()


def nginx():
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def toro(url, fragments):
    command = [str(ROOT / "toro"), "check", "--format=json", url]
    return command if fragments else [*command[:2], "--no-fragments", *command[2:]]


def toro_broken(output, _):
    return {each["link"]: each["reason"] for each in json.loads(output)["brokenLinks"]}


def linkinator(url, fragments):
    command = [program("linkinator"), url, "--recurse", "--format=json", "--verbosity=error"]
    return [*command, "--check-fragments"] if fragments else command


def linkinator_broken(output, url):
    links = json.loads(output)["links"]
    return {each["url"]: str(each.get("status")) for each in links
            if each["state"] == "BROKEN" and each["url"].startswith(url)}


def linkchecker(url, fragments):
    command = [program("linkchecker"), "--no-status", "--output=csv", "--threads=16", url]
    # It pauses between requests otherwise, to 10 a second for each host.
    options = "[checking]\nmaxrequestspersecond=10000\n"
    if fragments:
        options += "[AnchorCheck]\n"
    configuration = pathlib.Path(tempfile.gettempdir(), f"linkcheckerrc-{os.getpid()}")
    configuration.write_text(options)
    return [*command[:1], "-f", str(configuration), *command[1:]]


def linkchecker_broken(output, url):
    lines = [line for line in output.splitlines() if not line.startswith("#")]
    broken = {}
    for row in csv.DictReader(io.StringIO("\n".join(lines)), delimiter=";"):
        if row.get("valid") == "False" or "Anchor" in (row.get("warningstring") or ""):
            broken[row["url"]] = row["result"]
    return broken


PROGRAMS = {
    "toro check": (toro, toro_broken),
    "linkinator": (linkinator, linkinator_broken),
    "linkchecker": (linkchecker, linkchecker_broken),
}


def program(name):
    return shutil.which(name) or os.environ.get(name.upper(), "")


def run(command):
    """Returns the output, seconds, seconds of the processor, and the peak of memory in MB."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)
        try:
            pid, _, usage = wait(process)
        except TimeoutError:
            return None
        wall = time.monotonic() - began
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    return text, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def wait(process):
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        done = os.wait4(process.pid, os.WNOHANG)
        if done[0]:
            process.returncode = 0
            return done
        time.sleep(0.02)
    process.kill()
    os.wait4(process.pid, 0)
    raise TimeoutError


def normal(link):
    """One spelling, so that the sets can be compared."""
    return re.sub("#.*", lambda found: urllib.parse.unquote(found.group()), link)


def main():
    parser = argparse.ArgumentParser(prog="./bench --check", description=__doc__)
    parser.add_argument("sites", nargs="*", default=["postgresql-doc-15", "python3-doc"],
                        help="of " + ", ".join(SITES))
    parser.add_argument("--fragments", action="store_true", help="check fragments, too")
    options = parser.parse_args()
    if not nginx():
        sys.exit("nginx is needed: apt-get install nginx")
    installed = [name for name in PROGRAMS if name == "toro check" or program(name)]
    for name in set(PROGRAMS) - set(installed):
        print(f"{name} is not installed (or name it in ${name.upper()}); it is left out")
    subprocess.run([str(ROOT / "toro"), "check", "--version"], check=True, stdout=subprocess.DEVNULL)
    print(f"\n{'site':20} {'program':12} {'wall s':>8} {'CPU s':>8} {'MB':>6} {'broken':>7}")
    for site in options.sites:
        measure(site, installed, options.fragments)


def measure(site, installed, fragments):
    folder = SITES.get(site)
    if folder is None or not pathlib.Path(folder).is_dir():
        print(f"{site} is not there: apt-get install {site}")
        return
    found = {}
    with Nginx(folder) as url:
        for name in installed:
            command, read = PROGRAMS[name]
            result = run(command(url, fragments))
            if result is None:
                print(f"{site:20} {name:12} not done in {LIMIT} s")
                continue
            text, wall, cpu, memory = result
            found[name] = {normal(link) for link in read(text, url)}
            print(f"{site:20} {name:12} {wall:8.1f} {cpu:8.1f} {memory:6.0f} {len(found[name]):7}")
    ours = found.get("toro check", set())
    for name, theirs in found.items():
        if theirs != ours:
            show(f"only {name}", theirs - ours)
            show(f"toro check, not {name}", ours - theirs)


def show(title, links):
    if links:
        print(f"  {title}: {len(links)}, such as {sorted(links)[0]}")


if __name__ == "__main__":
    main()

"""The demo: builds, starts a company on this machine, and either shows it or runs its main job and checks it.

Run it as provisioning/demo; see provisioning/demo --help.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lab.api import Problem, Unreachable
from lab.company import Company
from lab.main_job import disagreements, load_trade, run_main_job, table, used_files, write_log
from lab.trade import CATALOGUE, ORDER_LINES, Trade, real_trade, seeded_trade

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("cairn-hub", "cairn-agent", "cairn", "cairn-sim")


class Interrupted(BaseException):
    """Ctrl-C, SIGTERM or SIGHUP: time to clean up. Like KeyboardInterrupt nobody's `except Exception` catches it."""


class Signals:
    """Turns the first of these signals into Interrupted. Once there is cleaning up to do, they do nothing: a second
    Ctrl-C must not leave half of it."""

    def __init__(self) -> None:
        self._held = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._interrupt)

    def hold(self) -> None:
        self._held = True

    def _interrupt(self, *_: object) -> None:
        if not self._held:
            self._held = True
            raise Interrupted


def say(line: str) -> None:
    print(line, flush=True)


def count(text: str) -> int:
    """A number of orders."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 to 1000000")
    return int(text)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="provisioning/demo",
        description="Builds Cairn and starts a whole company on this machine: a broker, the hub, one "
        "warehouse and two stores (one with two devices), loaded with trade. Everything listens on "
        "loopback only and on free ports, so that several demos can run side by side; nothing is left "
        "behind at the end.",
    )
    parser.add_argument("--check", action="store_true", help="run the main job unattended, compare hub and sites, and end: status 0 only if all agree")
    parser.add_argument("--chaos", action="store_true", help="with --check: kill broker, hub and agents by SIGKILL every few seconds meanwhile; the figures must be the same")
    parser.add_argument("--data", type=Path, metavar="DIR", help="real trade instead of invented: a folder with product_catalogue.csv and order_lines.csv")
    parser.add_argument("--orders", type=count, metavar="N", help="how many orders (default: 24 invented ones, 300 of real trade)")
    parser.add_argument("--dir", type=Path, metavar="DIR", help="where to work and to write demo.json (default: a new folder under the system's temporary one)")
    parser.add_argument("--keep", action="store_true", help="leave databases, logs and exported records in --dir at the end")
    parser.add_argument("--build-only", action="store_true", help="build the programs and end")
    args = parser.parse_args()
    if args.chaos and not args.check:
        parser.error("--chaos belongs to --check")
    return args


def build() -> Path:
    """The programs' folder; CAIRN_BIN_DIR names one that is built already."""
    if given := os.environ.get("CAIRN_BIN_DIR"):
        folder = Path(given).resolve()
        if missing := [name for name in PROGRAMS if not os.access(folder / name, os.X_OK)]:
            raise RuntimeError(f"CAIRN_BIN_DIR is {given}, but there is no program {' or '.join(missing)} there")
        return folder
    say("building (the first time takes some minutes) ...")
    steps = [["cmake", "--preset", "release"], ["cmake", "--build", "--preset", "release", "--target", *PROGRAMS, "cairn_pages"]]
    for step in steps:
        done = subprocess.run(step, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(step)} failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return ROOT / "build" / "release" / "bin"


def make_trade(args: argparse.Namespace, directory: Path) -> Trade:
    if args.data is None:
        return seeded_trade(directory, args.orders or 24)
    for name in (CATALOGUE, ORDER_LINES):
        if not (args.data / name).is_file():
            raise RuntimeError(f"{args.data / name} is not there: --data wants a folder with that file")
    return real_trade(directory, args.data, args.orders or 300)


def show(company: Company) -> None:
    """Addresses, PINs and what to try."""
    picker = company.agents[0].stations[0]
    agent = company.agents[0]
    say(f"""
The company is open. All of it is described in {company.directory}/demo.json

  hub            {company.hub_url}   {company.admin} / PIN {company.admin_pin}""")
    for one in company.agents:
        people = ", ".join(f"{s.person} / PIN {s.pin} at {s.name}" for s in one.stations)
        say(f"  {one.name:<14} {one.url}   {people}")
    say(f"""
Pages, in a browser on this machine:

  head office    {company.hub_url}/ui/hq/
  handheld       {agent.url}/ui/handheld/
  counter        {company.agents[-1].url}/ui/counter/

The PINs were made for this demo and end with it. Things to try, in another terminal:

  export PATH="{company.binaries}:$PATH"
  CAIRN_PIN={company.admin_pin} cairn --url {company.hub_url} --user {company.admin} status
  CAIRN_PIN={company.admin_pin} cairn --url {company.hub_url} --user {company.admin} log show --limit 20

  # sign in as a picker, see the tasks, take the first one
  TOKEN=$(curl -s {agent.url}/api/v1/sessions -d '{{"name":"{picker.person}","pin":"{picker.pin}","station":"{picker.name}"}}' | python3 -c 'import json,sys; print(json.load(sys.stdin)["token"])')
  curl -s -H "Authorization: Bearer $TOKEN" "{agent.url}/api/v1/tasks?limit=3"
  curl -s -H "Authorization: Bearer $TOKEN" -X POST {agent.url}/api/v1/tasks/TASK/claim

  # plug scanner, scale and printer in, then type: scan 9520000000015 (a code of your task)
  cairn-sim --scanner scanner={picker.scanner},aim --scale scale={picker.scale} --printer printer=127.0.0.1:{picker.printer_port}
  # and hear the verdicts
  curl -sN -H "Authorization: Bearer $TOKEN" {agent.url}/api/v1/stream

  # kill what you like (kill -9): it comes back and nothing is lost
Ctrl-C ends the demo and removes everything it made.""")


def check(company: Company, directory: Path, trade: Trade, *, chaos: bool) -> bool:
    outcome = run_main_job(company, trade, say, chaos=chaos)
    say("")
    say(table(company, outcome))
    say("")
    (directory / "totals.json").write_text(json.dumps(outcome.hub, indent=2, sort_keys=True) + "\n")
    wrong = disagreements(company, outcome)
    for line in wrong:
        say(f"NOT OK: {line}")
    if wrong:
        return False
    say("recomputing everything from the CSV files and the exported records ...")
    write_log(company, directory)
    oracle = subprocess.run(
        [sys.executable, ROOT / "tests" / "oracle" / "oracle.py", "--demo", directory / "demo.json", "--trade", trade.products.parent, "--records", directory, "--orders", *used_files(trade)],
        check=False,
    )
    if oracle.returncode != 0:
        say("NOT OK: the oracle's figures differ")
        return False
    say("OK: hub, sites, people and the oracle agree")
    return True


def work(args: argparse.Namespace, directory: Path, signals: Signals) -> int:
    binaries = build()
    if args.build_only:
        return 0
    company = Company(directory, binaries)
    company.check_unused("trade")
    trade = make_trade(args, directory / "trade")
    try:
        try:
            say(f"starting broker, hub and {len(company.sites)} sites ...")
            company.start()
            say(f"loading {trade.order_count} orders:")
            if args.check:
                return 0 if check(company, directory, trade, chaos=args.chaos) else 1
            load_trade(company, trade, say)
            show(company)
            while True:
                time.sleep(3600)
        finally:
            signals.hold()
    finally:  # reached even if the first signal came when the work was done
        company.stop()


def make_folder(folder: Path) -> list[Path]:
    """The folder, with those above it. Returns those that were not there before, the innermost first."""
    made: list[Path] = []
    if folder.exists() and not folder.is_dir():
        raise RuntimeError(f"--dir: {folder} is not a folder")
    try:
        for one in (folder, *folder.parents):
            if one.exists():
                break
            made.append(one)
        folder.mkdir(parents=True, exist_ok=True)
        os.listdir(folder)
    except OSError as error:
        raise RuntimeError(f"--dir: {folder} cannot be worked in: {error.strerror}") from error
    return made


def run(args: argparse.Namespace, signals: Signals) -> int:
    """Work in a folder that is left as it was found."""
    if args.dir is None:
        made = [Path(tempfile.mkdtemp(prefix="cairn-demo-")).resolve()]
        directory = made[0]
    else:
        directory = args.dir.resolve()
        made = make_folder(directory)
    before = set(directory.iterdir())
    try:
        try:
            return work(args, directory, signals)
        finally:
            signals.hold()
    except Interrupted:
        say("\nending ...")
        return 0 if not args.check else 130
    finally:
        if args.keep and set(directory.iterdir()) != before:
            say(f"kept: {directory}")
        else:
            for path in set(directory.iterdir()) - before:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            with contextlib.suppress(OSError):  # somebody else has put something there
                for folder in made:
                    folder.rmdir()


def main() -> int:
    args = arguments()
    signals = Signals()
    try:
        return run(args, signals)
    except Interrupted:
        return 130  # before there was anything to clean up
    except (RuntimeError, OSError, Problem, Unreachable) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

"""Ctrl-C, kill and a closed terminal: what was written is whole, and nothing else stays."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fitline.signals import SAME_REQUEST_SECONDS

Start = Callable[[str], subprocess.Popen[str]]
pytestmark = pytest.mark.kill
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture(scope="module")
def long_table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Write a table that takes long to read."""
    path = tmp_path_factory.mktemp("tables") / "long.csv"
    path.write_text("x,y\n" + "1234.5,67890.1\n2345.6,78901.2\n" * 4_000_000)
    yield path
    path.unlink()


@pytest.fixture
def start(tmp_path: Path, long_table: Path) -> Iterator[Start]:
    """Start fitline in an empty folder; LONG is the long table."""
    started = []

    def start(words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "fitline", *words.replace("LONG", str(long_table)).split()],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_for(folder: Path, pattern: str, size: int = 1) -> None:
    """Wait until a file of this name has so many bytes."""
    deadline = time.monotonic() + 30
    while not any(path.stat().st_size >= size for path in folder.glob(pattern)):
        assert time.monotonic() < deadline, f"no {pattern} in {list(folder.iterdir())}"
        time.sleep(0.01)


@pytest.mark.parametrize("signum", SIGNALS)
def test_a_training_prints_and_saves_where_it_stands(
    start: Start, tmp_path: Path, signum: signal.Signals
) -> None:
    words = "train --learning-rate 1e-9 --steps 100000000 --save model.json --trace trace.csv"
    process = start(words)
    wait_for(tmp_path, ".trace.csv.*")
    process.send_signal(signum)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    steps = int(re.search(r"interrupted after ([\d,]+) steps", output)[1].replace(",", ""))  # type: ignore[index]
    assert json.loads((tmp_path / "model.json").read_text())["steps"] == steps
    assert len((tmp_path / "trace.csv").read_text().splitlines()) == steps + 2
    assert {path.name for path in tmp_path.iterdir()} == {"model.json", "trace.csv"}


LONG_RUN = "train --learning-rate 1e-9 --steps 100000000 --run run"


@pytest.mark.parametrize("milliseconds", [0, 1, 5, 20, 200])
@pytest.mark.parametrize(("first", "second"), [*((one, one) for one in SIGNALS), SIGNALS[:2]])
def test_a_second_signal_soon_after_is_the_same_request(
    start: Start,
    tmp_path: Path,
    first: signal.Signals,
    second: signal.Signals,
    milliseconds: int,
) -> None:
    process = start(f"{LONG_RUN} --save model.json")
    wait_for(tmp_path, "run/checkpoint.json")
    process.send_signal(first)
    time.sleep(milliseconds / 1000)
    process.send_signal(second)
    output, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told.splitlines()[-1] == "note: fitline resume run continues it"
    steps = int(re.search(r"interrupted after ([\d,]+) steps", output)[1].replace(",", ""))  # type: ignore[index]
    for file in ("model.json", "run/result.json"):
        assert json.loads((tmp_path / file).read_text())["steps"] == steps


@pytest.mark.parametrize("signum", SIGNALS)
def test_a_later_signal_ends_at_once_and_names_what_goes_on(
    start: Start, tmp_path: Path, signum: signal.Signals
) -> None:
    process = start(f"{LONG_RUN} --quiet --every 1 --format csv")
    wait_for(tmp_path, "run/history.csv", 1 << 20)  # more than goes into a pipe that nobody reads
    process.send_signal(signum)
    time.sleep(2 * SAME_REQUEST_SECONDS)
    assert process.poll() is None
    process.send_signal(signum)
    assert process.wait(timeout=10) == 130
    _, told = process.communicate()
    assert told == "interrupted; fitline resume run continues it\n"


@pytest.mark.parametrize("signum", SIGNALS)
@pytest.mark.parametrize(
    ("words", "begun"),
    [
        ("train LONG --save out.json", ""),
        ("train LONG --cost huber --run run", ""),
        ("predict LONG --theta0 0 --theta1 1 -o out.parquet", ".out.parquet.*"),
        ("predict LONG --theta0 0 --theta1 1 -o out.json", ".out.json.*"),
        ("sample --rows 100000000 -o out.csv", ".out.csv.*"),
    ],
)
def test_whatever_is_interrupted_leaves_nothing_behind(
    start: Start, tmp_path: Path, words: str, begun: str, signum: signal.Signals
) -> None:
    process = start(words)
    if begun:
        wait_for(tmp_path, begun)
    else:
        time.sleep(0.6)
    process.send_signal(signum)
    output, errors = process.communicate(timeout=30)
    assert (process.returncode, output) == (130, "")
    assert errors.splitlines()[-1] == "interrupted; nothing was written"
    assert not list(tmp_path.iterdir())


LONG_TRAINING = "train -q --learning-rate 1e-9 --steps 100000000"


@pytest.mark.parametrize(
    ("words", "reader", "signum"),
    [
        ("predict LONG --theta 0,1 -o pipe.csv", "none", signal.SIGTERM),
        ("predict LONG --theta 0,1 -o pipe.csv", "idle", signal.SIGINT),
        ("predict LONG --theta 0,1 -o pipe.parquet", "none", signal.SIGHUP),
        ("predict LONG --theta 0,1 --format json -o pipe.json", "idle", signal.SIGTERM),
        ("sample --rows 1000000 -o pipe.csv", "idle", signal.SIGTERM),
        ("grid -q --theta0 0:1:999 --theta1 0:1:999 -o pipe.csv", "none", signal.SIGTERM),
        (f"{LONG_TRAINING} --trace pipe.csv", "none", signal.SIGINT),
        (f"{LONG_TRAINING} --trace pipe.csv", "idle", signal.SIGTERM),
        (f"{LONG_TRAINING} --trace pipe.jsonl --run run", "idle", signal.SIGHUP),
    ],
)
def test_a_pipe_that_nobody_reads_holds_no_process(
    start: Start, tmp_path: Path, words: str, reader: str, signum: signal.Signals
) -> None:
    pipe = tmp_path / re.search(r"pipe\.\w+", words)[0]  # type: ignore[index]
    os.mkfifo(pipe)
    opened = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK) if reader == "idle" else None
    process = start(words)
    if opened is not None:
        select.select([opened], [], [], 30)
    time.sleep(1)
    assert process.poll() is None
    process.send_signal(signum)
    output, told = process.communicate(timeout=10)
    assert (process.returncode, output, told) == (130, "", "interrupted\n")
    if opened is not None:
        os.close(opened)


def test_a_signal_that_is_to_be_ignored_is(start: Start, tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process = start("train --learning-rate 1e-9 --steps 60000 --trace trace.csv --quiet")
    finally:
        signal.signal(signal.SIGHUP, before)
    wait_for(tmp_path, ".trace.csv.*")
    process.send_signal(signal.SIGHUP)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "60,000" in output


def test_a_signal_at_the_start_ends_without_a_word_or_as_an_interruption(
    start: Start, tmp_path: Path
) -> None:
    for delay in range(12):
        process = start("sample --rows 30000000 -o out.csv")
        time.sleep(0.03 * delay)
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=30)
        assert "Traceback" not in errors
        assert process.returncode in {130, -signal.SIGTERM}, "Python itself may not have begun"
        assert (output, list(tmp_path.iterdir())) == ("", [])


SIGNALLING = Path(__file__).parents[1] / "signalling.py"
Ended = tuple[str, int, str, list[str], list[str]]


def at_each_line(
    folder: Path,
    words: str,
    modules: str,
    *signums: int,
    every: int = 1,
    seconds: float = SAME_REQUEST_SECONDS,
) -> list[Ended]:
    """Send signals at each line of these modules, or at `every` few; tell what became of fitline.

    They are one request where no more than so many seconds lie between them.
    """
    options = map(str, [every, seconds, *signums])
    command = [sys.executable, str(SIGNALLING), words, modules, *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    found: list[Ended] = json.loads(done.stdout)
    assert len(found) * every > 50
    return found


def test_nothing_is_half_done_wherever_a_signal_comes(tmp_path: Path) -> None:
    words = "sample --rows 9 -o o.csv --quiet"
    modules = "fitline.cli fitline.cli.streams fitline.cli.sample fitline.files.atomic tempfile"
    modules += " fitline.files.leftovers fitline.data.spooling fitline.data.engine fitline.signals"
    for line, code, said, here, temporary in at_each_line(tmp_path, words, modules, 15):
        assert (code, temporary) == (130, []), line
        told = "interrupted\n" if here else "interrupted; nothing was written\n"
        assert (said, set(here) <= {"o.csv"}) == (told, True), line


TRAINING = "train --theta0 0 --theta1 100 --steps 9 --quiet --run run"
OF_MANY = 7
"""Where another test looks at each line, one of so many is enough."""

CONTINUED = "fitline resume run continues it"


@pytest.mark.parametrize(
    ("words", "every"), [(f"{TRAINING} --trace t.csv", 1), (TRAINING, OF_MANY)]
)
def test_a_later_signal_ends_a_training_wherever_both_come(
    tmp_path: Path, words: str, every: int
) -> None:
    modules = "fitline.cli.running fitline.cli.trace fitline.runs.store"
    for line, code, said, here, temporary in at_each_line(
        tmp_path, words, modules, 15, 2, every=every, seconds=0
    ):
        assert (code, temporary) == (130, []), line
        told = "nothing was written" if not here else CONTINUED if "run" in here else None
        assert said == (f"interrupted; {told}\n" if told else "interrupted\n"), line
        assert {Path(name).suffix for name in here} <= {"", ".csv", ".json"}, line
        assert "run" not in here or "run/checkpoint.json" in here, line


def test_a_second_signal_at_once_changes_nothing_wherever_both_come(tmp_path: Path) -> None:
    modules = "fitline.cli.running fitline.runs.writer"
    once = at_each_line(tmp_path, TRAINING, modules, 15, every=OF_MANY)
    assert at_each_line(tmp_path, TRAINING, modules, 15, 2, every=OF_MANY) == once


AT_A_LINE_OF_THE_HANDLER = """
import os, sys, signal
from pathlib import Path
from fitline import signals

def see(frame, event, _):
    global lines
    if frame.f_globals["__name__"] != "fitline.signals":
        return None
    if event == "line":
        lines += 1
        if lines == chosen:
            os.kill(os.getpid(), signal.SIGINT)
    return see

signals.end_at_signals()
signals.to_undo.append(lambda: Path("file").unlink(missing_ok=True))
Path("file").touch()
chosen, order, lines = int(sys.argv[1]), sys.argv[2], 0
with signals.asked_to_stop() as asked:
    if order == "later":
        signals.SAME_REQUEST_SECONDS = 0
        os.kill(os.getpid(), signal.SIGTERM)
        assert asked.is_set()
    sys.settrace(see)
    signal.raise_signal(signal.SIGTERM)
    sys.settrace(None)
    assert asked.is_set()
"""


def within_the_handler(folder: Path, chosen: int, order: str) -> subprocess.CompletedProcess[str]:
    """Send a signal at this line of what handles another, which is the first or a later one."""
    command = [sys.executable, "-c", AT_A_LINE_OF_THE_HANDLER, str(chosen), order]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=30, check=False
    )


def test_a_signal_within_the_handler_of_another_ends_the_process_too(tmp_path: Path) -> None:
    for chosen in range(1, 20):
        done = within_the_handler(tmp_path, chosen, "later")
        assert (done.returncode, "Traceback" in done.stderr) == (130, False)
        assert done.stderr.count("interrupted") <= 1
        assert not list(tmp_path.iterdir())


def test_a_signal_within_the_handler_of_the_first_is_the_same_request(tmp_path: Path) -> None:
    for chosen in range(1, 10):
        done = within_the_handler(tmp_path, chosen, "first")
        assert (done.returncode, done.stderr) == (0, ""), chosen
        assert (tmp_path / "file").exists()


WHILE_THE_ENGINE_IS_IMPORTED = """
import os, signal, sys
from fitline.__main__ import main

def see(frame, event, function):
    global within
    if event == "c_call" and function.__name__ in {"create_dynamic", "exec_dynamic"}:
        within = "duckdb" in str(frame.f_locals)
    elif event == "call" and within and frame.f_code.co_qualname == "Enum.__init__":
        sys.setprofile(None)
        os.write(2, b"C++ makes an enumeration: ")
        os.kill(os.getpid(), signal.SIGTERM)

within = False
sys.setprofile(see)
sys.argv = ["fitline", "predict", "houses.csv", "--theta", "0,100", "--quiet"]
main()
"""


def test_a_signal_while_a_native_module_is_imported_aborts_nothing(tmp_path: Path) -> None:
    (tmp_path / "houses.csv").write_text("sqft,price\n1000,150000\n1500,210000\n")
    command = [sys.executable, "-c", WHILE_THE_ENGINE_IS_IMPORTED]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "C++ makes an enumeration: interrupted; nothing was written\n"

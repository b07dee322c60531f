"""From what was typed to the files that are read."""

import gzip
import json
import os
import pty
import shlex
import subprocess
import sys
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from fitline.cli import app
from fitline.data import Reading, compression, open_table
from fitline.errors import ConfigError, DataError

Write = Callable[..., str]
Refused = Callable[..., DataError]

PLAIN = "x,y\n1,3\n2,5\n3,7\n"
LINES = '{"x":1,"y":3}\n{"x":2,"y":5}\n{"x":3,"y":7}\n'
UNIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such thing")
MANY = "x,y\n" + "".join(f"{row},{row * row % 97}\n" for row in range(5_000))


def rows_and_slope(data: str | list[str]) -> tuple[int, float]:
    moments = open_table(data, "x", "y").moments()
    return moments.rows, moments.fit.theta[1]


def zstd(folder: Path, rows: int) -> bytes:
    path = folder / "made.csv.zst"
    query = f"select range as x, 1 + 2 * range as y from range({rows})"
    duckdb.sql(f"copy ({query}) to '{path}' (format csv, header, compression zstd)")
    return path.read_bytes()


@contextmanager
def nobody() -> Iterator[None]:
    """Be a user without rights for a while, whoever runs the tests."""
    open_table().moments()  # what is imported late may not be readable for nobody
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


EVALUATE = ("evaluate", "-", "--theta", "0,1")


def evaluate(data: str | bytes, *options: str) -> Result:
    return CliRunner().invoke(app, [*EVALUATE, *options], input=data)


def test_without_a_name_the_four_houses_are_read() -> None:
    table = open_table()
    moments = table.moments()
    assert table.source == "the built-in four houses"
    assert (moments.rows, *moments.fit.theta) == (4, 12_000.0, 136.0)


@pytest.mark.parametrize("name", ["t.csv.gz", "t"])
def test_a_gzip_file_is_known_by_its_bytes(write: Write, name: str) -> None:
    assert rows_and_slope(write(gzip.compress(PLAIN.encode(), mtime=0), name)) == (3, 2.0)


@pytest.mark.parametrize("name", ["t.csv.zst", "t"])
def test_a_zstd_file_is_known_by_its_bytes(write: Write, tmp_path: Path, name: str) -> None:
    assert rows_and_slope(write(zstd(tmp_path, 50_000), name)) == (50_000, 2.0)


def test_gzip_files_one_after_the_other_are_one_file(write: Write) -> None:
    both = gzip.compress(PLAIN.encode()) + gzip.compress(b"4,9\n5,11\n")
    assert rows_and_slope(write(both, "t.csv.gz")) == (5, 2.0)


def test_zstd_files_one_after_the_other_are_one_file(write: Write, tmp_path: Path) -> None:
    first = zstd(tmp_path, 3)
    query = "select range as x, 1 + 2 * range as y from range(3, 5)"
    path = tmp_path / "second.zst"
    duckdb.sql(f"copy ({query}) to '{path}' (format csv, header false, compression zstd)")
    assert rows_and_slope(write(first + path.read_bytes(), "both.zst")) == (5, 2.0)


def test_a_zstd_file_that_begins_with_something_else_is_read(write: Write, tmp_path: Path) -> None:
    skipped = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"size"
    path = write(skipped + zstd(tmp_path, 5) + skipped, "t.csv.zst")
    assert rows_and_slope(path) == (5, 2.0)


def test_a_zstd_file_with_a_long_window_is_refused_with_what_unpacks_it(
    write: Write, refused: Refused
) -> None:
    compressor = compression.zstd().ZstdCompressor()
    content = bytearray(compressor.compress(MANY.encode()) + compressor.flush())
    content[5] = (31 - 10) << 3  # the descriptor of the window: two gigabytes
    path = write(bytes(content), "t.csv.zst")
    assert refused(path).hint == f"unpack it first: zstd -d --long=31 < {path} > unpacked"


@pytest.mark.parametrize("keep", [2, 40, -1, -9])
def test_a_truncated_gzip_is_refused(write: Write, refused: Refused, keep: int) -> None:
    path = write(gzip.compress(MANY.encode())[:keep], "t.csv.gz")
    error = refused(path)
    assert str(error) == f"{path}: the gzip file is cut short"
    assert error.hint == "copy or download it again"


@pytest.mark.parametrize("place", [100, -6])
def test_a_damaged_gzip_is_refused(write: Write, refused: Refused, place: int) -> None:
    content = bytearray(gzip.compress(MANY.encode()))
    content[place] ^= 0x55
    assert "the gzip file is damaged" in refused(write(bytes(content), "t.csv.gz")).message


def test_garbage_after_a_gzip_is_refused(write: Write, refused: Refused) -> None:
    path = write(gzip.compress(PLAIN.encode()) + b"garbage", "t.csv.gz")
    assert "the gzip file is damaged" in refused(path).message


def test_a_gzip_file_is_read_whatever_its_header_holds(write: Write) -> None:
    files = []
    for flags in range(32):
        header = b"\x1f\x8b\x08" + bytes([flags]) + bytes(5) + b"\xff"
        header += b"\4\0abcd" * (flags >> 2 & 1) + b"name\0" * (flags >> 3 & 1)
        header += b"a comment\0" * (flags >> 4 & 1)
        header += (zlib.crc32(header) & 0xFFFF).to_bytes(2, "little") * (flags >> 1 & 1)
        content = header + gzip.compress(PLAIN.encode())[10:]
        files.append(write(content, f"{flags}.csv.gz"))
    assert rows_and_slope(files) == (32 * 3, 2.0)


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        (gzip.compress(PLAIN.encode(), mtime=0), "a gzip file is within this gzip file"),
        (b"PK\x03\x04" + bytes(99), "a zip archive is within this gzip file"),
        (b"BZh9" + bytes(99), "a bzip2 file is within this gzip file"),
    ],
)
def test_what_is_packed_twice_is_refused(
    write: Write, refused: Refused, inner: bytes, said: str
) -> None:
    path = write(gzip.compress(inner), "t.csv.gz")
    error = refused(path)
    assert (error.message, error.hint) == (
        said,
        f"unpack it first: gunzip < {path} > unpacked",
    )


def test_a_folder_with_brackets_in_its_name_is_read_as_advised(
    tmp_path: Path, refused: Refused
) -> None:
    folder = tmp_path / "a[bc]*"
    folder.mkdir()
    (folder / "t.csv").write_text(PLAIN)
    hint = refused(str(folder)).hint or ""
    (pattern,) = shlex.split(hint.removeprefix("for all its tables: "))
    with open_table(pattern) as table:
        assert table.moments().rows == PLAIN.count("\n") - 1


@pytest.mark.parametrize("zeros", [1, 4, 9, 512, 5_000])
def test_zero_bytes_after_a_gzip_are_named(write: Write, refused: Refused, zeros: int) -> None:
    packed = gzip.compress(PLAIN.encode())
    good = write(packed, "good.csv.gz")
    path = write(packed + bytes(zeros) + packed, "-t.csv")
    for given in (path, [good, path]):
        error = refused(given)
        assert error.file == path
        assert error.message == "something follows the gzip stream, such as zero bytes"
        assert error.hint == f"unpack it first: python3 -m gzip -d < {path} > unpacked"
        with Path(path).open("rb") as stream:
            whole = [sys.executable, "-m", "gzip", "-d"]
            assert subprocess.check_output(whole, stdin=stream) == PLAIN.encode() * 2


@pytest.mark.parametrize("keep", [4, 40, -1])
def test_a_truncated_zstd_is_refused(
    write: Write, refused: Refused, tmp_path: Path, keep: int
) -> None:
    error = refused(write(zstd(tmp_path, 50_000)[:keep], "t.csv.zst"))
    assert error.message == "the zstd file is cut short"


@pytest.mark.parametrize("place", [7, 20])
def test_a_damaged_zstd_is_refused(
    write: Write, refused: Refused, tmp_path: Path, place: int
) -> None:
    content = bytearray(zstd(tmp_path, 50_000))
    content[place] ^= 0x55
    error = refused(write(bytes(content), "t.csv.zst"))
    assert "the zstd file is" in error.message


def test_several_files_are_one_table(write: Write) -> None:
    paths = [
        write("x,y\n1,3\n", "a.csv"),
        write("y\tx\n5\t2\n", "b.tsv"),
        write(gzip.compress(b"n,y,x\n,7,3\n"), "c.csv.gz"),
        write('{"y": 9, "x": 4}\n', "d.jsonl"),
        write("x;y\r\n5;11\r\n", "e.csv"),
    ]
    assert rows_and_slope(paths) == (5, 2.0)
    assert open_table(paths, "x", "y").source == "5 files"


def test_a_glob_reads_every_file_that_matches(write: Write, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for place, name in enumerate(["1.csv", "2.csv", "deep/3.csv"]):
        write(f"x,y\n{place},{2 * place}\n", name)
    write("x,y\n9,0\n", "4.txt")
    assert rows_and_slope(str(tmp_path / "*.csv")) == (2, 2.0)
    assert rows_and_slope(str(tmp_path / "**" / "*.csv")) == (3, 2.0)
    assert rows_and_slope(str(tmp_path / "[12].csv")) == (2, 2.0)


def test_a_bad_row_of_several_files_names_its_file(write: Write, refused: Refused) -> None:
    first, second = write(PLAIN, "a.csv"), write("x,y\n1,3\nno,5\n", "b.csv")
    error = refused([first, second])
    assert (error.file, error.line, error.value) == (second, 3, "no")


@UNIX_ONLY
@pytest.mark.parametrize(
    ("literal", "other"),
    [("w?.csv", "wx.csv"), ("b[1].csv", "b1.csv"), ("a*.csv", "ab.csv"), ("q*.jsonl", "qq.jsonl")],
)
def test_a_file_whose_name_looks_like_a_glob_is_that_file(
    write: Write, literal: str, other: str
) -> None:
    lines = literal.endswith("jsonl")
    write('{"x": 1, "y": 0}\n{"x": 2, "y": 0}\n' if lines else "y,x\n0,1\n0,2\n", other)
    path = write('{"x": 1, "y": 3}\n{"x": 2, "y": 5}\n' if lines else "x,y\n1,3\n2,5\n", literal)
    assert rows_and_slope(path) == (2, 2.0)


@UNIX_ONLY
@pytest.mark.parametrize("folder", ["b[1]", "a*"])
def test_a_folder_whose_name_looks_like_a_glob_is_that_folder(
    write: Write, tmp_path: Path, folder: str
) -> None:
    for name in (folder, "wx", "b1", "ab"):
        (tmp_path / name).mkdir()
        write("x,y\n1,3\n2,5\n" if name == folder else "y,x\n0,1\n0,2\n", f"{name}/t.csv")
    assert rows_and_slope(str(tmp_path / folder / "t.csv")) == (2, 2.0)


@UNIX_ONLY
@pytest.mark.parametrize(
    "name",
    [
        *('it\'s "q".csv', "Łódź.csv", "back\\slash.csv", "[bold].csv", "two\nlines.csv"),
        *("a{1,2}.csv", "year=2020.csv", "-.csv"),
        pytest.param(os.fsdecode(b"\xff.csv"), id="not UTF-8"),
    ],
)
def test_a_file_may_have_any_name(write: Write, name: str) -> None:
    assert rows_and_slope(write(PLAIN, name)) == (3, 2.0)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PLAIN, "t.parquet"),
        (PLAIN, "t.json"),
        (PLAIN, "t.jsonl"),
        (PLAIN.replace(",", "\t"), "t.csv"),
        (PLAIN, "T.CSV"),
        (LINES, "t.csv"),
        ("\ufeff" + LINES, "t.csv"),
        ("\n\n" + LINES, "t.csv"),
        pytest.param(gzip.compress(LINES.encode(), mtime=0), "t", id="gzip of JSON lines"),
    ],
)
def test_a_wrong_ending_does_not_matter(write: Write, content: str | bytes, name: str) -> None:
    assert rows_and_slope(write(content, name)) == (3, 2.0)


@UNIX_ONLY
@pytest.mark.parametrize(
    "content",
    [PLAIN.encode(), gzip.compress(PLAIN.encode(), mtime=0)],
    ids=["text", "gzip"],
)
def test_a_pipe_is_read_once(tmp_path: Path, content: bytes) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    table = open_table(str(pipe))
    writer.join()
    moments = table.moments()
    assert (table.source, moments.rows, moments.fit.theta[1]) == (str(pipe), 3, 2.0)


PACKED = gzip.compress(PLAIN.encode(), mtime=0)


def test_a_process_reads_a_packed_table_from_standard_input() -> None:
    command = [sys.executable, "-m", "fitline", *EVALUATE, "--format", "json"]
    ended = subprocess.run(command, input=PACKED, capture_output=True, check=True)
    assert ended.stdout == evaluate(PACKED, "--format", "json").stdout_bytes
    assert ended.stderr == evaluate(PACKED).stderr_bytes


@pytest.mark.parametrize("content", [PLAIN.encode(), PACKED], ids=["text", "gzip"])
def test_standard_input_is_a_table(content: bytes) -> None:
    ended = evaluate(content, "--format", "json")
    assert ended.exit_code == 0
    assert ended.stderr == "note: y is predicted from x; --x and --y name other columns\n"
    document = json.loads(ended.stdout)
    assert document["data"] == {
        "source": "standard input",
        "rows": 3,
        "skipped": 0,
        "x": ["x"],
        "y": "y",
        "missing": 0,
        "units": {},
        "inputs": None,
        "weight": None,
    }
    assert document["minimum"] == {"theta": [1.0, 2.0], "cost": 0.0}


def test_an_error_in_standard_input_is_one_line_of_json() -> None:
    ended = evaluate("x,y\n1,3\nno,5\n", "--format", "json")
    assert (ended.exit_code, ended.stdout) == (1, "")
    error = json.loads(ended.stderr)["error"]
    assert (error["kind"], error["file"], error["line"]) == ("data", "standard input", 3)
    assert (error["column"], error["value"]) == ("x", "no")


def test_one_end_of_file_ends_what_is_typed() -> None:
    ours, theirs = pty.openpty()
    os.write(ours, PLAIN.encode() + b"\x04")
    command = [sys.executable, "-m", "fitline", *EVALUATE]
    subprocess.run(command, stdin=theirs, capture_output=True, timeout=20, check=True)
    os.close(ours)
    os.close(theirs)


def test_nothing_on_standard_input_is_refused() -> None:
    ended = evaluate("")
    assert ended.exit_code == 1
    assert "error: standard input: the file is empty" in ended.stderr


@UNIX_ONLY
def test_a_closed_standard_input_is_refused() -> None:
    command = f"{sys.executable} -m fitline evaluate - --theta 0,1 <&-"
    ended = subprocess.run(  # noqa: S602 - only a shell closes standard input
        command, shell=True, capture_output=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith(b"error: standard input")


def test_a_file_that_is_not_there_is_refused_with_its_neighbours(
    write: Write, refused: Refused
) -> None:
    neighbour = write(PLAIN, "houses.csv")
    path = neighbour.replace("houses", "house")
    error = refused(path)
    assert (str(error), error.hint) == (f"{path}: no such file", f"there is {neighbour}")


def test_a_folder_that_is_not_there_is_named(refused: Refused, tmp_path: Path) -> None:
    error = refused(str(tmp_path / "no" / "t.csv"))
    assert (error.message, error.hint) == ("no such file", f"there is no folder {tmp_path / 'no'}")


def test_a_glob_that_matches_nothing_is_refused(refused: Refused, tmp_path: Path) -> None:
    assert refused(str(tmp_path / "*.csv")).message == "no file matches this pattern"


def test_a_name_too_long_for_a_file_is_refused(refused: Refused) -> None:
    refused("a" * 5_000 + ".csv")


@UNIX_ONLY
def test_a_name_that_no_file_can_have_is_refused(refused: Refused) -> None:
    refused("a\0.csv")


def test_no_name_is_no_folder(refused: Refused) -> None:
    assert "folder" not in refused("").message


def test_no_files_at_all_are_refused(refused: Refused) -> None:
    refused([])


@UNIX_ONLY
def test_a_link_to_nowhere_is_refused(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "nowhere.csv")
    assert "No such file" in refused(str(tmp_path / "link.csv")).message


def test_a_folder_is_refused_with_the_glob_to_type(refused: Refused, tmp_path: Path) -> None:
    for ending in ("yaml", "yaml", "png", "md"):
        (tmp_path / f"{len([*tmp_path.iterdir()])}.{ending}").touch()
    assert refused(str(tmp_path)).hint == "it has no tables"
    for ending in ("csv", "csv", "txt"):
        (tmp_path / f"{len([*tmp_path.iterdir()])}.{ending}").touch()
    error = refused(str(tmp_path))
    assert error.message == "this is a folder, not a table"
    assert error.hint == f"for all its tables: '{tmp_path}/*.csv'"


@UNIX_ONLY
@pytest.mark.parametrize("locked", ["t.csv", "."])
def test_a_file_that_may_not_be_read_is_refused(refused: Refused, locked: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder, "t.csv")
        path.write_text(PLAIN)
        (Path(folder) / locked).chmod(0o000)
        with nobody():
            error = refused(str(path))
        Path(folder).chmod(0o755)
    assert str(error) == f"{path}: cannot be read: Permission denied"


@pytest.mark.parametrize(
    "content",
    ["", "\n\r\n \n", "\ufeff\n", gzip.compress(b"", mtime=0)],
    ids=["no byte", "blank lines", "byte-order mark", "gzip"],
)
@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
def test_an_empty_file_is_refused(
    write: Write, refused: Refused, content: str | bytes, name: str
) -> None:
    assert refused(write(content, name)).message == "the file is empty"


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
@pytest.mark.parametrize("above", [0, 3])
def test_a_table_below_very_many_blank_lines_is_said_to_be_there(
    write: Write, refused: Refused, name: str, above: int
) -> None:
    rows = PLAIN if name == "t.csv" else LINES
    path = write("junk\n" * above + "\n" * 20_001 + rows, name)
    error = refused(path, skip=above)
    assert error.message == f"its first {20_001 + above:,} lines hold no row"
    assert error.hint == f"leave them out: --skip {20_001 + above}"
    with open_table(path, "x", "y", Reading(skip=above + 20_001)) as table:
        assert table.head(1) == [(1, 3)]
    assert refused(write("\n" * 20_001, "none.csv")).message == "the file is empty"


NAMED = PLAIN.replace("x,", "größe,")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_encoding_is_known_by_its_mark(write: Write, encoding: str, end: str) -> None:
    path = write(NAMED.replace("\n", end).encode(encoding))
    table = open_table(path)
    assert table.columns == ("größe", "y")
    assert table.moments().fit.theta[1] == 2.0
    assert table.notes[0] == f"{path}: the text is {encoding.upper()}"


@pytest.mark.parametrize(
    ("encoding", "content"),
    [(name, NAMED.encode(name)) for name in ("latin-1", "cp1252", "utf-16-le", "utf-16-be")]
    + [
        ("utf-16-le", "\ufeffgröße,y\n1,3\n2,5\n".encode("utf-16-le")),
        ("latin-1", gzip.compress(NAMED.encode("latin-1"), mtime=0)),
        ("utf-16-be", '{"größe": 1, "y": 3}\n{"größe": 2, "y": 5}\n'.encode("utf-16-be")),
    ],
)
def test_a_named_encoding_is_read(write: Write, encoding: str, content: bytes) -> None:
    table = open_table(write(content), reading=Reading(encoding=encoding))
    assert table.columns == ("größe", "y")
    assert table.moments().fit.theta[1] == 2.0


WHOLE = "x,y,n\n1,2,a\n2,4,b\n3,5,c\n4,7,a\n"


def test_a_zero_byte_in_a_name_makes_no_wide_letters(write: Write) -> None:
    with open_table(write("a\0b,y\n1,3\n2,5\n3,7\n")) as table:
        assert table.columns == ("a\0b", "y")
        assert table.moments().rows == 3


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
@pytest.mark.parametrize("extra", [b"\0", b"a", None])
def test_bytes_that_shift_all_that_follows_are_refused(
    write: Write, refused: Refused, encoding: str, extra: bytes | None
) -> None:
    text = ("\ufeff" + WHOLE).encode(encoding)
    assert open_table(write(text), "x", "y").moments().rows == 4
    middle = len(text) * 2 // 3 // 4 * 4 + (2 if encoding == "utf-16-be" else 0)
    half = "\ud800".encode(encoding, "surrogatepass")
    broken = write(text[:middle] + (extra or half) + text[middle:])
    for reading in ({}, {"encoding": encoding}):
        error = refused(broken, "x", "y", **reading)
        assert "the text is not in utf-" in error.message.lower()


def test_a_name_in_braces_is_no_json(write: Write) -> None:
    assert open_table(write("{{7*7}},y\n1,2\n2,4\n3,5\n")).columns == ("{{7*7}}", "y")
    path = write("{a},y\n1,2\n2,4\n3,5\n")
    assert open_table(path, reading=Reading(delimiter=",")).columns == ("{a}", "y")
    with pytest.raises(DataError, match="no JSON lines") as caught:
        _ = open_table(path)
    assert "--delimiter ," in str(caught.value.hint)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_text_in_an_unknown_encoding_is_refused(
    write: Write, refused: Refused, encoding: str
) -> None:
    error = refused(write(PLAIN.encode(encoding)))
    assert "not UTF-8" in error.message
    assert "--encoding" in (error.hint or "")


@pytest.mark.parametrize("encoding", ["klingon", "hex", ""])
def test_an_encoding_that_does_not_exist_is_refused(write: Write, encoding: str) -> None:
    with pytest.raises(ConfigError, match="encoding: expected an encoding"):
        open_table(write(PLAIN), reading=Reading(encoding=encoding))


@pytest.mark.parametrize(
    ("start", "said", "hint"),
    [
        (b"PK\x03\x04", "a zip archive", "unpack it first: funzip < "),
        (b"PK\x03\x04[Content_Types].xml", "an Excel workbook", "save the sheet"),
        (b"\xfd7zXZ\x00", "an xz file", "unpack it first: unxz < "),
        (b"BZh9", "a bzip2 file", "unpack it first: bunzip2 < "),
    ],
)
def test_an_archive_is_refused_with_what_unpacks_it(
    write: Write, refused: Refused, start: bytes, said: str, hint: str
) -> None:
    error = refused(write(start + b"\0" * 100))
    assert error.message == f"this is {said}"
    assert (error.hint or "").startswith(hint)


@pytest.mark.parametrize("text", ['[{"x": 1}, {"x": 2}]', '  [\n  {"x": 1}]', "[]", "[[1, 2]]"])
def test_a_json_array_on_standard_input_is_refused_as_one(text: str) -> None:
    ended = evaluate(text)
    assert ended.exit_code == 1
    assert "holds no JSON lines" in ended.stderr
    assert "jq -c" in ended.stderr


@pytest.mark.parametrize(
    "content",
    [
        bytes(range(256)) * 50,
        b"\0" * 10_000,
        b"PK\x03\x04" + b"\x14\0\0\0" * 100,
        b"BZh91AY&SY" + bytes(range(200)),
        b"SQLite format 3\0" + b"\0" * 1000,
        b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" * 10,
        b"PAR1",
        b"PAR1" + b"a" * 100,
        b"PAR1" + b"a" * 100 + b"PAR1",
    ],
    ids=["bytes", "zeros", "zip", "bzip2", "sqlite", "png", "PAR1", "no footer", "wrong footer"],
)
def test_what_is_no_table_is_refused_in_a_few_lines(
    write: Write, refused: Refused, content: bytes
) -> None:
    error = refused(write(content))
    assert len(str(error)) < 1_000
    assert "Error:" not in str(error)  # the engine's words are no help


@pytest.mark.parametrize("encoding", ["idna", "utf-32", "punycode"])
def test_an_encoding_that_does_not_fit_is_refused(
    write: Write, refused: Refused, encoding: str
) -> None:
    assert encoding in refused(write("größe,y\n1,2\n2,5\n"), encoding=encoding).message


@UNIX_ONLY
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_no_table(refused: Refused, device: str) -> None:
    assert refused(device).message == "this is a device, not a table"


def test_a_file_without_a_byte_is_not_read_for_the_systems_own_may_wait_for_ever(
    write: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("")

    def waits(*_: object) -> None:
        raise AssertionError("it is opened")

    monkeypatch.setattr(Path, "open", waits)
    with pytest.raises(DataError, match="the file is empty"):
        open_table(path)

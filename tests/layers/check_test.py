"""The layer check finds what it is there to find, and the tree as it is has nothing to find."""

import pathlib
import re
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
import check  # noqa: E402


class Tree:
    """A small house with the real table; plant() puts one file into it."""

    def __init__(self, root: pathlib.Path):
        self.root = root
        (root / "docs").mkdir()
        (root / "docs" / "layers.txt").write_text((ROOT / "docs" / "layers.txt").read_text(encoding="utf-8"))
        for header in ("core/base/ids.h", "core/domain/event.h", "core/storage/writer.h", "core/storage/sqlite/connection.h",
                       "core/json/detail/impl.h", "core/json/value.h", "core/runtime/http_server.h", "edge-agent/agent.h",
                       "tests/support/catch.h"):
            self.plant(header, "#pragma once\n")

    def plant(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def table(self, text: str) -> None:
        (self.root / "docs" / "layers.txt").write_text(text)


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def test_the_real_tree_is_clean():
    assert check.check(ROOT) == []


def test_the_real_tree_is_really_read():
    assert len(check.files_of(ROOT)) > 300


def test_a_clean_small_tree_is_clean(tree):
    tree.plant("core/domain/order.cpp", '#include "core/base/ids.h"\n#include <vector>\n#include <fmt/format.h>\n')
    assert check.check(tree.root) == []


@pytest.mark.parametrize(
    ("path", "include", "word"),
    [
        ("core/base/up.cpp", '"core/domain/event.h"', "core/base may not include core/domain"),
        ("core/domain/up.cpp", '"core/storage/writer.h"', "core/domain may not include core/storage"),
        ("sync/up.cpp", '"core/storage/writer.h"', "sync may not include core/storage"),
        ("sync/mqtt/up.cpp", '"core/storage/writer.h"', "sync/mqtt may not include core/storage"),
        ("central/across.cpp", '"edge-agent/agent.h"', "central may not include edge-agent"),
        ("edge-agent/workflows/http.cpp", '"core/runtime/http_server.h"', "edge-agent/workflows may not include core/runtime"),
        ("central/orders/http.cpp", '"core/runtime/http_server.h"', "central/orders may not include core/runtime"),
        ("core/program/sql.cpp", '"core/storage/sqlite/connection.h"', "may not include core/storage/sqlite"),
        ("core/runtime/private.cpp", '"core/json/detail/impl.h"', "is private to core/json"),
        ("core/base/own_as_system.cpp", "<core/domain/event.h>", "core/base may not include core/domain"),
        ("core/base/test.cpp", '"tests/support/catch.h"', "is in no room"),
        ("core/base/near.cpp", '"ids.h"', "includes start at the root"),
        ("core/base/gone.cpp", '"core/base/gone.h"', "is no file"),
    ],
)
def test_a_wrong_include_is_found(tree, path, include, word):
    tree.plant(path, f"// Line one.\n#include {include}\n")
    (problem,) = check.check(tree.root)
    assert problem.startswith(f"{path}:2: ") and word in problem


@pytest.mark.parametrize(
    ("path", "header"),
    [
        ("core/storage/writer.cpp", "sqlite3.h"),
        ("central/hub.cpp", "mqtt/async_client.h"),
        ("core/program/x.cpp", "Poco/Net/HTTPServer.h"),
        ("core/runtime/x.cpp", "nlohmann/json.hpp"),
        ("core/domain/x.cpp", "google/protobuf/message_lite.h"),
        ("core/domain/x.cpp", "thread"),
        ("core/domain/x.cpp", "mutex"),
        ("core/wire/x.cpp", "fstream"),
        ("sync/x.cpp", "unistd.h"),
        ("core/base/x.cpp", "random"),
    ],
)
def test_a_header_away_from_home_is_found(tree, path, header):
    tree.plant(path, f"#include <{header}>\n")
    (problem,) = check.check(tree.root)
    assert problem.startswith(f"{path}:1: <{header}> belongs only in")


def test_a_library_without_a_home_is_found(tree):
    tree.plant("core/base/x.cpp", "#include <boost/asio.hpp>\n")
    (problem,) = check.check(tree.root)
    assert problem == "core/base/x.cpp:1: <boost/asio.hpp> has no home in docs/layers.txt"


def test_generated_code_stays_in_its_room(tree):
    tree.plant("core/wire/x.cpp", '#include "sync.pb.h"\n')
    tree.plant("sync/x.cpp", '#include "sync.pb.h"\n')
    (problem,) = check.check(tree.root)
    assert problem.startswith('sync/x.cpp:1: "sync.pb.h" belongs only in core/wire')


@pytest.mark.parametrize(
    "call",
    [
        "auto t = std::chrono::system_clock::now();",
        "auto t = std::chrono::steady_clock::now();",
        "auto t = time(nullptr);",
        "auto t = std::time(0);",
        "gettimeofday(&tv, nullptr);",
        "::clock_gettime(CLOCK_MONOTONIC, &ts);",
        "Poco::Timestamp now;",
        "std::this_thread::sleep_for(pause);",
        "std::random_device seed;",
        "std::mt19937 engine{42};",
        "int r = rand();",
        "::getrandom(p, n, 0);",
        "randombytes_buf(p, n);",
    ],
)
def test_a_clock_or_chance_is_found(tree, call):
    tree.plant("core/domain/x.cpp", f"void f() {{\n  {call}\n}}\n")
    problems = check.check(tree.root)
    assert problems and all(problem.startswith("core/domain/x.cpp:2: ") for problem in problems)


@pytest.mark.parametrize(
    "line",
    [
        "// std::chrono::system_clock::now() is asked elsewhere.",
        "/* std::random_device\n   rand() */",
        'log("system_clock::now() rand()");',
        'auto sql = R"(std::random_device)";',
        "const auto grand = operand(7);",
        "const auto at = clock.time(); const auto b = x->time(nullptr); const auto c = Day::time(0);",
        "const std::uint64_t big = 1'000'000; const char quote = '\"'; int strand(int);",
    ],
)
def test_words_that_only_look_like_a_clock_pass(tree, line):
    tree.plant("core/domain/x.cpp", line + "\n")
    assert check.check(tree.root) == []


def test_a_call_after_strings_and_comments_has_its_line(tree):
    tree.plant("core/domain/x.cpp", 'auto a = "//"; /* one\ntwo */ auto b = \'"\';\nauto c = rand();\n')
    (problem,) = check.check(tree.root)
    assert problem.startswith("core/domain/x.cpp:3: chance: rand(")


def test_a_circle_of_includes_is_found(tree):
    tree.plant("core/base/a.h", '#include "core/base/b.h"\n')
    tree.plant("core/base/b.h", '#include "core/base/c.h"\n')
    tree.plant("core/base/c.h", '#include "core/base/a.h"\n')
    (problem,) = check.check(tree.root)
    assert "circle" in problem and "core/base/a.h -> core/base/b.h -> core/base/c.h -> core/base/a.h" in problem


def test_a_diamond_is_no_circle(tree):
    tree.plant("core/base/a.h", '#include "core/base/b.h"\n#include "core/base/c.h"\n')
    tree.plant("core/base/b.h", '#include "core/base/d.h"\n')
    tree.plant("core/base/c.h", '#include "core/base/d.h"\n')
    tree.plant("core/base/d.h", "#pragma once\n")
    assert check.check(tree.root) == []


def test_a_folder_that_is_no_room_is_found(tree):
    tree.plant("core/attic/x.cpp", "\n")
    assert check.check(tree.root) == ["core/attic/x.cpp:1: this folder is no room of docs/layers.txt"]


@pytest.mark.parametrize(
    ("table", "word"),
    [
        ("core/base: core/json\ncore/json: core/base\n", "circle"),
        ("core/base: core/attic\n", "which is no room"),
        ("core/base:\ncore/base:\n", "two lines"),
        ("core/base\n", "no colon"),
        ("third-party: x.h\n", "only in"),
        ("calls: clock only in core/base\n", "/regex/"),
    ],
)
def test_a_bad_table_is_refused(tree, table, word):
    tree.table(table)
    with pytest.raises(check.BadTable, match=word):
        check.check(tree.root)


def test_the_program_says_where_and_exits_1(tree):
    tree.plant("core/domain/x.cpp", '#include "core/storage/writer.h"\n')
    run = subprocess.run([sys.executable, HERE / "check.py", tree.root], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "core/domain/x.cpp:1: core/domain may not include core/storage" in run.stdout
    assert "1 violations" in run.stdout


def test_the_program_exits_0_on_the_real_tree():
    assert subprocess.run([sys.executable, HERE / "check.py"], capture_output=True, check=False).returncode == 0


def test_names_of_tests_have_no_brackets():
    """A list of CMake takes what stands between them for one element: CTest would run a whole program as one test."""
    cases = re.compile(r'TEST_CASE\(\s*"([^"]*)"')
    names = [name for file in (ROOT / "tests").rglob("*_test.cpp") for name in cases.findall(file.read_text(encoding="utf-8"))]
    assert len(names) > 1000
    assert [name for name in names if set(name) & set("[]")] == []

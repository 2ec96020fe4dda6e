#include "core/runtime/config_loader.h"

#include "tests/support/catch.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>
#include <stdlib.h>

namespace cairn::runtime::config_loader_test {
namespace {

ConfigReader read(std::string_view text, Environment environment = {}) {
  auto reader = ConfigReader::parse(text, "cairn.toml", std::move(environment));
  INFO((reader ? "" : reader.error().message));
  REQUIRE(reader);
  return *reader;
}

std::string problems(const ConfigReader& reader) {
  const auto done = reader.done();
  return done ? "" : done.error().message;
}

/// A file in a folder of its own, gone with it.
class TempFile {
 public:
  explicit TempFile(const std::string& content, mode_t mode = 0600) {
    std::string pattern = (std::filesystem::temp_directory_path() / "cairn-config-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    std::ofstream(path()) << content;
    ::chmod(path().c_str(), mode);
  }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile() { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path() const { return (folder_ / "file").string(); }

 private:
  std::filesystem::path folder_;
};

TEST_CASE("config: reads each type", "[runtime][config]") {
  auto reader = read(R"(
name = "shop"
count = 7
fast = true
level = "warn"
tags = ["a", "b"]
[http]
listen = "[::1]:8080"
)");
  CHECK(reader.text("name", {1, 10}) == "shop");
  CHECK(reader.integer("count", 1, 10) == 7);
  CHECK(reader.boolean_or("fast", false));
  CHECK(reader.choice_or("level", "info", {"info", "warn"}) == "warn");
  CHECK(reader.texts("tags", 5, {1, 5}) == std::vector<std::string>{"a", "b"});
  CHECK(reader.table("http").endpoint("listen") == Endpoint{"::1", 8080});
  CHECK(problems(reader).empty());
}

TEST_CASE("config: reads numbers with a fraction and whole ones", "[runtime][config]") {
  auto reader = read("a = 5.75\nb = 6\nc = -1e-3\nd = 0x10\n");
  CHECK(reader.number_or("a", 1, 0, 40) == 5.75);
  CHECK(reader.number_or("b", 1, 0, 40) == 6);
  CHECK(reader.number_or("c", 1, -1, 1) == -0.001);
  CHECK(reader.number_or("d", 1, 0, 40) == 16);
  CHECK(reader.number_or("e", 5.8, 0, 40) == 5.8);
  CHECK(problems(reader).empty());
  CHECK(reader.summary().find("a = 5.75   (cairn.toml:1:5)") != std::string::npos);
  CHECK(reader.summary().find("e = 5.8   (default)") != std::string::npos);
}

TEST_CASE("config: a number that is none, or out of range, is a problem", "[runtime][config]") {
  for (const char* value : {"40.1", "-0.1", "nan", "inf", "\"5\"", "true", "[5]"}) {
    auto reader = read(std::string("ratio = ") + value + "\n");
    CAPTURE(value);
    CHECK(reader.number_or("ratio", 5.8, 0, 40) == 5.8);
    CHECK(problems(reader) == "cairn.toml:1:9: ratio must be a number from 0 to 40");
  }
}

TEST_CASE("config: the environment gives numbers too", "[runtime][config]") {
  for (const char* value : {"5.5", "7"}) {
    auto reader = read("ratio = 1\n", {{"CAIRN_RATIO", value}});
    CHECK(reader.number_or("ratio", 1, 0, 40) == (std::string_view(value) == "7" ? 7 : 5.5));
    CHECK(problems(reader).empty());
  }
  for (const char* value : {"", " 5", "5 ", "5,5", "1e1", "0x5", "nan", "41", "+5"}) {
    auto reader = read("", {{"CAIRN_RATIO", value}});
    CAPTURE(value);
    reader.number_or("ratio", 1, 0, 40);
    CHECK(problems(reader) == "environment CAIRN_RATIO: ratio must be a number from 0 to 40");
  }
}

TEST_CASE("config: takes defaults where nothing is said", "[runtime][config]") {
  auto reader = read("");
  CHECK(reader.text_or("name", "none", {0, 10}) == "none");
  CHECK(reader.integer_or("count", 3, 1, 10) == 3);
  CHECK(reader.boolean_or("fast", true));
  CHECK(reader.choice_or("level", "info", {"info", "warn"}) == "info");
  CHECK(reader.texts("tags", 5, {1, 5}).empty());
  CHECK(reader.table("http").endpoint_or("listen", {"a", 1}) == Endpoint{"a", 1});
  CHECK(reader.tables("device", 4).empty());
  CHECK_FALSE(reader.optional_secret("password_file"));
  CHECK(problems(reader).empty());
}

TEST_CASE("config: tells all problems at once, each with its place", "[runtime][config]") {
  auto reader = read(R"(count = "seven"
fast = 1
level = "wran"
[http]
listen = "8080"
max_threads = 1000
tags = ["a", 1]
[[device]]
name = ""
[[device]]
nam = "x"
)");
  reader.text("name", {1, 10});
  reader.integer("count", 1, 10);
  reader.boolean_or("fast", false);
  reader.choice_or("level", "info", {"info", "warn"});
  auto http = reader.table("http");
  http.endpoint("listen");
  http.integer_or("max_threads", 4, 1, 64);
  http.texts("tags", 5, {1, 5});
  for (auto& device : reader.tables("device", 1)) device.text("name", {1, 40});
  http.problem("listen", "clashes with something");
  reader.table("hub").text("url", {1, 100});
  CHECK(problems(reader) ==
        "cairn.toml:1:1: name is missing\n"
        "cairn.toml:1:9: count must be a whole number from 1 to 10\n"
        "cairn.toml:2:8: fast must be true or false\n"
        "cairn.toml:3:9: level must be one of info, warn: did you mean 'warn'?\n"
        "cairn.toml:5:10: http.listen must be host:port: \"8080\" is not like 127.0.0.1:8080, "
        "shop-hub:8080 or [::1]:8080\n"
        "cairn.toml:6:15: http.max_threads must be a whole number from 1 to 64\n"
        "cairn.toml:7:8: http.tags must be at most 5 texts of 1 to 5 octets in [ ]\n"
        "cairn.toml:8:1: device has more than 1 entries\n"
        "cairn.toml:9:8: device[1].name must be a text of 1 to 40 octets\n"
        "cairn.toml:10:1: device[2].name is missing\n"
        "cairn.toml:5:10: http.listen clashes with something\n"
        "cairn.toml: hub.url is missing\n"
        "cairn.toml:11:1: unknown key 'nam': did you mean 'name'?");
}

TEST_CASE("config: what the program does not know is a problem", "[runtime][config]") {
  auto reader = read(R"(lisen = 1
[devce]
name = "x"
[[printr]]
[http]
xyzzy = 1
[http.tls]
key = "x"
)");
  reader.integer_or("listen", 1, 0, 9);
  reader.table("device");
  reader.tables("printer", 3);
  reader.table("http").text_or("host", "", {0, 9});
  CHECK(problems(reader) ==
        "cairn.toml:1:1: unknown key 'lisen': did you mean 'listen'?\n"
        "cairn.toml:2:2: unknown table 'devce': did you mean 'device'?\n"
        "cairn.toml:4:3: unknown table 'printr': did you mean 'printer'?\n"
        "cairn.toml:6:1: unknown key 'xyzzy'\n"
        "cairn.toml:7:7: unknown table 'tls'");
}

TEST_CASE("config: a table of which no key is read knows none", "[runtime][config]") {
  auto reader = read("[http]\nlisten = 1\n");
  reader.table("http");
  CHECK(problems(reader) == "cairn.toml:2:1: unknown key 'listen'");
}

TEST_CASE("config: a table where a key belongs, and the other way round", "[runtime][config]") {
  auto reader = read("http = 1\n[device]\nname = 1\n[[hub]]\nx = 1\n");
  reader.table("http").text_or("host", "", {0, 9});
  reader.tables("device", 3);
  reader.table("hub");
  const auto found = problems(reader);
  CHECK(found.find("cairn.toml:1:8: http must be a table") != std::string::npos);
  CHECK(found.find("device must be tables, each headed [[device]]") != std::string::npos);
  CHECK(found.find("hub must be a table") != std::string::npos);
}

TEST_CASE("config: the environment wins over the file, but not inside arrays of tables",
          "[runtime][config]") {
  auto reader = read("data_dir = \"/a\"\n[http]\nlisten = \"a:1\"\n[[device]]\nname = \"d\"\n",
                     {{"CAIRN_DATA_DIR", "/b"},
                      {"CAIRN_HTTP_LISTEN", "b:2"},
                      {"CAIRN_HTTP_MAX_THREADS", "9"},
                      {"CAIRN_HTTP_FAST", "true"},
                      {"CAIRN_DEVICE_NAME", "e"},
                      {"CAIRN_DEVICE_1_NAME", "e"},
                      {"CAIRN_DEVICE[1]_NAME", "e"},
                      {"CAIRN_UNRELATED", "x"}});
  CHECK(reader.text("data_dir", {1, 10}) == "/b");
  auto http = reader.table("http");
  CHECK(http.endpoint("listen") == Endpoint{"b", 2});
  CHECK(http.integer("max_threads", 1, 10) == 9);
  CHECK(http.boolean_or("fast", false));
  auto devices = reader.tables("device", 3);
  REQUIRE(devices.size() == 1);
  CHECK(devices[0].text("name", {1, 10}) == "d");
  CHECK(problems(reader).empty());
}

TEST_CASE("config: a bad value from the environment names the variable", "[runtime][config]") {
  auto reader = read("", {{"CAIRN_HTTP_MAX_THREADS", "many"}, {"CAIRN_FAST", "yes"}});
  reader.table("http").integer("max_threads", 1, 10);
  reader.boolean_or("fast", false);
  CHECK(problems(reader) ==
        "environment CAIRN_HTTP_MAX_THREADS: http.max_threads must be a whole number from 1 to 10\n"
        "environment CAIRN_FAST: fast must be true or false");
}

TEST_CASE("config: a secret is the first line of a file that only its owner may read",
          "[runtime][config]") {
  const TempFile secret("s3cret word\r\nmore\n");
  auto reader = read(fmt::format("password_file = \"{}\"", secret.path()));
  CHECK(reader.secret("password_file") == "s3cret word");
  CHECK(problems(reader).empty());
  CHECK(reader.summary().find("s3cret") == std::string::npos);
  CHECK(reader.summary().find(secret.path() + "\", content hidden") != std::string::npos);
}

TEST_CASE("config: exposed, empty and missing secrets are refused", "[runtime][config]") {
  const auto refusal = [](const std::string& path) {
    auto reader = read(fmt::format("key_file = \"{}\"", path));
    CHECK(reader.secret("key_file").empty());
    return problems(reader);
  };
  for (const mode_t mode : {0640U, 0604U, 0620U, 0601U}) {
    const TempFile exposed("s3cret\n", mode);
    CHECK(refusal(exposed.path()).find("chmod 600") != std::string::npos);
    CHECK(refusal(exposed.path()).find("s3cret") == std::string::npos);
  }
  CHECK(refusal("/nowhere/secret").find("No such file") != std::string::npos);
  const TempFile empty("\nsecond line\n");
  CHECK(refusal(empty.path()).find("1 to 4096 octets") != std::string::npos);
  const TempFile endless(std::string(5000, 'x'));
  CHECK(refusal(endless.path()).find("1 to 4096 octets") != std::string::npos);
  CHECK(refusal("/tmp").find("not a plain file") != std::string::npos);
  auto missing = read("");
  CHECK(missing.secret("key_file").empty());
  CHECK(problems(missing).find("key_file is missing") != std::string::npos);
}

TEST_CASE("config: the summary tells each value and where it came from", "[runtime][config]") {
  auto reader = read("count = 7\n", {{"CAIRN_HTTP_LISTEN", "b:2"}});
  reader.integer("count", 1, 10);
  reader.table("http").endpoint("listen");
  reader.text_or("name", "none", {0, 10});
  CHECK(reader.summary() ==
        "count = 7   (cairn.toml:1:9)\n"
        "http.listen = \"b:2\"   (CAIRN_HTTP_LISTEN)\n"
        "name = \"none\"   (default)");
}

TEST_CASE("config: a file that is missing or not TOML is an error with its place",
          "[runtime][config]") {
  const auto missing = ConfigReader::load("/nowhere/cairn.toml", {});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::kNotFound);
  CHECK(missing.error().message == "cannot read the configuration file /nowhere/cairn.toml");
  CHECK_FALSE(ConfigReader::load("/tmp", {}));
  const auto broken = ConfigReader::parse("a = 1\nb = \n", "cairn.toml", {});
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code == ErrorCode::kInvalid);
  CHECK(broken.error().message.starts_with("cairn.toml:2:"));
  CHECK_FALSE(ConfigReader::parse("a = 1\na = 2\n", "x", {}));
  const TempFile file("count = 3\n", 0644);
  auto reader = ConfigReader::load(file.path(), {});
  REQUIRE(reader);
  CHECK(reader->integer("count", 1, 5) == 3);
}

TEST_CASE("config: reads the environment of the process", "[runtime][config]") {
  ::setenv("CAIRN_TEST_VARIABLE", "a=b", 1);
  const auto environment = process_environment();
  CHECK(environment.at("CAIRN_TEST_VARIABLE") == "a=b");
}

TEST_CASE("config: what is laid over the file wins, and tells where it comes from",
          "[runtime][config]") {
  auto reader =
      ConfigReader::parse("a = 1\n[t]\nb = 2\nc = 3\n[[d]]\nn = \"x\"\n[[d]]\nn = \"y\"\n",
                          "cairn.toml", {{"CAIRN_T_C", "7"}});
  REQUIRE(reader);
  REQUIRE(reader->lay_over("[t]\nb = 20\nc = 30\n[[d]]\nn = \"z\"\n", "elsewhere"));
  CHECK(reader->integer_or("a", 0, 0, 99) == 1);
  auto table = reader->table("t");
  CHECK(table.integer_or("b", 0, 0, 99) == 20);
  CHECK(table.integer_or("c", 0, 0, 99) == 7);
  auto devices = reader->tables("d", 9);
  REQUIRE(devices.size() == 1);
  CHECK(devices[0].text("n", {1, 9}) == "z");
  CHECK(reader->done());
  CHECK(reader->summary() ==
        "a = 1   (cairn.toml:1:5)\nt.b = 20   (elsewhere)\nt.c = 7   (CAIRN_T_C)\n"
        "d[1].n = \"z\"   (elsewhere)");
}

TEST_CASE("config: what is laid over is looked at as strictly as the file", "[runtime][config]") {
  auto reader = ConfigReader::parse("a = 1\n", "cairn.toml", {});
  REQUIRE(reader);
  CHECK_FALSE(reader->lay_over("a = ", "elsewhere"));
  REQUIRE(reader->lay_over("a = 100\nunknown = 1\n", "elsewhere"));
  static_cast<void>(reader->integer_or("a", 0, 0, 99));
  const auto done = reader->done();
  REQUIRE_FALSE(done);
  CHECK(done.error().message.find("elsewhere: a must be") != std::string::npos);
  CHECK(done.error().message.find("elsewhere: unknown key 'unknown'") != std::string::npos);
}

}  // namespace
}  // namespace cairn::runtime::config_loader_test

#include "core/runtime/log_sink.h"

#include "core/json/reader.h"
#include "core/runtime/unique_fd.h"
#include "tests/support/catch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <set>
#include <thread>
#include <vector>

namespace cairn::runtime::log_sink_test {
namespace {

class FixedClock final : public Clock {
 public:
  [[nodiscard]] UtcTime utc_now() const override { return {1'000'000}; }
  [[nodiscard]] MonoTime mono_now() const override { return {0}; }
};

class Pipe {
 public:
  Pipe() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    out_ = UniqueFd(ends[0]);
    in_ = UniqueFd(ends[1]);
  }
  [[nodiscard]] int in() const { return in_.get(); }
  void close_in() { in_.close(); }
  /// Everything until close_in().
  std::string read_to_end() {
    std::string text;
    std::array<char, 65536> chunk{};
    for (ssize_t got = 0; (got = ::read(out_.get(), chunk.data(), chunk.size())) > 0;) {
      text.append(chunk.data(), static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  UniqueFd out_;
  UniqueFd in_;
};

/// What was written so far; nothing more can be.
std::string written(Pipe& pipe) {
  pipe.close_in();
  return pipe.read_to_end();
}

TEST_CASE("log: one JSON object a line, fields after the fixed members", "[runtime][log]") {
  const FixedClock clock;
  Pipe pipe;
  JsonLog log(pipe.in(), clock, "cairn-agent");
  log.warn("print_failed", {{"job", "7"}, {"err", "line\nbreak \"quoted\""}, {"level", "x"}});
  log.info("bad_octets", {{"text", "\xff"}});
  CHECK(written(pipe) ==
        R"({"ts":"1970-01-01T00:00:01.000Z","level":"warn","event":"print_failed",)"
        R"("program":"cairn-agent","job":"7","err":"line\nbreak \"quoted\"","_level":"x"})"
        "\n"
        R"({"ts":"1970-01-01T00:00:01.000Z","level":"info","event":"bad_octets",)"
        "\"program\":\"cairn-agent\",\"text\":\"\xef\xbf\xbd\"}\n");
}

TEST_CASE("log: the minimum level can change while it runs", "[runtime][log]") {
  const FixedClock clock;
  Pipe pipe;
  JsonLog log(pipe.in(), clock, "p");
  log.debug("one");
  log.set_minimum(LogLevel::kDebug);
  log.debug("two");
  log.set_minimum(LogLevel::kError);
  log.warn("three");
  log.error("four");
  const auto text = written(pipe);
  CHECK(text.find("one") == std::string::npos);
  CHECK(text.find("two") != std::string::npos);
  CHECK(text.find("three") == std::string::npos);
  CHECK(text.find("four") != std::string::npos);
}

TEST_CASE("log: a value from outside cannot fill the disk", "[runtime][log]") {
  const FixedClock clock;
  Pipe pipe;
  JsonLog log(pipe.in(), clock, "p");
  log.info("big", {{"value", std::string(30'000, 'x')}});
  const auto text = written(pipe);
  CHECK(text.size() < 4'300);
  CHECK(text.ends_with("xxx...\"}\n"));
}

TEST_CASE("log: lines of several threads stay whole, even through a full pipe", "[runtime][log]") {
  const FixedClock clock;
  Pipe pipe;
  REQUIRE(::fcntl(pipe.in(), F_SETFL, O_NONBLOCK) == 0);
  JsonLog log(pipe.in(), clock, "p");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&log, t] {
      for (int i = 0; i < 300; ++i) {
        log.info("line", {{"n", fmt::format("{}-{}", t, i)}, {"filler", std::string(1000, 'x')}});
      }
    });
  }
  std::thread closer([&threads, &pipe] {
    for (auto& thread : threads) thread.join();
    pipe.close_in();
  });
  const std::string text = pipe.read_to_end();
  closer.join();
  std::set<std::string> seen;
  std::size_t start = 0;
  bool sound = true;
  while (start < text.size()) {
    const auto end = text.find('\n', start);
    const auto value = json::parse(text.substr(start, end - start));
    sound = sound && value.has_value();
    if (!value) break;
    seen.insert(json::Reader(*value).text("n", {1, 20}));
    start = end + 1;
  }
  CHECK(sound);
  CHECK(seen.size() == 1200);
  CHECK(log.lost() == 0);
}

TEST_CASE("log: lines that nobody takes are counted", "[runtime][log]") {
  const FixedClock clock;
  JsonLog log(-1, clock, "p");
  log.info("one");
  log.info("two");
  CHECK(log.lost() == 2);
}

}  // namespace
}  // namespace cairn::runtime::log_sink_test

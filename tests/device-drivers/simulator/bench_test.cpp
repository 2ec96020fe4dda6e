// The bench page, served by the program itself; the test is the browser.

#include "device-drivers/network/tcp_connection.h"
#include "tests/device-drivers/support/child_process.h"
#include "tests/device-drivers/support/machine.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

namespace cairn::devices::bench_test {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using test::ChildProcess;

constexpr std::chrono::seconds kPatience{20};

/// cairn-sim with a printer and a scale, and its page.
struct Page {
  explicit Page(const std::vector<std::string>& options = {}) : sim(CAIRN_SIM, with(options)) {
    REQUIRE_THAT(sim.read_line().value_or(""), Contains("scale-1"));
    const std::string printer_line = sim.read_line().value_or("");
    const auto before = printer_line.find("127.0.0.1:");
    REQUIRE(before != std::string::npos);
    printer = printer_line.substr(before, printer_line.find('"', before) - before);
    const std::string line = sim.read_line().value_or("");
    constexpr std::string_view kScheme = "http://";
    const auto begin = line.find(kScheme);
    REQUIRE(begin != std::string::npos);
    address = line.substr(begin + kScheme.size(),
                          line.find('/', begin + kScheme.size()) - begin - kScheme.size());
  }

  std::vector<std::string> with(std::vector<std::string> options) const {
    options.insert(options.end(), {"--scale", "scale-1=" + folder.file("scale-1"), "--printer",
                                   "printer-1=127.0.0.1:0,print_ms=0", "--bench", "127.0.0.1:0"});
    return options;
  }

  /// Sends octets, says that nothing more comes, and waits for the other side to close.
  void feed(const std::string& to, const std::string& octets) const {
    auto connection = connect(to);
    const MonoTime until = clock.mono_now() + kPatience;
    REQUIRE(connection.send(octets, until, waker, clock).all);
    connection.finish(until, waker, clock);
  }
  /// Sends octets and returns all that comes until the other side closes.
  std::string talk(const std::string& to, const std::string& octets) const {
    auto connection = connect(to);
    const MonoTime until = clock.mono_now() + kPatience;
    REQUIRE(connection.send(octets, until, waker, clock).all);
    std::string heard;
    while (true) {
      const auto more = connection.receive(until, waker, clock);
      if (!more) return heard;
      REQUIRE_FALSE(more->empty());  // it closes in time
      heard += *more;
    }
  }
  TcpConnection connect(const std::string& to) const {
    const auto endpoint = Endpoint::parse(to);
    REQUIRE(endpoint);
    auto connection = TcpConnection::open(*endpoint, clock.mono_now() + kPatience, waker, clock);
    REQUIRE(connection);
    return *std::move(connection);
  }
  std::string get(const std::string& path, const std::string& host = "") const {
    return talk(address, fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
                                     path, host.empty() ? address : host));
  }
  /// A line of the script, as the page sends it.
  std::string post(const std::string& line, const std::string& headers = "",
                   const std::string& type = "application/json") const {
    const std::string body = fmt::format(R"({{"line":"{}"}})", line);
    return talk(address,
                fmt::format("POST /api/v1/commands HTTP/1.1\r\nHost: {}\r\n{}Content-Type: "
                            "{}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
                            address, headers, type, body.size(), body));
  }

  test::TempFolder folder;
  test::MachineClock clock;
  Waker waker;
  ChildProcess sim;
  std::string address;  // of the page
  std::string printer;  // of the printer
};

/// What a build of the pages writes, in small.
void write_pages(const test::TempFolder& folder) {
  std::filesystem::create_directories(folder.file("bench"));
  std::ofstream(folder.file("bench/index.html")) << "<title>bench</title>";
  std::ofstream(folder.file("bench/bench.js")) << "script";
}

TEST_CASE("bench: serves its page and nothing from elsewhere", "[simulator][bench]") {
  const test::TempFolder pages;
  write_pages(pages);
  const Page page({"--pages", pages.file("")});
  CHECK_THAT(page.get("/"), StartsWith("HTTP/1.1 302") && Contains("Location: /ui/bench/"));
  CHECK_THAT(page.get("/ui/"), StartsWith("HTTP/1.1 302") && Contains("Location: /ui/bench/"));
  const std::string start = page.get("/ui/bench/");
  CHECK_THAT(start, StartsWith("HTTP/1.1 200") && Contains("text/html") &&
                        Contains("<title>bench</title>"));
  const auto policy = start.find(
      "Content-Security-Policy: default-src 'self'; script-src 'self' "
      "'wasm-unsafe-eval'; frame-ancestors 'none'");
  CHECK(policy != std::string::npos);
  CHECK(start.find("Content-Security-Policy", policy + 1) == std::string::npos);
  CHECK_THAT(page.get("/ui/bench/bench.js"),
             StartsWith("HTTP/1.1 200") && Contains("text/javascript"));
  CHECK_THAT(page.get("/ui/bench/../../main.cpp"), StartsWith("HTTP/1.1 4"));
  CHECK_THAT(page.get("/favicon.ico"), StartsWith("HTTP/1.1 204"));
}

TEST_CASE("bench: a folder without the page is refused at start", "[simulator][bench]") {
  const test::TempFolder folder;
  for (const std::string& pages : {folder.file(""), folder.file("nowhere")}) {
    CAPTURE(pages);
    ChildProcess sim(CAIRN_SIM, {"--scale", "scale-1=" + folder.file("scale-1"), "--bench",
                                 "127.0.0.1:0", "--pages", pages});
    CHECK_THAT(sim.read_line().value_or(""), Contains(R"("ok":false)") && Contains("pages_dir"));
    CHECK(sim.wait() == 1);
  }
}

TEST_CASE("bench: its buttons are lines of the script", "[simulator][bench]") {
  Page page;
  CHECK_THAT(page.post("weight 1.250"), StartsWith("HTTP/1.1 200") && Contains(R"("ok":true)"));
  CHECK_THAT(page.post("paper out"), Contains(R"("ok":true)"));
  CHECK_THAT(page.get("/api/v1/devices"),
             Contains(R"("name":"scale-1")") && Contains(R"("paper":"out")"));
  CHECK_THAT(page.post("sacn 1"), StartsWith("HTTP/1.1 200") && Contains("unknown_command"));
  CHECK_THAT(page.post(R"(move\nover)"), StartsWith("HTTP/1.1 400"));
  CHECK_THAT(page.post("# nothing"), StartsWith("HTTP/1.1 400"));
  // Standard input plays the same devices.
  CHECK_THAT(page.sim.ask("devices"), Contains(R"("paper":"out")"));
  CHECK_THAT(page.post("quit"), Contains(R"("ok":true)"));
  CHECK(page.sim.wait() == 0);
}

TEST_CASE("bench: goes on without standard input, until it is told to stop", "[simulator][bench]") {
  Page page;
  page.sim.close_input();
  CHECK_THAT(page.post("move"), Contains(R"("ok":true)"));
  page.sim.send_signal(SIGTERM);
  CHECK(page.sim.wait() == 0);
}

TEST_CASE("bench: hands out the labels that were printed", "[simulator][bench]") {
  const Page page;
  CHECK_THAT(page.get("/api/v1/printers/printer-1/labels/1"), StartsWith("HTTP/1.1 404"));
  page.feed(page.printer, "^XA^FO1,1^FDhello^FS^XZ\r\n~HS");
  CHECK_THAT(page.get("/api/v1/printers/printer-1/labels/1"),
             StartsWith("HTTP/1.1 200") && Contains("text/plain") &&
                 Contains("\r\n\r\n^XA^FO1,1^FDhello^FS^XZ"));
  CHECK_THAT(page.get("/api/v1/printers/scale-1/labels/1"), StartsWith("HTTP/1.1 404"));
  CHECK_THAT(page.get("/api/v1/printers/printer-1/labels/x"), StartsWith("HTTP/1.1 400"));
}

TEST_CASE("bench: other pages and other names cannot play its devices", "[simulator][bench]") {
  const Page page;
  CHECK_THAT(page.get("/ui/bench/", "evil.example"), StartsWith("HTTP/1.1 403"));
  CHECK_THAT(page.get("/api/v1/devices", "evil.example"), StartsWith("HTTP/1.1 403"));
  CHECK_THAT(page.post("move", "Origin: http://evil.example\r\n"), StartsWith("HTTP/1.1 403"));
  CHECK_THAT(page.post("move", "Origin: null\r\n"), StartsWith("HTTP/1.1 403"));
  CHECK_THAT(page.post("move", "", "text/plain"), StartsWith("HTTP/1.1 400"));
  CHECK_THAT(page.post("move", fmt::format("Origin: http://{}\r\n", page.address)),
             StartsWith("HTTP/1.1 200"));
  CHECK_THAT(page.get("/api/v1/devices"), Contains(R"("state":"moving")"));
}

}  // namespace
}  // namespace cairn::devices::bench_test

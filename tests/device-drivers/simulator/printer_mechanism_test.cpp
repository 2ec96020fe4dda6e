#include "tools/cairn-sim/printer_mechanism.h"

#include "device-drivers/zpl/host_status.h"
#include "tests/support/catch.h"

#include <chrono>

namespace cairn::simulator::printer_mechanism_test {
namespace {

using std::chrono::milliseconds;
using Obstacles = PrinterMechanism::Obstacles;

MonoTime at(int ms) { return MonoTime{1'000'000} + milliseconds(ms); }

/// As the driver understands it.
devices::HostStatus status_of(const PrinterMechanism& printer, bool partial = false) {
  devices::HostStatusReader reader;
  const auto status = reader.feed(printer.host_status(partial));
  REQUIRE(status);
  return *status;
}

TEST_CASE("printer mechanism: prints one label after the other", "[simulator][printer]") {
  PrinterMechanism printer{milliseconds(300)};
  CHECK_FALSE(printer.deadline());
  printer.take("first", at(0));
  printer.take("second", at(100));
  CHECK(printer.waiting() == 2);
  CHECK(status_of(printer).formats_waiting == 2);
  CHECK(printer.deadline() == at(300));
  printer.advance(at(299));
  CHECK(printer.printed() == 0);
  printer.advance(at(300));
  CHECK(printer.printed() == 1);
  CHECK(printer.deadline() == at(600));
  printer.advance(at(10'000));  // nobody looked for long
  REQUIRE(printer.labels().size() == 2);
  CHECK(printer.labels()[0].number == 1);
  CHECK(printer.labels()[0].zpl == "first");
  CHECK(printer.labels()[1].number == 2);
  CHECK(printer.labels()[1].zpl == "second");
  CHECK(printer.received() == 2);
  CHECK(status_of(printer).idle());
}

TEST_CASE("printer mechanism: whatever is in the way, it keeps labels until it is gone",
          "[simulator][printer]") {
  const Obstacles obstacle = GENERATE(Obstacles{.paper_out = true}, Obstacles{.lid_open = true},
                                      Obstacles{.ribbon_out = true}, Obstacles{.paused = true});
  PrinterMechanism printer{milliseconds(300)};
  printer.take("label", at(0));
  printer.set(obstacle, at(200));  // in the middle of it
  CHECK_FALSE(printer.deadline());
  printer.advance(at(60'000));
  CHECK(printer.printed() == 0);
  const auto status = status_of(printer);
  CHECK(status.paper_out == obstacle.paper_out);
  CHECK(status.head_open == obstacle.lid_open);
  CHECK(status.ribbon_out == obstacle.ribbon_out);
  CHECK(status.paused == obstacle.paused);
  CHECK(status.formats_waiting == 1);
  CHECK_FALSE(status.fault().empty());
  printer.set({}, at(60'000));
  CHECK(printer.deadline() == at(60'300));  // from its beginning
  printer.advance(at(60'300));
  CHECK(printer.printed() == 1);
  CHECK(status_of(printer).fault().empty());
}

TEST_CASE("printer mechanism: without power it forgets what it has not printed",
          "[simulator][printer]") {
  PrinterMechanism printer{Duration::zero()};
  printer.take("printed", at(0));
  printer.advance(at(0));
  printer.set({.paper_out = true, .paused = true}, at(1));
  printer.take("lost", at(1));
  printer.power_off();
  CHECK(printer.waiting() == 0);
  CHECK(printer.obstacles().paper_out);
  CHECK_FALSE(printer.obstacles().paused);
  printer.set({}, at(2));
  printer.advance(at(60'000));
  REQUIRE(printer.labels().size() == 1);
  CHECK(printer.labels().front().zpl == "printed");
}

TEST_CASE("printer mechanism: its memory has an end, and so has ours", "[simulator][printer]") {
  PrinterMechanism printer{Duration::zero()};
  printer.set({.paused = true}, at(0));
  while (!printer.is_full()) printer.take("x", at(0));
  CHECK(printer.waiting() == 100);
  CHECK(status_of(printer).buffer_full);
  printer.set({}, at(0));
  printer.advance(at(0));
  CHECK_FALSE(printer.is_full());
  for (int i = 0; i < 300; ++i) {
    printer.take("y", at(0));
    printer.advance(at(0));
  }
  CHECK(printer.printed() == 400);
  CHECK(printer.labels().size() == 200);
  CHECK(printer.labels().back().number == 400);
}

TEST_CASE("printer mechanism: the answer to ~HS, octet by octet", "[simulator][printer]") {
  PrinterMechanism printer{milliseconds(300)};
  printer.take("label", at(0));
  CHECK(printer.host_status(true) ==
        "\x02"
        "030,0,0,1218,001,0,0,1,000,0,0,0\x03\r\n"
        "\x02"
        "001,0,0,0,1,2,6,0,00000000,1,000\x03\r\n"
        "\x02"
        "1234,0\x03\r\n");
}

}  // namespace
}  // namespace cairn::simulator::printer_mechanism_test

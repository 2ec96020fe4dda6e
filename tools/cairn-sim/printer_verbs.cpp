#include "core/base/numbers.h"
#include "tools/cairn-sim/played.h"
#include "tools/cairn-sim/verb.h"

#include <array>

namespace cairn::simulator {
namespace {

PlayedPrinter& printer_of(const Command& command) {
  return dynamic_cast<PlayedPrinter&>(command.device);
}

/// Does something that is on or off, in the verb's own two words.
Result<json::Value> choose(const Command& command, std::string_view yes, std::string_view no,
                           void (PlayedPrinter::*set)(bool)) {
  const auto chosen = parse_choice(command.rest, yes, no);
  if (!chosen) return fail(chosen.error());
  (printer_of(command).*set)(*chosen);
  return ok_answer(command.device);
}

Result<json::Value> paper(const Command& command) {
  return choose(command, "in", "out", &PlayedPrinter::set_paper);
}

Result<json::Value> lid(const Command& command) {
  return choose(command, "open", "closed", &PlayedPrinter::set_lid);
}

Result<json::Value> ribbon(const Command& command) {
  return choose(command, "in", "out", &PlayedPrinter::set_ribbon);
}

Result<json::Value> pause(const Command& command) {
  return choose(command, "on", "off", &PlayedPrinter::set_paused);
}

Result<json::Value> fault(const Command& command) {
  const auto chosen = PrinterFault::parse(command.rest);
  if (!chosen) return fail(chosen.error());
  if (const auto set = printer_of(command).set_fault(*chosen); !set) return fail(set.error());
  return ok_answer(command.device);
}

Result<json::Value> labels(const Command& command) {
  const PlayedPrinter& printer = printer_of(command);
  auto list = json::Value::array();
  for (const auto& label : printer.labels()) {
    auto one = json::Value::object();
    one.set("label", label.number).set("octets", label.zpl.size());
    list.add(std::move(one));
  }
  const auto counts = printer.counts();
  auto value = ok_answer(command.device);
  value.set("received", counts.received)
      .set("waiting", counts.waiting)
      .set("printed", counts.printed)
      .set("drawer", counts.drawer)
      .set("labels", std::move(list));
  return value;
}

Result<json::Value> label(const Command& command) {
  const auto number = parse_unsigned(command.rest);
  if (!number) return fail(number.error());
  const auto zpl = printer_of(command).label(*number);
  if (!zpl) return fail(zpl.error());
  auto value = ok_answer(command.device);
  value.set("label", *number).set("zpl", *zpl);
  return value;
}

constexpr std::array<Verb, 7> kPrinterVerbs{{
    {"paper", "[@printer] in|out", "take the labels out, or put a roll in", &paper},
    {"lid", "[@printer] open|closed", "open or close it", &lid},
    {"ribbon", "[@printer] in|out", "use the ribbon up, or put one in", &ribbon},
    {"pause", "[@printer] on|off", "press its pause button", &pause},
    {"fault", "[@printer] mute|deaf|close|slow|none",
     "misbehave; on the network also reset_after=N (octets)", &fault},
    {"labels", "[@printer]", "what it has printed: the last 200", &labels},
    {"label", "[@printer] N", "the ZPL of one", &label},
}};

}  // namespace

std::span<const Verb> printer_verbs() { return kPrinterVerbs; }

}  // namespace cairn::simulator

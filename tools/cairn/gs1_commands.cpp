#include "tools/cairn/gs1_commands.h"

#include "core/base/gtin.h"
#include "core/gs1/associations.h"
#include "core/gs1/digital_link.h"
#include "core/gs1/keys.h"
#include "core/gs1/scan.h"
#include "core/gs1/upc_e.h"
#include "core/json/value.h"
#include "tools/cairn/gs1_json.h"
#include "tools/cairn/line_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::tool {
namespace {

json::Value ok_json() {
  auto answer = json::Value::object();
  answer.set("ok", true);
  return answer;
}

/// The first broken association that is an error.
std::optional<gs1::Fault> refused(const std::vector<gs1::Fault>& broken, bool strict) {
  const auto found = std::ranges::find_if(broken, [strict](const gs1::Fault& fault) {
    return strict || fault.code != gs1::FaultCode::kRequiredAi;
  });
  return found == broken.end() ? std::nullopt : std::optional(*found);
}

json::Value warnings_json(const std::vector<gs1::Fault>& broken) {
  auto list = json::Value::array();
  for (const gs1::Fault& fault : broken) {
    auto item = json::Value::object();
    item.set("code", gs1::name_of(fault.code))
        .set("message", fault.message)
        .set("position", fault.position);
    list.add(std::move(item));
  }
  return list;
}

json::Value parsed(std::string_view sent, const Gs1ParseArguments& arguments) {
  const auto scan = gs1::parse_scan(sent);
  if (!scan) return fault_json(scan.error());
  const auto broken = gs1::broken_associations(scan->elements);
  const auto found = refused(broken, arguments.strict);
  if (found && !arguments.warnings) return fault_json(*found);
  auto answer = scan_json(*scan);
  if (arguments.warnings) answer.set("warnings", warnings_json(broken));
  return answer;
}

json::Value read_link(std::string_view uri, const Gs1LinkArguments& arguments) {
  const auto short_gtins = arguments.lenient ? gs1::ShortGtins::kPad : gs1::ShortGtins::kRefuse;
  const auto elements = gs1::parse_link(uri, short_gtins);
  if (!elements) return fault_json(elements.error());
  const auto broken = gs1::broken_associations(*elements);
  if (const auto found = refused(broken, arguments.strict)) return fault_json(*found);
  auto answer = ok_json();
  answer.set("symbology", "").set("elements", elements_json(*elements));
  if (const std::string* const gtin = gs1::value_of(*elements, "01")) answer.set("gtin14", *gtin);
  return answer;
}

json::Value built_link(std::string_view text, const Gs1LinkArguments& arguments) {
  const auto elements = gs1::parse_bracketed(text);
  if (!elements) return fault_json(elements.error());
  const auto broken = gs1::broken_associations(*elements);
  if (const auto found = refused(broken, arguments.strict)) return fault_json(*found);
  const auto uri = arguments.domain.empty() ? gs1::build_link(*elements)
                                            : gs1::build_link(*elements, arguments.domain);
  if (!uri) return fault_json(uri.error());
  auto answer = ok_json();
  answer.set("uri", *uri);
  return answer;
}

json::Value checked(std::string_view line) {
  const std::size_t blank = line.find(' ');
  const auto key = gs1::key_named(line.substr(0, blank));
  if (!key) {
    return fault_json({gs1::FaultCode::kUnknownKey,
                       "a line is a key and its value: GTIN-8, GTIN-12, GTIN-13, GTIN-14, GLN, "
                       "SSCC, GSRN, GSIN, GDTI or GRAI",
                       0});
  }
  const std::size_t begin = blank == std::string_view::npos ? line.size() : blank + 1;
  const auto found = gs1::check_key(*key, line.substr(begin));
  return found ? fault_json(*found) : ok_json();
}

json::Value expanded(std::string_view digits) {
  const auto gtin12 = gs1::expand_upc_e(digits);
  if (!gtin12) return fault_json(gtin12.error());
  auto answer = ok_json();
  answer.set("gtin12", *gtin12).set("gtin14", "00" + *gtin12);
  return answer;
}

}  // namespace

int gs1_parse_command(const Gs1ParseArguments& arguments) {
  return answer_lines([&arguments](std::string_view sent) { return parsed(sent, arguments); });
}

int gs1_link_command(const Gs1LinkArguments& arguments) {
  return answer_lines([&arguments](std::string_view line) {
    return arguments.build ? built_link(line, arguments) : read_link(line, arguments);
  });
}

int gs1_check_command() { return answer_lines(checked); }
int gs1_upce_command() { return answer_lines(expanded); }

}  // namespace cairn::tool

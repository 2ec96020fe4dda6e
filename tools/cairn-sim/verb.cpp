#include "tools/cairn-sim/verb.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>

namespace cairn::simulator {
namespace {

constexpr std::string_view kBlanks = " \t\r";

}  // namespace

json::Value ok_answer() {
  auto value = json::Value::object();
  value.set("ok", true);
  return value;
}

json::Value ok_answer(const VirtualDevice& device) {
  auto value = ok_answer();
  value.set("device", device.name());
  return value;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::pair<std::string_view, std::string_view> cut_word(std::string_view text) {
  const auto end = std::min(text.find_first_of(kBlanks), text.size());
  return {text.substr(0, end), trim(text.substr(end))};
}

Result<bool> parse_choice(std::string_view text, std::string_view yes, std::string_view no) {
  if (text == yes) return true;
  if (text == no) return false;
  return fail(ErrorCode::kInvalid, "bad_argument",
              fmt::format("say {} or {}, not \"{}\"", yes, no, excerpt(text)));
}

}  // namespace cairn::simulator

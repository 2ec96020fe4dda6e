#include "device-drivers/scales/sics_protocol.h"

#include "core/base/utf8.h"
#include "device-drivers/scales/weight_text.h"
#include "device-drivers/wire/ascii.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::devices {
namespace {

constexpr std::size_t kSicsMost = 40;

/// The next word, which is taken away.
std::string_view take_word(std::string_view& text) {
  text = without_blanks(text);
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

}  // namespace

std::string SicsProtocol::ask() {
  line_.clear();
  too_long_ = false;
  return "SI\r\n";
}

std::optional<ScaleHeard> SicsProtocol::take(char octet) {
  const char c = seven_bits(octet);
  if (c != kLf) {
    too_long_ = too_long_ || line_.size() == kSicsMost;
    if (!too_long_) line_.push_back(c);
    return std::nullopt;
  }
  const std::string line = std::exchange(line_, {});
  if (std::exchange(too_long_, false) || !line.ends_with(kCr)) return std::nullopt;
  return read_sics(std::string_view(line).substr(0, line.size() - 1));
}

std::string SicsProtocol::order(ScaleOrder order) const {
  switch (order) {
    case ScaleOrder::kZero:
      return "Z\r\n";
    case ScaleOrder::kTare:
      return "T\r\n";
    case ScaleOrder::kClearTare:
      return "TAC\r\n";
  }
  return {};
}

std::optional<ScaleHeard> read_sics(std::string_view line) {
  std::string_view rest = line;
  if (take_word(rest) != "S") return std::nullopt;  // also ES, ET, EL: it did not understand
  const std::string_view how = take_word(rest);
  if (how == "+") return ScaleHeard::no_weight(WeightReading::State::kOver);
  if (how == "-") return ScaleHeard::no_weight(WeightReading::State::kUnder);
  if (how == "I") return ScaleHeard::no_weight(WeightReading::State::kUnstable);  // it is busy
  if (how != "S" && how != "D") return std::nullopt;
  const std::string_view digits = take_word(rest);
  const std::string_view unit_text = take_word(rest);
  const auto unit = unit_on_scale(unit_text);
  if (!unit) {
    return ScaleHeard::out_of_order(
        fmt::format("the scale shows \"{}\", which is not read: set it to kg, g, lb or oz",
                    excerpt(unit_text)));
  }
  auto reading = signed_weight(digits, *unit);
  if (!reading || !without_blanks(rest).empty()) return std::nullopt;
  if (how == "D") return ScaleHeard::no_weight(WeightReading::State::kUnstable);
  return ScaleHeard::answer(*std::move(reading));
}

}  // namespace cairn::devices

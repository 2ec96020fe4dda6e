#include "device-drivers/zpl/host_status.h"

#include "core/base/numbers.h"
#include "device-drivers/wire/ascii.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <vector>

namespace cairn::devices {
namespace {

/// Far more than any answer; a wire that sends this is no printer.
constexpr std::size_t kAnswersMost = 4096;

using Fields = std::vector<std::string_view>;

Fields fields_of(std::string_view text) {
  Fields fields;
  while (true) {
    const auto comma = text.find(',');
    fields.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return fields;
    text.remove_prefix(comma + 1);
  }
}

/// These fields are there and numbers.
bool has_numbers(const Fields& fields, std::initializer_list<std::size_t> indexes) {
  return std::ranges::all_of(indexes, [&fields](std::size_t index) {
    return index < fields.size() && parse_unsigned(fields[index]).has_value();
  });
}

/// Paper, pause, formats in buffer.
bool is_first(const Fields& fields) { return has_numbers(fields, {1, 2, 4}); }
/// Head, ribbon, labels remaining.
bool is_second(const Fields& fields) { return has_numbers(fields, {2, 3, 8}); }

int number(const Fields& fields, std::size_t index) {
  if (index >= fields.size()) return 0;
  const auto parsed = parse_unsigned(fields[index]);
  constexpr std::uint64_t kMost = 99'999'999;  // eight digits are the most a field has
  return parsed ? static_cast<int>(std::min(*parsed, kMost)) : 0;
}

struct String {
  std::string_view text;  ///< between STX and ETX
  std::size_t end = 0;    ///< behind the ETX
};

/// The next complete one; an STX within it starts it anew.
std::optional<String> next_string(std::string_view octets, std::size_t from) {
  const auto end = octets.find(kEtx, octets.find(kStx, from));
  if (end == std::string_view::npos) return std::nullopt;
  const auto begin = octets.rfind(kStx, end) + 1;
  return String{octets.substr(begin, end - begin), end + 1};
}

HostStatus status_of(const Fields& one, const Fields& two) {
  HostStatus status;
  status.paper_out = number(one, 1) != 0;
  status.paused = number(one, 2) != 0;
  status.formats_waiting = number(one, 4);
  status.buffer_full = number(one, 5) != 0;
  status.too_cold = number(one, 10) != 0;
  status.too_hot = number(one, 11) != 0;
  status.head_open = number(two, 2) != 0;
  status.ribbon_out = number(two, 3) != 0;
  status.label_waiting = number(two, 7) != 0;
  status.labels_remaining = number(two, 8);
  return status;
}

}  // namespace

std::string HostStatus::fault() const {
  if (paper_out) return "it is out of labels: put a new roll in";
  if (head_open) return "its lid is open: close it";
  if (ribbon_out) return "its ribbon is used up: put a new one in";
  if (too_hot) return "it is too hot: let it cool down";
  if (too_cold) return "it is too cold: let it warm up";
  if (paused) return "it is paused: press its pause button";
  if (buffer_full) return "it takes no more: its memory is full";
  return {};
}

std::optional<HostStatus> HostStatusReader::feed(std::string_view octets) {
  text_.append(octets);
  if (text_.size() > kAnswersMost) text_.clear();
  while (true) {
    std::array<String, 3> strings;
    std::size_t at = 0;
    for (String& string : strings) {
      const auto next = next_string(text_, at);
      if (!next) return std::nullopt;
      string = *next;
      at = string.end;
    }
    const auto first = fields_of(strings[0].text);
    const auto second = fields_of(strings[1].text);
    // What does not fit is not the beginning of an answer: it may begin with the string behind it.
    const bool is_answer = is_first(first) && is_second(second);
    const auto status = is_answer ? std::optional(status_of(first, second)) : std::nullopt;
    text_.erase(0, is_answer ? at : strings[0].end);
    if (status) return status;
  }
}

}  // namespace cairn::devices

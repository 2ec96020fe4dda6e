#include "device-drivers/usb/device_id.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::devices::usb {
namespace {

constexpr std::size_t kLengthOctets = 2;
constexpr std::size_t kValueMost = 128;

/// What the length leaves of it, whichever way round it is; all of it if it fits neither way.
BytesView text_of(BytesView answer) {
  if (answer.size() < kLengthOctets) return {};
  const auto first = static_cast<std::uint8_t>(answer[0]);
  const auto second = static_cast<std::uint8_t>(answer[1]);
  for (const auto& [high, low] : {std::pair{first, second}, std::pair{second, first}}) {
    const std::size_t length = static_cast<std::size_t>(high) << 8U | low;
    if (length > kLengthOctets && length <= answer.size()) {
      return answer.substr(kLengthOctets, length - kLengthOctets);
    }
  }
  return answer.substr(kLengthOctets);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks(" \t\r\n\0", 5);
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// For people and their terminals.
std::string plain(std::string_view text) {
  std::string plain(text.substr(0, kValueMost));
  std::erase_if(plain, [](char c) { return c < ' ' || c > '~'; });
  return plain;
}

std::string* place_of(DeviceId& id, std::string_view key) {
  const std::array<std::pair<std::string_view, std::string*>, 9> places{{
      {"MFG", &id.manufacturer},
      {"MANUFACTURER", &id.manufacturer},
      {"MDL", &id.model},
      {"MODEL", &id.model},
      {"CMD", &id.commands},
      {"COMMAND SET", &id.commands},
      {"SN", &id.serial},
      {"SERN", &id.serial},
      {"SERIALNUMBER", &id.serial},
  }};
  for (const auto& [known, place] : places) {
    if (known == key) return place;
  }
  return nullptr;
}

}  // namespace

std::optional<DeviceId> DeviceId::parse(BytesView answer) {
  BytesView rest = text_of(answer);
  DeviceId id;
  bool any = false;
  while (!rest.empty()) {
    const BytesView pair = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    const auto colon = pair.find(':');
    if (colon == BytesView::npos) continue;
    any = true;
    std::string* const place = place_of(id, trimmed(pair.substr(0, colon)));
    if (place != nullptr && place->empty()) *place = plain(trimmed(pair.substr(colon + 1)));
  }
  return any ? std::optional(id) : std::nullopt;
}

bool rules_out(const DeviceId& id, std::string_view language) {
  std::string listed;
  for (const char c : id.commands) {
    listed += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  const bool empty = listed.find_first_not_of(" ,") == std::string::npos;
  return !empty && listed.find(language) == std::string::npos;
}

}  // namespace cairn::devices::usb

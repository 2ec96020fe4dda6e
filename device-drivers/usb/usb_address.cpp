#include "device-drivers/usb/usb_address.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace cairn::devices::usb {
namespace {

constexpr std::size_t kIdDigits = 4;
constexpr std::size_t kSerialMost = 126;  // a string descriptor holds no more
constexpr std::size_t kPortMost = 32;
constexpr std::string_view kPort = "port:";

std::optional<std::uint16_t> parse_id(std::string_view text) {
  std::uint16_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id, 16);
  if (text.size() != kIdDigits || error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return id;
}

/// "1-1.2": numbers, one hyphen behind the first, points between the others.
bool is_port(std::string_view text) {
  const auto hyphen = text.find('-');
  if (hyphen == std::string_view::npos || text.size() > kPortMost) return false;
  bool digit = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    const bool separates = text[i] == (i <= hyphen ? '-' : '.');
    if (!is_digit && !(separates && digit)) return false;
    digit = is_digit;
  }
  return digit;
}

tl::unexpected<Error> bad_url(std::string_view text) {
  return fail(ErrorCode::kInvalid, "bad_device_url",
              fmt::format("\"usb:{}\" names no USB device; it looks like usb:0c2e:0b61, "
                          "usb:0c2e:0b61:SERIAL or usb:port:1-1.2",
                          excerpt(text)));
}

}  // namespace

Result<Address> Address::parse(std::string_view text) {
  Address address;
  if (text.starts_with(kPort)) {
    address.port = text.substr(kPort.size());
    if (!is_port(address.port)) return bad_url(text);
    return address;
  }
  constexpr std::size_t kIds = 2 * kIdDigits + 1;
  const auto vendor = parse_id(text.substr(0, kIdDigits));
  const bool parted = text.size() >= kIds && text[kIdDigits] == ':';
  const auto product = parted ? parse_id(text.substr(kIdDigits + 1, kIdDigits)) : std::nullopt;
  if (!vendor || !product || (*vendor == 0 && *product == 0)) return bad_url(text);
  address.vendor = *vendor;
  address.product = *product;
  const std::string_view rest = text.substr(kIds);
  if (rest.empty()) return address;
  address.serial = rest.substr(1);
  if (rest[0] != ':' || address.serial.empty() || address.serial.size() > kSerialMost) {
    return bad_url(text);
  }
  return address;
}

bool Address::may_be(const Identity& device) const {
  const bool any = vendor == 0 && product == 0;
  return (any || (vendor == device.vendor && product == device.product)) &&
         (port.empty() || port == device.port);
}

std::string Address::text() const {
  if (!port.empty()) return fmt::format("usb:port:{}", port);
  return url_of({vendor, product, serial, {}});
}

std::string url_of(const Identity& device) {
  return fmt::format("usb:{:04x}:{:04x}{}{}", device.vendor, device.product,
                     device.serial.empty() ? "" : ":", device.serial);
}

}  // namespace cairn::devices::usb

#include "device-drivers/evdev/input_address.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

namespace cairn::devices::evdev {
namespace {

constexpr std::string_view kFolder = "/dev/input/";

bool is_path(std::string_view text) {
  constexpr std::size_t kLongest = 255;
  return text.size() > kFolder.size() && text.size() <= kLongest && text.starts_with(kFolder) &&
         text.find("..") == std::string_view::npos && text.find('\0') == std::string_view::npos;
}

}  // namespace

Result<InputAddress> InputAddress::parse(std::string_view text) {
  if (is_path(text)) return InputAddress{{}, std::string(text)};
  auto device = usb::Address::parse(text);
  if (device) return InputAddress{*std::move(device), {}};
  return fail(ErrorCode::kInvalid, "bad_device_url",
              fmt::format("\"evdev:{}\" names no keyboard; it looks like evdev:05e0:1200, "
                          "evdev:05e0:1200:SERIAL, evdev:port:1-1.2 or evdev:/dev/input/by-id/…",
                          excerpt(text)));
}

std::string InputAddress::text() const {
  if (!path.empty()) return fmt::format("evdev:{}", path);
  constexpr std::string_view kUsbScheme = "usb:";
  return fmt::format("evdev:{}", device.text().substr(kUsbScheme.size()));
}

}  // namespace cairn::devices::evdev

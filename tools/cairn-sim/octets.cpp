#include "tools/cairn-sim/octets.h"

#include <fmt/format.h>

namespace cairn::simulator {

Result<Bytes> parse_octets(std::string_view text) {
  Bytes octets;
  while (!text.empty()) {
    if (text.starts_with("\\\\")) {
      octets.push_back('\\');
      text.remove_prefix(2);
    } else if (text.starts_with("\\x") && from_hex(text.substr(2, 2)) && text.size() >= 4) {
      octets += *from_hex(text.substr(2, 2));
      text.remove_prefix(4);
    } else if (text.front() == '\\') {
      return fail(ErrorCode::kInvalid, "bad_escape",
                  fmt::format("after a backslash comes xHH or another backslash, not \"{}\"",
                              text.substr(1, 3)));
    } else {
      octets.push_back(text.front());
      text.remove_prefix(1);
    }
  }
  return octets;
}

std::string format_octets(BytesView octets) {
  std::string text;
  for (const char octet : octets) {
    if (octet == '\\') {
      text += "\\\\";
    } else if (octet >= ' ' && octet <= '~') {
      text.push_back(octet);
    } else {
      text += "\\x" + to_hex({&octet, 1});
    }
  }
  return text;
}

}  // namespace cairn::simulator

#include "tools/cairn-sim/bench/bench_gate.h"

#include "core/base/utf8.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace cairn::simulator {
namespace {

/// An IPv4 address of the loopback: no name, which anybody could let lead here.
bool is_loopback(std::string_view host) {
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// "127.0.0.1:8090", as a browser on this machine says it.
bool is_ours(std::string_view authority, std::uint16_t port) {
  const auto colon = authority.rfind(':');
  const std::string_view host = authority.substr(0, colon);
  const std::string_view number =
      colon == std::string_view::npos ? "80" : authority.substr(colon + 1);
  return (is_loopback(host) || host == "localhost") && number == fmt::format("{}", port);
}

}  // namespace

Result<> admit(const runtime::HttpRequest& request, std::uint16_t port) {
  if (!is_loopback(request.remote_address)) {
    return fail(ErrorCode::kDenied, "not_loopback",
                "the bench is for programs on its own machine only");
  }
  const std::string host = request.header("Host").value_or("");
  if (is_ours(host, port)) return {};
  return fail(ErrorCode::kDenied, "other_host",
              fmt::format("the bench is at 127.0.0.1:{}, not at \"{}\"", port, excerpt(host)));
}

Result<> admit_command(const runtime::HttpRequest& request, std::uint16_t port) {
  if (auto admitted = admit(request, port); !admitted) return admitted;
  constexpr std::string_view kScheme = "http://";
  if (const auto origin = request.header("Origin")) {
    const bool ours = origin->starts_with(kScheme) &&
                      is_ours(std::string_view(*origin).substr(kScheme.size()), port);
    if (!ours) {
      return fail(
          ErrorCode::kDenied, "other_origin",
          fmt::format("a page of \"{}\" may not play the devices of this bench", excerpt(*origin)));
    }
  }
  const std::string type = request.header("Content-Type").value_or("");
  if (std::string_view(type).substr(0, type.find(';')) == "application/json") return {};
  return fail(ErrorCode::kInvalid, "not_json", "send the command as application/json");
}

}  // namespace cairn::simulator

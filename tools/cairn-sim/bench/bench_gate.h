#pragma once
// Who may use the bench page: a program or a browser on this machine, asking this server and nobody
// else. A page from elsewhere that the same browser has open must not play our devices, whatever
// name it gives this address. Pure.

#include "core/base/result.h"
#include "core/runtime/http_message.h"

#include <cstdint>

namespace cairn::simulator {

/// Any request. Errors: kDenied "not_loopback" (it comes from another machine), "other_host" (it
/// asks for another name).
Result<> admit(const runtime::HttpRequest& request, std::uint16_t port);

/// One that does something: also the errors kDenied "other_origin" (another page sends it),
/// kInvalid "not_json" (its Content-Type is not application/json, which no other page can send
/// unasked).
Result<> admit_command(const runtime::HttpRequest& request, std::uint16_t port);

}  // namespace cairn::simulator

#include "core/runtime/http_message.h"

#include "core/base/assert.h"

#include <algorithm>

namespace cairn::runtime {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::optional<std::string> first_of(const HeaderFields& fields, std::string_view name) {
  const auto found = fields.lower_bound(name);
  const bool there = found != fields.end() && !IgnoreCase{}(name, found->first);
  return there ? std::optional(found->second) : std::nullopt;
}

}  // namespace

bool IgnoreCase::operator()(std::string_view a, std::string_view b) const {
  return std::ranges::lexicographical_compare(a, b, {}, lower, lower);
}

const std::string& HttpRequest::parameter(std::string_view name) const {
  const auto found = parameters.find(name);
  CAIRN_ASSERT(found != parameters.end(), "the route's pattern has no such parameter");
  return found->second;
}

std::optional<std::string> HttpRequest::query_value(std::string_view name) const {
  const auto found = std::ranges::find(query, name, &std::pair<std::string, std::string>::first);
  return found != query.end() ? std::optional(found->second) : std::nullopt;
}

std::optional<std::string> HttpRequest::header(std::string_view name) const {
  return first_of(headers, name);
}

std::optional<std::string> HttpResponse::header(std::string_view name) const {
  return first_of(headers, name);
}

HttpResponse json_response(const json::Value& body, int status) {
  return {status, "application/json", body.dump(), {}};
}

}  // namespace cairn::runtime

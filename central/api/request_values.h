#pragma once
// Values that several routes read from a request. Any thread.

#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/json/reader.h"
#include "core/runtime/http_message.h"

#include <string_view>

namespace cairn::central {

/// The id that {name} of the route's pattern is. Errors: kInvalid "bad_uuid".
template <class Id>
Result<Id> id_of(const runtime::HttpRequest& request, std::string_view name) {
  const auto id = Uuid::parse(request.parameter(name));
  if (!id) return fail(id.error());
  return Id(*id);
}

/// A value that a parser made of a text; a problem of the member `name` if it could not, and
/// something harmless.
template <class T>
T value_or_problem(json::Reader& in, std::string_view name, const Result<T>& value) {
  if (!value) in.problem(name, value.error().message);
  return value ? *value : T{};
}

/// The member `name`, more than nothing: {"minor": 199, "currency": "GBP"}. A problem is the
/// reader's.
inline Money read_money(json::Reader& in, std::string_view name) {
  json::Reader money = in.object(name);
  const std::int64_t minor = money.integer("minor", 1, kMaxMinor);
  const auto currency = Currency::parse(money.text("currency", {3, 3}));
  if (!currency) money.problem("currency", "must be three capitals, as in ISO 4217");
  return {minor, currency.value_or(Currency())};
}

}  // namespace cairn::central

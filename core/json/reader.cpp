#include "core/json/reader.h"

#include "core/base/utf8.h"
#include "core/json/detail/impl.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <map>
#include <set>

namespace cairn::json {

using Json = nlohmann::ordered_json;

struct Reader::Node {
  const Json* json = nullptr;
  std::string path;
};

struct Reader::Findings {
  struct Object {
    std::string path;
    std::set<std::string, std::less<>> asked;  // names of members
  };

  Unknown unknown = Unknown::kRefused;
  std::vector<std::string> problems;
  std::map<const Json*, Object> objects;
};

namespace {

const Json& as_json(const void* member) { return *static_cast<const Json*>(member); }

/// number * 10^places, exactly; nothing if that is no whole number or none that can be told.
std::optional<std::int64_t> scaled_by(const Json& number, int places) {
  std::int64_t power = 1;
  for (int i = 0; i < places; ++i) power *= 10;
  if (number.is_number_integer()) {
    const bool fits = !number.is_number_unsigned() || number.get<std::uint64_t>() <= INT64_MAX;
    std::int64_t scaled = 0;
    const bool over = !fits || __builtin_mul_overflow(number.get<std::int64_t>(), power, &scaled);
    return over ? std::nullopt : std::optional(scaled);
  }
  constexpr double kExact = 9'007'199'254'740'992.0;  // 2^53: whole numbers beyond have gaps
  const auto value = number.get<double>();
  const double near = std::round(value * static_cast<double>(power));
  const bool exact = std::abs(near) < kExact && near / static_cast<double>(power) == value;
  return exact ? std::optional(static_cast<std::int64_t>(near)) : std::nullopt;
}

}  // namespace

Reader::Reader(const Value& value, Unknown unknown)
    : Reader(Node{&value.impl().json, ""}, std::make_shared<Findings>(Findings{unknown, {}, {}})) {}

Reader::Reader(Node node, std::shared_ptr<Findings> findings)
    : node_(std::make_shared<const Node>(std::move(node))), findings_(std::move(findings)) {
  if (!node_->json->is_object()) {
    findings_->problems.push_back(
        fmt::format("{}: must be an object", node_->path.empty() ? "/" : node_->path));
  } else {
    findings_->objects[node_->json].path = node_->path;
  }
}

const void* Reader::member(std::string_view name) const {
  if (!node_->json->is_object()) return nullptr;
  findings_->objects[node_->json].asked.emplace(name);
  const auto found = node_->json->find(std::string(name));
  return found == node_->json->end() || found->is_null() ? nullptr : &*found;
}

bool Reader::has(std::string_view name) const { return member(name) != nullptr; }

void Reader::problem(std::string_view name, std::string_view what) {
  findings_->problems.push_back(fmt::format("{}/{}: {}", node_->path, name, what));
}

std::optional<std::string> Reader::optional_text(std::string_view name, Length octets) {
  const void* const found = member(name);
  if (found == nullptr) return std::nullopt;
  if (!as_json(found).is_string()) {
    problem(name, "must be a string");
    return std::nullopt;
  }
  auto text = as_json(found).get<std::string>();
  if (text.size() < octets.least || text.size() > octets.most || !is_utf8(text)) {
    problem(name, fmt::format("must be UTF-8 text of {} to {} octets", octets.least, octets.most));
    return std::nullopt;
  }
  return text;
}

std::string Reader::text(std::string_view name, Length octets) {
  if (!has(name)) problem(name, "is missing");
  return optional_text(name, octets).value_or("");
}

std::optional<std::int64_t> Reader::optional_integer(std::string_view name, std::int64_t least,
                                                     std::int64_t most) {
  const void* const found = member(name);
  if (found == nullptr) return std::nullopt;
  const Json& json = as_json(found);
  const bool fits = json.is_number_integer() &&
                    !(json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX);
  const std::int64_t number = fits ? json.get<std::int64_t>() : least;
  if (!fits || number < least || number > most) {
    problem(name, fmt::format("must be a whole number from {} to {}", least, most));
    return std::nullopt;
  }
  return number;
}

std::int64_t Reader::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  if (!has(name)) problem(name, "is missing");
  return optional_integer(name, least, most).value_or(least);
}

std::int64_t Reader::decimal(std::string_view name, int places, std::int64_t least,
                             std::int64_t most) {
  const void* const found = member(name);
  if (found == nullptr) {
    problem(name, "is missing");
    return least;
  }
  if (!as_json(found).is_number()) {
    problem(name, "must be a number");
    return least;
  }
  const auto scaled = scaled_by(as_json(found), places);
  if (!scaled) problem(name, fmt::format("is out of range or has more than {} decimals", places));
  if (scaled && (*scaled < least || *scaled > most)) problem(name, "is out of range");
  return scaled && *scaled >= least && *scaled <= most ? *scaled : least;
}

bool Reader::boolean(std::string_view name) {
  const void* const found = member(name);
  if (found == nullptr) {
    problem(name, "is missing");
    return false;
  }
  if (!as_json(found).is_boolean()) {
    problem(name, "must be true or false");
    return false;
  }
  return as_json(found).get<bool>();
}

bool Reader::boolean_or(std::string_view name, bool otherwise) {
  return has(name) ? boolean(name) : otherwise;
}

const void* Reader::array(std::string_view name, std::size_t most) {
  const void* const found = member(name);
  if (found == nullptr || !as_json(found).is_array()) {
    problem(name, found == nullptr ? "is missing" : "must be an array");
    return nullptr;
  }
  if (as_json(found).size() > most) {
    problem(name, fmt::format("has more than {} entries", most));
    return nullptr;
  }
  return found;
}

Reader Reader::object(std::string_view name) {
  static const Json kNothing;
  const void* const found = member(name);
  return Reader(
      Node{found == nullptr ? &kNothing : &as_json(found), fmt::format("{}/{}", node_->path, name)},
      findings_);
}

std::vector<Reader> Reader::objects(std::string_view name, std::size_t most) {
  std::vector<Reader> readers;
  const void* const found = array(name, most);
  if (found == nullptr) return readers;
  std::size_t index = 0;
  for (const Json& element : as_json(found)) {
    readers.push_back(
        Reader(Node{&element, fmt::format("{}/{}/{}", node_->path, name, index++)}, findings_));
  }
  return readers;
}

std::vector<Value> Reader::values(std::string_view name, std::size_t most) {
  std::vector<Value> values;
  const void* const found = array(name, most);
  if (found == nullptr) return values;
  for (const Json& element : as_json(found)) values.push_back(Value(Value::Impl{element}));
  return values;
}

Value Reader::value(std::string_view name) const {
  const void* const found = member(name);
  return found == nullptr ? Value() : Value(Value::Impl{as_json(found)});
}

std::string Reader::as_text(std::string_view name) const {
  const void* const found = member(name);
  if (found == nullptr) return "";
  return as_json(found).is_string() ? as_json(found).get<std::string>() : as_json(found).dump();
}

Result<> Reader::done() const {
  std::set<std::string> unknown;
  for (const auto& [json, object] : findings_->objects) {
    for (const auto& member : json->items()) {
      if (object.asked.contains(member.key())) continue;
      unknown.insert(fmt::format("{}/{}: is not known here", object.path, member.key()));
    }
  }
  std::vector<std::string> problems = findings_->problems;
  if (findings_->unknown == Unknown::kRefused) std::ranges::copy(unknown, back_inserter(problems));
  if (problems.empty()) return {};
  return fail(ErrorCode::kInvalid, "bad_request", fmt::format("{}", fmt::join(problems, "; ")));
}

}  // namespace cairn::json

#include "core/json/value.h"

#include "core/json/detail/impl.h"

#include <set>
#include <vector>

namespace cairn::json {
namespace {

constexpr int kMaxDepth = 32;

/// Watches the parser: too deep and duplicate names are refused, which the library would let pass.
class Strictness {
 public:
  bool operator()(int depth, nlohmann::ordered_json::parse_event_t event,
                  nlohmann::ordered_json& parsed) {
    using Event = nlohmann::ordered_json::parse_event_t;
    const auto level = static_cast<std::size_t>(depth);
    // At the start of an array or object the library tells the depth of what it lies in.
    const bool opens = event == Event::object_start || event == Event::array_start;
    if (depth + (opens ? 1 : 0) > kMaxDepth) problem_ = "nested too deeply";
    if (names_.size() < level + 2) names_.resize(level + 2);
    if (event == Event::object_start) names_[level + 1].clear();
    if (event == Event::key && !names_[level].insert(parsed.get<std::string>()).second) {
      problem_ = "the name \"" + parsed.get<std::string>() + "\" appears twice";
    }
    return problem_.empty();
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  std::vector<std::set<std::string>> names_;
  std::string problem_;
};

}  // namespace

Value::Value() : impl_(std::make_unique<Impl>()) {}
Value::Value(Impl impl) : impl_(std::make_unique<Impl>(std::move(impl))) {}
Value::Value(const Value& other) : impl_(std::make_unique<Impl>(*other.impl_)) {}
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) {
  if (this != &other) impl_ = std::make_unique<Impl>(*other.impl_);
  return *this;
}
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;

Value Value::object() {
  Value value;
  value.impl_->json = nlohmann::ordered_json::object();
  return value;
}

Value Value::array() {
  Value value;
  value.impl_->json = nlohmann::ordered_json::array();
  return value;
}

Value Value::text(std::string_view text) {
  Value value;
  value.impl_->json = text;
  return value;
}

Value& Value::set(std::string_view name, std::string_view text) {
  impl_->json[std::string(name)] = text;
  return *this;
}

Value& Value::set(std::string_view name, bool flag) {
  impl_->json[std::string(name)] = flag;
  return *this;
}

Value& Value::set(std::string_view name, double number) {
  impl_->json[std::string(name)] = number;
  return *this;
}

Value& Value::set(std::string_view name, Value value) {
  impl_->json[std::string(name)] = std::move(value.impl_->json);
  return *this;
}

Value& Value::set_null(std::string_view name) {
  impl_->json[std::string(name)] = nullptr;
  return *this;
}

Value& Value::set_number(std::string_view name, std::int64_t number) {
  impl_->json[std::string(name)] = number;
  return *this;
}

Value& Value::set_number(std::string_view name, std::uint64_t number) {
  impl_->json[std::string(name)] = number;
  return *this;
}

Value& Value::add(Value value) {
  impl_->json.push_back(std::move(value.impl_->json));
  return *this;
}

Value& Value::add(std::string_view text) {
  impl_->json.push_back(text);
  return *this;
}

std::string Value::dump() const {
  return impl_->json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

Result<Value> parse(std::string_view text) {
  // The library takes NUL for the end of its input.
  if (text.find('\0') != std::string_view::npos) {
    return fail(ErrorCode::kInvalid, "bad_json", "a NUL octet is no JSON");
  }
  Strictness strictness;
  Value value;
  try {
    value.impl_->json = nlohmann::ordered_json::parse(text, std::ref(strictness));
  } catch (const nlohmann::ordered_json::exception& e) {
    return fail(ErrorCode::kInvalid, "bad_json", e.what());
  }
  if (!strictness.problem().empty()) {
    return fail(ErrorCode::kInvalid, "bad_json", strictness.problem());
  }
  return value;
}

}  // namespace cairn::json

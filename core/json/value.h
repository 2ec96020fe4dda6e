#pragma once
// JSON for HTTP bodies and log lines: build a value, print it; parse a text, read it with
// json::Reader. The library behind it is known to this folder only. Any thread, one value in one
// thread.

#include "core/base/result.h"

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cairn::json {

class Value {
 public:
  Value();  ///< null
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  static Value object();
  static Value array();
  static Value text(std::string_view text);

  /// Sets a member of an object; members keep the order in which they were first set.
  Value& set(std::string_view name, std::string_view text);
  Value& set(std::string_view name, const char* text) { return set(name, std::string_view(text)); }
  Value& set(std::string_view name, const std::string& text) {
    return set(name, std::string_view(text));
  }
  Value& set(std::string_view name, bool flag);
  Value& set(std::string_view name, double number);
  Value& set(std::string_view name, Value value);
  template <std::integral Integer>
  Value& set(std::string_view name, Integer number) {
    return set_number(name, number);
  }
  Value& set_null(std::string_view name);

  /// Appends to an array.
  Value& add(Value value);
  Value& add(std::string_view text);

  /// One line, UTF-8; octets that are not UTF-8 are replaced by U+FFFD.
  [[nodiscard]] std::string dump() const;

  struct Impl;
  explicit Value(Impl impl);
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  friend Result<Value> parse(std::string_view text);

  Value& set_number(std::string_view name, std::int64_t number);
  Value& set_number(std::string_view name, std::uint64_t number);
  template <std::integral Integer>
  Value& set_number(std::string_view name, Integer number) {
    if constexpr (std::signed_integral<Integer>) {
      return set_number(name, static_cast<std::int64_t>(number));
    } else {
      return set_number(name, static_cast<std::uint64_t>(number));
    }
  }

  std::unique_ptr<Impl> impl_;
};

/// Strict RFC 8259: no comments, no trailing commas, no duplicate names, at most 32 levels.
/// Errors: kInvalid "bad_json" with the position.
Result<Value> parse(std::string_view text);

}  // namespace cairn::json

#pragma once
// Port for log lines: a fixed event name and fields, one JSON object a line. Any thread.
// No personal data, no card numbers, no secrets in any field.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace cairn {

enum class LogLevel : std::uint8_t {
  kDebug,  ///< For a developer at work; off in production.
  kInfo,   ///< A change of state an operator may ask about later.
  kWarn,   ///< Something degraded; it works on or retries by itself.
  kError,  ///< A person has to look.
};

std::string_view name_of(LogLevel level);

class Log {
 public:
  using Field = std::pair<std::string_view, std::string>;

  virtual ~Log() = default;
  /// `event`: stable name in snake_case.
  virtual void write(LogLevel level, std::string_view event,
                     std::initializer_list<Field> fields) = 0;

  void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(LogLevel::kDebug, event, fields);
  }
  void info(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(LogLevel::kInfo, event, fields);
  }
  void warn(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(LogLevel::kWarn, event, fields);
  }
  void error(std::string_view event, std::initializer_list<Field> fields = {}) {
    write(LogLevel::kError, event, fields);
  }
};

/// Drops everything: tests and the simulator.
class NullLog final : public Log {
 public:
  void write(LogLevel, std::string_view, std::initializer_list<Field>) override {}
};

}  // namespace cairn

#pragma once
// What went wrong, in a form that a machine can act on and a person can read. Any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace cairn {

/// Few and stable. The code says who has to act; `Error::reason` says what exactly happened.
enum class ErrorCode : std::uint8_t {
  kInvalid,      ///< The request is malformed; the sender must change it.
  kNotFound,     ///< It names something that does not exist (here).
  kConflict,     ///< It contradicts what is already true, e.g. claimed by somebody else.
  kRejected,     ///< A business rule says no; nothing was changed.
  kDenied,       ///< Not signed in, or not allowed.
  kUnavailable,  ///< Cannot be done now; nothing was changed, a retry is safe.
  kCorrupt,      ///< Stored or received bytes are not what they must be.
  kInternal,     ///< A bug or a broken machine.
};

/// The code's stable name: "invalid", "not_found", ...
std::string_view name_of(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  /// Stable word in snake_case, e.g. "over_pick"; it is the last part of a problem's `type` in
  /// HTTP.
  std::string reason;
  /// A sentence for a person: what happened, what is safe, what to do.
  std::string message;
  /// Seconds after which trying again makes sense; 0: not said.
  int retry_after_s = 0;

  /// The same error with what was being done in front of the message: "context: message".
  [[nodiscard]] Error with_context(std::string_view context) const;

  bool operator==(const Error&) const = default;
};

}  // namespace cairn

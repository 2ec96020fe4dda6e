#pragma once
// Reads a JSON object strictly: the right type, in range, or a problem with its path. Problems
// gather, so that the sender hears all of them at once. A member that nobody asked for is a problem
// too: a misspelt name must not look like an absent one. Wrong types are never coerced.
//
//   json::Reader in(value);
//   const auto name = in.text("name", {1, 80});
//   const auto count = in.integer("count", 1, 100);
//   if (auto ok = in.done(); !ok) return fail(ok.error());

#include "core/base/result.h"
#include "core/json/value.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::json {

class Reader {
 public:
  struct Length {
    std::size_t least = 0;
    std::size_t most = 0;
  };

  enum class Unknown : std::uint8_t {
    kRefused,  ///< of requests
    kIgnored,  ///< of answers: the program may be newer than this one
  };

  /// The value must be an object and outlive the reader.
  explicit Reader(const Value& value, Unknown unknown = Unknown::kRefused);

  /// The member's value; on a problem something harmless ("" or the lower bound) and done() fails.
  std::string text(std::string_view name, Length octets);
  std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most);
  bool boolean(std::string_view name);
  /// A number with up to `places` decimals, scaled by 10^places.
  std::int64_t decimal(std::string_view name, int places, std::int64_t least, std::int64_t most);

  /// Absent and null are nothing.
  std::optional<std::string> optional_text(std::string_view name, Length octets);
  std::optional<std::int64_t> optional_integer(std::string_view name, std::int64_t least,
                                               std::int64_t most);
  bool boolean_or(std::string_view name, bool otherwise);

  /// A member that must be an object.
  Reader object(std::string_view name);
  /// A member that must be an array of at most `most` objects.
  std::vector<Reader> objects(std::string_view name, std::size_t most);
  /// The same, as values of any kind.
  std::vector<Value> values(std::string_view name, std::size_t most);
  /// A copy of a member, null if it is absent.
  [[nodiscard]] Value value(std::string_view name) const;
  /// A scalar member for people: text as it is, anything else as JSON, null and absent as "".
  [[nodiscard]] std::string as_text(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;

  /// Adds a problem found by the caller, for a member of this object.
  void problem(std::string_view name, std::string_view what);

  /// Call it after everything was read.
  /// Errors: kInvalid "bad_request", the message lists every problem as "/path: what".
  [[nodiscard]] Result<> done() const;

 private:
  struct Node;      // a value inside the document and its path
  struct Findings;  // shared by a reader and those made from it
  Reader(Node node, std::shared_ptr<Findings> findings);
  [[nodiscard]] const void* member(std::string_view name) const;
  [[nodiscard]] const void* array(std::string_view name, std::size_t most);

  std::shared_ptr<const Node> node_;  // shared: readers are copied into vectors
  std::shared_ptr<Findings> findings_;
};

}  // namespace cairn::json

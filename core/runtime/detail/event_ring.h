#pragma once
// The last events of a stream, ready for the wire, so that clients need no queues of their own:
// each only remembers the number of the event it has got. Any thread.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::runtime {

class EventRing {
 public:
  EventRing(std::string boot, std::size_t capacity);

  void append(std::string_view event, std::string_view json);

  /// Where a client starts that names the id of the last event it saw, or none.
  struct Start {
    std::uint64_t after = 0;  ///< The number of the event before its first.
    bool resumed = false;     ///< Nothing is missing between the two.
  };
  [[nodiscard]] Start start(const std::optional<std::string>& last_event_id) const;

  /// Appends the events after `after` to `out`, whole ones, until `out` has `octets` or more, and
  /// moves `after`. False: the event that follows `after` has been dropped.
  [[nodiscard]] bool read(std::uint64_t& after, std::string& out, std::size_t octets) const;
  /// The number of the newest event; 0: none yet.
  [[nodiscard]] std::uint64_t last() const;
  /// "<boot>-<n>"
  [[nodiscard]] std::string id_of(std::uint64_t number) const;

 private:
  const std::string boot_;
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::deque<std::string> frames_;
  std::uint64_t last_ = 0;
};

/// One event as it travels; without `id` the client's own last id stays.
std::string event_frame(std::string_view id, std::string_view event, std::string_view json);

}  // namespace cairn::runtime

#pragma once
// One screen at the other end of an event stream. The hub's thread only; never blocks.

#include "core/runtime/detail/event_ring.h"
#include "core/runtime/unique_fd.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cairn::runtime {

class SseClient {
 public:
  enum class State { kAlive, kGone, kTooSlow };

  /// `first` is sent before the events after number `after`. `lag_max`: how many events may be
  /// unsent, beyond those that it resumes with.
  SseClient(UniqueFd socket, std::string first, std::uint64_t after, std::uint64_t lag_max);

  [[nodiscard]] int fd() const { return socket_.get(); }
  [[nodiscard]] State state() const { return state_; }
  /// True while the peer takes no more.
  [[nodiscard]] bool blocked() const { return blocked_; }
  /// After poll said that the socket is writable.
  void unblock() { blocked_ = false; }

  /// Sends what there is and fits.
  void send(const EventRing& ring);
  /// Reads over what a client sends, which is nothing unless it closes.
  void read();
  /// Adds a frame of its own unless the peer is behind anyway.
  void add(std::string_view frame);

 private:
  UniqueFd socket_;
  std::string unsent_;
  std::uint64_t after_;
  std::uint64_t lag_max_;
  bool blocked_ = false;
  State state_ = State::kAlive;
};

}  // namespace cairn::runtime

#pragma once
// A TCP connection of a driver's thread. Every call has a deadline and ends early when the thread
// is woken to stop. It counts what it gave away: an octet that the kernel took may be printed.

#include "core/base/endpoint.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "device-drivers/wire/file_descriptor.h"
#include "device-drivers/wire/waker.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::devices {

class TcpConnection {
 public:
  /// Errors: kUnavailable "no_connection" (refused, unreachable, no such name, no answer in time),
  /// "stopped" (the waker was woken).
  static Result<TcpConnection> open(const Endpoint& to, MonoTime until, const Waker& waker,
                                    const Clock& clock);

  struct Sent {
    std::size_t octets = 0;  ///< that the kernel took
    bool all = false;
    std::string problem;  ///< why not all
  };
  /// Sends as much as it can until then.
  Sent send(std::string_view octets, MonoTime until, const Waker& waker, const Clock& clock);

  /// What has arrived; waits for the first octet. Empty: nothing came in time.
  /// Errors: kUnavailable "connection_closed", "stopped".
  Result<std::string> receive(MonoTime until, const Waker& waker, const Clock& clock);

  /// Says that nothing more comes and waits for the other side to close: a device that serves one
  /// connection at a time refuses the next before that.
  void finish(MonoTime until, const Waker& waker, const Clock& clock);

 private:
  explicit TcpConnection(FileDescriptor socket) : socket_(std::move(socket)) {}

  FileDescriptor socket_;
};

}  // namespace cairn::devices

#pragma once
// A TCP connection of a driver's thread. Every call has a deadline and ends early when the thread
// is woken to stop. It counts what it gave away: an octet that the kernel took may be printed.

#include "core/base/endpoint.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "device-drivers/wire/byte_connection.h"
#include "device-drivers/wire/file_descriptor.h"
#include "device-drivers/wire/waker.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cairn::devices {

class TcpConnection final : public ByteConnection {
 public:
  /// Errors: kUnavailable "no_connection" (refused, unreachable, no such name, no answer in time),
  /// "stopped" (the waker was woken).
  static Result<TcpConnection> open(const Endpoint& to, MonoTime until, const Waker& waker,
                                    const Clock& clock);

  /// In the kernel an octet is as good as printed.
  Sent send(std::string_view octets, MonoTime until, const Waker& waker,
            const Clock& clock) override;

  Result<std::string> receive(MonoTime until, const Waker& waker, const Clock& clock) override;

  /// Waits for the other side to close: a device that serves one connection at a time refuses the
  /// next before that.
  void finish(MonoTime until, const Waker& waker, const Clock& clock) override;

 private:
  explicit TcpConnection(FileDescriptor socket) : socket_(std::move(socket)) {}

  FileDescriptor socket_;
};

/// Connects to an address anew each time.
class TcpConnector final : public Connector {
 public:
  explicit TcpConnector(Endpoint address) : address_(std::move(address)) {}

  /// Errors: those of TcpConnection::open().
  Result<std::unique_ptr<ByteConnection>> connect(MonoTime until, const Waker& waker,
                                                  const Clock& clock) override;

 private:
  const Endpoint address_;
};

}  // namespace cairn::devices

#pragma once
// A connected socket with what was read ahead, and a deadline on every wait. One HTTP thread; only
// the ConnectionRegistry touches the same socket from another one.

#include "core/base/result.h"
#include "core/base/time.h"

#include <Poco/Net/StreamSocket.h>

#include <string>
#include <string_view>

namespace cairn::runtime {

class SocketStream {
 public:
  /// Both outlive the stream.
  SocketStream(Poco::Net::StreamSocket& socket, const Clock& clock);

  /// Waits for more and appends it to unread(). Errors: kUnavailable "timeout", "closed".
  [[nodiscard]] Result<> fill(MonoTime deadline);
  /// Received and not yet taken; valid until the next fill().
  [[nodiscard]] std::string_view unread() const;
  /// The first `octets` of unread(), which must hold as many.
  std::string take(std::size_t octets);

  /// Errors: kUnavailable "timeout", "closed".
  [[nodiscard]] Result<> send(std::string_view bytes, MonoTime deadline);

  /// Says good-bye without cutting off what the peer still reads: closing with unread input would
  /// reset the connection and lose the response. Waits at most until `deadline`.
  void linger(MonoTime deadline);

 private:
  [[nodiscard]] Result<Poco::Timespan> left(MonoTime deadline) const;

  Poco::Net::StreamSocket& socket_;
  const Clock& clock_;
  std::string buffer_;
  std::size_t taken_ = 0;  // from the front; erased at the next fill, not for each small chunk
};

}  // namespace cairn::runtime

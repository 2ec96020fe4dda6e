#include "core/runtime/detail/socket_stream.h"

#include "core/base/assert.h"

#include <Poco/Exception.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::runtime {
namespace {

constexpr std::size_t kReadAhead = 16U << 10U;
constexpr std::size_t kMostToSend = 1U << 20U;  // the library counts in int
constexpr std::size_t kMostToDrain = 256U << 10U;

tl::unexpected<Error> timeout() {
  return fail(ErrorCode::kUnavailable, "timeout", "the peer took too long");
}

tl::unexpected<Error> closed(std::string why) {
  return fail(ErrorCode::kUnavailable, "closed", std::move(why));
}

}  // namespace

SocketStream::SocketStream(Poco::Net::StreamSocket& socket, const Clock& clock)
    : socket_(socket), clock_(clock) {}

Result<Poco::Timespan> SocketStream::left(MonoTime deadline) const {
  const Duration time = deadline - clock_.mono_now();
  if (time <= Duration::zero()) return timeout();
  return Poco::Timespan(time.count());
}

Result<> SocketStream::fill(MonoTime deadline) {
  const auto time = left(deadline);
  if (!time) return fail(time.error());
  std::array<char, kReadAhead> chunk{};
  try {
    socket_.setReceiveTimeout(*time);
    const int got = socket_.receiveBytes(chunk.data(), static_cast<int>(chunk.size()));
    if (got <= 0) return closed("the peer closed the connection");
    buffer_.erase(0, std::exchange(taken_, 0));
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  } catch (const Poco::TimeoutException&) {
    return timeout();
  } catch (const Poco::Exception& e) {
    return closed(e.displayText());
  }
  return {};
}

std::string_view SocketStream::unread() const { return std::string_view(buffer_).substr(taken_); }

std::string SocketStream::take(std::size_t octets) {
  CAIRN_ASSERT(octets <= unread().size(), "only what was received can be taken");
  std::string text(unread().substr(0, octets));
  taken_ += octets;
  return text;
}

Result<> SocketStream::send(std::string_view bytes, MonoTime deadline) {
  while (!bytes.empty()) {
    const auto time = left(deadline);
    if (!time) return fail(time.error());
    try {
      socket_.setSendTimeout(*time);
      const auto most = static_cast<int>(std::min(bytes.size(), kMostToSend));
      const int sent = socket_.sendBytes(bytes.data(), most, MSG_NOSIGNAL);
      bytes.remove_prefix(static_cast<std::size_t>(std::max(sent, 0)));
    } catch (const Poco::TimeoutException&) {
      return timeout();
    } catch (const Poco::Exception& e) {
      return closed(e.displayText());
    }
  }
  return {};
}

void SocketStream::linger(MonoTime deadline) {
  try {
    socket_.shutdownSend();
  } catch (const Poco::Exception&) {
    return;  // the peer has gone already
  }
  std::size_t drained = 0;
  while (drained < kMostToDrain && fill(deadline)) drained += take(unread().size()).size();
}

}  // namespace cairn::runtime

#pragma once
// Takes requests off a connection, one after the other. Poco's own HTTPServer is not used for this:
// it puts no bound on the time a head may take, hands a chunked body that was cut off to the
// handler as if it were complete, and reads a trailer as the next request (measured, Poco 1.11).

#include "core/base/result.h"
#include "core/runtime/detail/request_head.h"
#include "core/runtime/detail/socket_stream.h"

#include <optional>
#include <string>

namespace cairn::runtime {

class RequestReader {
 public:
  struct Timeouts {
    Duration idle;
    Duration header;
    Duration transfer;
    std::size_t transfer_rate;  ///< Octets a second, on top of `transfer`.
  };

  RequestReader(SocketStream& stream, const Clock& clock, Timeouts timeouts);

  /// Waits for the first octet of a request. Errors: kUnavailable "timeout", "closed".
  [[nodiscard]] Result<> wait(Duration timeout);
  /// The head of the request that has begun. Errors: those of parse_request_head;
  /// kInvalid "request_timeout", kUnavailable "closed".
  Result<RequestHead> head();
  /// Its body, at most `most` octets. Errors: kInvalid "body_too_large", "bad_chunk",
  /// "incomplete_body", "request_timeout".
  Result<std::string> body(const RequestHead& head, std::size_t most);
  /// False while octets of the last request may still be on the wire: the connection cannot be
  /// reused.
  [[nodiscard]] bool at_boundary() const { return at_boundary_; }

  /// When a transfer of that many octets must have ended.
  [[nodiscard]] MonoTime transfer_deadline(std::size_t octets) const;

 private:
  Result<std::string> fixed_body(std::size_t length, MonoTime deadline);
  Result<std::string> chunked_body(std::size_t most, MonoTime deadline);
  Result<std::size_t> chunk_size(MonoTime deadline);
  Result<> trailer(MonoTime deadline);
  Result<std::string> line(MonoTime deadline);

  SocketStream& stream_;
  const Clock& clock_;
  const Timeouts timeouts_;
  bool at_boundary_ = true;
};

}  // namespace cairn::runtime

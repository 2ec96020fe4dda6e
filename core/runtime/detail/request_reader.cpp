#include "core/runtime/detail/request_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace cairn::runtime {
namespace {

constexpr std::size_t kMaxChunkLine = 256;

/// A peer that stops in the middle is the sender's fault, not ours.
tl::unexpected<Error> while_reading(const Error& error, std::string_view closed_reason) {
  if (error.reason == "timeout") {
    return fail(ErrorCode::kInvalid, "request_timeout", "the request did not arrive in time");
  }
  return fail(ErrorCode::kInvalid, std::string(closed_reason),
              "the connection was closed in the middle of the request");
}

tl::unexpected<Error> bad_chunk() {
  return fail(ErrorCode::kInvalid, "bad_chunk", "the chunked body is malformed");
}

tl::unexpected<Error> too_large(std::size_t most) {
  return fail(ErrorCode::kInvalid, "body_too_large",
              fmt::format("the body may have at most {} octets here", most));
}

}  // namespace

RequestReader::RequestReader(SocketStream& stream, const Clock& clock, Timeouts timeouts)
    : stream_(stream), clock_(clock), timeouts_(timeouts) {}

MonoTime RequestReader::transfer_deadline(std::size_t octets) const {
  const auto extra = std::chrono::seconds(octets / timeouts_.transfer_rate);
  return clock_.mono_now() + timeouts_.transfer + extra;
}

Result<> RequestReader::wait(Duration timeout) {
  if (!stream_.unread().empty()) return {};
  return stream_.fill(clock_.mono_now() + timeout);
}

Result<RequestHead> RequestReader::head() {
  const MonoTime deadline = clock_.mono_now() + timeouts_.header;
  at_boundary_ = false;
  std::size_t searched = 0;
  for (;;) {
    // A client may send an empty line after a body (RFC 9112 §2.2).
    while (stream_.unread().starts_with("\r\n")) stream_.take(2);
    const std::string_view unread = stream_.unread();
    const auto end = unread.find("\r\n\r\n", searched < 3 ? 0 : searched - 3);
    if (std::min(end, unread.size()) > kMaxHeadBytes) {
      return fail(ErrorCode::kInvalid, "headers_too_large",
                  fmt::format("the request's head may have at most {} octets", kMaxHeadBytes));
    }
    if (end != std::string::npos) {
      auto head = parse_request_head(stream_.take(end + 4));
      at_boundary_ = head && !head->has_body();
      return head;
    }
    searched = unread.size();
    const auto more = stream_.fill(deadline);
    if (!more) return while_reading(more.error(), "bad_request");
  }
}

Result<std::string> RequestReader::body(const RequestHead& head, std::size_t most) {
  if (!head.has_body()) return std::string();
  if (head.content_length > most) return too_large(most);
  const auto length = static_cast<std::size_t>(head.content_length);
  auto body = head.chunked ? chunked_body(most, transfer_deadline(most))
                           : fixed_body(length, transfer_deadline(length));
  at_boundary_ = body.has_value();
  return body;
}

Result<std::string> RequestReader::fixed_body(std::size_t length, MonoTime deadline) {
  while (stream_.unread().size() < length) {
    const auto more = stream_.fill(deadline);
    if (!more) return while_reading(more.error(), "incomplete_body");
  }
  return stream_.take(length);
}

Result<std::string> RequestReader::chunked_body(std::size_t most, MonoTime deadline) {
  std::string body;
  for (;;) {
    const auto size = chunk_size(deadline);
    if (!size) return fail(size.error());
    if (*size == 0) break;
    if (*size > most - body.size()) return too_large(most);
    const auto chunk = fixed_body(*size + 2, deadline);
    if (!chunk) return fail(chunk.error());
    if (!chunk->ends_with("\r\n")) return bad_chunk();
    body.append(*chunk, 0, *size);
  }
  const auto end = trailer(deadline);
  if (!end) return fail(end.error());
  return body;
}

Result<std::size_t> RequestReader::chunk_size(MonoTime deadline) {
  const auto text = line(deadline);
  if (!text) return fail(text.error());
  const char* const first = text->data();
  std::uint32_t size = 0;
  const auto [stop, error] = std::from_chars(first, first + text->size(), size, 16);
  const std::string_view rest(stop, static_cast<std::size_t>(first + text->size() - stop));
  const bool form =
      rest.empty() || rest.front() == ';';  // extensions are ignored (RFC 9112 §7.1.1)
  if (error != std::errc{} || !form) return bad_chunk();
  return size;
}

/// Trailer fields are read over: nothing here depends on them.
Result<> RequestReader::trailer(MonoTime deadline) {
  for (std::size_t fields = 0; fields <= kMaxFields; ++fields) {
    const auto field = line(deadline);
    if (!field) return fail(field.error());
    if (field->empty()) return {};
  }
  return bad_chunk();
}

/// A line of the chunked framing, without its end.
Result<std::string> RequestReader::line(MonoTime deadline) {
  for (;;) {
    const auto end = stream_.unread().find("\r\n");
    if (std::min(end, stream_.unread().size()) > kMaxChunkLine) return bad_chunk();
    if (end != std::string::npos) {
      std::string line = stream_.take(end + 2);
      line.resize(end);
      return line;
    }
    const auto more = stream_.fill(deadline);
    if (!more) return while_reading(more.error(), "incomplete_body");
  }
}

}  // namespace cairn::runtime

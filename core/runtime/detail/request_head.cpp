#include "core/runtime/detail/request_head.h"

#include "core/base/numbers.h"

#include <Poco/Net/HTTPRequest.h>
#include <Poco/String.h>
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace cairn::runtime {
namespace {

using Poco::Net::HTTPRequest;

tl::unexpected<Error> bad(std::string message) {
  return fail(ErrorCode::kInvalid, "bad_request", std::move(message));
}

/// Line ends are CR LF, nothing is folded, no other control characters, nothing longer than
/// allowed: the library is more generous.
Result<> check_lines(std::string_view text) {
  std::size_t lines = 0;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find("\r\n"));
    if (!is_field_value(line)) return bad("the request's head holds control characters");
    if (line.size() > kMaxLineBytes) {
      return fail(ErrorCode::kInvalid, lines == 0 ? "uri_too_long" : "headers_too_large",
                  fmt::format("a line of the head has at most {} octets", kMaxLineBytes));
    }
    const bool field = lines > 0 && !line.empty();
    if (field && line.find(':') == std::string_view::npos)
      return bad("a header field has no colon");
    if (line.starts_with(' ') || line.starts_with('\t')) return bad("header fields are not folded");
    if (++lines > kMaxFields + 2) {
      return fail(ErrorCode::kInvalid, "headers_too_large",
                  fmt::format("a request has at most {} header fields", kMaxFields));
    }
    text.remove_prefix(std::min(text.size(), line.size() + 2));
  }
  return {};
}

Result<> read_target(const HTTPRequest& request, RequestHead& head) {
  std::string_view target = request.getURI();
  if (target.starts_with("http://")) {  // as sent to a proxy; a server has to take it as well
    const auto slash = target.find('/', 7);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  const bool printable = std::ranges::all_of(target, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!target.starts_with('/') || !printable || target.find('#') != std::string_view::npos) {
    return bad("the request's target must be an absolute path of escaped ASCII");
  }
  const auto question = target.find('?');
  head.path = target.substr(0, question);
  if (question != std::string_view::npos) head.query = target.substr(question + 1);
  return {};
}

/// The field's only value; null if absent. Two of them are two opinions about the same request.
Result<const std::string*> only(const HeaderFields& headers, std::string_view name) {
  const auto [first, last] = headers.equal_range(name);
  if (first == last) return nullptr;
  if (std::next(first) != last) return bad(fmt::format("more than one {} field", name));
  return &first->second;
}

Result<> read_framing(RequestHead& head, bool old_version) {
  const auto length = only(head.headers, "Content-Length");
  if (!length) return fail(length.error());
  const auto encoding = only(head.headers, "Transfer-Encoding");
  if (!encoding) return fail(encoding.error());
  if (*encoding != nullptr) {
    if (*length != nullptr || old_version) {
      return bad("Transfer-Encoding contradicts Content-Length or HTTP/1.0");
    }
    if (Poco::icompare(**encoding, "chunked") != 0) {
      return fail(ErrorCode::kInvalid, "unsupported_encoding",
                  "only the chunked encoding is known");
    }
    head.chunked = true;
  }
  if (*length != nullptr) {
    const auto octets = parse_unsigned(**length);
    if (!octets) return bad("Content-Length is not a number");
    head.content_length = *octets;
  }
  return {};
}

Result<> read_connection(RequestHead& head, bool old_version) {
  const auto host = only(head.headers, "Host");
  if (!host) return fail(host.error());
  if (*host == nullptr && !old_version) return bad("the Host field is missing");
  const auto authorization = only(head.headers, "Authorization");
  if (!authorization) return fail(authorization.error());
  head.keep_alive = !old_version;
  const auto [first, last] = head.headers.equal_range("Connection");
  for (auto field = first; field != last; ++field) {
    const std::string options = Poco::toLower(field->second);
    if (options.find("keep-alive") != std::string::npos) head.keep_alive = true;
    if (options.find("close") != std::string::npos) head.keep_alive = false;
  }
  const auto expect = head.headers.find("Expect");
  if (expect == head.headers.end()) return {};
  if (Poco::icompare(expect->second, "100-continue") != 0) {
    return fail(ErrorCode::kInvalid, "expectation_failed", "only \"100-continue\" can be expected");
  }
  head.expects_continue = true;
  return {};
}

Result<> read_fields(const HTTPRequest& request, RequestHead& head) {
  for (const auto& [name, value] : request) {
    if (!is_token(name)) return bad("a header field has a malformed name");
    head.headers.emplace(name, value);
  }
  return {};
}

}  // namespace

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  const auto allowed = [&kMarks](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
  };
  return !text.empty() && std::ranges::all_of(text, allowed);
}

bool is_field_value(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return (octet < 0x20U && c != '\t') || octet == 0x7FU;
  });
}

Result<RequestHead> parse_request_head(const std::string& text) {
  if (auto ok = check_lines(text); !ok) return fail(ok.error());
  HTTPRequest request;
  try {
    std::istringstream in(text);
    request.read(in);
  } catch (const Poco::Exception& e) {
    return bad(fmt::format("the request's head is malformed: {}", e.displayText()));
  }
  const bool old_version = request.getVersion() == "HTTP/1.0";
  if (!old_version && request.getVersion() != "HTTP/1.1") {
    return fail(ErrorCode::kInvalid, "unsupported_version", "this server speaks HTTP/1.1");
  }
  RequestHead head;
  head.method = request.getMethod();
  if (!is_token(head.method)) return bad("the request's method is malformed");
  if (auto ok = read_target(request, head); !ok) return fail(ok.error());
  if (auto ok = read_fields(request, head); !ok) return fail(ok.error());
  if (auto ok = read_framing(head, old_version); !ok) return fail(ok.error());
  if (auto ok = read_connection(head, old_version); !ok) return fail(ok.error());
  return head;
}

}  // namespace cairn::runtime

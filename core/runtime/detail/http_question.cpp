#include "core/runtime/detail/http_question.h"

#include "core/runtime/detail/field_syntax.h"

#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/String.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace cairn::runtime {
namespace {

using Poco::Net::HTTPServerRequest;

tl::unexpected<Error> bad(std::string message) {
  return fail(ErrorCode::kInvalid, "bad_request", std::move(message));
}

Result<> read_target(const HTTPServerRequest& request, HttpService::Question& question) {
  std::string_view target = request.getURI();
  if (target.starts_with("http://")) {  // as sent to a proxy; a server has to take it as well
    const auto slash = target.find('/', 7);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  const bool printable = std::ranges::all_of(target, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!target.starts_with('/') || !printable || target.find('#') != std::string_view::npos) {
    return bad("the request's target must be an absolute path of escaped ASCII");
  }
  const auto mark = target.find('?');
  question.path = target.substr(0, mark);
  if (mark != std::string_view::npos) question.query = target.substr(mark + 1);
  return {};
}

Result<> read_fields(const HTTPServerRequest& request, HttpService::Question& question) {
  for (const auto& [name, value] : request) {
    if (!is_token(name) || !is_field_value(value)) return bad("a header field is malformed");
    question.headers.emplace(name, value);
  }
  // Two of these are two opinions about the same request.
  for (const char* const name : {"Authorization", "Content-Length", "Host"}) {
    if (question.headers.count(name) > 1) return bad(fmt::format("more than one {} field", name));
  }
  return {};
}

Result<> check_framing(const HTTPServerRequest& request, const HeaderFields& headers) {
  const std::string& version = request.getVersion();
  if (version != "HTTP/1.0" && version != "HTTP/1.1") {
    return fail(ErrorCode::kInvalid, "unsupported_version", "this server speaks HTTP/1.1");
  }
  if (version == "HTTP/1.1" && !headers.contains("Host")) return bad("the Host field is missing");
  // Poco 1.11 takes a chunked body that was cut off for complete.
  if (headers.contains("Transfer-Encoding")) {
    return fail(ErrorCode::kInvalid, "length_required",
                "send the body with a Content-Length, not in chunks");
  }
  const auto expected = headers.find("Expect");
  if (expected != headers.end() && Poco::icompare(expected->second, "100-continue") != 0) {
    return fail(ErrorCode::kInvalid, "expectation_failed", "only \"100-continue\" can be expected");
  }
  return {};
}

std::string address_of(const HTTPServerRequest& request) {
  const std::string text = request.clientAddress().host().toString();
  constexpr std::string_view kMapped = "::ffff:";  // IPv4 at a socket that listens to both
  return text.starts_with(kMapped) ? text.substr(kMapped.size()) : text;
}

}  // namespace

Result<HttpService::Question> read_question(const HTTPServerRequest& request,
                                            const std::string& trace_id) {
  HttpService::Question question;
  question.method = request.getMethod();
  question.remote_address = address_of(request);
  question.trace_id = trace_id;
  if (!is_token(question.method)) return bad("the request's method is malformed");
  if (auto ok = read_target(request, question); !ok) return fail(ok.error());
  if (auto ok = read_fields(request, question); !ok) return fail(ok.error());
  if (auto ok = check_framing(request, question.headers); !ok) return fail(ok.error());
  return question;
}

}  // namespace cairn::runtime

#pragma once
// What a request asks, from the library's object to our value. Strict where two programs could
// read a request in two ways: nothing can hide in it behind a proxy. Pure.

#include "core/runtime/detail/http_service.h"

namespace Poco::Net {
class HTTPServerRequest;
}

namespace cairn::runtime {

/// Errors: kInvalid "bad_request", "length_required", "expectation_failed", "unsupported_version".
Result<HttpService::Question> read_question(const Poco::Net::HTTPServerRequest& request,
                                            const std::string& trace_id);

}  // namespace cairn::runtime

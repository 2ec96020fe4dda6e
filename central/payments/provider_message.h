#pragma once
// What is said to a payment provider over HTTP and what it answers (docs/payments.md): questions
// and answers as octets, nothing of connections. What a provider answers is as untrusted as
// anything else from outside. Pure.

#include "central/payments/provider.h"

#include <string>
#include <string_view>

namespace cairn::central {

struct ProviderRequest {
  std::string path;  ///< "/v1/authorizations", "/v1/captures", "/v1/voids", "/v1/refunds"
  std::string body;  ///< JSON
};
ProviderRequest provider_request(const ProviderQuestion& question);

/// `status`, `body`: of the HTTP answer to the question. Whatever does not say for certain what
/// became of it is kUnknown: so is a refusal without the provider's own word where the question was
/// put before, because it may be a proxy's, and what was put before may have been done.
domain::PaymentAnswered provider_answer(const ProviderQuestion& question, int status,
                                        std::string_view body);

/// For what never got an answer.
domain::PaymentAnswered no_answer(std::uint32_t no, std::string_view why);

}  // namespace cairn::central

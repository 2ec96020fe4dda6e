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

/// `status`, `body`: of the HTTP answer to question `no`. Whatever does not say for certain what
/// became of it is kUnknown.
domain::PaymentAnswered provider_answer(const domain::PaymentAsked& asked, int status,
                                        std::string_view body);

/// For what never got an answer.
domain::PaymentAnswered no_answer(std::uint32_t no, std::string_view why);

}  // namespace cairn::central

#include "central/payments/provider_message.h"

#include "core/base/utf8.h"
#include "core/json/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace cairn::central {
namespace {

using domain::PaymentAction;
using domain::PaymentAnswered;
using domain::PaymentOutcome;

std::string path_of(PaymentAction action) {
  switch (action) {
    case PaymentAction::kAuthorize:
      return "/v1/authorizations";
    case PaymentAction::kCapture:
      return "/v1/captures";
    case PaymentAction::kVoid:
      return "/v1/voids";
    case PaymentAction::kRefund:
      return "/v1/refunds";
  }
  return {};
}

/// As much of a text from outside as an event may hold.
std::string detail_of(std::string_view text) {
  if (!is_utf8(text)) return "no text";
  return std::string(text.substr(0, text.size() <= domain::kDetailMost ? text.size() : 0));
}

bool is_reference(std::string_view text) {
  return !text.empty() && text.size() <= domain::kReferenceMost &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

/// These mean that the question was answered with a no, for ever, if it was put for the first time.
/// Not 422: the key was another question's (draft-ietf-httpapi-idempotency-key-header), and a
/// person has to look what became of that.
bool is_refusal(int status) {
  constexpr std::array<int, 8> kComeAgain = {401, 403, 407, 408, 409, 422, 425, 429};
  return status >= 400 && status < 500 && std::ranges::find(kComeAgain, status) == kComeAgain.end();
}

/// Nothing: none of the four words.
std::optional<PaymentOutcome> outcome_of(std::string_view word) {
  for (const auto outcome : {PaymentOutcome::kDone, PaymentOutcome::kDeclined,
                             PaymentOutcome::kExpired, PaymentOutcome::kRefused}) {
    if (name_of(outcome) == word) return outcome;
  }
  return std::nullopt;
}

/// The provider's own word, and not that of something on the way.
bool says_refused(std::string_view body) {
  const auto value = json::parse(body);
  if (!value) return false;
  json::Reader in(*value, json::Reader::Unknown::kIgnored);
  const bool refused = outcome_of(in.text("outcome", {1, 16})) == PaymentOutcome::kRefused;
  return in.done() && refused;
}

std::string detail_in(std::string_view body) {
  const auto value = json::parse(body);
  if (!value) return {};
  json::Reader in(*value, json::Reader::Unknown::kIgnored);
  return detail_of(in.optional_text("detail", {0, 10'000}).value_or(""));
}

}  // namespace

ProviderRequest provider_request(const ProviderQuestion& question) {
  auto body = json::Value::object();
  body.set("payment", question.payment.value().text());
  if (question.asked.action == PaymentAction::kAuthorize) {
    body.set("token", question.token);
  } else {
    body.set("authorization", question.asked.authorization);
  }
  if (question.asked.action == PaymentAction::kRefund) body.set("capture", question.asked.capture);
  if (question.asked.action != PaymentAction::kVoid) {
    body.set("amount_minor", question.asked.amount.minor)
        .set("currency", question.asked.amount.currency.text());
  }
  if (question.asked.action == PaymentAction::kCapture) body.set("last", question.asked.last);
  return {path_of(question.asked.action), body.dump()};
}

PaymentAnswered no_answer(std::uint32_t no, std::string_view why) {
  return {no, PaymentOutcome::kUnknown, "", detail_of(why), std::nullopt};
}

PaymentAnswered provider_answer(const ProviderQuestion& question, int status,
                                std::string_view body) {
  const domain::PaymentAsked& asked = question.asked;
  const auto unclear = [&asked, status] {
    return no_answer(asked.no, fmt::format("the provider's answer {} tells nothing", status));
  };
  if (status >= 400 && status < 500 && says_refused(body)) {
    return {asked.no, PaymentOutcome::kRefused, "", detail_in(body), std::nullopt};
  }
  if (is_refusal(status) && !question.repeated) {
    return {asked.no, PaymentOutcome::kRefused, "", fmt::format("the provider answered {}", status),
            std::nullopt};
  }
  if (status != 200 && status != 201) return unclear();
  const auto value = json::parse(body);
  if (!value) return unclear();
  json::Reader in(*value, json::Reader::Unknown::kIgnored);
  const auto outcome = outcome_of(in.text("outcome", {1, 16}));
  PaymentAnswered answer{asked.no, outcome.value_or(PaymentOutcome::kUnknown),
                         in.optional_text("reference", {0, 1000}).value_or(""),
                         detail_of(in.optional_text("detail", {0, 10'000}).value_or("")),
                         std::nullopt};
  const auto expires = in.optional_text("expires_at", {0, 64});
  if (!in.done() || !outcome) return unclear();
  if (expires) {
    const auto time = UtcTime::parse(*expires);
    if (!time) return unclear();
    answer.expires = *time;
  }
  // Without a reference nothing could ever be taken, or given back.
  const bool done = *outcome == PaymentOutcome::kDone;
  if (done && !is_reference(answer.reference)) return unclear();
  if (!done) answer.reference.clear();
  return answer;
}

}  // namespace cairn::central

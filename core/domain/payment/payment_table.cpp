#include "core/domain/payment/payment_decide.h"

#include <algorithm>

namespace cairn::domain {
namespace {

constexpr std::string_view kAllowed;
constexpr std::string_view kUnheld = "not_authorized";
constexpr std::string_view kHeldAlready = "already_authorized";
constexpr std::string_view kHeldNoMore = "authorization_expired";
constexpr std::string_view kUntaken = "nothing_captured";
constexpr std::string_view kAllTaken = "payment_settled";
constexpr std::string_view kGivenBack = "payment_refunded";
constexpr std::string_view kVoid = "payment_cancelled";
constexpr std::string_view kSaidNo = "payment_declined";

// Commands, in the order of the columns: authorise, capture, void, refund, expire.
constexpr PaymentTable kPaymentTable = {{
    // NOT_AUTH
    {kAllowed, kUnheld, kAllowed, kUntaken, kUnheld},
    // OFFLINE_PENDING
    {kAllowed, kUnheld, kAllowed, kUntaken, kUnheld},
    // AUTHORIZED
    {kHeldAlready, kAllowed, kAllowed, kUntaken, kAllowed},
    // AUTH_EXPIRED
    {kAllowed, kHeldNoMore, kAllowed, kAllowed, kHeldNoMore},
    // PARTIALLY_CAPTURED
    {kHeldAlready, kAllowed, kAllowed, kAllowed, kAllowed},
    // SETTLED
    {kAllTaken, kAllTaken, kAllTaken, kAllowed, kAllTaken},
    // REFUNDED
    {kGivenBack, kGivenBack, kGivenBack, kGivenBack, kGivenBack},
    // CANCELLED
    {kVoid, kVoid, kVoid, kVoid, kVoid},
    // DECLINED
    {kSaidNo, kSaidNo, kSaidNo, kSaidNo, kSaidNo},
}};

struct Transition {
  PaymentStatus from;
  PaymentStep step;
  PaymentStatus to;
};

using At = PaymentStatus;
using By = PaymentStep;

constexpr std::array<Transition, 23> kTransitions = {{
    {At::kNotAuth, By::kAuthorized, At::kAuthorized},
    {At::kNotAuth, By::kDeclined, At::kDeclined},
    {At::kNotAuth, By::kVoided, At::kCancelled},
    {At::kOfflinePending, By::kAuthorized, At::kAuthorized},
    {At::kOfflinePending, By::kDeclined, At::kDeclined},
    {At::kOfflinePending, By::kVoided, At::kCancelled},
    {At::kAuthorized, By::kCapturedPart, At::kPartiallyCaptured},
    {At::kAuthorized, By::kCapturedAll, At::kSettled},
    {At::kAuthorized, By::kVoided, At::kCancelled},
    {At::kAuthorized, By::kExpired, At::kAuthExpired},
    {At::kAuthExpired, By::kAuthorized, At::kAuthorized},
    {At::kAuthExpired, By::kRestAuthorized, At::kPartiallyCaptured},
    {At::kAuthExpired, By::kDeclined, At::kAuthExpired},  // it may be tried again
    {At::kAuthExpired, By::kRefundedPart, At::kAuthExpired},
    {At::kAuthExpired, By::kVoided, At::kCancelled},
    {At::kAuthExpired, By::kCapturedAll, At::kSettled},  // what was taken stays taken
    {At::kPartiallyCaptured, By::kCapturedPart, At::kPartiallyCaptured},
    {At::kPartiallyCaptured, By::kCapturedAll, At::kSettled},
    {At::kPartiallyCaptured, By::kExpired, At::kAuthExpired},
    {At::kPartiallyCaptured, By::kRefundedPart, At::kPartiallyCaptured},
    {At::kSettled, By::kRefundedPart, At::kSettled},
    {At::kSettled, By::kRefundedAll, At::kRefunded},
    {At::kAuthExpired, By::kRefundedAll, At::kRefunded},  // nothing is held any more
}};

}  // namespace

const PaymentTable& payment_table() { return kPaymentTable; }

std::optional<PaymentStatus> status_after(PaymentStatus from, PaymentStep step) {
  const auto* const found = std::ranges::find_if(
      kTransitions,
      [from, step](const Transition& each) { return each.from == from && each.step == step; });
  return found == kTransitions.end() ? std::nullopt : std::optional(found->to);
}

}  // namespace cairn::domain

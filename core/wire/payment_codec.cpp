#include "core/domain/payment/payment_decide.h"
#include "core/wire/detail/codecs.h"
#include "core/wire/detail/convert.h"

#include "payment_events.pb.h"

namespace cairn::wire {
namespace {

/// No octets for nil.
template <class Id>
std::string octets_or_none(const Id& id) {
  return id.value().is_nil() ? std::string() : id.value().bytes();
}

template <class Id>
Id id_or_nil(const std::string& bytes) {
  return bytes.empty() ? Id{} : id_from<Id>(bytes);
}

/// An amount that one event may move.
Money amount_from(const v1::MoneyValue& proto, std::int64_t least = 1) {
  const Money money = from_proto(proto);
  require_that(money.minor >= least && money.minor <= kMaxMinor, "amount out of range");
  return money;
}

std::uint32_t number_from(std::uint32_t no) {
  require_that(no > 0, "questions and escrows are numbered from 1");
  return no;
}

Bytes encode(const domain::PaymentOpened& event) {
  v1::PaymentOpened proto;
  proto.set_payment(event.payment.value().bytes());
  proto.set_order(event.order.value().bytes());
  proto.set_tender(static_cast<std::uint32_t>(event.tender));
  *proto.mutable_amount() = to_proto(event.amount);
  proto.set_token(event.token);
  proto.set_offline(event.offline);
  return proto.SerializeAsString();
}

Bytes encode(const domain::PaymentAsked& event) {
  v1::PaymentAsked proto;
  proto.set_no(event.no);
  proto.set_action(static_cast<std::uint32_t>(event.action));
  *proto.mutable_amount() = to_proto(event.amount);
  proto.set_group(octets_or_none(event.group));
  proto.set_last(event.last);
  proto.set_reason(event.reason);
  proto.set_authorization(event.authorization);
  proto.set_capture(event.capture);
  proto.set_rest_minor(static_cast<std::uint64_t>(event.rest_minor));
  return proto.SerializeAsString();
}

Bytes encode(const domain::PaymentAnswered& event) {
  v1::PaymentAnswered proto;
  proto.set_no(event.no);
  proto.set_outcome(static_cast<std::uint32_t>(event.outcome));
  proto.set_reference(event.reference);
  proto.set_detail(event.detail);
  if (event.expires) proto.set_expires_us(event.expires->us);
  return proto.SerializeAsString();
}

Bytes encode(const domain::AuthorizationExpired&) { return {}; }

Bytes encode(const domain::StoredValueOpened& event) {
  v1::StoredValueOpened proto;
  proto.set_id(event.id.value().bytes());
  proto.set_kind(static_cast<std::uint32_t>(event.kind));
  proto.set_currency(event.currency.text());
  proto.set_holder(event.holder);
  proto.set_hint(event.hint);
  return proto.SerializeAsString();
}

Bytes encode(const domain::StoredValueCredited& event) {
  v1::StoredValueCredited proto;
  *proto.mutable_amount() = to_proto(event.amount);
  proto.set_reason(static_cast<std::uint32_t>(event.reason));
  proto.set_payment(octets_or_none(event.payment));
  proto.set_no(event.no);
  return proto.SerializeAsString();
}

Bytes encode(const domain::StoredValueDebited& event) {
  v1::StoredValueDebited proto;
  *proto.mutable_amount() = to_proto(event.amount);
  proto.set_payment(event.payment.value().bytes());
  proto.set_no(event.no);
  return proto.SerializeAsString();
}

Bytes encode(const domain::EscrowGranted& event) {
  v1::EscrowGranted proto;
  proto.set_no(event.no);
  proto.set_site(event.site.text());
  *proto.mutable_amount() = to_proto(event.amount);
  return proto.SerializeAsString();
}

Bytes encode(const domain::EscrowClosed& event) {
  v1::EscrowClosed proto;
  proto.set_no(event.no);
  *proto.mutable_spent() = to_proto(event.spent);
  return proto.SerializeAsString();
}

domain::PaymentOpened decode_opened(BytesView payload) {
  const auto proto = parse<v1::PaymentOpened>(payload);
  domain::PaymentOpened event{id_from<PaymentId>(proto.payment()),
                              id_from<OrderId>(proto.order()),
                              enum_from<domain::Tender>(proto.tender(), "unknown tender"),
                              from_proto(proto.amount()),
                              proto.token(),
                              proto.offline()};
  return require(decide(domain::OpenPayment{std::move(event)}));
}

domain::PaymentAsked decode_asked(BytesView payload) {
  const auto proto = parse<v1::PaymentAsked>(payload);
  require_that(proto.rest_minor() <= static_cast<std::uint64_t>(kMaxMinor), "amount out of range");
  return {number_from(proto.no()),
          enum_from<domain::PaymentAction>(proto.action(), "unknown action"),
          amount_from(proto.amount(), 0),  // nothing is held: a void of nothing
          id_or_nil<ShipGroupId>(proto.group()),
          proto.last(),
          proto.reason(),
          proto.authorization(),
          proto.capture(),
          static_cast<std::int64_t>(proto.rest_minor())};
}

domain::PaymentAnswered decode_answered(BytesView payload) {
  const auto proto = parse<v1::PaymentAnswered>(payload);
  domain::PaymentAnswered event{
      number_from(proto.no()),
      enum_from<domain::PaymentOutcome>(proto.outcome(), "unknown outcome"), proto.reference(),
      proto.detail(), std::nullopt};
  if (proto.has_expires_us()) event.expires = time_from(proto.expires_us());
  return event;
}

domain::StoredValueOpened decode_stored(BytesView payload) {
  const auto proto = parse<v1::StoredValueOpened>(payload);
  domain::StoredValueOpened event{id_from<StoredValueId>(proto.id()),
                                  enum_from<domain::StoredValueKind>(proto.kind(), "unknown kind"),
                                  require(Currency::parse(proto.currency())), proto.holder(),
                                  proto.hint()};
  return require(decide(domain::OpenStoredValue{std::move(event)}));
}

domain::StoredValueCredited decode_credited(BytesView payload) {
  const auto proto = parse<v1::StoredValueCredited>(payload);
  return {amount_from(proto.amount()),
          enum_from<domain::CreditReason>(proto.reason(), "unknown reason"),
          id_or_nil<PaymentId>(proto.payment()), proto.no()};
}

domain::StoredValueDebited decode_debited(BytesView payload) {
  const auto proto = parse<v1::StoredValueDebited>(payload);
  return {amount_from(proto.amount()), id_from<PaymentId>(proto.payment()),
          number_from(proto.no())};
}

domain::EscrowGranted decode_granted(BytesView payload) {
  const auto proto = parse<v1::EscrowGranted>(payload);
  return {number_from(proto.no()), require(SiteId::parse(proto.site())),
          amount_from(proto.amount())};
}

domain::EscrowClosed decode_closed(BytesView payload) {
  const auto proto = parse<v1::EscrowClosed>(payload);
  return {number_from(proto.no()), amount_from(proto.spent(), 0)};
}

}  // namespace

Bytes encode_payment(const domain::PaymentEvent& event) {
  return std::visit([](const auto& e) { return encode(e); }, event);
}

Bytes encode_stored_value(const domain::StoredValueEvent& event) {
  return std::visit([](const auto& e) { return encode(e); }, event);
}

domain::PaymentEvent decode_payment(std::uint32_t type, BytesView payload) {
  if (type == domain::PaymentOpened::kTypeId) return decode_opened(payload);
  if (type == domain::PaymentAsked::kTypeId) return decode_asked(payload);
  if (type == domain::PaymentAnswered::kTypeId) return decode_answered(payload);
  parse<v1::AuthorizationExpired>(payload);
  return domain::AuthorizationExpired{};
}

domain::StoredValueEvent decode_stored_value(std::uint32_t type, BytesView payload) {
  if (type == domain::StoredValueOpened::kTypeId) return decode_stored(payload);
  if (type == domain::StoredValueCredited::kTypeId) return decode_credited(payload);
  if (type == domain::StoredValueDebited::kTypeId) return decode_debited(payload);
  if (type == domain::EscrowGranted::kTypeId) return decode_granted(payload);
  return decode_closed(payload);
}

}  // namespace cairn::wire

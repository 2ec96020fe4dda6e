#pragma once
// Between Protobuf fields and our checked types; private to core/wire.

#include "core/base/geo.h"
#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/base/quantity.h"
#include "core/base/stamp_range.h"

#include "record.pb.h"
#include "reference_events.pb.h"

#include <string>

namespace cairn::wire {

/// Thrown inside a codec by require(), caught by decode_event(): payloads have many fields, and
/// each may be wrong. It never leaves this folder.
struct BadField {
  std::string what;
};

template <class T>
T require(Result<T> result) {
  if (!result) throw BadField{result.error().message};
  return *std::move(result);
}

inline void require(const Result<>& ok) {
  if (!ok) throw BadField{ok.error().message};
}

inline void require_that(bool condition, const char* what) {
  if (!condition) throw BadField{what};
}

inline v1::EventRef to_proto(const EventRef& ref) {
  v1::EventRef proto;
  proto.set_node(ref.node.value().bytes());
  proto.set_inc(ref.inc.value());
  proto.set_seq(ref.seq);
  return proto;
}

inline Result<EventRef> from_proto(const v1::EventRef& proto) {
  const auto node = Uuid::from_bytes(proto.node());
  if (!node) return fail(node.error());
  return EventRef{NodeId(*node), Incarnation(proto.inc()), proto.seq()};
}

template <class Id>
Id id_from(const std::string& bytes) {
  return Id(require(Uuid::from_bytes(bytes)));
}

inline EventRef ref_from(const v1::EventRef& proto) {
  EventRef ref = require(from_proto(proto));
  require_that(ref.seq >= 1 && ref.seq <= static_cast<std::uint64_t>(INT64_MAX),
               "sequence out of range");
  return ref;
}

/// Nil for nobody.
inline UserId user_from(const std::string& bytes) {
  return bytes.empty() ? UserId{} : id_from<UserId>(bytes);
}

/// No octets for nobody.
inline std::string user_bytes(UserId user) {
  return user.value().is_nil() ? std::string() : user.value().bytes();
}

inline v1::MoneyValue to_proto(const Money& money) {
  v1::MoneyValue proto;
  proto.set_minor(money.minor);
  proto.set_currency(money.currency.text());
  return proto;
}

inline Money from_proto(const v1::MoneyValue& proto) {
  return {proto.minor(), require(Currency::parse(proto.currency()))};
}

inline v1::Position to_proto(const GeoPoint& point) {
  v1::Position proto;
  proto.set_latitude_udeg(point.latitude_udeg);
  proto.set_longitude_udeg(point.longitude_udeg);
  return proto;
}

inline GeoPoint from_proto(const v1::Position& proto) {
  const GeoPoint point{proto.latitude_udeg(), proto.longitude_udeg()};
  require_that(point.valid(), "position out of range");
  return point;
}

/// A moment that a stamp can hold.
inline UtcTime time_from(std::int64_t us) {
  const UtcTime time{us};
  require_that(is_recordable(time), "a time beyond all calendars");
  return time;
}

inline std::int64_t milli_from(std::uint64_t milli) {
  require_that(milli <= static_cast<std::uint64_t>(kMaxMilli), "quantity out of range");
  return static_cast<std::int64_t>(milli);
}

/// A figure that must be more than nothing.
inline std::int64_t some_milli_from(std::uint64_t milli) {
  require_that(milli > 0, "no quantity");
  return milli_from(milli);
}

inline LineNo line_from(std::uint32_t line) {
  require_that(line > 0, "lines are numbered from 1");
  return LineNo(line);
}

/// The enumerator with this number, if name_of() knows it: the number is not cut to eight bits.
template <class Enum>
Enum enum_from(std::uint32_t number, const char* what) {
  require_that(number <= UINT8_MAX, what);
  const auto value = static_cast<Enum>(number);
  require_that(!name_of(value).empty(), what);
  return value;
}

inline Uom uom_from(std::uint32_t uom) {
  require_that(uom <= static_cast<std::uint32_t>(Uom::kLitre), "unknown unit of measure");
  return static_cast<Uom>(uom);
}

inline LocationCode location_from(const std::string& text) {
  return text.empty() ? LocationCode{} : require(LocationCode::parse(text));
}

/// Parses a message or throws.
template <class Message>
Message parse(BytesView payload) {
  Message message;
  require_that(message.ParseFromArray(payload.data(), static_cast<int>(payload.size())),
               "not a valid Protobuf message");
  return message;
}

}  // namespace cairn::wire

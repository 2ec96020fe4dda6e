#include "core/wire/detail/codecs.h"
#include "core/wire/detail/convert.h"

#include "device_events.pb.h"

namespace cairn::wire {
namespace {

constexpr std::size_t kConfigHashSize = 16;

Bytes encode(const domain::NodeCommandIssued& event) {
  const domain::NodeCommand& command = event.command;
  v1::NodeCommandIssued proto;
  proto.set_command(command.id.value().bytes());
  proto.set_verb(static_cast<std::uint32_t>(command.verb));
  proto.set_argument(command.argument);
  proto.set_not_before_us(command.not_before.us);
  proto.set_expires_us(command.expires.us);
  if (command.if_config) proto.set_if_config(*command.if_config);
  proto.set_requires_online(command.requires_online);
  return proto.SerializeAsString();
}

Bytes encode(const domain::NodeCommandEnded& event) {
  v1::NodeCommandEnded proto;
  proto.set_command(event.command.value().bytes());
  proto.set_outcome(static_cast<std::uint32_t>(event.outcome));
  proto.set_detail(event.detail);
  return proto.SerializeAsString();
}

Bytes encode(const domain::NodeConfigDesired& event) {
  v1::NodeConfigDesired proto;
  proto.set_version(event.version);
  proto.set_values(event.values);
  return proto.SerializeAsString();
}

Bytes encode(const domain::NodeConfigReported& event) {
  v1::NodeConfigReported proto;
  proto.set_version(event.version);
  proto.set_outcome(static_cast<std::uint32_t>(event.outcome));
  proto.set_error(event.error);
  proto.set_in_force(event.in_force);
  proto.set_hash(event.hash);
  return proto.SerializeAsString();
}

domain::NodeCommandIssued decode_issued(BytesView payload) {
  const auto proto = parse<v1::NodeCommandIssued>(payload);
  domain::NodeCommand command;
  command.id = id_from<domain::CommandId>(proto.command());
  command.verb = enum_from<domain::CommandVerb>(proto.verb(), "unknown verb");
  command.argument = proto.argument();
  command.not_before = UtcTime{proto.not_before_us()};
  command.expires = UtcTime{proto.expires_us()};
  if (proto.has_if_config()) command.if_config = proto.if_config();
  command.requires_online = proto.requires_online();
  require(validate(command));
  return {std::move(command)};
}

domain::NodeCommandEnded decode_ended(BytesView payload) {
  const auto proto = parse<v1::NodeCommandEnded>(payload);
  require_that(proto.detail().size() <= domain::kCommandDetailMost, "detail too long");
  return {id_from<domain::CommandId>(proto.command()),
          enum_from<domain::CommandOutcome>(proto.outcome(), "unknown outcome"), proto.detail()};
}

/// Versions count from 1 and are stored as signed integers.
std::uint64_t version_from(std::uint64_t number) {
  require_that(number >= 1 && number <= static_cast<std::uint64_t>(INT64_MAX),
               "version out of range");
  return number;
}

domain::NodeConfigDesired decode_desired(BytesView payload) {
  const auto proto = parse<v1::NodeConfigDesired>(payload);
  require_that(!proto.values().empty() && proto.values().size() <= domain::kConfigValuesMost,
               "no values, or too many");
  return {version_from(proto.version()), proto.values()};
}

domain::NodeConfigReported decode_reported(BytesView payload) {
  const auto proto = parse<v1::NodeConfigReported>(payload);
  require_that(proto.error().size() <= domain::kConfigErrorMost, "error too long");
  require_that(proto.in_force() <= static_cast<std::uint64_t>(INT64_MAX), "version out of range");
  require_that(proto.hash().size() == kConfigHashSize, "no hash");
  return {version_from(proto.version()),
          enum_from<domain::ConfigOutcome>(proto.outcome(), "unknown outcome"), proto.error(),
          proto.in_force(), proto.hash()};
}

}  // namespace

Bytes encode_device(const domain::DeviceEvent& event) {
  return std::visit([](const auto& e) { return encode(e); }, event);
}

domain::DeviceEvent decode_device(std::uint32_t type, BytesView payload) {
  switch (type) {
    case domain::NodeCommandIssued::kTypeId:
      return decode_issued(payload);
    case domain::NodeCommandEnded::kTypeId:
      return decode_ended(payload);
    case domain::NodeConfigDesired::kTypeId:
      return decode_desired(payload);
    case domain::NodeConfigReported::kTypeId:
      return decode_reported(payload);
    default:
      throw BadField{"not between hub and device"};
  }
}

}  // namespace cairn::wire

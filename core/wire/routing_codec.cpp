#include "core/wire/detail/codecs.h"
#include "core/wire/detail/convert.h"

#include "routing_events.pb.h"

namespace cairn::wire {

Bytes encode_routing(const domain::RoutingEvent& event) {
  const auto& defined = std::get<domain::RoutingRulesDefined>(event);
  v1::RoutingRulesDefined proto;
  proto.set_name(defined.name);
  proto.set_version(defined.version);
  proto.set_inactive(!defined.active);
  proto.set_definition(defined.definition);
  return proto.SerializeAsString();
}

domain::RoutingEvent decode_routing(BytesView payload) {
  const auto proto = parse<v1::RoutingRulesDefined>(payload);
  domain::RoutingRulesDefined defined{proto.name(), proto.version(), !proto.inactive(),
                                      proto.definition()};
  require(validate(defined));
  return defined;
}

}  // namespace cairn::wire

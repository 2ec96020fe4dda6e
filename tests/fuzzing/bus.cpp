// Both ends of the bus in conversation with somebody who says anything: they go on, and say nothing
// that the other end could not read.

#include "core/wire/frame.h"
#include "core/wire/message.h"
#include "core/wire/record_stream.h"
#include "sync/store/hub_sync.h"
#include "sync/store/node_sync.h"
#include "sync/topics.h"
#include "tests/core/storage/support/samples.h"
#include "tests/fuzzing/target.h"
#include "tests/sync/support/machine.h"

#include <array>
#include <string>

namespace cairn::fuzz {
namespace {

using std::chrono::seconds;
using storage::test::node;
using storage::test::site;

/// Delivers the messages of the input: the first octet of each says on which of the topics.
template <std::size_t topics>
void converse(sync::test::Machine& machine, BytesView input,
              const std::array<std::string, topics>& to) {
  constexpr std::size_t kMessagesMost = 64;
  const auto messages = wire::split_stream(input, kMessagesMost);
  if (!messages) return;
  for (const Bytes& message : *messages) {
    if (message.empty()) {
      machine.run_for(seconds(3));
      continue;
    }
    const auto topic = static_cast<unsigned char>(message.front()) % topics;
    machine.bus.deliver(to.at(topic), BytesView(message).substr(1));
    machine.run();
  }
  machine.run_for(seconds(70));  // every timer has gone off once
  hold(machine.fatal.empty(), "the database is well");
}

storage::NewEvent receipt() {
  return {domain::StockEvent(storage::test::moved("A1", "", "B-1", storage::test::pieces(1))),
          {},
          site("store"),
          {},
          {},
          {}};
}

}  // namespace

void hub_bus(BytesView input) {
  sync::test::Machine hub(storage::test::hub_identity(node(77)));
  hub.write([](storage::UnitOfWork& work) {
    return work.record(
        {domain::ReferenceEvent(domain::NodeRegistered{{node(1), site("store"), "agent", true}}),
         domain::node_key(node(1)),
         site("store"),
         {},
         {},
         {}});
  });
  sync::HubSync sync(hub.env(), hub.writer, hub.replica(), hub.bus, {});
  hold(sync.start().has_value(), "the hub starts");
  hub.bus.connect();
  converse<4>(hub, input,
              {sync::topics::uplink(node(1)), sync::topics::request(node(1)),
               sync::topics::presence(node(1)), sync::topics::uplink(node(9))});
  for (const sync::BusMessage& said : hub.bus.published) {
    const bool read = said.topic == sync::topics::ack(node(1))
                          ? wire::decode_ack(said.payload).has_value()
                      : said.topic == sync::topics::response(node(1))
                          ? wire::decode_response(said.payload).has_value()
                          : true;
    hold(read, "what the hub says can be read");
  }
}

void node_bus(BytesView input) {
  sync::test::Machine device(storage::test::site_identity(node(1), site("store")));
  sync::NodeSync sync(device.env(), device.writer, device.replica(), device.bus);
  hold(sync.start().has_value(), "the device starts");
  device.write([](storage::UnitOfWork& work) { return work.record(receipt()); });
  device.bus.connect();
  device.run();
  converse<5>(
      device, input,
      {sync::topics::response(node(1)), sync::topics::ack(node(1)),
       sync::topics::site_feed(site("store"), "site"), sync::topics::doorbell(site("store")),
       sync::topics::site_feed(site("store"), "cat")});
  device.write([](storage::UnitOfWork& work) { return work.record(receipt()); });
  for (const sync::BusMessage& said : device.bus.published) {
    const bool read = said.topic == sync::topics::request(node(1))
                          ? wire::decode_request(said.payload).has_value()
                      : said.topic == sync::topics::uplink(node(1))
                          ? wire::decode_frame(said.payload).has_value()
                          : true;
    hold(read, "what the device says can be read");
  }
  const auto last = device.replica().log().read(
      {node(1), device.replica().identity().inc,
       device.replica().log().author(node(1), device.replica().identity().inc).head});
  hold(last && wire::decode_record(last->record).has_value(),
       "what the device records afterwards can be read");
}

}  // namespace cairn::fuzz

#include "tools/bench/probes/hub_bus.h"

#include "core/wire/message.h"
#include "sync/topics.h"
#include "tools/bench/probes/machine.h"

#include <utility>

namespace cairn::bench {

void HubBus::start(Handlers handlers, std::function<Session()>) { handlers_ = std::move(handlers); }

void HubBus::say_hello(const FramedLog& log) {
  wire::Hello hello;
  hello.inc = log.inc;
  hello.writing_inc = log.inc;
  hello.h_head = crypto::chain_start(log.node, log.inc);
  hello.h_acked = hello.h_head;
  hello.boot_nonce = 1;
  hello.mono = {1};
  handlers_.message(sync::topics::request(log.node), encode(wire::Request{1, hello}));
}

void HubBus::send(const std::vector<FramedLog>& logs, std::function<void()> done) {
  done_ = std::move(done);
  unfinished_ = logs.size();
  for (const FramedLog& log : logs) {
    Sender& sender = senders_[sync::topics::ack(log.node)];
    sender = {&log, 0, 0};
    deliver(sender);
  }
}

void HubBus::deliver(Sender& sender) {
  while (sender.next < sender.log->frames.size() && sender.next < sender.acked + kWindow) {
    handlers_.message(sync::topics::uplink(sender.log->node), sender.log->frames[sender.next++]);
  }
}

void HubBus::publish(sync::BusMessage message) {
  const auto sender = senders_.find(message.topic);
  if (sender == senders_.end()) return;  // feeds, doorbells: nobody listens
  const auto ack = must(wire::decode_ack(message.payload));
  // The hub is in the middle of something; a bus answers later.
  must(executor_->post([this, &to = sender->second, hwm = ack.hwm] { acked(to, hwm); }));
}

void HubBus::acked(Sender& sender, std::uint64_t hwm) {
  const std::size_t before = sender.acked;
  const std::size_t all = sender.log->frames.size();
  while (sender.acked < all && sender.log->last[sender.acked] <= hwm) ++sender.acked;
  if (before < all && sender.acked == all && --unfinished_ == 0) return done_();
  deliver(sender);
}

}  // namespace cairn::bench

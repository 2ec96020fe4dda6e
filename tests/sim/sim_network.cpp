#include "tests/sim/sim_network.h"

#include <utility>

namespace cairn::sim {
namespace {

/// MQTT 3.1.1 section 4.7: "+" is one level, "#" is all that follow.
bool matches(std::string_view filter, std::string_view topic) {
  while (!filter.empty()) {
    if (filter == "#") return true;
    const auto filter_end = filter.find('/');
    const auto topic_end = topic.find('/');
    const auto level = filter.substr(0, filter_end);
    if (level != "+" && level != topic.substr(0, topic_end)) return false;
    if ((filter_end == std::string_view::npos) != (topic_end == std::string_view::npos)) {
      return false;
    }
    if (filter_end == std::string_view::npos) return true;
    filter.remove_prefix(filter_end + 1);
    topic.remove_prefix(topic_end + 1);
  }
  return topic.empty();
}

}  // namespace

class SimNetwork::Port final : public sync::Transport {
 public:
  Port(SimNetwork& network, int endpoint) : network_(&network), endpoint_(endpoint) {}
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  ~Port() override {
    Client& client = network_->clients_[endpoint_];
    if (client.port == this) client.port = nullptr;
  }

  void start(Handlers given, std::function<Session()> make_session) override {
    handlers = std::move(given);
    session = std::move(make_session);
    network_->try_connect(endpoint_);
  }
  void publish(sync::BusMessage message) override { network_->publish(endpoint_, message); }

  Handlers handlers;
  std::function<Session()> session;

 private:
  SimNetwork* network_;
  int endpoint_;
};

std::unique_ptr<sync::Transport> SimNetwork::attach(int endpoint) {
  auto port = std::make_unique<Port>(*this, endpoint);
  clients_[endpoint].port = port.get();
  return port;
}

Duration SimNetwork::delay() {
  return Duration(random_->between(100, std::max<std::int64_t>(101, faults.delay_most.count())));
}

void SimNetwork::try_connect(int endpoint) {
  timeline_->at(timeline_->now() + delay(), [this, endpoint] {
    Client& client = clients_[endpoint];
    if (client.port == nullptr || client.connected || !client.port->session) return;
    if (!client.link_up) return;
    client.connected = true;
    ++client.life;
    client.session = client.port->session();
    for (const auto& [topic, message] : retained_) {
      for (const std::string& filter : client.session.subscriptions) {
        if (matches(filter, topic)) deliver(endpoint, message);
      }
    }
    client.port->handlers.connected();
  });
}

void SimNetwork::disconnect(int endpoint) {
  Client& client = clients_[endpoint];
  if (!client.connected) return;
  client.connected = false;
  ++client.life;
  if (client.session.will) {
    const sync::BusMessage will = *client.session.will;
    timeline_->at(timeline_->now() + delay(), [this, will] { route(will); });
  }
}

void SimNetwork::detach(int endpoint) { disconnect(endpoint); }

void SimNetwork::set_link(int endpoint, bool up) {
  Client& client = clients_[endpoint];
  if (client.link_up == up) return;
  client.link_up = up;
  if (up) {
    try_connect(endpoint);
    return;
  }
  const bool was_connected = client.connected;
  disconnect(endpoint);
  // The device notices a while later; until then it talks to nobody.
  if (was_connected) {
    timeline_->at(timeline_->now() + delay() * 4, [this, endpoint] {
      Client& gone = clients_[endpoint];
      if (!gone.connected && gone.port != nullptr) gone.port->handlers.disconnected();
    });
  }
}

void SimNetwork::restart_broker() {
  retained_.clear();
  for (auto& [endpoint, client] : clients_) {
    if (!client.connected) continue;
    client.connected = false;
    ++client.life;
    if (client.port != nullptr) client.port->handlers.disconnected();
    try_connect(endpoint);
  }
}

void SimNetwork::publish(int endpoint, const sync::BusMessage& message) {
  if (on_publish) on_publish(endpoint, message);
  const Client& client = clients_[endpoint];
  if (!client.connected || random_->percent(faults.drop_percent)) return;
  const int copies = random_->percent(faults.duplicate_percent) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    timeline_->at(timeline_->now() + delay(), [this, message] { route(message); });
  }
}

void SimNetwork::route(const sync::BusMessage& message) {
  if (message.retain) retained_[message.topic] = message;
  for (auto& [endpoint, client] : clients_) {
    if (!client.connected) continue;
    for (const std::string& filter : client.session.subscriptions) {
      if (!matches(filter, message.topic)) continue;
      if (!random_->percent(faults.drop_percent)) deliver(endpoint, message);
      break;
    }
  }
}

void SimNetwork::deliver(int endpoint, const sync::BusMessage& message) {
  const std::uint64_t life = clients_[endpoint].life;
  timeline_->at(timeline_->now() + delay(), [this, endpoint, life, message] {
    Client& client = clients_[endpoint];
    if (!client.connected || client.life != life || client.port == nullptr) return;
    for (const char c : message.topic + message.payload) {
      trace_ = (trace_ ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    }
    trace_ = (trace_ ^ static_cast<std::uint64_t>(timeline_->now().us)) * 0x100000001B3ULL;
    client.port->handlers.message(message.topic, message.payload);
  });
}

}  // namespace cairn::sim
